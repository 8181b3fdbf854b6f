import type { Ring, Windows } from './windows.js';

/**
 * Value at the newest of the last `n` points of the least-squares line through them, equally spaced; null where there
 * are fewer, or fewer than two.
 */
export function regressionEndOf(windows: Windows, ring: Ring, n: number): number | null {
  if (n < 2 || n > ring.length || n > windows.count) return null;
  const { numbers } = windows;
  const end = ring.start + ring.length;
  let at = ring.start + ((windows.count - n) % ring.length);
  const centre = (n - 1) / 2;
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < n; i++) {
    const value = numbers[at]!;
    sum += value;
    weighted += (i - centre) * value;
    at = at + 1 === end ? ring.start : at + 1;
  }
  const slope = weighted / ((n * (n * n - 1)) / 12);
  return sum / n + slope * centre;
}
