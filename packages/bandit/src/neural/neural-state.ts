import type { ClosedTrade, FeatureVector, Strategy } from '@bellwether/contracts';
import { vectorInputs } from '@bellwether/model-slots';
import type { LinearPosterior } from '../policies/posterior.js';
import { rewardOf } from '../rewards.js';

/** Rows that are kept for the next trunk. At neural_kept 0.995 what is older weighs less than a twelfth. */
export const LOG_MAX = 512;
/** Choices whose trades have not ended. One a symbol is the rule; a late fill may end an older one. */
const WAITING_MAX = 32;

/** What the market was like when an arm was chosen, as the trunk is asked about it. */
interface SeenRow {
  readonly strategy: Strategy;
  /** `features [43]`, `mask [43]`. */
  readonly inputs: Float32Array;
  /** Of the features: a trunk of others is not asked. */
  readonly schema_hash: string;
}

export interface WaitingRow extends SeenRow {
  readonly decision_id: string;
}

export interface RewardedRow extends SeenRow {
  readonly reward: number;
}

/** What one arm earned, over the features of one trunk. */
export interface ArmPosterior {
  readonly strategy: Strategy;
  /** Rewards of all arms when it was worked out last: it has faded up to there. */
  readonly at: number;
  readonly posterior: LinearPosterior;
}

/** What was learned over one trunk. Its features mean nothing under another, so it goes with it. */
export interface TrunkState {
  readonly sha256: string;
  readonly ridge: number;
  readonly kept: number;
  /** Rows of the log, counted from the first ever, that have been put to the trunk. */
  readonly taken: number;
  /** Rewards in it. */
  readonly rewards: number;
  readonly arms: readonly ArmPosterior[];
}

/** Learned under every selection, so that a book may change to the trunk; the posteriors only while it is asked. */
export interface NeuralState {
  readonly waiting: readonly WaitingRow[];
  /** The newest {@link LOG_MAX} rewards, the oldest first. */
  readonly log: readonly RewardedRow[];
  /** Rewards ever logged. */
  readonly logged: number;
  readonly trunk: TrunkState | null;
}

export const NOTHING_LEARNED: NeuralState = { waiting: [], log: [], logged: 0, trunk: null };

/** A choice was made: its row waits for the end of the trade. Without features there is no row. */
export function withWaiting(
  state: NeuralState,
  decision_id: string,
  strategy: Strategy,
  vector: FeatureVector | null,
): NeuralState {
  if (vector === null || vector.present_index.length === 0) return state;
  const row = { decision_id, strategy, inputs: vectorInputs(vector), schema_hash: vector.schema_sha256 };
  const waiting = [...state.waiting, row].slice(-WAITING_MAX);
  return { waiting, log: state.log, logged: state.logged, trunk: state.trunk };
}

/** The log with these trades in it. A trade counts once: its row goes with it, however often its end is told. */
export function withClosed(before: NeuralState, closed: readonly ClosedTrade[]): NeuralState {
  let state = before;
  for (const trade of closed) {
    const row = state.waiting.find(({ decision_id }) => decision_id === trade.decision_id);
    if (row === undefined) continue;
    const waiting = state.waiting.filter((one) => one !== row);
    const reward = rewardOf(trade);
    if (reward === null) {
      state = { ...state, waiting };
      continue;
    }
    const { strategy, inputs, schema_hash } = row;
    const log = [...state.log, { strategy, inputs, schema_hash, reward }].slice(-LOG_MAX);
    state = { waiting, log, logged: state.logged + 1, trunk: state.trunk };
  }
  return state;
}
