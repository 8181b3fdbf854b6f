import { pointsToTicks, type Instrument } from '@bellwether/market';
import type { BarSink } from './bar-sink.js';
import { DayProfile } from './day-profile.js';
import type { Problems } from './problems.js';
import type { RowSpool } from './row-spool.js';
import type { PriceFactor } from './price-factor.js';

/** Different distances that are counted: bars have a handful. */
const DISTANCES_MAX = 1_000;
const STAMP_MAX_US = 4_102_444_800_000_000;

/** Checks each bar by itself, turns its prices into ticks, and keeps it with what the file as a whole shows. */
export class SpoolingSink implements BarSink {
  readonly profile = new DayProfile();
  readonly #distances = new Map<number, number>();
  #last_us = NaN;
  /** Largest price as written, the factor not applied. */
  price_max = 0;

  constructor(
    private readonly spool: RowSpool,
    private readonly problems: Problems,
    private readonly instrument: Instrument,
    private readonly factor: PriceFactor,
  ) {}

  problem(place: number, message: string): void {
    this.problems.add(place, message);
  }

  bar(
    place: number,
    stamp_us: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): void {
    if (high > this.price_max) this.price_max = high;
    const open_ticks = this.#ticks(open);
    const high_ticks = this.#ticks(high);
    const low_ticks = this.#ticks(low);
    const close_ticks = this.#ticks(close);
    const fits =
      open_ticks > 0 &&
      close_ticks > 0 &&
      low_ticks > 0 &&
      low_ticks <= open_ticks &&
      low_ticks <= close_ticks &&
      high_ticks >= open_ticks &&
      high_ticks >= close_ticks;
    if (!fits || !(volume >= 0) || !(stamp_us > 0 && stamp_us < STAMP_MAX_US)) {
      this.problems.add(place, this.#wrong([open, high, low, close], volume));
      return;
    }
    this.#distance(stamp_us);
    this.profile.add(stamp_us, volume);
    this.spool.add(stamp_us, open_ticks, high_ticks, low_ticks, close_ticks, volume, place);
  }

  /** Ticks of a price in points; NaN where it is none of this instrument. */
  #ticks(points: number): number {
    return pointsToTicks(this.factor.applied(points), this.instrument.tick_size_e4) ?? NaN;
  }

  #wrong(prices: readonly number[], volume: number): string {
    const names = ['open', 'high', 'low', 'close'];
    for (const [i, price] of prices.entries()) {
      const name = names[i]!;
      if (Number.isNaN(price)) return `The ${name} is not a number`;
      if (price <= 0) return `The ${name} ${price} is not above zero`;
      if (Number.isNaN(this.#ticks(price))) {
        const { symbol, tick_size_e4 } = this.instrument;
        const grid = `The ${name} ${this.factor.applied(price)} is not on the grid of ${symbol}`;
        return `${grid} (${tick_size_e4 / 10_000} points). Use raw prices: adjusted series and cash indexes are not on it`;
      }
    }
    if (!(volume >= 0)) return 'The volume is not a whole number of contracts';
    const [open = 0, high = 0, low = 0, close = 0] = prices;
    if (low > Math.min(open, close) || high < Math.max(open, close)) {
      return (
        `Open and close must lie between low and high, was open, high, low, close ${prices.join(', ')}. ` +
        'Check the order of the columns'
      );
    }
    return 'The time lies outside the years 1970 to 2100';
  }

  #distance(stamp_us: number): void {
    const distance = Math.abs(stamp_us - this.#last_us);
    this.#last_us = stamp_us;
    if (!(distance > 0)) return;
    const count = this.#distances.get(distance);
    if (count !== undefined || this.#distances.size < DISTANCES_MAX)
      this.#distances.set(distance, (count ?? 0) + 1);
  }

  /** The most frequent distance between rows; null for a single row. */
  interval(): number | null {
    let best: number | null = null;
    let most = 0;
    for (const [distance, count] of this.#distances) {
      if (count > most) [best, most] = [distance, count];
    }
    return best;
  }
}
