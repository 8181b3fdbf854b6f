import type { PriceBox } from '@bellwether/contracts';
import {
  efficiencyRatioOf,
  emptyWindows,
  pushRow,
  ringsOf,
  rowOf,
  type Windows,
} from '@bellwether/indicators';

/** A power of two that holds the longest window: 61 closes. */
const RING = 64;
const MASK = RING - 1;
const RINGS = ringsOf([RING, RING, RING]);
const [HIGH, LOW, CLOSE] = RINGS;

/** domain.md 6.1, S6: the last 60 bars without the last three. */
const BOX_FROM = 3;
const BOX_BARS = 60;
/** A bar touches a side when it comes within this share of the width. */
const TOUCH_SHARE = 0.1;
const EFFICIENCY_MOVES = 60;

/** Written anew for every bar, and handed to nobody: see `rowOf`. */
const ROW = rowOf(RINGS);

interface PricesOfBar {
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
}

/** High, low and close of the last 64 bars of one unbroken run. */
export function emptyRecent(): Windows {
  return emptyWindows(RINGS);
}

export function pushRecent(recent: Windows, bar: PricesOfBar): Windows {
  ROW[0] = bar.high_ticks;
  ROW[1] = bar.low_ticks;
  ROW[2] = bar.close_ticks;
  return pushRow(recent, RINGS, ROW);
}

/** High and low of the newest `n` bars, or null where there are fewer. */
export function extremesOf(
  { numbers, count }: Windows,
  n: number,
): { readonly high: number; readonly low: number } | null {
  if (count < n) return null;
  let high = -Infinity;
  let low = Infinity;
  for (let k = 0; k < n; k++) {
    const at = (count - 1 - k) & MASK;
    high = Math.max(high, numbers[HIGH.start + at]!);
    low = Math.min(low, numbers[LOW.start + at]!);
  }
  return { high, low };
}

/** High and low of the bar before the newest one. */
export function previousOf({
  numbers,
  count,
}: Windows): { readonly high: number; readonly low: number } | null {
  if (count < 2) return null;
  const at = (count - 2) & MASK;
  return { high: numbers[HIGH.start + at]!, low: numbers[LOW.start + at]! };
}

/** close - close[-moves] */
export function moveOf({ numbers, count }: Windows, moves: number): number | null {
  if (count <= moves) return null;
  const { start } = CLOSE;
  return numbers[start + ((count - 1) & MASK)]! - numbers[start + ((count - 1 - moves) & MASK)]!;
}

/** Kaufman's efficiency ratio over 60 moves, or null before 61 bars. */
export function er60Of(recent: Windows): number | null {
  const net = moveOf(recent, EFFICIENCY_MOVES);
  if (net === null) return null;
  const { numbers, count } = recent;
  const { start } = CLOSE;
  let path = 0;
  let after = numbers[start + ((count - 1) & MASK)]!;
  for (let k = 1; k <= EFFICIENCY_MOVES; k++) {
    const before = numbers[start + ((count - 1 - k) & MASK)]!;
    path += Math.abs(after - before);
    after = before;
  }
  return efficiencyRatioOf(net, path);
}

/** Range of the bars 4 to 60 before now with the touches of its sides, or null before 60 bars. */
export function box60Of({ numbers, count }: Windows): PriceBox | null {
  if (count < BOX_BARS) return null;
  const highs = HIGH.start;
  const lows = LOW.start;
  let high = -Infinity;
  let low = Infinity;
  for (let k = BOX_FROM; k < BOX_BARS; k++) {
    const at = (count - 1 - k) & MASK;
    high = Math.max(high, numbers[highs + at]!);
    low = Math.min(low, numbers[lows + at]!);
  }
  const near = (high - low) * TOUCH_SHARE;
  let touches_high = 0;
  let touches_low = 0;
  for (let k = BOX_FROM; k < BOX_BARS; k++) {
    const at = (count - 1 - k) & MASK;
    if (numbers[highs + at]! >= high - near) touches_high += 1;
    if (numbers[lows + at]! <= low + near) touches_low += 1;
  }
  return { high_ticks: high, low_ticks: low, touches_high, touches_low };
}
