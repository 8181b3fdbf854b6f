import type { AccountProfile, PortfolioPart } from '@bellwether/contracts';
import { instrumentOf, type Instrument } from '@bellwether/market';
import type { RiskState } from './state.js';

/** Contracts that count toward the caps, in micros of the profile: a micro is one, a mini as many as the firm says. */
export interface Exposure {
  readonly total_micros: number;
  readonly family_micros: (family: Instrument['family']) => number;
  /** Contracts of positions and of entries not filled yet, of any symbol: each has to be closed again. */
  readonly open_contracts: number;
  readonly unfilled_contracts: number;
}

/** What one contract counts toward the caps, in micros. */
export function microsOf(instrument: Instrument, profile: AccountProfile): number {
  return instrument.mini_tenths === MINI_TENTHS ? profile.micros_per_mini : 1;
}

const MINI_TENTHS = 10;

/**
 * Open positions, working orders and reservations together, whatever their sides: an order may fill before
 * another one closes (domain.md 2.1: the sum of absolute positions across products).
 */
export function exposureOf(portfolio: PortfolioPart, state: RiskState, profile: AccountProfile): Exposure {
  const micros = { ES: 0, NQ: 0 };
  let open_contracts = 0;
  let unfilled_contracts = 0;
  const add = (symbol: string, contracts: number): void => {
    const instrument = instrumentOf(symbol);
    // The portfolio books no other symbol.
    if (instrument !== null) micros[instrument.family] += contracts * microsOf(instrument, profile);
  };
  for (const position of portfolio.positions) {
    add(position.symbol, position.quantity);
    open_contracts += position.quantity;
  }
  for (const order of portfolio.working) {
    add(order.symbol, order.quantity);
    unfilled_contracts += order.quantity;
  }
  for (const entry of state.entries) {
    if (entry.taken) continue;
    add(entry.symbol, entry.remaining);
    unfilled_contracts += entry.remaining;
  }
  return {
    total_micros: micros.ES + micros.NQ,
    family_micros: (family) => micros[family],
    open_contracts,
    unfilled_contracts,
  };
}
