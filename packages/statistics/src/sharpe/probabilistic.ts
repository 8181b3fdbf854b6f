import { assert } from '@bellwether/kernel';
import { finite, known, missing, type Measure } from '../measure.js';
import { momentsOf } from '../moments.js';
import { normalCdf, normalQuantile } from '../normal.js';

/** What the sampling error of a Sharpe ratio depends on. All per period, not annualised. */
export interface SharpeSample {
  readonly sharpe: number;
  /** Number of returns. */
  readonly n: number;
  readonly skewness: number;
  /** 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** The sample that daily returns give. */
export function sharpeSample(returns: readonly number[]): Measure<SharpeSample> {
  const moments = momentsOf(returns);
  if (moments.missing !== null) return moments;
  const { n, mean, deviation, skewness, kurtosis } = moments.value;
  return known({ sharpe: mean / deviation, n, skewness, kurtosis });
}

/** Variance of the estimated ratio times n - 1 (Mertens 2002; Bailey and López de Prado 2012). */
function errorFactor({ sharpe, skewness, kurtosis }: SharpeSample): number {
  return 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}

/**
 * Probability that the true Sharpe ratio lies above a benchmark, from one record alone (Bailey and López de Prado, "The
 * Sharpe ratio efficient frontier", 2012). Trials that were made before are not counted here: see {@link deflatedSharpe}.
 */
export function probabilisticSharpe(sample: SharpeSample, benchmark = 0): Measure {
  if (sample.n < 2) return missing('too_few');
  const factor = errorFactor(sample);
  if (!(factor > 0)) return missing('undefined');
  return finite(normalCdf(((sample.sharpe - benchmark) * Math.sqrt(sample.n - 1)) / Math.sqrt(factor)));
}

/**
 * Number of returns that a record must have before its ratio is above the benchmark with this confidence (minimum track
 * record length, same source). Not a whole number.
 */
export function minimumTrackRecord(sample: SharpeSample, benchmark: number, confidence = 0.95): Measure {
  assert(confidence > 0.5 && confidence < 1, 'A confidence lies between 0.5 and 1');
  if (!(sample.sharpe > benchmark)) return missing('not_above_benchmark');
  const factor = errorFactor(sample);
  if (!(factor > 0)) return missing('undefined');
  const z = normalQuantile(confidence) / (sample.sharpe - benchmark);
  return finite(1 + factor * z * z);
}
