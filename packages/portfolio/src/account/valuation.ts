import { Side } from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';
import { feePerSideCents } from '../levels.js';
import { openPnlCents } from '../position.js';
import type { Mark, OpenPosition, PortfolioState } from '../state.js';

/**
 * The worst and the best price at which a position may have stood since the last bar opened: its extremes, or its close
 * where the position is younger than the bar (domain.md 2.2: without quotes, the adverse extreme of the last bar).
 */
function extremePrice(position: OpenPosition, mark: Mark, worst: boolean): number {
  if (position.opened_us >= mark.open_us + mark.interval_us) return mark.close_ticks;
  const low = (position.side === Side.LONG) === worst;
  return low ? mark.low_ticks : mark.high_ticks;
}

/** Open profit of a position at its worst price, fees apart; null where no price of it was seen. */
export function worstPnlCents(position: OpenPosition, marks: readonly Mark[]): number | null {
  return pnlAtExtreme(position, marks, true);
}

function pnlAtExtreme(position: OpenPosition, marks: readonly Mark[], worst: boolean): number | null {
  const mark = marks.find(({ symbol }) => symbol === position.symbol);
  const instrument = instrumentOf(position.symbol);
  if (mark === undefined || instrument === null) return null;
  return openPnlCents(position, extremePrice(position, mark, worst), instrument);
}

/** What everything open is worth, all in cents. A position without a price counts nothing. */
export interface OpenValue {
  readonly at_close: number;
  readonly at_worst: number;
  readonly at_best: number;
  /** Fees of closing it all. */
  readonly exit_fees: number;
}

const FLAT: OpenValue = { at_close: 0, at_worst: 0, at_best: 0, exit_fees: 0 };

export function openValue(state: PortfolioState): OpenValue {
  const { positions, marks, config } = state;
  if (positions.length === 0) return FLAT;
  let at_close = 0;
  let at_worst = 0;
  let at_best = 0;
  let exit_fees = 0;
  for (const position of positions) {
    const mark = marks.find(({ symbol }) => symbol === position.symbol);
    const instrument = instrumentOf(position.symbol);
    if (instrument === null) continue;
    exit_fees += position.quantity * feePerSideCents(config, instrument);
    if (mark === undefined) continue;
    at_close += openPnlCents(position, mark.close_ticks, instrument);
    at_worst += pnlAtExtreme(position, marks, true) ?? 0;
    at_best += pnlAtExtreme(position, marks, false) ?? 0;
  }
  return { at_close, at_worst, at_best, exit_fees };
}
