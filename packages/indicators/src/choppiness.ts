import { highestOfLast, lowestOfLast, sumOfLast, type Ring, type Windows } from './windows.js';

/**
 * Choppiness index over the newest `n` bars: 100 log10(sum of true ranges / (highest - lowest)) / log10(n). Null where
 * there are fewer bars, and where all of them have one price: 0/0 has no logarithm. 0 where only jumps over a break made
 * the distance.
 */
export function choppinessOf(
  windows: Windows,
  rings: { readonly high: Ring; readonly low: Ring; readonly true_range: Ring },
  n: number,
): number | null {
  const path = sumOfLast(windows, rings.true_range, n);
  const highest = highestOfLast(windows, rings.high, n);
  const lowest = lowestOfLast(windows, rings.low, n);
  if (path === null || highest === null || lowest === null || highest === lowest) return null;
  return path === 0 ? 0 : (100 * Math.log10(path / (highest - lowest))) / Math.log10(n);
}
