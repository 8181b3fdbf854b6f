import { momentsOf, type NumberWindow } from './window.js';

export interface Bollinger {
  readonly middle: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly upper: number;
  readonly lower: number;
}

/** Bands `width` standard deviations around the mean of a window of closes, or null while it is not full. */
export function bollingerOf(closes: NumberWindow, width: number): Bollinger | null {
  const moments = momentsOf(closes);
  if (moments === null) return null;
  const { mean, sd } = moments;
  return { middle: mean, sd, upper: mean + width * sd, lower: mean - width * sd };
}
