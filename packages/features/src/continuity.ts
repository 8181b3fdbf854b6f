import { nextSession, type TradeSession } from '@bellwether/market';
import { ONE_MINUTE_US } from './feature-set.js';

/** Longest time without bars, within trading hours, that indicators may pass over. */
export const HOLE_MAX_US = 30 * ONE_MINUTE_US;

/** Longest gap in the data that time-of-day profiles may span (domain.md 4.3): 45 days. */
export const PROFILE_GAP_MAX_US = 45 * 24 * 60 * ONE_MINUTE_US;

/**
 * Whether indicators may go on from one bar to the next. They pass over the daily break, a weekend or a
 * holiday, so over the time between two neighbouring sessions; they do not pass over a missing session or
 * over more than {@link HOLE_MAX_US} of trading time without bars.
 */
export function continuesRun(
  last: { readonly close_us: number; readonly session: TradeSession },
  next: { readonly open_us: number; readonly session: TradeSession },
): boolean {
  if (last.session.trade_date === next.session.trade_date) {
    return next.open_us - last.close_us <= HOLE_MAX_US;
  }
  if (nextSession(last.session.open_us).trade_date !== next.session.trade_date) return false;
  const missed = last.session.close_us - last.close_us + (next.open_us - next.session.open_us);
  return missed <= HOLE_MAX_US;
}
