import { known, type Measure } from '../measure.js';
import type { ResampleOptions } from '../bootstrap/stationary.js';
import { bootstrapMeans, type BootstrapMeans } from './bootstrap-means.js';

/**
 * Tests of the best of many: could the best mean have come about without any edge? `columns` are daily results above a
 * benchmark, of every variant that was tried. A p-value counts the data itself as one draw, so it is never 0.
 */

export interface RealityCheck {
  /** Root of the days times the best mean. */
  readonly statistic: number;
  readonly p: number;
  /** Place of the best variant. */
  readonly best: number;
  readonly meanBlock: number;
}

/** White's reality check (Econometrica 2000): not studentised, centred at every variant's own mean. */
export function realityCheck(
  columns: readonly (readonly number[])[],
  options: ResampleOptions,
): Measure<RealityCheck> {
  const drawn = bootstrapMeans(columns, options);
  if (drawn.missing !== null) return drawn;
  const { means, days, active, meanBlock } = drawn.value;
  const best = means.reduce((top, mean, k) => (mean > means[top]! ? k : top), 0);
  const threshold = means[best]!;
  const p = pValue(drawn.value, threshold, (mean, k) => mean - means[k]!);
  return known({ statistic: Math.sqrt(days) * threshold, p, best: active[best]!, meanBlock });
}

export interface SuperiorAbility {
  /** Largest studentised mean, at least 0. */
  readonly statistic: number;
  /** Only variants with a gain are centred: the smallest p-value. */
  readonly pLower: number;
  /** Variants too bad to matter are left where they are. The one to quote. */
  readonly pConsistent: number;
  /** All variants are centred, as in the reality check: the largest. */
  readonly pUpper: number;
  readonly best: number;
  readonly meanBlock: number;
}

/** Hansen's test for superior predictive ability (JBES 2005): studentised, with three ways of centring. */
export function superiorAbility(
  columns: readonly (readonly number[])[],
  options: ResampleOptions,
): Measure<SuperiorAbility> {
  const drawn = bootstrapMeans(columns, options);
  if (drawn.missing !== null) return drawn;
  const { means, deviations, days, active, meanBlock } = drawn.value;
  const best = means.reduce(
    (top, mean, k) => (mean / deviations[k]! > means[top]! / deviations[top]! ? k : top),
    0,
  );
  const threshold = Math.max(0, means[best]! / deviations[best]!);
  const bad = -Math.sqrt((2 * Math.log(Math.log(days))) / days);
  const centres = {
    lower: means.map((mean) => Math.max(0, mean)),
    consistent: means.map((mean, k) => (mean / deviations[k]! >= bad ? mean : 0)),
    upper: means,
  };
  // Where no mean is above 0, neither the data nor any draw can exceed 0, the least that the statistic can be.
  const p = (centre: Float64Array): number =>
    threshold === 0 ? 1 : pValue(drawn.value, threshold, (mean, k) => (mean - centre[k]!) / deviations[k]!);
  return known({
    statistic: Math.sqrt(days) * threshold,
    pLower: p(centres.lower),
    pConsistent: p(centres.consistent),
    pUpper: p(centres.upper),
    best: active[best]!,
    meanBlock,
  });
}

/** Share of resamples whose largest value is at or above the threshold, the data itself counted as one. */
function pValue(
  { draws, resamples, means }: BootstrapMeans,
  threshold: number,
  valueOf: (mean: number, series: number) => number,
): number {
  const width = means.length;
  let above = 0;
  for (let b = 0; b < resamples; b++) {
    let largest = -Infinity;
    for (let k = 0; k < width; k++) {
      const value = valueOf(draws[b * width + k]!, k);
      if (value > largest) largest = value;
    }
    if (largest >= threshold) above += 1;
  }
  return (above + 1) / (resamples + 1);
}

export interface AdjustedSeries {
  /** Place of the series. */
  readonly series: number;
  /** Studentised mean. */
  readonly statistic: number;
  /** Adjusted for all series that were tested. */
  readonly p: number;
}

/**
 * Which of many have a mean above 0: step-down p-values of Romano and Wolf (2005, 2016). They hold the chance of a single
 * false one and, by the shared draws, use what the series have in common. In the order of the active series.
 */
export function romanoWolf(
  columns: readonly (readonly number[])[],
  options: ResampleOptions,
): Measure<readonly AdjustedSeries[]> {
  const drawn = bootstrapMeans(columns, options);
  if (drawn.missing !== null) return drawn;
  const { means, deviations, days, active, draws, resamples } = drawn.value;
  const width = means.length;
  const statistics = means.map((mean, k) => mean / deviations[k]!);
  const order = [...statistics.keys()].sort((a, b) => statistics[b]! - statistics[a]!);
  const above = new Float64Array(width);
  for (let b = 0; b < resamples; b++) {
    let largest = -Infinity;
    // From the weakest up: each step adds one series to those that are still in question.
    for (let step = width - 1; step >= 0; step--) {
      const k = order[step]!;
      const value = (draws[b * width + k]! - means[k]!) / deviations[k]!;
      if (value > largest) largest = value;
      if (largest >= statistics[k]!) above[k]! += 1;
    }
  }
  const p = new Float64Array(width);
  let floor = 0;
  for (const k of order) {
    floor = Math.max(floor, (above[k]! + 1) / (resamples + 1));
    p[k] = floor;
  }
  return known(
    active.map((series, k) => ({ series, statistic: Math.sqrt(days) * statistics[k]!, p: p[k]! })),
  );
}
