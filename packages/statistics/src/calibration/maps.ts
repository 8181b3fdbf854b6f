import { known, missing, type Measure, type Missing } from '../measure.js';

/** How a model's answer becomes a probability that holds. Plain numbers, so that it can stand in a journal entry. */
export interface CalibrationMap {
  readonly method: 'identity' | 'platt' | 'beta' | 'isotonic' | 'temperature';
  /** platt: a, b; beta: a, b, c; isotonic: knots as x, y, x, y …, ascending in x; temperature: T. */
  readonly parameters: readonly number[];
}

export const IDENTITY_MAP: CalibrationMap = { method: 'identity', parameters: [] };

/** Outcomes with what was forecast, in any order. */
export interface CalibrationSample {
  readonly probabilities: readonly number[];
  /** 1 where it happened, 0 where not. */
  readonly outcomes: readonly number[];
}

/** Farthest that a logarithm of a probability looks: a certain forecast stays finite. */
const PROBABILITY_MIN = 1e-9;
const NEWTON_STEPS_MAX = 100;
const STEP_MIN = 1e-10;
/** Fewer rows of one class say nothing of a curve. */
const CLASS_ROWS_MIN = 10;
/** Isotonic needs many: with fewer it follows the noise (learning.md section 6). */
export const ISOTONIC_ROWS_MIN = 2_000;

const clamped = (p: number): number => Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, p));
const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const logit = (p: number): number => Math.log(clamped(p) / (1 - clamped(p)));

/** A probability after its map. Temperature of two classes is Platt without a shift. */
export function calibrated({ method, parameters }: CalibrationMap, p: number): number {
  const [a = 1, b = 0, c = 0] = parameters;
  switch (method) {
    case 'identity':
      return p;
    case 'platt':
      return sigmoid(a * logit(p) + b);
    case 'beta':
      return sigmoid(a * Math.log(clamped(p)) - b * Math.log(1 - clamped(p)) + c);
    case 'temperature':
      return sigmoid(logit(p) / a);
    case 'isotonic':
      return onKnots(parameters, p);
  }
}

/** Class probabilities at another temperature: the order of the classes stays. */
export function tempered(probabilities: readonly number[], temperature: number): readonly number[] {
  const scaled = probabilities.map((p) => Math.log(clamped(p)) / temperature);
  const top = Math.max(...scaled);
  const powers = scaled.map((z) => Math.exp(z - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Straight lines between knots, flat beyond them. */
function onKnots(knots: readonly number[], p: number): number {
  const count = knots.length / 2;
  if (count === 0 || p <= knots[0]!) return knots[1] ?? p;
  for (let i = 1; i < count; i++) {
    const right = knots[2 * i]!;
    if (p > right) continue;
    const left = knots[2 * i - 2]!;
    const share = right === left ? 1 : (p - left) / (right - left);
    return knots[2 * i - 1]! + share * (knots[2 * i + 1]! - knots[2 * i - 1]!);
  }
  return knots[2 * count - 1]!;
}

function counts({ outcomes }: CalibrationSample): { readonly hits: number; readonly misses: number } {
  const hits = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  return { hits, misses: outcomes.length - hits };
}

/** Platt's targets: a little away from 0 and 1, so that few rows do not pull the curve to certainty (Platt 1999). */
function softTargets(sample: CalibrationSample): readonly number[] {
  const { hits, misses } = counts(sample);
  const high = (hits + 1) / (hits + 2);
  const low = 1 / (misses + 2);
  return sample.outcomes.map((outcome) => (outcome === 1 ? high : low));
}

/** Platt scaling of the logit: two parameters. `one_class` or `too_few` where the sample cannot say. */
export function fitPlatt(sample: CalibrationSample): Measure<CalibrationMap> {
  const refused = refusal(sample);
  if (refused !== null) return refused;
  const rows = sample.probabilities.map((p) => [logit(p), 1]);
  const found = logistic(rows, softTargets(sample), [1, 0]);
  return found === null ? missing('undefined') : known({ method: 'platt', parameters: found });
}

/** Beta calibration (Kull, Silva Filho, Flach 2017); where a slope would fall below 0, it is left out. */
export function fitBeta(sample: CalibrationSample): Measure<CalibrationMap> {
  const refused = refusal(sample);
  if (refused !== null) return refused;
  const left = sample.probabilities.map((p) => Math.log(clamped(p)));
  const right = sample.probabilities.map((p) => -Math.log(1 - clamped(p)));
  const both = logistic(
    left.map((x, i) => [x, right[i]!, 1]),
    sample.outcomes,
    [1, 1, 0],
  );
  if (both !== null && both[0]! >= 0 && both[1]! >= 0) return known({ method: 'beta', parameters: both });
  const one = (column: readonly number[]): readonly number[] | null =>
    logistic(
      column.map((x) => [x, 1]),
      sample.outcomes,
      [1, 0],
    );
  const found = both !== null && both[0]! < 0 ? one(right) : one(left);
  if (found === null || found[0]! < 0) return missing('undefined');
  const parameters = both !== null && both[0]! < 0 ? [0, found[0]!, found[1]!] : [found[0]!, 0, found[1]!];
  return known({ method: 'beta', parameters });
}

/** Isotonic regression by pool-adjacent-violators; its knots are the ends of its steps. */
export function fitIsotonic(sample: CalibrationSample): Measure<CalibrationMap> {
  const refused = refusal(sample);
  if (refused !== null) return refused;
  if (sample.outcomes.length < ISOTONIC_ROWS_MIN) return missing('too_few');
  const order = sample.probabilities
    .map((_, i) => i)
    .sort((i, k) => sample.probabilities[i]! - sample.probabilities[k]!);
  // A block without one hit is no proof that it never happens: certainty costs without bound when it is wrong.
  const least = 1 / (order.length + 2);
  const fitted = poolAdjacentViolators(order.map((i) => sample.outcomes[i]!)).map((y) =>
    Math.min(1 - least, Math.max(least, y)),
  );
  const knots: number[] = [];
  fitted.forEach((y, i) => {
    const first = i === 0 || fitted[i - 1] !== y;
    const last = i === fitted.length - 1 || fitted[i + 1] !== y;
    if (first || last) knots.push(sample.probabilities[order[i]!]!, y);
  });
  return known({ method: 'isotonic', parameters: knots });
}

/** The non-decreasing series nearest to this one in squares, each value alike. */
export function poolAdjacentViolators(values: readonly number[]): readonly number[] {
  const blocks: { sum: number; size: number }[] = [];
  for (const value of values) {
    let block = { sum: value, size: 1 };
    for (;;) {
      const before = blocks.at(-1);
      if (before === undefined || before.sum / before.size < block.sum / block.size) break;
      blocks.pop();
      block = { sum: before.sum + block.sum, size: before.size + block.size };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, size }) => Array.from({ length: size }, () => sum / size));
}

/**
 * The temperature with the least log loss over rows of class probabilities (Guo et al. 2017), between 0.05 and 20.
 * `classes` holds the index of the class that came.
 */
export function fitTemperature(
  rows: readonly (readonly number[])[],
  classes: readonly number[],
): Measure<CalibrationMap> {
  if (rows.length < 2 * CLASS_ROWS_MIN) return missing('too_few');
  const loss = (power: number): number => {
    const temperature = Math.exp(power);
    return rows.reduce(
      (sum, row, i) => sum - Math.log(clamped(tempered(row, temperature)[classes[i]!] ?? 0)),
      0,
    );
  };
  // Convex in 1/T, so one least value; golden section on ln T.
  let low = Math.log(0.05);
  let high = Math.log(20);
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 60; i++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return known({ method: 'temperature', parameters: [Math.exp((low + high) / 2)] });
}

function refusal(sample: CalibrationSample): Missing | null {
  const { hits, misses } = counts(sample);
  if (hits === 0 || misses === 0) return missing('one_class');
  if (hits < CLASS_ROWS_MIN || misses < CLASS_ROWS_MIN) return missing('too_few');
  return sample.probabilities.every((p) => p >= 0 && p <= 1) ? null : missing('out_of_range');
}

/** Logistic regression by Newton's method with halved steps. Null where it does not settle. */
function logistic(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  start: readonly number[],
): readonly number[] | null {
  let weights = start;
  let loss = lossOf(rows, targets, weights);
  for (let i = 0; i < NEWTON_STEPS_MAX; i++) {
    const step = newtonStep(rows, targets, weights);
    if (step === null) return null;
    let size = 1;
    let next = weights.map((weight, k) => weight - step[k]!);
    while (lossOf(rows, targets, next) > loss && size > STEP_MIN) {
      size /= 2;
      next = weights.map((weight, k) => weight - size * step[k]!);
    }
    const after = lossOf(rows, targets, next);
    const settled = loss - after < STEP_MIN * rows.length;
    if (after <= loss) [weights, loss] = [next, after];
    if (settled) return weights.every(Number.isFinite) ? weights : null;
  }
  return null;
}

function lossOf(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
): number {
  let sum = 0;
  rows.forEach((row, i) => {
    const z = row.reduce((total, x, k) => total + x * weights[k]!, 0);
    // ln(1 + e^z) - t z, without overflow.
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[i]! * z;
  });
  return sum;
}

function newtonStep(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
): readonly number[] | null {
  const n = weights.length;
  const matrix = Array.from({ length: n }, () => new Array<number>(n + 1).fill(0));
  rows.forEach((row, i) => {
    const p = sigmoid(row.reduce((total, x, k) => total + x * weights[k]!, 0));
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) matrix[a]![b]! += p * (1 - p) * row[a]! * row[b]!;
      matrix[a]![n]! += (p - targets[i]!) * row[a]!;
    }
  });
  // A trace of ridge: rows that are all alike leave the matrix without an inverse.
  for (let a = 0; a < n; a++) matrix[a]![a]! += 1e-9 * rows.length;
  return solved(matrix);
}

/** Gauss with pivots on `n` rows of `n + 1` numbers, in place. */
function solved(matrix: number[][]): readonly number[] | null {
  const n = matrix.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    }
    if (matrix[pivot]![column] === 0) return null;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let k = column; k <= n; k++) matrix[row]![k]! -= factor * matrix[column]![k]!;
    }
  }
  return matrix.map((row, i) => row[n]! / row[i]!);
}
