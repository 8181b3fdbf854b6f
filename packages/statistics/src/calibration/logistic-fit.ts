import { known, missing, type Measure } from '../measure.js';
import { sigmoidOf } from './maps.js';

const STEPS_MAX = 100;
const HALVINGS_MAX = 40;
const CHANGE_LEAST = 1e-12;
/** A pivot below this share of the largest is rounding: the columns are a combination of each other. */
const PIVOT_LEAST = 1e-11;

/**
 * Coefficients of sigmoid(sum of coefficient × column + constant) that make the cross-entropy against targets in (0, 1) least,
 * the constant last; by Newton's method with halved steps. `undefined` where the columns do not determine them.
 */
export function fitLogistic(
  columns: readonly (readonly number[])[],
  targets: readonly number[],
): Measure<readonly number[]> {
  const terms = [...columns, targets.map(() => 1)];
  let coefficients = terms.map(() => 0);
  let loss = lossOf(terms, targets, coefficients);
  for (let step = 0; step < STEPS_MAX; step++) {
    const direction = newtonDirection(terms, targets, coefficients);
    if (direction === null) return missing('undefined');
    let taken: readonly number[] = coefficients;
    let next = loss;
    for (let i = 0, share = 1; i < HALVINGS_MAX; i++, share /= 2) {
      taken = coefficients.map((value, k) => value - share * direction[k]!);
      next = lossOf(terms, targets, taken);
      if (next <= loss) break;
    }
    const gain = loss - next;
    if (gain >= 0) {
      coefficients = [...taken];
      loss = next;
    }
    if (!(gain > CHANGE_LEAST * Math.abs(loss))) break;
  }
  return coefficients.every(Number.isFinite) ? known(coefficients) : missing('undefined');
}

function scoreOf(terms: readonly (readonly number[])[], coefficients: readonly number[], i: number): number {
  let score = 0;
  for (let k = 0; k < terms.length; k++) score += coefficients[k]! * terms[k]![i]!;
  return score;
}

function lossOf(
  terms: readonly (readonly number[])[],
  targets: readonly number[],
  coefficients: readonly number[],
): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    const score = scoreOf(terms, coefficients, i);
    sum += Math.max(score, 0) - score * targets[i]! + Math.log1p(Math.exp(-Math.abs(score)));
  }
  return sum;
}

/** Second derivatives times the direction are the first ones; null where the second have no inverse. */
function newtonDirection(
  terms: readonly (readonly number[])[],
  targets: readonly number[],
  coefficients: readonly number[],
): readonly number[] | null {
  const size = terms.length;
  const rows = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
  for (let i = 0; i < targets.length; i++) {
    const p = sigmoidOf(scoreOf(terms, coefficients, i));
    for (let k = 0; k < size; k++) {
      const row = rows[k]!;
      row[size]! += (p - targets[i]!) * terms[k]![i]!;
      for (let j = 0; j < size; j++) row[j]! += p * (1 - p) * terms[k]![i]! * terms[j]![i]!;
    }
  }
  return solved(rows);
}

/** Gauss's elimination with the largest pivot, over rows with their right side last. */
function solved(rows: number[][]): readonly number[] | null {
  const size = rows.length;
  const largest = Math.max(...rows.flatMap((row, k) => Math.abs(row[k]!)));
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    if (!(Math.abs(rows[pivot]![k]!) > largest * PIVOT_LEAST)) return null;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= size; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  return rows.map((row, k) => row[size]! / row[k]!);
}
