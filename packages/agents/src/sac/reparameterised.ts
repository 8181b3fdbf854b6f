import { logSquashSlope, type SquashedGaussianHeads } from '../policy/squashed-gaussian.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { exp, tanh } = Math;

/** Actions as a function of noise: the gradient can go through them. */
export interface Reparameterised {
  /** tanh of the choice, in [-1, 1]. */
  readonly actions: Float64Array;
  /** Of the squashed action, in [-1, 1]. */
  readonly logProbabilities: Float64Array;
}

const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** Actions of the rows of the last `forward` for this noise, one standard normal number a row. */
export function reparameterised(heads: SquashedGaussianHeads, noise: Float64Array): Reparameterised {
  const actions = new Float64Array(noise.length);
  const logProbabilities = new Float64Array(noise.length);
  for (let row = 0; row < noise.length; row++) {
    const log = heads.logDeviation(row);
    const choice = heads.mean(row) + exp(log) * noise[row]!;
    actions[row] = tanh(choice);
    logProbabilities[row] = -0.5 * noise[row]! ** 2 - log - HALF_LOG_TAU - logSquashSlope(choice);
  }
  return { actions, logProbabilities };
}

/**
 * Mean of temperature × log-probability - value, the loss of SAC's policy (Haarnoja et al. 2018, arXiv 1812.05905, eq. 7).
 * Writes its gradient: through the action into the value (`slopes`: how the value changes with it) and through both parts of
 * the log-probability.
 */
export function softPolicyLoss(
  heads: SquashedGaussianHeads,
  noise: Float64Array,
  { actions, logProbabilities }: Reparameterised,
  { values, slopes }: { readonly values: Float64Array; readonly slopes: Float64Array },
  temperature: number,
): number {
  const rows = noise.length;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const action = actions[row]!;
    const spread = exp(heads.logDeviation(row)) * noise[row]!;
    // Derivative of the loss by the choice before the squash; that of -log(1 - tanh²) is 2 tanh.
    const ofChoice = temperature * 2 * action - slopes[row]! * (1 - action * action);
    heads.setGradient(row, ofChoice / rows, (ofChoice * spread - temperature) / rows);
    sum += temperature * logProbabilities[row]! - values[row]!;
  }
  return sum / rows;
}
