import { sessionAt } from '@bellwether/market';
import { numberSource } from './normal-source.js';

const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;
/** The original's stamps: 56.75 seconds into the minute. */
const ODD_US = 56_750_000;
const TICK = 0.25;
/** A walk below this price would be none of anything. */
const PRICE_MIN = 100;

/** A bar of a made-up file, in points. */
export interface InventedBar {
  readonly open_us: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** How an invented file is made. Each switch takes away one of its faults. */
export interface InventedOptions {
  readonly seed: string;
  readonly rows: number;
  /** First stamp, in whole minutes. */
  readonly from_us: number;
  readonly level: number;
  /** Standard deviation of a one-minute return. */
  readonly sigma: number;
  /** Prices on the tick grid, where the original has cents. */
  readonly on_grid: boolean;
  readonly whole_minutes: boolean;
  /** Only where the market is open; the original runs through the daily break and holidays, and rests at weekends alone. */
  readonly in_sessions: boolean;
}

/** The file of the original: 21,208 bars from 22 August 2025, ES from 4,482, steps of 0.27 % a minute (seed-system.md 11.1). */
export const INVENTED_ES: InventedOptions = {
  seed: 'invented',
  rows: 21_208,
  from_us: Date.UTC(2025, 7, 22, 10) * 1_000,
  level: 4_482,
  sigma: 0.0027,
  on_grid: false,
  whole_minutes: false,
  in_sessions: false,
};

/** Its other file: NQ from 15,107, steps of 0.41 % a minute, of the same draws. */
export const INVENTED_NQ: InventedOptions = {
  ...INVENTED_ES,
  level: 15_107,
  sigma: 0.0041,
};

/**
 * Bars as the original's generator made them and called them "real market bars": a Gaussian walk that knows no time of day,
 * no holiday and no tick. A verdict that lets them pass is worth nothing.
 */
export function* inventedBars(options: InventedOptions): Generator<InventedBar, void, undefined> {
  const { uniform, normal } = numberSource(options.seed);
  const rounded = (price: number): number =>
    options.on_grid ? Math.round(price / TICK) * TICK : Math.round(price * 100) / 100;
  let price = options.level;
  let made = 0;
  for (let minute_us = options.from_us; made < options.rows; minute_us += MINUTE_US) {
    const weekday = (Math.floor(minute_us / DAY_US) + 4) % 7;
    const open = options.in_sessions ? sessionAt(minute_us) !== null : weekday !== 0 && weekday !== 6;
    if (!open) continue;
    const from = price;
    price = Math.max(PRICE_MIN, from * (1 + options.sigma * normal()));
    const top = Math.max(from, price) * (1 + (options.sigma / 4) * Math.abs(normal()));
    const bottom = Math.min(from, price) * (1 - (options.sigma / 4) * Math.abs(normal()));
    made++;
    yield {
      open_us: minute_us + (options.whole_minutes ? 0 : ODD_US),
      open: rounded(from),
      high: rounded(top),
      low: rounded(bottom),
      close: rounded(price),
      volume: 100 + Math.floor(900 * uniform()),
    };
  }
}
