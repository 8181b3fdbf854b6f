import type { RiskLimits } from '@bellwether/contracts';
import { minuteOfSession, type TradeSession } from '@bellwether/market';

const MINUTE_US = 60_000_000;

/** On a short day no entry in the last hour, and flat ten minutes before the close (domain.md 1.3). */
const SHORT_DAY_LAST_ENTRY_US = 60 * MINUTE_US;
const SHORT_DAY_FLAT_US = 10 * MINUTE_US;

/** Market time by which everything is closed in this session. */
export function flatByUs(session: TradeSession, limits: RiskLimits): number {
  const usual = session.open_us + limits.flat_by_minute * MINUTE_US;
  return session.full_day ? usual : Math.min(usual, session.close_us - SHORT_DAY_FLAT_US);
}

/** True while entries are allowed in this session: up to and with the last entry minute. */
export function entriesAllowed(session: TradeSession, limits: RiskLimits, us: number): boolean {
  if (us > session.open_us + limits.last_entry_minute * MINUTE_US || us >= flatByUs(session, limits))
    return false;
  return session.full_day || us < session.close_us - SHORT_DAY_LAST_ENTRY_US;
}

/** Last minute of the session in which entries are allowed, for the record. */
export function lastEntryMinute(session: TradeSession, limits: RiskLimits): number {
  if (session.full_day) return limits.last_entry_minute;
  return Math.min(limits.last_entry_minute, minuteOfSession(session, session.close_us) - 60);
}
