import { assert } from '@bellwether/kernel';
import { faultOf, known, missing, type Measure } from '../measure.js';
import { momentsOf, sortedQuantile } from '../moments.js';
import {
  TAIL_SHARE,
  conditionalValueAtRisk,
  drawdownOf,
  maximumDrawdown,
  sharpeRatio,
  sortinoRatio,
  tailMean,
} from '../performance.js';
import { BOOTSTRAP_DAYS_MIN, automaticBlockLength } from './block-length.js';
import { RESAMPLES_DEFAULT, forEachResample, type ResampleOptions } from './stationary.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Estimate {
  readonly point: Measure;
  readonly interval: Measure<Interval>;
}

export interface IntervalOptions extends ResampleOptions {
  /** Share of the intervals that hold the true value, in the long run; default 0.95. */
  readonly level?: number;
}

export const LEVEL_DEFAULT = 0.95;
/** Share of resamples in which a measure may have no value before its interval has none either. */
const UNDEFINED_SHARE_MAX = 0.05;

/** Interval between the quantiles of draws; NaN among them stands for a draw without a value. */
export function percentileInterval(draws: Float64Array, level: number): Measure<Interval> {
  assert(level > 0 && level < 1, 'A level lies between 0 and 1');
  const defined = draws.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length < (1 - UNDEFINED_SHARE_MAX) * draws.length) return missing('unstable');
  const side = (1 - level) / 2;
  const low = sortedQuantile(defined, side);
  const high = sortedQuantile(defined, 1 - side);
  return Number.isFinite(low) && Number.isFinite(high) ? known({ low, high }) : missing('undefined');
}

/** The block length of the options, or the automatic one of the series, at least one day. */
export function meanBlockOf(values: readonly number[], options: ResampleOptions): Measure {
  if (options.meanBlock !== undefined) return known(options.meanBlock);
  const lengths = automaticBlockLength(values);
  return lengths.missing === null ? known(Math.max(1, lengths.value.stationary)) : lengths;
}

/**
 * Interval of any statistic of a series by the stationary bootstrap (percentile method). NaN from the statistic means
 * that it has no value in that resample.
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (resample: Float64Array) => number,
  options: IntervalOptions,
): Measure<Interval> {
  const fault = faultOf(values, BOOTSTRAP_DAYS_MIN);
  if (fault !== null) return fault;
  const block = meanBlockOf(values, options);
  if (block.missing !== null) return block;
  const draws = new Float64Array(options.resamples ?? RESAMPLES_DEFAULT);
  const resample = new Float64Array(values.length);
  forEachResample(values.length, block.value, options, (places, b) => {
    for (let i = 0; i < places.length; i++) resample[i] = values[places[i]!]!;
    draws[b] = statistic(resample);
  });
  return percentileInterval(draws, options.level ?? LEVEL_DEFAULT);
}

/** Measures of daily returns, each with an interval. All in the unit of the returns, ratios per day. */
export interface Performance {
  readonly days: number;
  /** Mean block length of the bootstrap in days. */
  readonly meanBlock: Measure;
  readonly level: number;
  readonly mean: Estimate;
  readonly sharpe: Estimate;
  readonly sortino: Estimate;
  /** Mean of the worst 5 % of days; a loss is negative. */
  readonly cvar: Estimate;
  /** Its interval says what the same days could have done in another order and mix, not where a true value lies. */
  readonly drawdown: Estimate;
}

const MEASURES = 5;

/** Mean, Sharpe, Sortino, CVaR 5 % and largest drawdown of daily returns, from one set of resamples. */
export function performanceOf(returns: readonly number[], options: IntervalOptions): Performance {
  const level = options.level ?? LEVEL_DEFAULT;
  const fault = faultOf(returns, BOOTSTRAP_DAYS_MIN);
  const meanBlock = fault ?? meanBlockOf(returns, options);
  const intervals =
    meanBlock.missing === null ? measureIntervals(returns, meanBlock.value, level, options) : [];
  const estimate = (point: Measure, index: number): Estimate => ({
    point,
    interval:
      meanBlock.missing === null && point.missing === null
        ? intervals[index]!
        : missing(point.missing ?? meanBlock.missing ?? 'undefined'),
  });
  const moments = momentsOf(returns);
  const mean: Measure = moments.missing === null ? known(moments.value.mean) : moments;
  return {
    days: returns.length,
    meanBlock,
    level,
    mean: estimate(mean, 0),
    sharpe: estimate(sharpeRatio(returns), 1),
    sortino: estimate(sortinoRatio(returns), 2),
    cvar: estimate(conditionalValueAtRisk(returns), 3),
    drawdown: estimate(maximumDrawdown(returns), 4),
  };
}

function measureIntervals(
  returns: readonly number[],
  meanBlock: number,
  level: number,
  options: ResampleOptions,
): readonly Measure<Interval>[] {
  const resamples = options.resamples ?? RESAMPLES_DEFAULT;
  const draws = Array.from({ length: MEASURES }, () => new Float64Array(resamples));
  const days = new Float64Array(returns.length);
  forEachResample(returns.length, meanBlock, options, (places, b) => {
    for (let i = 0; i < places.length; i++) days[i] = returns[places[i]!]!;
    const { mean, deviation, downside } = spreadOf(days);
    draws[0]![b] = mean;
    draws[1]![b] = deviation > 0 ? mean / deviation : NaN;
    draws[2]![b] = downside > 0 ? mean / downside : NaN;
    draws[4]![b] = drawdownOf(days);
    // Sorts the days, so it comes last.
    draws[3]![b] = tailMean(days.sort(), TAIL_SHARE);
  });
  return draws.map((values) => percentileInterval(values, level));
}

/** Mean, standard deviation with n - 1, and downside deviation of a resample; a constant one deviates by exactly 0. */
export function spreadOf(days: Float64Array): {
  readonly mean: number;
  readonly deviation: number;
  readonly downside: number;
} {
  const n = days.length;
  const first = days[0]!;
  let sum = 0;
  let downside = 0;
  for (let i = 0; i < n; i++) {
    const value = days[i]!;
    sum += value - first;
    if (value < 0) downside += value * value;
  }
  const mean = first + sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (days[i]! - mean) * (days[i]! - mean);
  return { mean, deviation: Math.sqrt(squares / (n - 1)), downside: Math.sqrt(downside / n) };
}
