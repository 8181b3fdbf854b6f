import type { LossValue } from '@bellwether/nn';
import type { PolicyHeads } from '../policy/policy.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { exp, max, min } = Math;

export interface PolicyLossOptions {
  /** How far the ratio of probabilities may move from 1 before it earns nothing more. */
  readonly clip: number;
  /** Worth of entropy. */
  readonly entropy: number;
}

/** What was done in the rows at hand, and how it turned out. */
export interface PolicyRows {
  readonly choices: ArrayLike<number>;
  /** By the policy that chose. */
  readonly logProbabilities: ArrayLike<number>;
  readonly advantages: ArrayLike<number>;
}

export interface PolicyLoss extends LossValue {
  /** Estimate of the divergence from the policy that chose: mean of ratio - 1 - log ratio (Schulman 2020). */
  readonly divergence: number;
  /** Share of rows whose ratio was beyond the clip. */
  readonly clipped: number;
}

/**
 * Clipped surrogate of PPO (Schulman et al. 2017, arXiv 1707.06347) less the worth of entropy, as a loss over the rows of the
 * last `forward`. Writes the gradient of its mean.
 */
export function clippedPolicyLoss(
  policy: PolicyHeads,
  rows: number,
  { choices, logProbabilities, advantages }: PolicyRows,
  { clip, entropy }: PolicyLossOptions,
): PolicyLoss {
  let [sum, divergence, clipped] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const choice = choices[row]!;
    const advantage = advantages[row]!;
    const logRatio = policy.logProbability(row, choice) - logProbabilities[row]!;
    const ratio = exp(logRatio);
    const bounded = max(1 - clip, min(1 + clip, ratio));
    const free = ratio * advantage <= bounded * advantage;
    sum -= min(ratio * advantage, bounded * advantage) + entropy * policy.entropy(row);
    divergence += ratio - 1 - logRatio;
    if (bounded !== ratio) clipped += 1;
    policy.writeGradient(row, choice, free ? (-ratio * advantage) / rows : 0, -entropy / rows);
  }
  return { sum, weight: rows, divergence: divergence / rows, clipped: clipped / rows };
}
