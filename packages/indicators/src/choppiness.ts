/**
 * Choppiness index of `n` bars: 100 log10(sum of true ranges / (highest - lowest)) / log10(n). Null where all of them
 * have one price: 0/0 has no logarithm. 0 where only jumps over a break made the distance.
 */
export function choppinessOf(ranges: number, highest: number, lowest: number, n: number): number | null {
  if (highest === lowest) return null;
  return ranges === 0 ? 0 : (100 * Math.log10(ranges / (highest - lowest))) / Math.log10(n);
}
