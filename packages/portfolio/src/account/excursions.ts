import { Side, type Bar, type ClosedTrade } from '@bellwether/contracts';
import type { OpenPosition } from '../state.js';
import type { Excursion } from './account-state.js';

const NONE: readonly Excursion[] = [];

/** The excursions of open trades after a price at which one of them was filled. */
export function withFillPrice(
  excursions: readonly Excursion[],
  positions: readonly OpenPosition[],
  symbol: string,
  price_ticks: number,
): readonly Excursion[] {
  const position = positions.find((item) => item.symbol === symbol);
  const others = excursions.filter((item) => item.symbol !== symbol);
  if (position === undefined) return others.length === 0 ? NONE : others;
  const known = excursions.find((item) => item.symbol === symbol && item.opened_us === position.opened_us);
  const { opened_us } = position;
  const fresh = { symbol, opened_us, low_ticks: price_ticks, high_ticks: price_ticks };
  return [...others, known === undefined ? fresh : widened(known, price_ticks, price_ticks)];
}

/** The same after a new bar. Of a bar that an outside fill fell into, nobody knows which came first. */
export function withBarPrices(
  excursions: readonly Excursion[],
  positions: readonly OpenPosition[],
  bar: Bar,
  entryId: string,
): readonly Excursion[] {
  const known = excursions.find((item) => item.symbol === bar.symbol);
  if (known === undefined) return excursions;
  const position = positions.find((item) => item.symbol === bar.symbol);
  if (position === undefined) return excursions;
  if (bar.open_us < position.opened_us && position.cause_id !== entryId) return excursions;
  const next = widened(known, bar.low_ticks, bar.high_ticks);
  return next === known ? excursions : excursions.map((item) => (item === known ? next : item));
}

function widened(known: Excursion, low: number, high: number): Excursion {
  if (low >= known.low_ticks && high <= known.high_ticks) return known;
  return {
    symbol: known.symbol,
    opened_us: known.opened_us,
    low_ticks: Math.min(known.low_ticks, low),
    high_ticks: Math.max(known.high_ticks, high),
  };
}

/**
 * Farthest against and with a trade, in whole ticks from its average entry: against rounded up, with rounded down, never
 * negative (domain.md 8.1).
 */
export function extremes(
  excursion: Excursion,
  side: Side,
  entry_ticks: number,
): { readonly mae_ticks: number; readonly mfe_ticks: number } {
  const down = entry_ticks - excursion.low_ticks;
  const up = excursion.high_ticks - entry_ticks;
  const [against, along] = side === Side.SHORT ? [up, down] : [down, up];
  return { mae_ticks: Math.max(0, Math.ceil(against)), mfe_ticks: Math.max(0, Math.floor(along)) };
}

/** The closed trade with how far it went either way; `risk_ticks` is the distance of one contract to its first stop. */
export function withExtremes(
  trade: ClosedTrade,
  before: OpenPosition,
  excursion: Excursion,
  entry_ticks: number,
): ClosedTrade {
  const { mae_ticks, mfe_ticks } = extremes(excursion, trade.side, entry_ticks);
  const stop = before.initial_stop_ticks;
  const risk = stop === null ? 0 : Math.abs(entry_ticks - stop);
  return {
    ...trade,
    mae_ticks,
    mfe_ticks,
    mae_r: risk === 0 ? null : mae_ticks / risk,
    mfe_r: risk === 0 ? null : mfe_ticks / risk,
  };
}
