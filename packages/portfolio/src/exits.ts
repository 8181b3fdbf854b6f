import { EntryKind, ReasonCode, type Bar, type Entry, type ExitRequest } from '@bellwether/contracts';
import type { Mark, OpenPosition, PortfolioState } from './state.js';

/**
 * After flat-by the broker closes by itself; this much later the portfolio asks for it too (domain.md 6: flat
 * by 15:05 hard, 15:08 last resort).
 */
export const FLAT_GRACE_US = 3 * 60_000_000;

/** Time without bars behind which the regime too begins anew (domain.md 5.3). */
const HOLE_US = 5 * 60_000_000;

/** Whether bars are missing between the last one and this. */
export function isAfterHole(last: Mark, bar: Bar): boolean {
  return bar.open_us - (last.open_us + last.interval_us) > HOLE_US;
}

const NONE: readonly ExitRequest[] = [];

/**
 * Positions that are still open past their time, or over a hole in the bars of their symbol. Judged on completed bars and clock entries only, and again
 * on each of them: the risk stage sends one order for it.
 */
export function exitRequests(state: PortfolioState, entry: Entry): readonly ExitRequest[] {
  if (state.positions.length === 0) return NONE;
  if (entry.kind !== EntryKind.BAR && entry.kind !== EntryKind.CLOCK) return NONE;
  const requests: ExitRequest[] = [];
  for (const position of state.positions) {
    const reason = exitReason(position, entry, state);
    if (reason === null) continue;
    requests.push({ symbol: position.symbol, decision_id: position.decision_id, reason, quantity: null });
  }
  return requests;
}

/**
 * The broker closes at the close of the symbol's own bar, whose fill comes before the bar. Entries of other
 * symbols and the clock may come earlier than that bar, so they wait for one bar more.
 */
function exitReason(position: OpenPosition, entry: Entry, state: PortfolioState): ReasonCode | null {
  const { time_stop_at_us, flat_by_us } = position;
  const own = entry.bar?.symbol === position.symbol;
  const timeGrace = own ? 0 : (state.config?.bar_interval_us ?? 0);
  if (time_stop_at_us !== null && entry.event_us >= time_stop_at_us + timeGrace) return ReasonCode.TIME_STOP;
  if (flat_by_us !== null && entry.event_us >= flat_by_us + FLAT_GRACE_US) return ReasonCode.SESSION_FLAT;
  const resumed_us = state.marks.find(({ symbol }) => symbol === position.symbol)?.resumed_us ?? null;
  return resumed_us !== null && position.opened_us < resumed_us ? ReasonCode.BARS_MISSING : null;
}
