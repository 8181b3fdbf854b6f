import { cartPole } from '../environments/cart-pole.js';
import { Ppo, type PpoOptions } from '../ppo/ppo.js';

export const CART_POLE_OPTIONS: Omit<PpoOptions, 'seed'> = {
  lanes: 8,
  collect: { kind: 'steps', steps: 32 },
  hidden: [32, 32],
  discount: 0.98,
  trace: 0.8,
  clip: 0.2,
  entropy: 0,
  epochs: 10,
  minibatch: 256,
  policyRate: { kind: 'cosine', rate: 3e-3, final: 1e-5, steps: 8_000 },
  valueRate: { kind: 'constant', rate: 3e-3 },
  divergenceMax: 0.015,
  gradientMax: 0.5,
  advantageDeviationMin: 1e-4,
  deviation: { first: 0.5, least: 0.01 },
  tail: null,
};

/** Episodes whose mean is compared with the threshold, and the threshold of CartPole-v1. */
export const CART_POLE_EPISODES = 100;
export const CART_POLE_RETURN = 475;

export interface CartPoleResult {
  /** Steps after which the last 100 episodes had a mean of 475; null where that was not within `stepsMax`. */
  readonly solvedAt: number | null;
  readonly best: number;
}

/** Trains until the mean of 100 consecutive episodes of the training itself reaches the threshold. */
export function cartPoleStudy(
  seed: string,
  stepsMax: number,
  options = CART_POLE_OPTIONS,
  threshold = CART_POLE_RETURN,
): CartPoleResult {
  const ppo = new Ppo(cartPole(), { ...options, seed });
  const last: number[] = [];
  let best = 0;
  for (;;) {
    const { steps, episodes } = ppo.iterate();
    for (const { sum } of episodes) {
      last.push(sum);
      if (last.length > CART_POLE_EPISODES) last.shift();
      if (last.length < CART_POLE_EPISODES) continue;
      best = Math.max(best, last.reduce((total, one) => total + one, 0) / CART_POLE_EPISODES);
    }
    if (best >= threshold) return { solvedAt: steps, best };
    if (steps >= stepsMax) return { solvedAt: null, best };
  }
}
