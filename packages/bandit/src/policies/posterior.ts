import { backSolve, choleskyOf, dot, forwardSolve, packedLength } from './cholesky.js';

/**
 * Bayesian linear regression of one arm's reward on features (Riquelme, Tucker and Snoek 2018, "Neural-Linear", with an upper
 * confidence bound in place of a draw): exact, in double precision. What is kept is A = ridge I + sum of x x' and b = sum of
 * reward times x, and never the inverse: forgetting by dividing an inverse explodes (design/learning.md section 4).
 */
export interface LinearPosterior {
  /** Rewards in it. */
  readonly count: number;
  /** A, packed. */
  readonly gram: Float64Array;
  /** b. */
  readonly target: Float64Array;
  /** Of A: the triangle L with L L' = A, packed. */
  readonly factor: Float64Array;
  /** The expected reward of features x is weights'x. */
  readonly weights: Float64Array;
}

export interface Forgetting {
  /** Of the prior, in the unit of a squared feature. */
  readonly ridge: number;
  /** Share of what is known that is left after one more reward; 1: nothing is forgotten. */
  readonly kept: number;
}

/** Before any reward. */
export function priorPosterior(dimension: number, ridge: number): LinearPosterior {
  const gram = new Float64Array(packedLength(dimension));
  const factor = new Float64Array(gram.length);
  for (let i = 0; i < dimension; i++) {
    gram[packedLength(i) + i] = ridge;
    factor[packedLength(i) + i] = Math.sqrt(ridge);
  }
  return {
    count: 0,
    gram,
    target: new Float64Array(dimension),
    factor,
    weights: new Float64Array(dimension),
  };
}

/** One observation: features and the reward that followed. */
export interface Observation {
  readonly x: Float64Array;
  readonly reward: number;
}

/**
 * The posterior after further rewards: A <- kept A + (1 - kept) ridge I + x x', b <- kept b + reward x for each, solved once.
 * The prior never fades, so A stays positive definite however long nothing is seen. `others` rewards of other arms came
 * before: they say nothing of this one but that time has passed.
 */
export function observedAll(
  before: LinearPosterior,
  observations: readonly Observation[],
  { ridge, kept }: Forgetting,
  others = 0,
): LinearPosterior {
  const gram = before.gram.slice();
  const target = before.target.slice();
  fade(gram, target, kept ** others, ridge);
  for (const { x, reward } of observations) fadeAndAdd(gram, target, { x, reward }, kept, ridge);
  return solved(before.count + observations.length, gram, target);
}

function fade(gram: Float64Array, target: Float64Array, kept: number, ridge: number): void {
  if (kept === 1) return;
  for (let i = 0; i < gram.length; i++) gram[i] = kept * gram[i]!;
  for (let i = 0; i < target.length; i++) {
    target[i] = kept * target[i]!;
    const diagonal = packedLength(i) + i;
    gram[diagonal] = gram[diagonal]! + (1 - kept) * ridge;
  }
}

/** One more reward: what is known fades, and x x' and reward times x come to it, in one pass over A. */
function fadeAndAdd(
  gram: Float64Array,
  target: Float64Array,
  { x, reward }: Observation,
  kept: number,
  ridge: number,
): void {
  let at = 0;
  const back = (1 - kept) * ridge;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    target[i] = kept * target[i]! + reward * value;
    for (let j = 0; j < i; j++, at++) gram[at] = kept * gram[at]! + value * x[j]!;
    gram[at] = kept * gram[at]! + back + value * value;
    at += 1;
  }
}

function solved(count: number, gram: Float64Array, target: Float64Array): LinearPosterior {
  const factor = choleskyOf(gram, target.length);
  return { count, gram, target, factor, weights: backSolve(factor, forwardSolve(factor, target)) };
}

/** What is worked out on the way to a score and read before the next one: a choice among twelve arms needs no memory of its own. */
let scratch = new Float64Array(0);

function scratchOf(dimension: number): Float64Array {
  if (scratch.length !== dimension) scratch = new Float64Array(dimension);
  return scratch;
}

/** Expected reward plus `alpha` times its deviation: weights'x + alpha sqrt(x' A^-1 x). */
export function upperConfidence(
  { weights, factor }: LinearPosterior,
  x: Float64Array,
  alpha: number,
): number {
  const expected = dot(weights, x);
  if (alpha === 0) return expected;
  const z = forwardSolve(factor, x, scratchOf(x.length));
  return expected + alpha * Math.sqrt(dot(z, z));
}
