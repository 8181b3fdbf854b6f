import { uniformSource } from '@bellwether/kernel';
import type { BenchPolicy } from './policies/bench-policy.js';
import type { Environment } from './sets/environment.js';

/** Points of a curve of regret. */
export const CURVE_POINTS = 100;

/** What a policy came to in one seed. */
export interface Played {
  readonly rounds: number;
  readonly regret: number;
  /** Cumulative regret after each hundredth of the rounds. */
  readonly curve: readonly number[];
}

/** Plays all rounds: the highest score is chosen, chance between equals and, in its share of the rounds, among all. */
export function play(environment: Environment, policy: BenchPolicy, seed: string): Played {
  const { arms, rounds } = environment;
  const uniform = uniformSource(`choices ${seed}`);
  const curve: number[] = [];
  let regret = 0;
  for (let round = 1; round <= rounds; round++) {
    const { x, rewardOf, regretOf } = environment.next();
    const random = policy.epsilon > 0 && uniform() < policy.epsilon;
    const arm = random ? Math.floor(uniform() * arms) : best(policy.scores(x), uniform);
    policy.learn(x, arm, rewardOf(arm));
    regret += regretOf(arm);
    while (curve.length < CURVE_POINTS && round * CURVE_POINTS >= (curve.length + 1) * rounds) {
      curve.push(regret);
    }
  }
  return { rounds, regret, curve };
}

function best(scores: readonly number[], uniform: () => number): number {
  let top = -Infinity;
  for (const score of scores) if (score > top) top = score;
  const equal = scores.flatMap((score, arm) => (score === top ? [arm] : []));
  return equal.length === 1 ? equal[0]! : equal[Math.floor(uniform() * equal.length)]!;
}
