import type { TradeSession } from '@bellwether/market';
import { NO_SEASON, endSeasonSession, withReturn, type SeasonRun } from './seasonality.js';
import { NO_ZONES, withZoneBar, type ZoneRun } from './zones.js';
import type { ZoneBar } from './zone-pattern.js';

const FIVE_MINUTES_US = 300_000_000;

/** Volume of the 5-minute bar that is being filled, and what is usual for its minutes. */
interface FormingVolume {
  readonly open_us: number;
  /** Null once a minute of it had no known volume, or no usual one. */
  readonly volume: { readonly traded: number; readonly usual: number } | null;
}

/** What is worked out of the bars of one symbol. */
export interface SymbolStreams {
  readonly zones: ZoneRun;
  readonly season: SeasonRun;
  readonly forming: FormingVolume | null;
}

export const NO_SYMBOL_STREAMS: SymbolStreams = { zones: NO_ZONES, season: NO_SEASON, forming: null };

/** A bar of the book's interval. */
export interface StreamBar {
  readonly open_us: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  readonly volume: number | null;
  readonly session_start: boolean;
}

/** A 5-minute bar that was completed. */
export interface LongerBar {
  readonly open_us: number;
  readonly close_us: number;
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
}

/** What else is known at a bar. */
export interface AroundBar {
  readonly session: TradeSession;
  /** No hole lies before the bar. */
  readonly continues: boolean;
  /** 5-minute bars that it completed, oldest first. */
  readonly completed: readonly LongerBar[];
  /** ATR14 of 5-minute bars after them; null before there is one. */
  readonly atr14_m5_ticks: number | null;
  /** Median volume of a bar at this time of day; null while it is not known. */
  readonly usual_volume: number | null;
}

/** A session has ended before the next bar. `full`: by the calendar, and with nearly all of its bars. */
export function endStreamSession(streams: SymbolStreams, ended: TradeSession, full: boolean): SymbolStreams {
  const season = endSeasonSession(streams.season, ended, full);
  return { zones: streams.zones, season, forming: streams.forming };
}

export function withStreamBar(streams: SymbolStreams, bar: StreamBar, around: AroundBar): SymbolStreams {
  const { completed, continues, session } = around;
  const last = continues ? streams.forming : null;
  const forming = withVolume(last, bar, around.usual_volume);
  const zones = continues ? streams.zones : NO_ZONES;
  let { season } = streams;
  if (completed.length === 0) {
    return { zones: withZoneBar(zones, bar, NONE), season, forming };
  }
  for (const longer of completed) {
    // One that ends late may belong to the session before.
    if (longer.open_us >= session.open_us) season = withReturn(season, session, longer);
  }
  const longer = completed.map((item) => zoneBar(item, volumeOf(item, last, forming), around.atr14_m5_ticks));
  return { zones: withZoneBar(zones, bar, longer), season, forming };
}

const NONE: readonly ZoneBar[] = [];

function withVolume(
  before: FormingVolume | null,
  { open_us, volume }: StreamBar,
  usual_volume: number | null,
): FormingVolume {
  const bucket_us = Math.floor(open_us / FIVE_MINUTES_US) * FIVE_MINUTES_US;
  const known = volume !== null && usual_volume !== null;
  if (before === null || before.open_us !== bucket_us) {
    return { open_us: bucket_us, volume: known ? { traded: volume, usual: usual_volume } : null };
  }
  if (!known || before.volume === null) {
    return before.volume === null ? before : { open_us: bucket_us, volume: null };
  }
  const { traded, usual } = before.volume;
  return { open_us: bucket_us, volume: { traded: traded + volume, usual: usual + usual_volume } };
}

function volumeOf(
  { open_us }: LongerBar,
  last: FormingVolume | null,
  forming: FormingVolume,
): ZoneBar['volume'] {
  if (open_us === forming.open_us) return forming.volume;
  return last !== null && last.open_us === open_us ? last.volume : null;
}

function zoneBar(bar: LongerBar, volume: ZoneBar['volume'], atr_ticks: number | null): ZoneBar {
  return {
    close_us: bar.close_us,
    open_ticks: bar.open_ticks,
    high_ticks: bar.high_ticks,
    low_ticks: bar.low_ticks,
    close_ticks: bar.close_ticks,
    atr_ticks,
    volume,
  };
}
