import { sessionAfter, type TradeSession } from '@bellwether/market';
import { ONE_MINUTE_US } from './feature-set.js';

/** Longest time without bars, within trading hours, that indicators may pass over. */
export const HOLE_MAX_US = 30 * ONE_MINUTE_US;

/** Longest gap in the data that time-of-day profiles may span (domain.md 4.3): 45 days. */
export const PROFILE_GAP_MAX_US = 45 * 24 * 60 * ONE_MINUTE_US;

/**
 * Whether indicators may go on from the bar that closed at `close_us` to the one that opens at `open_us`. They pass over
 * the daily break, a weekend or a holiday, so over the time between two neighbouring sessions; they do not pass over a
 * missing session or over more than {@link HOLE_MAX_US} of trading time without bars.
 */
export function continuesRun(
  close_us: number,
  session: TradeSession,
  open_us: number,
  next: TradeSession,
): boolean {
  if (session.trade_date === next.trade_date) return open_us - close_us <= HOLE_MAX_US;
  if (sessionAfter(session.open_us)?.trade_date !== next.trade_date) return false;
  return session.close_us - close_us + (open_us - next.open_us) <= HOLE_MAX_US;
}
