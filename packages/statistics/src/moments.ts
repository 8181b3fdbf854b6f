import { faultOf, known, missing, type Measure } from './measure.js';

export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Standard deviation with n - 1. */
  readonly deviation: number;
  /** Third standardised moment of the sample, with n; 0 for a normal distribution. */
  readonly skewness: number;
  /** Fourth standardised moment of the sample, with n; 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** Mean and spread of a series of at least two values that are not all equal. */
export function momentsOf(values: readonly number[]): Measure<Moments> {
  const fault = faultOf(values, 2);
  if (fault !== null) return fault;
  const n = values.length;
  const mean = meanOf(values);
  const [second, third, fourth] = centralSums(values, mean);
  if (second === 0) return missing('zero_variance');
  const variance = second / n;
  // A spread so small or so large that its powers leave the range of a double.
  const moments = {
    n,
    mean,
    deviation: Math.sqrt(second / (n - 1)),
    skewness: third / n / (variance * Math.sqrt(variance)),
    kurtosis: fourth / n / (variance * variance),
  };
  const usable = [moments.mean, moments.deviation, moments.skewness, moments.kurtosis].every(Number.isFinite);
  return usable ? known(moments) : missing('undefined');
}

/** Measured from the first value, so that the mean of a constant series is exactly its value. */
export function meanOf(values: readonly number[]): number {
  const first = values[0] ?? NaN;
  let sum = 0;
  for (const value of values) sum += value - first;
  return first + sum / values.length;
}

function centralSums(values: readonly number[], mean: number): readonly [number, number, number] {
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (const value of values) {
    const d = value - mean;
    const square = d * d;
    second += square;
    third += square * d;
    fourth += square * square;
  }
  return [second, third, fourth];
}

/** Quantile of sorted values with linear interpolation (type 7 of Hyndman and Fan, the default of numpy and R). */
export function sortedQuantile(sorted: ArrayLike<number>, level: number): number {
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (place - below) * (high - low);
}
