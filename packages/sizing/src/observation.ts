import type { Candidate, Frame, PortfolioPart, RegimePart, SizingObservation } from '@bellwether/contracts';
import { sessionOf } from '@bellwether/market';

/** The highest result of a session so far, in cents: what the fall of the account is measured from. */
export interface SessionHigh {
  /** yyyymmdd; 0 before the first. */
  readonly trade_date: number;
  /** Null where the stage did not see the session from its open. */
  readonly high_cents: number | null;
}

export const NO_SESSION: SessionHigh = { trade_date: 0, high_cents: 0 };

/** The high after a frame; the same object where it stays. `high` is undefined in a snapshot of before it. */
export function highAfter(high: SessionHigh | undefined, portfolio: PortfolioPart | null): SessionHigh {
  const day = portfolio?.day ?? null;
  if (day === null) return high ?? { trade_date: 0, high_cents: null };
  const { trade_date, pnl_cents } = day;
  const unseen = high === undefined || (high.trade_date === 0 && high.high_cents === null);
  if (unseen) return { trade_date, high_cents: null };
  if (high.trade_date !== trade_date) return { trade_date, high_cents: Math.max(0, pnl_cents) };
  if (high.high_cents === null || pnl_cents <= high.high_cents) return high;
  return { trade_date, high_cents: pnl_cents };
}

/** What an agent is shown of the chosen candidate and the account (packages/model-slots: what each number is). */
export function observationOf(
  { regime, portfolio, book_time_us }: Frame,
  { confidence }: Candidate,
  { high_cents }: SessionHigh,
  risk_per_trade_cents: number,
): SizingObservation {
  const day_cents = portfolio?.day?.pnl_cents ?? null;
  const headroom_cents = portfolio?.account?.headroom_cents ?? null;
  const inR = (cents: number | null): number | null =>
    cents === null || !(risk_per_trade_cents > 0) ? null : cents / risk_per_trade_cents;
  return {
    win_probability: confidence,
    volatile: volatileOf(regime),
    day_r: inR(day_cents),
    drawdown_r: inR(day_cents === null || high_cents === null ? null : high_cents - day_cents),
    headroom_r: inR(headroom_cents),
    session_left: sessionLeft(portfolio, book_time_us),
  };
}

/** HighVol-Trend and HighVol-Chop together. */
function volatileOf(regime: RegimePart | null): number | null {
  const probabilities = regime?.probabilities ?? [];
  return probabilities.length === 4 ? probabilities[2]! + probabilities[3]! : null;
}

function sessionLeft(portfolio: PortfolioPart | null, now_us: number): number | null {
  const session = sessionOf(portfolio?.day?.trade_date ?? 0);
  if (session === null) return null;
  const { open_us, close_us } = session;
  return Math.min(1, Math.max(0, (close_us - now_us) / (close_us - open_us)));
}
