/**
 * Value at the last point of the least-squares line through equally spaced points; null of fewer than two.
 */
export function regressionEndOf(values: readonly number[]): number | null {
  const n = values.length;
  if (n < 2) return null;
  const centre = (n - 1) / 2;
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < n; i++) {
    sum += values[i]!;
    weighted += (i - centre) * values[i]!;
  }
  const slope = weighted / ((n * (n * n - 1)) / 12);
  return sum / n + slope * centre;
}
