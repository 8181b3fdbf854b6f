import { tailOf } from '../cvar/tail.js';
import { oneStepSizing, type OneStepSizing } from '../environments/one-step-sizing.js';
import { PolicyRunner } from '../policy/policy-runner.js';
import { Ppo, type PpoOptions } from '../ppo/ppo.js';

export const CONFIDENCE = 0.95;

/** Worlds of learning.md, section 5: one regime with a closed form, and two that are as likely as each other. */
export const ONE_REGIME: OneStepSizing = {
  regimes: [{ probability: 1, sigma: 1 }],
  ...{ mu: 0.2, cost: 0.1, sizeMax: 3 },
};
export const TWO_REGIMES: OneStepSizing = {
  ...ONE_REGIME,
  regimes: [
    { probability: 0.5, sigma: 0.5 },
    { probability: 0.5, sigma: 1.5 },
  ],
};

export const SIZING_BATCHES = 800;

export const SIZING_OPTIONS: Omit<PpoOptions, 'seed' | 'tail'> = {
  lanes: 4_096,
  collect: { kind: 'episodes' },
  hidden: [8],
  discount: 1,
  trace: 1,
  clip: 0.2,
  entropy: 0,
  epochs: 2,
  minibatch: 2_048,
  policyRate: { kind: 'cosine', rate: 5e-3, final: 1e-3, steps: 2 * 2 * SIZING_BATCHES },
  valueRate: { kind: 'constant', rate: 1e-2 },
  divergenceMax: 0.015,
  gradientMax: 0.5,
  advantageDeviationMin: 1e-4,
  deviation: { first: 0.2, least: 0.1 },
};

export interface SizingResult {
  /** Size in each regime, without noise, mean of the last quarter of the batches. */
  readonly sizes: readonly number[];
  /** Mean of the last quarter. */
  readonly lambda: number;
  /** CVaR of the batches' losses, noise of the exploration included, mean of the last quarter. */
  readonly batchCvar: number;
}

/** Trains on one-step sizing; `limit` null is plain PPO. */
export function sizingStudy(
  world: OneStepSizing,
  limit: number | null,
  seed: string,
  batches = SIZING_BATCHES,
  options = SIZING_OPTIONS,
): SizingResult {
  const environment = oneStepSizing(world);
  const width = world.regimes.length;
  const tail = limit === null ? null : { confidence: CONFIDENCE, limit };
  const ppo = new Ppo(environment, { ...options, tail, seed });
  const regimes = Float32Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1 : 0));
  const runner = new PolicyRunner(ppo.policy(), width);
  const sizes = world.regimes.map(() => 0);
  const from = batches - Math.floor(batches / 4);
  let [lambda, cvar] = [0, 0];
  for (let batch = 0; batch < batches; batch++) {
    const iteration = ppo.iterate();
    if (batch < from) continue;
    const share = 1 / (batches - from);
    lambda += share * iteration.lambda;
    const returns = iteration.episodes.map(({ sum }) => sum);
    cvar += share * tailOf(returns, CONFIDENCE).cvar;
    runner.take(ppo.policy().parameters);
    runner.actions(regimes).forEach((size, i) => (sizes[i]! += share * size));
  }
  return { sizes, lambda, batchCvar: cvar };
}
