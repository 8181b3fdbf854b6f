import { Side } from '@bellwether/contracts';

/** A completed 5-minute bar, as zones are found in it. */
export interface ZoneBar {
  readonly close_us: number;
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  /** ATR14 of 5-minute bars after it; null before there is one. */
  readonly atr_ticks: number | null;
  /** Its volume and what is usual at its time of day; null where one of them is not known. */
  readonly volume: { readonly traded: number; readonly usual: number } | null;
}

export interface NewZone {
  readonly side: Side;
  readonly proximal_ticks: number;
  readonly distal_ticks: number;
  /** min(1, leg-out / (3 A5)) */
  readonly strength: number;
  /** log2 of the volume of the leg-out over its usual, within 0 to 1; null where it is not known. */
  readonly volume_share: number | null;
  readonly born_us: number;
}

/** domain.md 7.3, in ATR14 of 5-minute bars (A5) and shares of a range. */
const BASE_BARS_MAX = 4;
const BASE_BODY_MAX = 0.5;
const BASE_RANGE_MAX = 1;
const LEG_OUT_BARS_MAX = 2;
const LEG_OUT_MIN = 1.5;
const LEG_OUT_CLOSE = 0.25;
const LEG_OUT_LEAVES = 0.5;
const LEG_OUT_FULL = 3;
const LEG_IN_BARS = 3;
const LEG_IN_MIN = 0.75;

/** A leg-out of one or two bars; prices as its direction sees them: for a fall all are negated. */
interface LegOut {
  readonly up: boolean;
  readonly close: number;
  readonly net: number;
  readonly atr: number;
}

/**
 * The zone that the newest bar completes, or null: leg-in, base of one to four bars, leg-out of one or two. A5 is that of
 * the last bar of the base, so that the leg-out is not measured by itself; the longest base that fits counts.
 */
export function legOutOf(bars: readonly ZoneBar[]): NewZone | null {
  for (let length = 1; length <= LEG_OUT_BARS_MAX; length++) {
    const first = bars.length - length;
    if (first < LEG_IN_BARS + 1) return null;
    const leg = strongLeg(bars, first);
    const zone = leg === null ? null : zoneBefore(bars, first, leg);
    if (zone !== null) return zone;
  }
  return null;
}

function strongLeg(bars: readonly ZoneBar[], first: number): LegOut | null {
  const atr = bars[first - 1]!.atr_ticks;
  if (atr === null || atr <= 0) return null;
  const last = bars[bars.length - 1]!;
  const moved = last.close_ticks - bars[first]!.open_ticks;
  if (Math.abs(moved) < LEG_OUT_MIN * atr) return null;
  let high = -Infinity;
  let low = Infinity;
  for (let i = first; i < bars.length; i++) {
    high = Math.max(high, bars[i]!.high_ticks);
    low = Math.min(low, bars[i]!.low_ticks);
  }
  const up = moved > 0;
  const short = up ? high - last.close_ticks : last.close_ticks - low;
  if (short > LEG_OUT_CLOSE * (high - low)) return null;
  return { up, close: up ? last.close_ticks : -last.close_ticks, net: Math.abs(moved), atr };
}

function isBaseBar(bar: ZoneBar, atr: number): boolean {
  const range = bar.high_ticks - bar.low_ticks;
  const body = Math.abs(bar.close_ticks - bar.open_ticks);
  return body <= BASE_BODY_MAX * range && range <= BASE_RANGE_MAX * atr;
}

function zoneBefore(bars: readonly ZoneBar[], first: number, leg: LegOut): NewZone | null {
  let longest = 0;
  while (longest < BASE_BARS_MAX && longest < first && isBaseBar(bars[first - 1 - longest]!, leg.atr)) {
    longest += 1;
  }
  for (let length = longest; length >= 1; length--) {
    const from = first - length;
    if (from < LEG_IN_BARS) continue;
    const leg_in = bars[from - 1]!.close_ticks - bars[from - LEG_IN_BARS]!.open_ticks;
    if (Math.abs(leg_in) < LEG_IN_MIN * leg.atr) continue;
    const zone = zoneOf(bars, from, first, leg);
    if (zone !== null) return zone;
  }
  return null;
}

function zoneOf(bars: readonly ZoneBar[], from: number, first: number, leg: LegOut): NewZone | null {
  const sign = leg.up ? 1 : -1;
  let body = -Infinity;
  let near = -Infinity;
  let far = Infinity;
  for (let i = from; i < first; i++) {
    const { open_ticks, high_ticks, low_ticks, close_ticks } = bars[i]!;
    body = Math.max(body, sign * open_ticks, sign * close_ticks);
    near = Math.max(near, leg.up ? high_ticks : -low_ticks);
    far = Math.min(far, leg.up ? low_ticks : -high_ticks);
  }
  if (leg.close < near + LEG_OUT_LEAVES * leg.atr || body <= far) return null;
  return {
    side: leg.up ? Side.LONG : Side.SHORT,
    proximal_ticks: sign * body,
    distal_ticks: sign * far,
    strength: Math.min(1, leg.net / (LEG_OUT_FULL * leg.atr)),
    volume_share: volumeShare(bars, first),
    born_us: bars[bars.length - 1]!.close_us,
  };
}

/** Twice the usual volume counts in full, the usual or less not at all. */
function volumeShare(bars: readonly ZoneBar[], first: number): number | null {
  let traded = 0;
  let usual = 0;
  for (let i = first; i < bars.length; i++) {
    const { volume } = bars[i]!;
    if (volume === null) return null;
    traded += volume.traded;
    usual += volume.usual;
  }
  return Math.max(0, Math.min(1, Math.log2((traded + 1) / (usual + 1))));
}
