import type { Indicators } from '@bellwether/contracts';

/**
 * The rule of domain.md 5.2, point 3: two axes, their probabilities multiplied. It stands where a trained classifier
 * will, and gives the same four numbers.
 */

/** `pHV = sigmoid(6 (R1pct - 0.60))`, domain.md 5.2. */
const VOLATILITY = { slope: 6, centre: 0.6 } as const;

/**
 * `pTR = sigmoid(9 (ER30 - 0.27) + 1.0 (min(|EMA9 - EMA21| / ATR14, 2) - 0.79))`.
 *
 * Both inputs are large now and then without any trend, so each is centred on the 75th percentile of a random walk:
 * ER30 has median 0.154, p75 0.27, p90 0.38 there (domain.md 5.2); |EMA9 - EMA21| / ATR14 has median 0.46, p75 0.79,
 * p90 1.13 (the difference has a standard deviation of 1.10 one-bar moves, and ATR14 is near 1.6 of them). A random
 * walk then has a median pTR of 0.21 and exceeds 0.5 in 23 % of its bars (rule-classifier.property.test.ts). ER30 carries most of the spread. The cap keeps one
 * jump that sits in the averages for many bars from deciding alone. VWAP slope is left out: it is missing without volume
 * and in the first 15 bars after an anchor, and a classifier that changes with what is there would jump.
 */
export const TREND = {
  er30: { weight: 9, random_walk_p75: 0.27 },
  ema_stack: { weight: 1, random_walk_p75: 0.79, max: 2 },
} as const;

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Probability of high volatility, from the percentile of RV30 in its time-of-day bucket (0 to 1). */
export function highVolatilityProbability(rv30Percentile: number): number {
  return sigmoid(VOLATILITY.slope * (rv30Percentile - VOLATILITY.centre));
}

/** Probability of a trend. `emaStack` is |EMA9 - EMA21| / ATR14. */
export function trendProbability(er30: number, emaStack: number): number {
  const efficiency = TREND.er30.weight * (er30 - TREND.er30.random_walk_p75);
  const capped = Math.min(emaStack, TREND.ema_stack.max);
  return sigmoid(efficiency + TREND.ema_stack.weight * (capped - TREND.ema_stack.random_walk_p75));
}

/**
 * Probabilities of Calm-Trend, Calm-Chop, HighVol-Trend, HighVol-Chop, in that order; their sum is 1. Null where an
 * input is missing: there is no default for an unknown.
 */
export function classify(indicators: Indicators): readonly number[] | null {
  const { rv30_percentile, er30, ema9_ticks, ema21_ticks, atr14_ticks } = indicators;
  if (rv30_percentile === null || er30 === null) return null;
  if (ema9_ticks === null || ema21_ticks === null || atr14_ticks === null) return null;
  // A market that has not moved for 14 bars has no direction either: 0 / 0 is 0 (domain.md 4.3).
  const emaStack = atr14_ticks > 0 ? Math.abs(ema9_ticks - ema21_ticks) / atr14_ticks : 0;
  const highVol = highVolatilityProbability(rv30_percentile);
  const trend = trendProbability(er30, emaStack);
  return [(1 - highVol) * trend, (1 - highVol) * (1 - trend), highVol * trend, highVol * (1 - trend)];
}
