import { finite, known, missing, type Measure } from '../measure.js';
import { momentsOf } from '../moments.js';
import { normalQuantile } from '../normal.js';
import { probabilisticSharpe, sharpeSample, type SharpeSample } from './probabilistic.js';

const EULER_MASCHERONI = 0.5772156649015329;

/** How many variants were looked at before one was shown, and how far apart their ratios lie. */
export interface Trials {
  /** Every variant ever tried counts; an effective number of independent ones need not be whole. At least 1. */
  readonly count: number;
  /** Variance of the ratios of the trials, per period. */
  readonly variance: number;
}

/**
 * Expected largest Sharpe ratio of so many independent trials without any edge, per period (Bailey and López de Prado, "The
 * deflated Sharpe ratio", 2014). One trial has no choice in it: 0.
 */
export function expectedMaximumSharpe({ count, variance }: Trials): Measure {
  if (!(count >= 1 && variance >= 0)) return missing('out_of_range');
  if (count === 1) return known(0);
  const lower = normalQuantile(1 - 1 / count);
  const upper = normalQuantile(1 - 1 / (count * Math.E));
  // Just above one trial the approximation falls below 0, which no maximum of several does.
  const maximum = (1 - EULER_MASCHERONI) * lower + EULER_MASCHERONI * upper;
  return finite(Math.sqrt(variance) * Math.max(0, maximum));
}

export interface DeflatedSharpe {
  /** Probability that the true ratio lies above what the best of the trials would show without any edge. */
  readonly probability: number;
  /** That ratio, per period. */
  readonly benchmark: number;
}

/** The probabilistic Sharpe ratio against the expected maximum of the trials (same source). */
export function deflatedSharpe(sample: SharpeSample, trials: Trials): Measure<DeflatedSharpe> {
  const benchmark = expectedMaximumSharpe(trials);
  if (benchmark.missing !== null) return benchmark;
  const probability = probabilisticSharpe(sample, benchmark.value);
  if (probability.missing !== null) return probability;
  return known({ probability: probability.value, benchmark: benchmark.value });
}

/**
 * The deflated ratio of daily returns, with the trials' ratios as they were measured (per day). Where one trial was made in
 * all, its variance does not matter; where more were made and fewer than two have a ratio, it is missing.
 */
export function deflatedSharpeOf(
  returns: readonly number[],
  trialSharpes: readonly number[],
  trialCount: number,
): Measure<DeflatedSharpe> {
  const sample = sharpeSample(returns);
  if (sample.missing !== null) return sample;
  if (trialCount === 1) return deflatedSharpe(sample.value, { count: 1, variance: 0 });
  const spread = momentsOf(trialSharpes);
  if (spread.missing !== null) return spread;
  const { deviation } = spread.value;
  return deflatedSharpe(sample.value, { count: trialCount, variance: deviation * deviation });
}
