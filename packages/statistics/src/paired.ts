import { BOOTSTRAP_DAYS_MIN } from './bootstrap/block-length.js';
import {
  LEVEL_DEFAULT,
  meanBlockOf,
  percentileInterval,
  spreadOf,
  type Estimate,
  type IntervalOptions,
} from './bootstrap/intervals.js';
import { RESAMPLES_DEFAULT, forEachResample } from './bootstrap/stationary.js';
import { faultOfColumns, known, missing, type Measure } from './measure.js';
import { meanOf } from './moments.js';
import { sharpeRatio } from './performance.js';

/** Two ways of trading the same days. Differences are first minus second. */
export interface PairedDifference {
  readonly days: number;
  /** Of the differences, in days. */
  readonly meanBlock: number;
  readonly level: number;
  /** Mean of the daily differences, in the unit of the returns. */
  readonly mean: Estimate;
  /** Difference of the daily Sharpe ratios. */
  readonly sharpe: Estimate;
  /** Chance of so large a mean difference, of either sign, if there were none. Never 0. */
  readonly p: number;
}

/** The same days are drawn for both, so that what the market did to both cancels. */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  options: IntervalOptions,
): Measure<PairedDifference> {
  const fault = faultOfColumns([first, second], 2, BOOTSTRAP_DAYS_MIN);
  if (fault !== null) return fault;
  const differences = first.map((value, i) => value - second[i]!);
  const block = meanBlockOf(differences, options);
  if (differences.every((value) => value === differences[0])) return missing('zero_variance');
  if (block.missing !== null) return block;
  const resamples = options.resamples ?? RESAMPLES_DEFAULT;
  const level = options.level ?? LEVEL_DEFAULT;
  const mean = meanOf(differences);
  const means = new Float64Array(resamples);
  const sharpes = new Float64Array(resamples);
  const one = new Float64Array(first.length);
  const other = new Float64Array(first.length);
  let beyond = 0;
  forEachResample(first.length, block.value, options, (places, b) => {
    for (let i = 0; i < places.length; i++) {
      one[i] = first[places[i]!]!;
      other[i] = second[places[i]!]!;
    }
    const [a, c] = [spreadOf(one), spreadOf(other)];
    means[b] = a.mean - c.mean;
    sharpes[b] = a.deviation > 0 && c.deviation > 0 ? a.mean / a.deviation - c.mean / c.deviation : NaN;
    if (Math.abs(means[b] - mean) >= Math.abs(mean)) beyond += 1;
  });
  return known({
    days: first.length,
    meanBlock: block.value,
    level,
    mean: { point: known(mean), interval: percentileInterval(means, level) },
    sharpe: sharpeDifference(first, second, sharpes, level),
    p: (beyond + 1) / (resamples + 1),
  });
}

function sharpeDifference(
  first: readonly number[],
  second: readonly number[],
  draws: Float64Array,
  level: number,
): Estimate {
  const [a, b] = [sharpeRatio(first), sharpeRatio(second)];
  const absent = a.missing ?? b.missing;
  if (absent !== null) return { point: missing(absent), interval: missing(absent) };
  return { point: known((a.value ?? NaN) - (b.value ?? NaN)), interval: percentileInterval(draws, level) };
}
