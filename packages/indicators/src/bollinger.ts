import { deviationOfLast, sumOfLast, type Ring, type Windows } from './windows.js';

export interface Bollinger {
  readonly middle: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly upper: number;
  readonly lower: number;
}

/** Bands `width` standard deviations around the mean of the newest `n`, or null where there are fewer. */
export function bollingerOf(windows: Windows, ring: Ring, n: number, width: number): Bollinger | null {
  const sum = sumOfLast(windows, ring, n);
  if (sum === null) return null;
  const middle = sum / n;
  const sd = deviationOfLast(windows, ring, n, middle);
  return sd === null ? null : { middle, sd, upper: middle + width * sd, lower: middle - width * sd };
}
