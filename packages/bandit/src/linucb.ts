import type { ClosedTrade, Frame, Strategy } from '@bellwether/contracts';
import { rewardOf } from './rewards.js';

/**
 * LinUCB with a ridge regression of its own for each arm (Li, Chu, Langford and Schapire 2010, algorithm 1): the reward of
 * a trade from what the market was like when it was chosen. Its state is learned under every selection, so that a book may
 * change to it.
 */

const DAY_MINUTES = 1_380;
/** 1, three of the four regime probabilities, sine and cosine of the time of day. */
const DIMENSION = 6;

export interface ArmModel {
  readonly strategy: Strategy;
  /** Inverse of the ridge plus the sum of x x', by rows. */
  readonly inverse: readonly number[];
  /** Sum of reward times x. */
  readonly target: readonly number[];
}

/** What the market was like at the last choice in a symbol. Nothing is chosen there while that trade lives. */
export interface ChoiceContext {
  readonly symbol: string;
  readonly decision_id: string;
  readonly strategy: Strategy;
  readonly x: readonly number[];
}

export interface LinearState {
  readonly models: readonly ArmModel[];
  readonly contexts: readonly ChoiceContext[];
}

export const NO_MODELS: LinearState = { models: [], contexts: [] };

/** The context of a frame that asks for a decision; null where regime probabilities or time are not known. */
export function contextVector({ regime, features }: Frame): readonly number[] | null {
  const probabilities = regime?.probabilities ?? [];
  const clock = features?.clock ?? null;
  if (probabilities.length !== 4 || clock === null) return null;
  const angle = (2 * Math.PI * clock.session_minute) / DAY_MINUTES;
  return [1, probabilities[1]!, probabilities[2]!, probabilities[3]!, Math.sin(angle), Math.cos(angle)];
}

/** Of releases from before there was one. */
const RIDGE = 1;

function modelOf(state: LinearState, strategy: Strategy, configured: number): ArmModel {
  const known = state.models.find((model) => model.strategy === strategy);
  if (known !== undefined) return known;
  const ridge = configured > 0 ? configured : RIDGE;
  const inverse = Array.from({ length: DIMENSION * DIMENSION }, (_, i) =>
    i % (DIMENSION + 1) === 0 ? 1 / ridge : 0,
  );
  return { strategy, inverse, target: Array.from({ length: DIMENSION }, () => 0) };
}

function times(inverse: readonly number[], x: readonly number[]): number[] {
  return x.map((_, row) => {
    let sum = 0;
    for (let i = 0; i < DIMENSION; i++) sum += inverse[row * DIMENSION + i]! * x[i]!;
    return sum;
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** Expected reward plus `alpha` times its uncertainty. */
export function linearScore(
  state: LinearState,
  strategy: Strategy,
  x: readonly number[],
  { alpha, ridge }: { readonly alpha: number; readonly ridge: number },
): number {
  const { inverse, target } = modelOf(state, strategy, ridge);
  const spread = times(inverse, x);
  return dot(target, spread) + alpha * Math.sqrt(Math.max(dot(x, spread), 0));
}

/** A choice was made: its context waits for the end of the trade. */
export function withContext(state: LinearState, context: ChoiceContext): LinearState {
  const others = state.contexts.filter(({ symbol }) => symbol !== context.symbol);
  return { models: state.models, contexts: [...others, context] };
}

/** The regressions with these trades in them. A trade counts once: its context goes with it. */
export function learnLinear(before: LinearState, closed: readonly ClosedTrade[], ridge: number): LinearState {
  let state = before;
  for (const trade of closed) {
    const context = state.contexts.find(({ decision_id }) => decision_id === trade.decision_id);
    if (context === undefined) continue;
    const contexts = state.contexts.filter((one) => one !== context);
    const reward = rewardOf(trade);
    const models = reward === null ? state.models : updated(state, context, reward, ridge);
    state = { models, contexts };
  }
  return state;
}

/** Sherman and Morrison's update of the inverse (drift below 1e-12 after 100,000 of them: learning.md section 4). */
function updated(
  state: LinearState,
  { strategy, x }: ChoiceContext,
  reward: number,
  ridge: number,
): readonly ArmModel[] {
  const { inverse, target } = modelOf(state, strategy, ridge);
  const spread = times(inverse, x);
  const scale = 1 / (1 + dot(x, spread));
  const model: ArmModel = {
    strategy,
    inverse: inverse.map(
      (value, i) => value - scale * spread[Math.floor(i / DIMENSION)]! * spread[i % DIMENSION]!,
    ),
    target: target.map((value, i) => value + reward * x[i]!),
  };
  const others = state.models.filter((known) => known.strategy !== strategy);
  return [...others, model].sort((a, b) => a.strategy - b.strategy);
}
