import type { BanditConfig, Candidate, Setup } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { recordOf, type ArmRecord } from './rewards.js';

/**
 * The setups with what is known of their arms and the probability each is drawn by (UCB1: mean + C sqrt(ln t / n), with
 * n the closed trades of the arm and t those of all arms). Arms below `min_count` trades go first: they share the top
 * weight until they have been tried. Setups must be of different arms.
 */
export function weighed(
  setups: readonly Setup[],
  arms: readonly ArmRecord[],
  config: BanditConfig,
): readonly Candidate[] {
  const total = arms.reduce((sum, arm) => sum + arm.count, 0);
  const known = setups.map((setup) => {
    const { count, sum_r } = recordOf(arms, setup.strategy);
    const mean_r = count === 0 ? 0 : sum_r / count;
    const tried = count >= Math.max(config.min_count, 1);
    const ucb = tried ? mean_r + config.ucb_c * Math.sqrt(Math.log(total) / count) : null;
    return { setup, mean_r, count, ucb };
  });
  const chances = probabilities(
    known.map(({ ucb }) => ucb),
    config.probability_floor,
  );
  return known.map((candidate, i) => ({ ...candidate, probability: chances[i]! }));
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
