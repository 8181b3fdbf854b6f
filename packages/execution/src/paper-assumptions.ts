import type { Bar, BookConfig, PaperConfig } from '@bellwether/contracts';
import { sessionAt, type Instrument } from '@bellwether/market';
import type { LastBar } from './paper-broker-state.js';

/** A release without a paper part: as paper books were filled before it had one. */
const FORMER: PaperConfig = {
  latency_us: 0,
  thin_slippage_factor: 2,
  limit_through_ticks: 1,
  volume_share_e4: 0,
};

/** What a paper fill of this book assumes (domain.md 9.2). */
export function paperOf(config: BookConfig): PaperConfig {
  return config.paper ?? FORMER;
}

/** After 08:30 the market is thin for this long, as it is all night. */
const OPENING_US = 60_000_000;

/**
 * Slippage of a market or stop order in a bar, in ticks: multiplied outside RTH, in its first minute, and after a bar of
 * unusual range (domain.md 9.2). `last` is the bar before.
 */
export function slippageTicks(
  config: BookConfig,
  instrument: Instrument,
  bar_open_us: number,
  last: LastBar | null = null,
): number {
  const own = config.symbols.find((item) => item.symbol === instrument.symbol);
  const ticks = own?.slippage_ticks ?? instrument.slippage_ticks_default;
  const session = sessionAt(bar_open_us);
  const inside =
    session !== null && bar_open_us >= session.rth_open_us + OPENING_US && bar_open_us < session.rth_close_us;
  const calm = inside && last?.wide !== true;
  return calm ? ticks : paperOf(config).thin_slippage_factor * ticks;
}

/**
 * The open of a bar stands for the first price after an order's arrival where that comes within this time of it
 * (domain.md 9.2: a decision at the close of a bar fills at the next open). A slower order waits for the bar after.
 */
const OPEN_STANDS_FOR_US = 1_000_000;

/** When an order can be filled in this bar, at the earliest; null where not in this bar. */
export function earliestFillUs(created_us: number, bar: Bar, paper: PaperConfig): number | null {
  if (bar.open_us < created_us) return null;
  const arrival_us = created_us + paper.latency_us;
  if (arrival_us <= bar.open_us) return bar.open_us;
  return paper.latency_us < OPEN_STANDS_FOR_US ? arrival_us : null;
}

const SHARE_WHOLE = 10_000;

/** False where an entry would take more than its share of the bar's volume. An unknown volume bounds nothing. */
export function withinVolume(quantity: number, bar: Bar, paper: PaperConfig): boolean {
  if (paper.volume_share_e4 === 0 || bar.volume === null) return true;
  return quantity * SHARE_WHOLE <= bar.volume * paper.volume_share_e4;
}
