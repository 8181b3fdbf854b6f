/** Of `n` returns, and of the n - q + 1 overlapping sums of `q` of them: their sums and those of their squares. */
export interface VarianceSums {
  readonly sum: number;
  readonly squares: number;
  readonly long_sum: number;
  readonly long_squares: number;
}

/** Below this share of the squares, what is left as variance is rounding. */
const ROUNDING = 1e-13;

/**
 * Variance ratio of Lo and MacKinlay: the variance of overlapping sums of `q` returns against `q` times that of single
 * ones, both unbiased. 1 for independent returns, more in a trend. Returns that do not vary (0/0) give 1, the ratio of
 * what has no memory.
 */
export function varianceRatioOf(sums: VarianceSums, n: number, q: number): number {
  const { sum, squares, long_sum, long_squares } = sums;
  const mean = sum / n;
  const count = n - q + 1;
  const single = squares - mean * sum;
  if (single <= ROUNDING * squares) return 1;
  const many = Math.max(0, long_squares - 2 * q * mean * long_sum + count * q * q * mean * mean);
  return many / (q * count * (1 - q / n)) / (single / (n - 1));
}
