import type { Bar, BookConfig, PaperConfig } from '@bellwether/contracts';
import { sessionAt, type Instrument } from '@bellwether/market';
import { NO_CALENDAR, nearRelease, type Calendar } from '@bellwether/streams';
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

/** Around a tier-1 release the market is thin (domain.md 9.2). */
const RELEASE_US = 2 * 60_000_000;

/** What else makes a bar thin. */
export interface Thin {
  /** The bar before. */
  readonly last: LastBar | null;
  /** Releases that were known before the bar. */
  readonly calendar: Calendar;
}

const NOTHING_ELSE: Thin = { last: null, calendar: NO_CALENDAR };

/**
 * Slippage of a market or stop order in a bar, in ticks: multiplied outside RTH, in its first minute, within two minutes of
 * a tier-1 release, and after a bar of unusual range (domain.md 9.2).
 */
export function slippageTicks(
  config: BookConfig,
  instrument: Instrument,
  bar: Pick<Bar, 'open_us' | 'interval_us'>,
  { last, calendar }: Thin = NOTHING_ELSE,
): number {
  const own = config.symbols.find((item) => item.symbol === instrument.symbol);
  const ticks = own?.slippage_ticks ?? instrument.slippage_ticks_default;
  const { open_us, interval_us } = bar;
  const session = sessionAt(open_us);
  const inside =
    session !== null && open_us >= session.rth_open_us + OPENING_US && open_us < session.rth_close_us;
  const released =
    config.streams?.economic !== false && nearRelease(calendar, open_us, open_us + interval_us, RELEASE_US);
  const calm = inside && last?.wide !== true && !released;
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
