import { Selection, type BanditConfig, type Candidate, type Setup } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { linearScore, type LinearState } from './linucb.js';
import { recordOf, type ArmRecord } from './rewards.js';

/** What is known of the arms, and the context in which one is chosen; null where it cannot be told. */
export interface Knowledge {
  readonly arms: readonly ArmRecord[];
  readonly linear: LinearState;
  readonly x: readonly number[] | null;
}

/**
 * The setups with what is known of their arms and the probability each is drawn by. Setups must be of different arms.
 *
 * - UCB1: mean + C sqrt(ln t / n), with n the closed trades of the arm and t those of all arms. Arms below `min_count`
 *   trades go first: they share the top weight until they have been tried.
 * - LinUCB: the score of `linucb.ts`; all alike where the context is not known.
 * - Regime map and uniform: all alike. The map has left at most one.
 */
export function weighed(
  setups: readonly Setup[],
  { arms, linear, x }: Knowledge,
  config: BanditConfig,
): readonly Candidate[] {
  const total = arms.reduce((sum, arm) => sum + arm.count, 0);
  const scores = setups.map(({ strategy }) => {
    switch (config.selection) {
      case Selection.LINUCB: {
        const { linucb_alpha: alpha, linucb_ridge: ridge } = config;
        return x === null ? null : linearScore(linear, strategy, x, { alpha, ridge });
      }
      case Selection.REGIME_MAP:
      case Selection.UNIFORM:
        return null;
      case Selection.UCB1:
      case Selection.UNSPECIFIED:
        return upperBound(recordOf(arms, strategy), total, config);
    }
  });
  const chances = probabilities(scores, config.probability_floor);
  return setups.map((setup, i) => {
    const { count, sum_r } = recordOf(arms, setup.strategy);
    const mean_r = count === 0 ? 0 : sum_r / count;
    return { setup, mean_r, count, ucb: scores[i]!, probability: chances[i]!, confidence: null };
  });
}

/** Null for an arm that has not been tried often enough. */
function upperBound({ count, sum_r }: ArmRecord, total: number, config: BanditConfig): number | null {
  if (count < Math.max(config.min_count, 1)) return null;
  return sum_r / count + config.ucb_c * Math.sqrt(Math.log(total) / count);
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
