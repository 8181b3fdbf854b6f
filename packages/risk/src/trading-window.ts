import type { AccountProfile, RiskLimits } from '@bellwether/contracts';
import { minuteOfSession, type TradeSession } from '@bellwether/market';

const MINUTE_US = 60_000_000;

/** On a short day no entry in the last hour, and flat ten minutes before the close (domain.md 1.3). */
const SHORT_DAY_LAST_ENTRY_US = 60 * MINUTE_US;
const SHORT_DAY_FLAT_US = 10 * MINUTE_US;

/** The part of the rules that says when what is allowed. */
export interface WindowRules {
  readonly limits: RiskLimits;
  readonly account: Pick<AccountProfile, 'flat_by'>;
}

/** Market time by which everything is closed in this session. */
export function flatByUs(session: TradeSession, { limits, account }: WindowRules): number {
  const usual = session.open_us + limits.flat_by_minute * MINUTE_US;
  const own = account.flat_by.find(({ trade_date }) => trade_date === session.trade_date);
  const wanted =
    own === undefined ? usual : Math.min(usual, session.open_us + own.flat_by_minute * MINUTE_US);
  return session.full_day ? wanted : Math.min(wanted, session.close_us - SHORT_DAY_FLAT_US);
}

/** Last instant of this session at which entries are allowed. */
function lastEntryUs(session: TradeSession, { limits }: WindowRules): number {
  const usual = session.open_us + limits.last_entry_minute * MINUTE_US;
  return session.full_day ? usual : Math.min(usual, session.close_us - SHORT_DAY_LAST_ENTRY_US - 1);
}

/** True while entries are allowed in this session: up to and with the last entry minute. */
export function entriesAllowed(session: TradeSession, rules: WindowRules, us: number): boolean {
  return us <= lastEntryUs(session, rules) && us < flatByUs(session, rules);
}

/** Last minute of the session in which entries are allowed, for the record. */
export function lastEntryMinute(session: TradeSession, { limits }: WindowRules): number {
  if (session.full_day) return limits.last_entry_minute;
  return Math.min(limits.last_entry_minute, minuteOfSession(session, session.close_us) - 60);
}
