import type { Bar } from '@bellwether/contracts';
import { instrumentOf, type Instrument } from '@bellwether/market';
import { isNewBar } from '@bellwether/portfolio';
import type { BookRules } from './state.js';

/** The last bar of a symbol. */
export interface LastPrice {
  readonly symbol: string;
  readonly open_us: number;
  readonly close_ticks: number;
  /** Return since the bar before; null where that is not its neighbour. */
  readonly change: number | null;
  /** It lies farther from the bar before than the market can go in a day. */
  readonly jumped: boolean;
}

/** Moving second moments of one-bar returns of ES and NQ, by half-life of one day (domain.md 7.5). */
export interface Comovement {
  readonly es: number;
  readonly nq: number;
  readonly both: number;
  readonly pairs: number;
}

export interface Prices {
  readonly last: readonly LastPrice[];
  readonly comovement: Comovement;
}

export const NO_PRICES: Prices = { last: [], comovement: { es: 0, nq: 0, both: 0, pairs: 0 } };

/** The exchange stops trading 20 % below the close of the day before (domain.md 1.6). */
const JUMP_SHARE = 0.2;

/** A full session; half of the weight lies in the last one. */
const HALF_LIFE_US = 23 * 3_600_000_000;

/** Pairs before a correlation says anything. */
const PAIRS_MIN = 60;

/** The prices after a bar. Other bars than new ones of the book change nothing. */
export function withBar(prices: Prices, bar: Bar, config: BookRules): Prices {
  const before = prices.last.find(({ symbol }) => symbol === bar.symbol) ?? null;
  if (!isNewBar(bar, config, before?.open_us ?? null)) return prices;
  const { symbol, open_us, close_ticks } = bar;
  const share = before === null ? 0 : (close_ticks - before.close_ticks) / before.close_ticks;
  const neighbour = before !== null && before.open_us + bar.interval_us === open_us;
  const now: LastPrice = {
    symbol,
    open_us,
    close_ticks,
    change: neighbour ? share : null,
    jumped: Math.abs(share) > JUMP_SHARE,
  };
  const last =
    before === null ? [...prices.last, now] : prices.last.map((item) => (item === before ? now : item));
  return { last, comovement: withPair(prices.comovement, last, now, bar.interval_us) };
}

/** The moments with this bar and that of the other index, once both of one minute are there. */
function withPair(
  comovement: Comovement,
  last: readonly LastPrice[],
  now: LastPrice,
  interval_us: number,
): Comovement {
  const own = familyOf(now.symbol);
  const other = last.find((item) => familyOf(item.symbol) !== own && item.open_us === now.open_us);
  if (now.change === null || other === undefined || other.change === null) return comovement;
  const [es, nq] = own === 'ES' ? [now.change, other.change] : [other.change, now.change];
  const weight = 1 - 2 ** (-interval_us / HALF_LIFE_US);
  const mix = (old: number, value: number): number => old + weight * (value - old);
  return {
    es: mix(comovement.es, es * es),
    nq: mix(comovement.nq, nq * nq),
    both: mix(comovement.both, es * nq),
    pairs: comovement.pairs + 1,
  };
}

function familyOf(symbol: string): Instrument['family'] | null {
  return instrumentOf(symbol)?.family ?? null;
}

/** Correlation of ES and NQ as it is counted: measured, at least the floor of the profile, at most 1. */
export function correlationOf({ comovement }: Prices, least: number): number {
  const { es, nq, both, pairs } = comovement;
  if (pairs < PAIRS_MIN || es <= 0 || nq <= 0) return least;
  return Math.min(1, Math.max(least, both / Math.sqrt(es * nq)));
}

/** True where the last bar of the symbol cannot be. */
export function hasJumped({ last }: Prices, symbol: string): boolean {
  return last.find((item) => item.symbol === symbol)?.jumped ?? false;
}
