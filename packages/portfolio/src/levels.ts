import { Side, type BookConfig } from '@bellwether/contracts';
import type { Instrument } from '@bellwether/market';

/** Long +1, short -1. */
export function signOf(side: Side): 1 | -1 {
  return side === Side.SHORT ? -1 : 1;
}

/** `ticks` seen from this side: profit of a rise. Never -0. */
export function forSide(side: Side, ticks: number): number {
  return ticks === 0 ? 0 : signOf(side) * ticks;
}

/** What one contract costs on one side, in cents: as the book says, else the usual fee of the contract. */
export function feePerSideCents(config: BookConfig | null, instrument: Instrument): number {
  const own = config?.symbols.find((item) => item.symbol === instrument.symbol);
  return own?.fee_per_side_cents ?? instrument.fee_per_side_cents_default;
}

/**
 * Stop at which a contract earns its fees: entry plus the round-turn fee, rounded up to whole ticks
 * (domain.md 8.2, rule 3). `entry_ticks` may be an average between two ticks; the result then is on the side
 * of the profit.
 */
export function breakEvenTicks(
  side: Side,
  entry_ticks: number,
  fee_per_side_cents: number,
  instrument: Instrument,
): number {
  const feeTicks = Math.ceil((2 * fee_per_side_cents) / instrument.tick_value_cents);
  return side === Side.SHORT ? Math.floor(entry_ticks) - feeTicks : Math.ceil(entry_ticks) + feeTicks;
}

/**
 * First partial exit: entry plus `r` times the distance to the initial stop, rounded away from the market
 * (domain.md 8.2, rule 2).
 */
export function tp1Ticks(side: Side, entry_ticks: number, initial_stop_ticks: number, r: number): number {
  const distance = r * Math.abs(entry_ticks - initial_stop_ticks);
  return side === Side.SHORT ? Math.floor(entry_ticks - distance) : Math.ceil(entry_ticks + distance);
}

/** The stop that is nearer to the market: a stop never loosens. */
export function tighterStop(side: Side, present: number | null, candidate: number): number {
  if (present === null) return candidate;
  return side === Side.SHORT ? Math.min(present, candidate) : Math.max(present, candidate);
}

/**
 * A price in ticks of the instrument, from ticks of another size; null where it does not lie on the
 * instrument's grid.
 */
export function onGrid(price_ticks: number, tick_size_e4: number, instrument: Instrument): number | null {
  if (tick_size_e4 === instrument.tick_size_e4) return price_ticks;
  const ticks = (price_ticks * tick_size_e4) / instrument.tick_size_e4;
  return Number.isSafeInteger(ticks) ? ticks : null;
}
