import type { Windows } from '@bellwether/indicators';
import {
  BAR_MASK,
  CLOSE,
  GARMAN_KLASS,
  HIGH,
  LOW,
  MOVE_MASK,
  RETURN,
  SIDED_VOLUME,
  TRUE_RANGE,
  VOLUME,
} from './bar-windows.js';

/** Prices of the newest bars, in ticks. Where there are fewer bars than a name says, it says nothing. */
export interface PriceStatistics {
  readonly high3: number;
  readonly low3: number;
  readonly high14: number;
  readonly low14: number;
  readonly high20: number;
  readonly low20: number;
  readonly high30: number;
  readonly low30: number;
  /** Sum of 30 true ranges, and of the size of 30 moves of the close. */
  readonly ranges30: number;
  readonly path30: number;
  /** The close less that of 30 bars before. */
  readonly net30: number;
  /** Mean and population standard deviation of 20 closes. */
  readonly mean20: number;
  readonly deviation20: number;
}

/** One pass from new to old; recomputed from the numbers, as all statistics here are. */
export function priceStatisticsOf({ numbers, count }: Windows): PriceStatistics {
  const last = count - 1;
  // Constants of another module are looked up each time: not inside of loops.
  const mask = BAR_MASK;
  const closes = CLOSE.start;
  const highs = HIGH.start;
  const lows = LOW.start;
  const ranges = TRUE_RANGE.start;
  const close = numbers[closes + (last & mask)]!;
  let high = -Infinity;
  let low = Infinity;
  let high3 = 0;
  let low3 = 0;
  let high14 = 0;
  let low14 = 0;
  let high20 = 0;
  let low20 = 0;
  let ranges30 = 0;
  let path30 = 0;
  let after = close;
  // Distances from the newest close are small whole numbers of ticks: their squares add up without a rounding.
  let sum20 = 0;
  let squares20 = 0;
  for (let k = 0; k < 30; k++) {
    const at = (last - k) & mask;
    const barHigh = numbers[highs + at]!;
    const barLow = numbers[lows + at]!;
    if (barHigh > high) high = barHigh;
    if (barLow < low) low = barLow;
    if (k === 2) {
      high3 = high;
      low3 = low;
    }
    if (k === 13) {
      high14 = high;
      low14 = low;
    }
    if (k === 19) {
      high20 = high;
      low20 = low;
    }
    if (k < 20) {
      const distance = after - close;
      sum20 += distance;
      squares20 += distance * distance;
    }
    ranges30 += numbers[ranges + at]!;
    const before = numbers[closes + ((last - k - 1) & mask)]!;
    path30 += Math.abs(after - before);
    after = before;
  }
  return {
    high3,
    low3,
    high14,
    low14,
    high20,
    low20,
    high30: high,
    low30: low,
    ranges30,
    path30,
    net30: close - after,
    mean20: (20 * close + sum20) / 20,
    deviation20: Math.sqrt(Math.max(0, 20 * squares20 - sum20 * sum20)) / 20,
  };
}

/** Volumes of the newest bars, with their moves. Where there are fewer bars than a name says, it says nothing. */
export interface VolumeStatistics {
  readonly volume20: number;
  readonly volume30: number;
  readonly sided20: number;
  /** Pearson's sums of 30 sizes of returns (x) and volumes (y), both less their newest, so that no digits are lost. */
  readonly sum_x: number;
  readonly sum_y: number;
  readonly sum_xx: number;
  readonly sum_yy: number;
  readonly sum_xy: number;
}

export function volumeStatisticsOf({ numbers, count }: Windows): VolumeStatistics {
  const last = count - 1;
  const mask = BAR_MASK;
  const moveMask = MOVE_MASK;
  const moves = RETURN.start;
  const volumes = VOLUME.start;
  const sided = SIDED_VOLUME.start;
  const newest = numbers[volumes + (last & mask)]!;
  const size = Math.abs(numbers[moves + (last & moveMask)]!);
  let sided20 = 0;
  let volume20 = 0;
  let sum_x = 0;
  let sum_y = 0;
  let sum_xx = 0;
  let sum_yy = 0;
  let sum_xy = 0;
  for (let k = 0; k < 30; k++) {
    const x = Math.abs(numbers[moves + ((last - k) & moveMask)]!) - size;
    const y = numbers[volumes + ((last - k) & mask)]! - newest;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_yy += y * y;
    sum_xy += x * y;
    if (k < 20) sided20 += numbers[sided + ((last - k) & mask)]!;
    if (k === 19) volume20 = 20 * newest + sum_y;
  }
  return { volume20, volume30: 30 * newest + sum_y, sided20, sum_x, sum_y, sum_xx, sum_yy, sum_xy };
}

/** Sum of the newest 15 variances of Garman and Klass. */
export function variance15Of({ numbers, count }: Windows): number {
  const mask = BAR_MASK;
  const start = GARMAN_KLASS.start;
  let sum = 0;
  for (let k = 0; k < 15; k++) sum += numbers[start + ((count - 1 - k) & mask)]!;
  return sum;
}
