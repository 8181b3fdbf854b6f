import { pendulum } from '../environments/pendulum.js';
import { evaluatePolicy } from '../evaluation/evaluate.js';
import { Sac, type SacRunOptions } from '../sac/sac.js';

export const PENDULUM_OPTIONS: Omit<SacRunOptions, 'seed'> = {
  hidden: [64, 64],
  rate: 1e-3,
  discount: 0.99,
  follow: 0.005,
  batch: 128,
  targetEntropy: -1,
  firstTemperature: 1,
  gradientMax: 10,
  rewardScale: 0.1,
  capacity: 100_000,
  evenSteps: 500,
  stepsPerLesson: 1,
};

/** Mean of 100 episodes that counts as solved. */
export const PENDULUM_RETURN = -200;
const EPISODES = 100;
/** Steps between two measurements. */
const LOOK_EVERY = 2_500;

export interface PendulumResult {
  /** Steps after which 100 episodes without noise had a mean above the threshold; null where none did. */
  readonly solvedAt: number | null;
  readonly best: number;
}

/** Trains until the policy without noise is above the threshold on 100 episodes of their own seeds. */
export function pendulumStudy(
  seed: string,
  stepsMax: number,
  options = PENDULUM_OPTIONS,
  lookEvery = LOOK_EVERY,
): PendulumResult {
  const environment = pendulum();
  const sac = new Sac(environment, { ...options, seed });
  let best = -Infinity;
  while (sac.steps < stepsMax) {
    sac.step();
    if (sac.steps % lookEvery !== 0) continue;
    const looked = { seed: `${seed} ${sac.steps}`, episodes: EPISODES };
    const { returns } = evaluatePolicy(environment, sac.policy(), looked);
    best = Math.max(best, returns.reduce((sum, one) => sum + one, 0) / EPISODES);
    if (best > PENDULUM_RETURN) return { solvedAt: sac.steps, best };
  }
  return { solvedAt: null, best };
}
