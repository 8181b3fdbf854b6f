import { known, missing, type Measure } from '../measure.js';
import { brierScore, faultOfForecasts, logLoss, type Forecasts } from './binary.js';
import { classBrierScore, classLogLoss, faultOfClasses, type ClassForecasts } from './classes.js';
import { poolAdjacentViolators } from './isotonic.js';
import { fitLogistic } from './logistic-fit.js';
import { calibrated, calibratedClasses, clipped, logitOf, type CalibrationMap } from './maps.js';

/** Fewest cases for a map of two or three numbers. */
export const CALIBRATION_CASES_MIN = 50;
/** Fewest cases for an isotonic map, which has many (learning.md 6). */
export const ISOTONIC_CASES_MIN = 1_000;

/** Forecasts that a map can be fitted on. */
function faultOf(forecasts: Forecasts, atLeast: number) {
  const fault = faultOfForecasts(forecasts);
  if (fault !== null) return fault;
  if (forecasts.outcomes.length < atLeast) return missing('too_few');
  const events = forecasts.outcomes.reduce((sum, outcome) => sum + outcome, 0);
  return events === 0 || events === forecasts.outcomes.length ? missing('one_class') : null;
}

/** Platt's targets: as if one event and one miss more had been seen, so that no certainty is learned. */
function smoothedTargets(outcomes: readonly number[]): readonly number[] {
  const events = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  const misses = outcomes.length - events;
  return outcomes.map((outcome) => (outcome === 1 ? (events + 1) / (events + 2) : 1 / (misses + 2)));
}

export function fitPlatt(forecasts: Forecasts): Measure<CalibrationMap> {
  const fault = faultOf(forecasts, CALIBRATION_CASES_MIN);
  if (fault !== null) return fault;
  const columns = [forecasts.probabilities.map(logitOf)];
  const fitted = fitLogistic(columns, smoothedTargets(forecasts.outcomes));
  if (fitted.missing !== null) return fitted;
  return known({ kind: 'platt', slope: fitted.value[0]!, intercept: fitted.value[1]! });
}

/** Beta calibration with Platt's targets. Where a or b comes out below 0 it is left out and the rest is fitted again. */
export function fitBeta(forecasts: Forecasts): Measure<CalibrationMap> {
  const fault = faultOf(forecasts, CALIBRATION_CASES_MIN);
  if (fault !== null) return fault;
  const targets = smoothedTargets(forecasts.outcomes);
  const rising = forecasts.probabilities.map((p) => Math.log(clipped(p)));
  const falling = forecasts.probabilities.map((p) => -Math.log1p(-clipped(p)));
  const both = fitLogistic([rising, falling], targets);
  if (both.missing !== null) return both;
  const [a, b, c] = [both.value[0]!, both.value[1]!, both.value[2]!];
  if (a >= 0 && b >= 0) return known({ kind: 'beta', a, b, c });
  const alone = fitLogistic([a < 0 ? falling : rising], targets);
  if (alone.missing !== null) return alone;
  const factor = Math.max(0, alone.value[0]!);
  const rest = alone.value[1]!;
  return known(
    a < 0 ? { kind: 'beta', a: 0, b: factor, c: rest } : { kind: 'beta', a: factor, b: 0, c: rest },
  );
}

/**
 * Share of events by pooling; equal probabilities are one point, and neighbouring points are joined by lines. Shares stay within
 * Platt's targets: that all of an end's few cases went one way is no certainty.
 */
export function fitIsotonic(forecasts: Forecasts): Measure<CalibrationMap> {
  const fault = faultOf(forecasts, ISOTONIC_CASES_MIN);
  if (fault !== null) return fault;
  const sums = new Map<number, { events: number; count: number }>();
  forecasts.probabilities.forEach((p, i) => {
    const point = sums.get(p) ?? { events: 0, count: 0 };
    point.events += forecasts.outcomes[i]!;
    point.count += 1;
    sums.set(p, point);
  });
  const points = [...sums].sort(([a], [b]) => a - b);
  const shares = points.map(([, { events, count }]) => events / count);
  const pooled = poolAdjacentViolators(
    shares,
    points.map(([, { count }]) => count),
  );
  const targets = smoothedTargets(forecasts.outcomes);
  const [least, most] = [targets.reduce((a, b) => Math.min(a, b)), targets.reduce((a, b) => Math.max(a, b))];
  const inputs: number[] = [];
  const outputs: number[] = [];
  points.forEach(([p], i) => {
    // Of a pool its first and its last point say everything.
    if (pooled[i] === pooled[i - 1] && pooled[i] === pooled[i + 1]) return;
    inputs.push(p);
    outputs.push(Math.min(most, Math.max(least, pooled[i]!)));
  });
  return known({ kind: 'isotonic', inputs, outputs });
}

const SHARPNESS_LEAST = 0.02;
const SHARPNESS_MOST = 50;
const SEARCH_STEPS_MAX = 60;
const SHARPNESS_CHANGE_LEAST = 1e-10;

/** One temperature for all classes: it keeps which class is the most probable. */
export function fitTemperature(forecasts: ClassForecasts): Measure<CalibrationMap> {
  const fault = faultOfClasses(forecasts);
  if (fault !== null) return fault;
  if (forecasts.outcomes.length < CALIBRATION_CASES_MIN) return missing('too_few');
  const rows = forecasts.probabilities.map((row) => row.map((p) => Math.log(clipped(p))));
  // The loss is convex in the sharpness 1 / temperature: Newton's steps, halving where one leaves what is left.
  let [low, high, sharpness] = [SHARPNESS_LEAST, SHARPNESS_MOST, 1];
  for (let i = 0; i < SEARCH_STEPS_MAX; i++) {
    const { slope, curvature } = lossAround(rows, forecasts.outcomes, sharpness);
    if (slope < 0) low = sharpness;
    else high = sharpness;
    const newton = sharpness - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const change = Math.abs(next - sharpness);
    sharpness = next;
    if (change < SHARPNESS_CHANGE_LEAST) break;
  }
  return known({ kind: 'temperature', temperature: 1 / sharpness });
}

/** First and second derivative by the sharpness of the log loss of softmax(sharpness × logs). */
function lossAround(
  rows: readonly (readonly number[])[],
  outcomes: readonly number[],
  sharpness: number,
): { readonly slope: number; readonly curvature: number } {
  let [slope, curvature] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    const logs = rows[i]!;
    let highest = -Infinity;
    for (const log of logs) highest = Math.max(highest, log);
    let [weight, sum, squares] = [0, 0, 0];
    for (const log of logs) {
      const share = Math.exp(sharpness * (log - highest));
      weight += share;
      sum += share * log;
      squares += share * log * log;
    }
    const mean = sum / weight;
    slope += mean - logs[outcomes[i]!]!;
    curvature += squares / weight - mean * mean;
  }
  return { slope, curvature };
}

/**
 * The rule by which a map is taken into use: on later data than it was fitted on, log loss and Brier score are both lower than
 * under the map in use.
 */
export function improves(map: CalibrationMap, current: CalibrationMap, newest: Forecasts): Measure<boolean> {
  const under = (by: CalibrationMap): Forecasts => ({
    probabilities: newest.probabilities.map((p) => calibrated(by, p)),
    outcomes: newest.outcomes,
  });
  return bothLower(
    [logLoss(under(map)), brierScore(under(map))],
    [logLoss(under(current)), brierScore(under(current))],
  );
}

/** {@link improves} over classes. */
export function improvesClasses(
  map: CalibrationMap,
  current: CalibrationMap,
  newest: ClassForecasts,
): Measure<boolean> {
  const under = (by: CalibrationMap): ClassForecasts => ({
    probabilities: newest.probabilities.map((row) => calibratedClasses(by, row)),
    outcomes: newest.outcomes,
  });
  return bothLower(
    [classLogLoss(under(map)), classBrierScore(under(map))],
    [classLogLoss(under(current)), classBrierScore(under(current))],
  );
}

function bothLower(ours: readonly Measure[], theirs: readonly Measure[]): Measure<boolean> {
  for (let i = 0; i < ours.length; i++) {
    const [own, other] = [ours[i]!, theirs[i]!];
    // A wrong certainty has no log loss: a map that gives one is no improvement, one that removes it is.
    if (own.missing === 'undefined') return known(false);
    if (own.missing !== null) return own;
    if (other.missing === 'undefined') continue;
    if (other.missing !== null) return other;
    if (own.value >= other.value) return known(false);
  }
  return known(true);
}
