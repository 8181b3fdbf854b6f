/** Sums of `n` pairs. Where the numbers are large beside their spread, take some number from them all first. */
export interface PairSums {
  readonly sum_x: number;
  readonly sum_y: number;
  readonly sum_xx: number;
  readonly sum_yy: number;
  readonly sum_xy: number;
}

/** Pearson's correlation of `n` pairs, -1 to 1. Where one of the two does not vary (0/0) it is 0. */
export function correlationOf({ sum_x, sum_y, sum_xx, sum_yy, sum_xy }: PairSums, n: number): number {
  const scale =
    Math.sqrt(Math.max(0, n * sum_xx - sum_x * sum_x)) * Math.sqrt(Math.max(0, n * sum_yy - sum_y * sum_y));
  // Rounding may pass 1 by a few bits.
  return scale === 0 ? 0 : Math.max(-1, Math.min(1, (n * sum_xy - sum_x * sum_y) / scale));
}
