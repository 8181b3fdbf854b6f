import type { BanditConfig, Candidate, Setup } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { policyOf, type Knowledge } from './policies/arm-policies.js';
import { recordOf } from './rewards.js';

/**
 * The setups with what is known of their arms and the probability each is drawn by, under the policy of the book
 * (policies/arm-policies.ts). Setups must be of different arms.
 */
export function weighed(
  setups: readonly Setup[],
  knowledge: Knowledge,
  config: BanditConfig,
): readonly Candidate[] {
  const policy = policyOf(knowledge, config);
  const scores = setups.map(({ strategy }) => policy.scoreOf(strategy));
  const chances = probabilities(scores, policy.floor(setups.length));
  return setups.map((setup, i) => {
    const { count, sum_r } = recordOf(knowledge.arms, setup.strategy);
    const mean_r = count === 0 ? 0 : sum_r / count;
    return { setup, mean_r, count, ucb: scores[i]!, probability: chances[i]!, confidence: null };
  });
}

/**
 * A probability for each score: at least the floor, and the rest shared equally by the best. An untried arm (null) is
 * better than any score. A floor that is too high for so many arms gives all the same.
 */
export function probabilities(scores: readonly (number | null)[], floor: number): readonly number[] {
  if (scores.length === 0) return [];
  const untried = scores.includes(null);
  const top = untried ? null : Math.max(...scores.map((score) => score ?? -Infinity));
  const best = scores.filter((score) => score === top).length;
  if (best === scores.length) return scores.map(() => 1 / scores.length);
  const least = Math.min(Math.max(floor, 0), 1 / scores.length);
  const share = (1 - least * (scores.length - best)) / best;
  return scores.map((score) => (score === top ? share : least));
}

/** Index of the candidate that a uniform number in [0, 1) falls on. */
export function drawn(candidates: readonly Candidate[], uniform: number): number {
  assert(candidates.length > 0, 'There is something to draw from');
  let reached = 0;
  for (let i = 0; i < candidates.length - 1; i++) {
    reached += candidates[i]!.probability;
    if (uniform < reached) return i;
  }
  return candidates.length - 1;
}
