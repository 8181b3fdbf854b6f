import type { PortfolioPart } from '@bellwether/contracts';
import { instrumentOf, type Instrument } from '@bellwether/market';
import type { RiskState } from './state.js';

/** Contracts that count toward the caps, in tenths of a mini: a micro is one, a mini ten. */
export interface Exposure {
  readonly total_tenths: number;
  readonly family_tenths: (family: Instrument['family']) => number;
}

/**
 * Open positions, working orders and reservations together, whatever their sides: an order may fill before
 * another one closes.
 */
export function exposureOf(portfolio: PortfolioPart, state: RiskState): Exposure {
  const tenths = { ES: 0, NQ: 0 };
  const add = (symbol: string, contracts: number): void => {
    const instrument = instrumentOf(symbol);
    // The portfolio books no other symbol.
    if (instrument !== null) tenths[instrument.family] += contracts * instrument.mini_tenths;
  };
  for (const position of portfolio.positions) add(position.symbol, position.quantity);
  for (const order of portfolio.working) add(order.symbol, order.quantity);
  for (const entry of state.entries) if (!entry.taken) add(entry.symbol, entry.remaining);
  return { total_tenths: tenths.ES + tenths.NQ, family_tenths: (family) => tenths[family] };
}
