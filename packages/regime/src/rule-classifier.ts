import type { FeatureVector, Indicators } from '@bellwether/contracts';
import { FEATURES } from '@bellwether/features';
import { presentAt } from '@bellwether/kernel';

/**
 * The rule of domain.md 5.2, point 3: two axes, their probabilities multiplied. It stands where a trained classifier
 * will, and gives the same four numbers.
 */

/** `pHV = sigmoid(6 (R1pct - 0.60))`, domain.md 5.2. */
const VOLATILITY = { slope: 6, centre: 0.6 } as const;

/**
 * `pTR = sigmoid(1.2 ER30 + 0.85 min(|EMA9 - EMA21| / ATR14, 2) + 1.5 R4 + 5.4 |P4| - 3.7)`, with R4 (choppiness over 30 bars,
 * turned) and P4 (return over 60 bars) as domain.md 4.3 scales them. Every one of the four is large now and then without any
 * trend; together they err less than each alone.
 *
 * The weights are rounded from a logistic fit on the made-up world of four regimes. The threshold is not: the four have a
 * weighted sum of 2.60 in the median of a random walk, 3.63 at p70 and 3.95 at p75, and 3.7 lets a random walk show a trend in
 * 29 % of its bars, fewer than the 40 % that the labels of domain.md 5.4 call one. ADX is left out because it needs 200 bars
 * and adds 0.004 of balanced accuracy beside P4, VWAP slope because it is missing without volume and in the first 15 bars after an anchor: a
 * classifier that changes with what is there would jump. The cap keeps one jump that sits in the averages for many bars
 * from deciding alone.
 */
export const TREND = {
  er30_weight: 1.2,
  ema_stack_weight: 0.85,
  ema_stack_max: 2,
  direction30_weight: 1.5,
  return60_weight: 5.4,
  centre: 3.7,
} as const;

/** What the trend axis is judged by, each in the scale of domain.md 4. */
export interface TrendInputs {
  readonly er30: number;
  /** |EMA9 - EMA21| / ATR14, 0 or more. */
  readonly ema_stack: number;
  /** R4 of the features: -1 directionless, 1 straight. */
  readonly direction30: number;
  /** P4 of the features, -1 to 1; its sign does not count. */
  readonly return60: number;
}

const DIRECTION30 = FEATURES.findIndex(({ code }) => code === 'R4');
const RETURN60 = FEATURES.findIndex(({ code }) => code === 'P4');

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Probability of high volatility, from the percentile of RV30 in its time-of-day bucket (0 to 1). */
export function highVolatilityProbability(rv30Percentile: number): number {
  return sigmoid(VOLATILITY.slope * (rv30Percentile - VOLATILITY.centre));
}

/** Probability of a trend, whichever way it goes. */
export function trendProbability({ er30, ema_stack, direction30, return60 }: TrendInputs): number {
  return sigmoid(
    TREND.er30_weight * er30 +
      TREND.ema_stack_weight * Math.min(ema_stack, TREND.ema_stack_max) +
      TREND.direction30_weight * direction30 +
      TREND.return60_weight * Math.abs(return60) -
      TREND.centre,
  );
}

/**
 * Probabilities of Calm-Trend, Calm-Chop, HighVol-Trend, HighVol-Chop, in that order; their sum is 1. Null where an
 * input is missing: there is no default for an unknown.
 */
export function classify(indicators: Indicators, vector: FeatureVector): readonly number[] | null {
  const { rv30_percentile, er30, ema9_ticks, ema21_ticks, atr14_ticks } = indicators;
  if (rv30_percentile === null || er30 === null) return null;
  if (ema9_ticks === null || ema21_ticks === null || atr14_ticks === null) return null;
  const direction30 = presentAt(vector, DIRECTION30);
  const return60 = presentAt(vector, RETURN60);
  if (direction30 === null || return60 === null) return null;
  // A market that has not moved for 14 bars has no direction either: 0 / 0 is 0 (domain.md 4.3).
  const ema_stack = atr14_ticks > 0 ? Math.abs(ema9_ticks - ema21_ticks) / atr14_ticks : 0;
  const highVol = highVolatilityProbability(rv30_percentile);
  const trend = trendProbability({ er30, ema_stack, direction30, return60 });
  return [(1 - highVol) * trend, (1 - highVol) * (1 - trend), highVol * trend, highVol * (1 - trend)];
}
