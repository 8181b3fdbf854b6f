import { assert } from '@bellwether/kernel';
import { BOOTSTRAP_DAYS_MIN } from '../bootstrap/block-length.js';
import { meanBlockOf } from '../bootstrap/intervals.js';
import { RESAMPLES_DEFAULT, forEachResample, type ResampleOptions } from '../bootstrap/stationary.js';
import { faultOfColumns, known, missing, type Measure } from '../measure.js';
import { meanOf, sortedQuantile } from '../moments.js';

/** Means of several series over the same days, and how they move when whole blocks of days are drawn again. */
export interface BootstrapMeans {
  readonly days: number;
  readonly meanBlock: number;
  /** Places of the series that are not 0 on every day: one that never did anything cannot be the best. */
  readonly active: readonly number[];
  /** Of the active ones. */
  readonly means: Float64Array;
  /** Long-run standard deviation of each, so that deviation / root(days) is the error of its mean. */
  readonly deviations: Float64Array;
  /** Means of each resample, one row of active series after the other. */
  readonly draws: Float64Array;
  readonly resamples: number;
}

/** Numbers kept at once: 200 MB. */
const DRAWS_MAX = 25_000_000;

/** Same days are drawn for all series, so that what they have in common stays. */
export function bootstrapMeans(
  columns: readonly (readonly number[])[],
  options: ResampleOptions,
): Measure<BootstrapMeans> {
  const fault = faultOfColumns(columns, 1, BOOTSTRAP_DAYS_MIN);
  if (fault !== null) return fault;
  const active = columns.flatMap((column, k) => (column.some((value) => value !== 0) ? [k] : []));
  if (active.length === 0) return missing('zero_variance');
  const series = active.map((k) => Float64Array.from(columns[k]!));
  const block = commonBlock(
    active.map((k) => columns[k]!),
    options,
  );
  if (block.missing !== null) return block;
  const means = Float64Array.from(active, (k) => meanOf(columns[k]!));
  const deviations = Float64Array.from(series, (values, k) =>
    longRunDeviation(values, means[k]!, block.value),
  );
  if (!deviations.every((deviation) => deviation > 0)) return missing('zero_variance');
  const resamples = options.resamples ?? RESAMPLES_DEFAULT;
  const width = active.length;
  assert(resamples * width <= DRAWS_MAX, `Expected at most ${DRAWS_MAX} resamples times series`);
  const draws = new Float64Array(resamples * width);
  const days = series[0]!.length;
  forEachResample(days, block.value, options, (places, b) => {
    for (let k = 0; k < width; k++) {
      const values = series[k]!;
      let sum = 0;
      for (const place of places) sum += values[place]!;
      draws[b * width + k] = sum / days;
    }
  });
  return known({ days, meanBlock: block.value, active, means, deviations, draws, resamples });
}

/** The middle one of the automatic lengths: the longest of many would be the one that chance made longest. */
function commonBlock(columns: readonly (readonly number[])[], options: ResampleOptions): Measure {
  const lengths: number[] = [];
  for (const column of columns) {
    const length = meanBlockOf(column, options);
    if (length.missing !== null) return length;
    lengths.push(length.value);
  }
  return known(sortedQuantile(Float64Array.from(lengths).sort(), 0.5));
}

/** Variance that the stationary bootstrap has in expectation (Hansen 2005, appendix; Politis and Romano 1994). */
export function longRunDeviation(values: Float64Array, mean: number, meanBlock: number): number {
  const n = values.length;
  const stay = 1 - 1 / meanBlock;
  let variance = 0;
  for (let lag = 0; lag < n; lag++) {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean);
    const share = lag / n;
    const kernel = lag === 0 ? 1 : 2 * ((1 - share) * stay ** lag + share * stay ** (n - lag));
    variance += (kernel * sum) / n;
    if (stay === 0) break;
  }
  return variance > 0 ? Math.sqrt(variance) : 0;
}
