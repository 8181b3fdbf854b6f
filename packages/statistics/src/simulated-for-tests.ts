import { uniformSource } from '@bellwether/kernel';
import { normalQuantile } from './normal.js';

/** A stream of standard normal numbers. */
export function normalSource(seed: string): () => number {
  const uniform = uniformSource(seed);
  // Half a step up, so that no draw is at 0, where the quantile is infinite.
  return () => normalQuantile(uniform() + 2 ** -33);
}

/** AR(1) with unit variance of its shocks, started in its stationary distribution, around a mean. */
export function autoregressive(normal: () => number, n: number, phi: number, mean = 0): number[] {
  let level = normal() / Math.sqrt(1 - phi * phi);
  return Array.from({ length: n }, () => {
    const value = mean + level;
    level = phi * level + normal();
    return value;
  });
}

/** Columns of independent normal days; `mean` gives the mean of each. */
export function noiseColumns(
  normal: () => number,
  days: number,
  count: number,
  mean: (column: number) => number = () => 0,
): number[][] {
  return Array.from({ length: count }, (_, k) => Array.from({ length: days }, () => mean(k) + normal()));
}
