import type { Strategy } from '@bellwether/contracts';
import { observedAll, priorPosterior, type Forgetting, type LinearPosterior } from '../policies/posterior.js';
import type { ArmPosterior, TrunkState } from './neural-state.js';

/** Numbers of a trunk's last hidden layer; with a 1 behind them they are what the posteriors are over. */
export const TRUNK_WIDTH = 64;
const DIMENSION = TRUNK_WIDTH + 1;
/** Rewards of others after which an arm is worked out anew, so that what is known of it fades although it is not chosen. */
const STALE_AFTER = 32;

/** The features of an answer and a 1: the first numbers of `hidden`, then `values`. Null where it is too short. */
export function trunkFeatures(outputs: readonly number[]): Float64Array | null {
  if (outputs.length < TRUNK_WIDTH) return null;
  const x = new Float64Array(DIMENSION);
  for (let i = 0; i < TRUNK_WIDTH; i++) x[i] = outputs[i]!;
  x[TRUNK_WIDTH] = 1;
  return x;
}

/** The posterior of an arm; the prior where it has earned nothing yet. */
export function posteriorOf({ arms, ridge }: TrunkState, strategy: Strategy): LinearPosterior {
  const known = arms.find((arm) => arm.strategy === strategy);
  return known?.posterior ?? priorOf(ridge);
}

/** The same object for each arm that has earned nothing: nobody changes a posterior. */
let prior: { readonly ridge: number; readonly posterior: LinearPosterior } | null = null;

function priorOf(ridge: number): LinearPosterior {
  if (prior?.ridge !== ridge) prior = { ridge, posterior: priorPosterior(DIMENSION, ridge) };
  return prior.posterior;
}

/** What is known after one more reward. */
export function withReward(
  state: TrunkState,
  strategy: Strategy,
  x: Float64Array,
  reward: number,
): TrunkState {
  const { ridge, kept, taken } = state;
  const rewards = state.rewards + 1;
  const forgetting: Forgetting = { ridge, kept };
  const own = state.arms.find((arm) => arm.strategy === strategy);
  const others = own === undefined ? 0 : rewards - 1 - own.at;
  const posterior = observedAll(posteriorOf(state, strategy), [{ x, reward }], forgetting, others);
  const arms = state.arms
    .filter((arm) => arm !== own)
    .map((arm) => (kept < 1 && rewards - arm.at >= STALE_AFTER ? refreshed(arm, rewards, forgetting) : arm));
  arms.push({ strategy, at: rewards, posterior });
  arms.sort((a, b) => a.strategy - b.strategy);
  return { sha256: state.sha256, ridge, kept, taken, rewards, arms };
}

function refreshed(arm: ArmPosterior, rewards: number, forgetting: Forgetting): ArmPosterior {
  const { strategy, at, posterior } = arm;
  return { strategy, at: rewards, posterior: observedAll(posterior, [], forgetting, rewards - at) };
}
