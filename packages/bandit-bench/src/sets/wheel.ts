import { uniformSource } from '@bellwether/kernel';
import type { Environment } from './environment.js';

const ARMS = 5;
/** Means of arm 0, of the others, and of the arm of the quadrant outside of the circle; deviation of a reward. */
const SAFE = 1.2;
const POOR = 1;
const RICH = 50;
const DEVIATION = 0.01;
/** Rewards are told in this unit, so that the rich arm pays 5. */
const UNIT = 10;

/** Two independent standard normal numbers are made at a time (Box, Muller 1958); one is enough here. */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * The wheel bandit (Riquelme, Tucker and Snoek 2018, section 5.4): contexts are even in the unit disc. Arm 0 pays 1.2
 * everywhere, the others 1, but outside of radius `delta` the arm of the quadrant pays 50. The larger delta, the more rarely
 * exploring pays, and the more it does. Regret is of expected rewards, in tens.
 */
export function wheelEnvironment(
  delta: number,
  { rounds, seed }: { readonly rounds: number; readonly seed: string },
): Environment {
  const uniform = uniformSource(`wheel ${seed}`);
  return {
    arms: ARMS,
    width: 3,
    rounds,
    next: () => {
      let [a, b] = [1, 1];
      while (a * a + b * b > 1) [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
      const outside = a * a + b * b > delta * delta;
      const rich = 1 + (a > 0 ? 0 : 2) + (b > 0 ? 0 : 1);
      const mean = (arm: number): number => {
        if (outside && arm === rich) return RICH;
        return arm === 0 ? SAFE : POOR;
      };
      const best = outside ? RICH : SAFE;
      const noise = normal(uniform) * DEVIATION;
      return {
        x: Float64Array.of(a, b, 1),
        rewardOf: (arm) => (mean(arm) + noise) / UNIT,
        regretOf: (arm) => (best - mean(arm)) / UNIT,
      };
    },
  };
}
