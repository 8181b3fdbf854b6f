/** clip(x, k) of domain.md 4.3: -1 to 1. */
export function clip(x: number, k: number): number {
  return Math.max(-k, Math.min(k, x)) / k;
}

/** q/0 is 0 (domain.md 4.3). */
export function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/** log2(x / usual), or null where nothing is usual: the logarithm of q/0 has no value. */
export function logRatio(x: number, usual: number): number | null {
  return usual === 0 ? null : Math.log2(x / usual);
}
