import {
  observedAll,
  priorPosterior,
  type LinearPosterior,
  type Observation,
} from '../policies/posterior.js';
import { dot } from '../policies/cholesky.js';
import type { Strategy } from '@bellwether/contracts';

/** What the reward model is learned from. */
export interface ModelledChoice {
  readonly arms: readonly Strategy[];
  readonly chosen: number;
  readonly x: readonly number[] | null;
  readonly reward: number;
  /** Of its day: choices of one day are not split. */
  readonly group: number;
}

const FOLDS = 5;
const RIDGE = 1;
const ALIKE = [1];

/**
 * The expected reward of each live arm of each choice, from a ridge regression for each arm on the context. Each is learned
 * from the other fifths of the days, so that no reward judges itself (cross-fitting; Chernozhukov et al. 2018).
 */
export function modelledRewards(choices: readonly ModelledChoice[]): readonly (readonly number[])[] {
  const contexts = choices.map(({ x }) => Float64Array.from(x ?? ALIKE));
  const dimension = contexts.reduce((most, { length }) => Math.max(most, length), 1);
  const padded = contexts.map((x) => (x.length === dimension ? x : padTo(x, dimension)));
  const groups = [...new Set(choices.map(({ group }) => group))].sort((a, b) => a - b);
  const foldOf = new Map(groups.map((group, i) => [group, i % FOLDS]));
  const models = Array.from({ length: FOLDS }, (_, fold) => {
    const seen = new Map<Strategy, Observation[]>();
    choices.forEach(({ arms, chosen, reward, group }, i) => {
      if (foldOf.get(group) === fold) return;
      const arm = arms[chosen]!;
      const own = seen.get(arm) ?? [];
      own.push({ x: padded[i]!, reward });
      seen.set(arm, own);
    });
    return fitted(seen, dimension);
  });
  return choices.map(({ arms, group }, i) => {
    const model = models[foldOf.get(group) ?? 0]!;
    return arms.map((arm) => {
      const known = model.get(arm);
      return known === undefined ? 0 : dot(known.weights, padded[i]!);
    });
  });
}

function padTo(x: Float64Array, dimension: number): Float64Array {
  const padded = new Float64Array(dimension);
  padded.set(x);
  return padded;
}

function fitted(
  seen: ReadonlyMap<Strategy, readonly Observation[]>,
  dimension: number,
): ReadonlyMap<Strategy, LinearPosterior> {
  const prior = priorPosterior(dimension, RIDGE);
  return new Map(
    [...seen].map(([arm, rewards]) => [arm, observedAll(prior, rewards, { ridge: RIDGE, kept: 1 })]),
  );
}
