import { FEATURE_COUNT } from '@bellwether/model-slots';
import { dataSetOf, type DataSet } from './data-set.js';

/** A trade that a book chose by a draw, and what it came to. */
export interface LoggedTrade {
  readonly symbol: string;
  /** yyyymmdd of the session. */
  readonly session: number;
  /** Close of the bar at which it was chosen, and when it ended. Microseconds UTC. */
  readonly start_us: number;
  readonly end_us: number;
  /** `features [43]`, `mask [43]` at the choice. */
  readonly inputs: Float32Array;
  /** `Strategy` of the arm. */
  readonly arm: number;
  /** The probability that the arm was drawn by, above 0. */
  readonly propensity: number;
  /** Net R after costs, within the bounds of a reward. */
  readonly reward: number;
}

/** Weights of trades by the inverse of their propensities, held at `clip`. */
export interface LoggedWeights {
  readonly weights: readonly number[];
  /** Trades of equal weight that are worth as much: the square of the sum over the sum of squares (Kish). */
  readonly effective: number;
  readonly clipped: number;
}

/** Largest weight where none is asked for: a choice at a floor of 5 % counts half of what it should, and scatters half as much. */
export const WEIGHT_CLIP = 10;
/** Fewer trades, or weights worth fewer, teach a network of 64 by 64 nothing but their noise. */
export const LOGGED_TRADES_MIN = 200;
export const LOGGED_EFFECTIVE_MIN = 100;

/**
 * How much each trade counts: what was seldom chosen stands for the times when it was not (Horvitz and Thompson 1952; clipped as in
 * Bottou et al. 2013). Without it a network learns what an arm earned where it was wanted, and takes it for what it earns.
 */
export function loggedWeights(trades: readonly LoggedTrade[], clip: number): LoggedWeights {
  const raw = trades.map(({ propensity }) => 1 / propensity);
  const weights = raw.map((weight) => Math.min(clip, weight));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  return {
    weights,
    effective: squares > 0 ? (sum * sum) / squares : 0,
    clipped: raw.filter((weight) => weight > clip).length,
  };
}

/** Why a log is too thin to train on; null where it is not. */
export function thinLog(trades: readonly LoggedTrade[], { effective }: LoggedWeights): string | null {
  if (trades.length < LOGGED_TRADES_MIN) {
    return `${trades.length} trades with features and a known risk, ${LOGGED_TRADES_MIN} are needed`;
  }
  if (effective < LOGGED_EFFECTIVE_MIN) {
    return `${trades.length} trades are worth ${effective.toFixed(0)} of equal weight, ${LOGGED_EFFECTIVE_MIN} are needed`;
  }
  return null;
}

/** Rows of the model that values arms, from what a book chose: weighted by the inverse of the propensity and by uniqueness. */
export function loggedDataSet(
  trades: readonly LoggedTrade[],
  { weights }: LoggedWeights,
  form: { readonly schema_sha256: string; readonly interval_us: number },
): DataSet {
  return dataSetOf(
    {
      ...{ model: 'strategy_selection', input: { steps: null, columns: FEATURE_COUNT } },
      ...{ labels: ['net_r'], notes: ['arm', 'propensity'], ...form },
    },
    trades.map(({ symbol, session, start_us, end_us, inputs, arm, propensity, reward }, i) => ({
      ...{ symbol, session, start_us, end_us: Math.max(start_us, end_us), inputs },
      ...{ labels: [reward], notes: [arm, propensity], weight: weights[i]! },
    })),
  );
}
