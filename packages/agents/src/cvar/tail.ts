import { assert } from '@bellwether/kernel';

/** Worst returns of a batch. Losses are returns with the other sign. */
export interface Tail {
  /** Empirical (1 - confidence) quantile of the returns: the worst share begins here. */
  readonly quantile: number;
  /** Mean loss of the worst share: CVaR of the losses. */
  readonly cvar: number;
}

/** Fewest episodes that must lie in the tail for its mean to mean something. */
export const TAIL_EPISODES_MIN = 10;

/**
 * Quantile and mean loss of the worst (1 - confidence) of the returns, by Rockafellar and Uryasev (2000):
 * CVaR = -nu + mean((nu - return)+) / (1 - confidence) at the quantile nu.
 */
export function tailOf(returns: ArrayLike<number>, confidence: number): Tail {
  assert(confidence > 0 && confidence < 1, 'A confidence is between 0 and 1');
  assert(returns.length > 0, 'A tail is of returns');
  const sorted = Float64Array.from(returns).sort();
  const share = 1 - confidence;
  // The smallest return at or below which there is at least the share; rounding must not push it up.
  const place = Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1);
  const quantile = sorted[place]!;
  let beyond = 0;
  for (let i = 0; i <= place; i++) beyond += quantile - sorted[i]!;
  return { quantile, cvar: -quantile + beyond / (share * sorted.length) };
}

/** An episode by the row of its last step and the sum of its rewards. */
interface EndedEpisode {
  readonly lastRow: number;
  readonly sum: number;
}

/**
 * Takes lambda / (1 - confidence) × (quantile - sum) from the last reward of each episode below the quantile: the part of the
 * Lagrangian that hangs on the policy. On average over episodes that is lambda × (CVaR + quantile).
 */
export function chargeTail(
  { episodes, rewards }: { readonly episodes: readonly EndedEpisode[]; readonly rewards: Float64Array },
  { quantile }: Tail,
  lambda: number,
  confidence: number,
): void {
  const price = lambda / (1 - confidence);
  for (const { lastRow, sum } of episodes) rewards[lastRow]! -= price * Math.max(0, quantile - sum);
}
