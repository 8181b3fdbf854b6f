import type { ClosedTrade, Frame, Strategy } from '@bellwether/contracts';
import { backSolve, choleskyOf, forwardSolve, packedLength } from './policies/cholesky.js';
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
  /** The matrix whose inverse it is, packed, where the book forgets: dividing an inverse explodes (learning.md section 4). */
  readonly gram?: readonly number[];
}

/** How the regressions learn, by the book. */
export interface LinearSettings {
  /** That a regression begins with. */
  readonly ridge: number;
  /** Share of what is known of every arm that one more reward leaves; 0 and 1: all. */
  readonly kept: number;
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
export function learnLinear(
  before: LinearState,
  closed: readonly ClosedTrade[],
  settings: LinearSettings,
): LinearState {
  let state = before;
  for (const trade of closed) {
    const context = state.contexts.find(({ decision_id }) => decision_id === trade.decision_id);
    if (context === undefined) continue;
    const contexts = state.contexts.filter((one) => one !== context);
    const reward = rewardOf(trade);
    const models = reward === null ? state.models : updated(state, context, reward, settings);
    state = { models, contexts };
  }
  return state;
}

function updated(
  state: LinearState,
  { strategy, x }: ChoiceContext,
  reward: number,
  { ridge, kept }: LinearSettings,
): readonly ArmModel[] {
  const own = modelOf(state, strategy, ridge);
  const others = state.models.filter((known) => known.strategy !== strategy);
  const models =
    kept > 0 && kept < 1
      ? [
          ...others.map((one) => inverted(fadedBy(one, ridge, kept))),
          inverted(observed(fadedBy(own, ridge, kept), x, reward)),
        ]
      : [...others, remembering(own, x, reward)];
  return models.sort((a, b) => a.strategy - b.strategy);
}

/** Sherman and Morrison's update of the inverse (drift below 1e-12 after 100,000 of them: learning.md section 4). */
function remembering(
  { strategy, inverse, target }: ArmModel,
  x: readonly number[],
  reward: number,
): ArmModel {
  const spread = times(inverse, x);
  const scale = 1 / (1 + dot(x, spread));
  return {
    strategy,
    inverse: inverse.map(
      (value, i) => value - scale * spread[Math.floor(i / DIMENSION)]! * spread[i % DIMENSION]!,
    ),
    target: target.map((value, i) => value + reward * x[i]!),
  };
}

/** What is known of an arm before it is inverted. */
interface Known {
  readonly strategy: Strategy;
  readonly gram: readonly number[];
  readonly target: readonly number[];
}

/** A <- kept A + (1 - kept) ridge I, b <- kept b: the ridge itself does not fade. */
function fadedBy(model: ArmModel, configured: number, kept: number): Known {
  const ridge = configured > 0 ? configured : RIDGE;
  const gram = gramOf(model).map((value) => kept * value);
  for (let i = 0; i < DIMENSION; i++) gram[packedLength(i) + i]! += (1 - kept) * ridge;
  const { strategy, target } = model;
  return { strategy, gram, target: target.map((value) => kept * value) };
}

function observed({ strategy, target, ...model }: Known, x: readonly number[], reward: number): Known {
  const gram = model.gram.slice();
  for (let i = 0; i < DIMENSION; i++) {
    for (let j = 0; j <= i; j++) gram[packedLength(i) + j]! += x[i]! * x[j]!;
  }
  return { strategy, gram, target: target.map((value, i) => value + reward * x[i]!) };
}

/** Of a book that forgot nothing so far only the inverse is kept. */
function gramOf({ gram, inverse }: ArmModel): readonly number[] {
  if (gram !== undefined) return gram;
  return packedOf(inverseOf(packedOf(inverse)));
}

function packedOf(matrix: readonly number[]): readonly number[] {
  const packed: number[] = [];
  for (let i = 0; i < DIMENSION; i++) {
    for (let j = 0; j <= i; j++) packed.push(matrix[i * DIMENSION + j]!);
  }
  return packed;
}

function inverted({ strategy, gram, target }: Known): ArmModel {
  return { strategy, inverse: inverseOf(gram), target, gram };
}

/** By columns, each solved by the factor; A is symmetric, so columns are rows. */
function inverseOf(packed: readonly number[]): readonly number[] {
  const factor = choleskyOf(Float64Array.from(packed), DIMENSION);
  const inverse: number[] = [];
  for (let column = 0; column < DIMENSION; column++) {
    const unit = new Float64Array(DIMENSION);
    unit[column] = 1;
    inverse.push(...backSolve(factor, forwardSolve(factor, unit)));
  }
  return inverse;
}
