import { finite, known, missing, type Measure, type Missing } from '../measure.js';
import { BINS_DEFAULT, calibrationError, type Binning } from './binary.js';

/** Probabilities of each class a row, which add up to 1, and the class that came, counted from 0. */
export interface ClassForecasts {
  readonly probabilities: readonly (readonly number[])[];
  readonly outcomes: readonly number[];
}

const SUM_TOLERANCE = 1e-6;

/** Null where each row adds up to 1 and each outcome is a class. */
export function faultOfClasses({ probabilities, outcomes }: ClassForecasts): Missing | null {
  if (probabilities.length !== outcomes.length) return missing('unequal_lengths');
  if (probabilities.length === 0) return missing('too_few');
  const classes = probabilities[0]!.length;
  if (probabilities.some((row) => row.length !== classes)) return missing('unequal_lengths');
  if (!probabilities.every((row) => row.every(Number.isFinite))) return missing('not_finite');
  const sums = probabilities.every(
    (row) => row.every((p) => p >= 0) && Math.abs(row.reduce((a, b) => a + b, 0) - 1) <= SUM_TOLERANCE,
  );
  const named = outcomes.every((outcome) => Number.isInteger(outcome) && outcome >= 0 && outcome < classes);
  return sums && named ? null : missing('out_of_range');
}

/** Sum over classes of the squared distance to the outcome, mean over rows: 0 to 2 (Brier's own form of 1950). */
export function classBrierScore(forecasts: ClassForecasts): Measure {
  const fault = faultOfClasses(forecasts);
  if (fault !== null) return fault;
  const { probabilities, outcomes } = forecasts;
  let sum = 0;
  probabilities.forEach((row, i) => {
    row.forEach((p, k) => (sum += (p - (outcomes[i] === k ? 1 : 0)) ** 2));
  });
  return known(sum / probabilities.length);
}

/** Mean of minus the logarithm of the probability of the class that came. Missing where that was 0. */
export function classLogLoss(forecasts: ClassForecasts): Measure {
  const fault = faultOfClasses(forecasts);
  if (fault !== null) return fault;
  const { probabilities, outcomes } = forecasts;
  const sum = probabilities.reduce((total, row, i) => total - Math.log(row[outcomes[i]!]!), 0);
  return finite(sum / probabilities.length);
}

/** Expected calibration error of the most probable class: is it right as often as it says? */
export function topLabelError(
  forecasts: ClassForecasts,
  binning: Binning = 'equal_width',
  bins = BINS_DEFAULT,
): Measure {
  const fault = faultOfClasses(forecasts);
  if (fault !== null) return fault;
  const top = forecasts.probabilities.map((row) => row.indexOf(Math.max(...row)));
  const probabilities = forecasts.probabilities.map((row, i) => Math.min(1, row[top[i]!]!));
  const outcomes = top.map((label, i) => (label === forecasts.outcomes[i] ? 1 : 0));
  const error = calibrationError({ probabilities, outcomes }, binning, bins);
  return error.missing === null ? known(error.value.expected) : error;
}

/** Expected calibration error of each class by itself, in the order of the classes. */
export function classwiseErrors(
  forecasts: ClassForecasts,
  binning: Binning = 'equal_width',
  bins = BINS_DEFAULT,
): Measure<readonly number[]> {
  const fault = faultOfClasses(forecasts);
  if (fault !== null) return fault;
  const errors: number[] = [];
  for (let k = 0; k < forecasts.probabilities[0]!.length; k++) {
    const probabilities = forecasts.probabilities.map((row) => Math.min(1, row[k]!));
    const outcomes = forecasts.outcomes.map((outcome) => (outcome === k ? 1 : 0));
    const error = calibrationError({ probabilities, outcomes }, binning, bins);
    if (error.missing !== null) return error;
    errors.push(error.value.expected);
  }
  return known(errors);
}

/**
 * Mean over the classes that occur of the share of their rows that was told rightly. A classifier that always names one
 * class has 1 / classes, however common that class is.
 */
export function balancedAccuracy(predicted: readonly number[], actual: readonly number[]): Measure {
  if (predicted.length !== actual.length) return missing('unequal_lengths');
  if (actual.length === 0) return missing('too_few');
  const counts = new Map<number, { rows: number; right: number }>();
  actual.forEach((label, i) => {
    const count = counts.get(label) ?? { rows: 0, right: 0 };
    count.rows += 1;
    if (predicted[i] === label) count.right += 1;
    counts.set(label, count);
  });
  if (counts.size < 2) return missing('one_class');
  let sum = 0;
  for (const { rows, right } of counts.values()) sum += right / rows;
  return known(sum / counts.size);
}
