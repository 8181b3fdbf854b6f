import type { InputEncoding, NetworkDescription } from '@bellwether/nn';
import { initialParameters, parameterRanges } from '@bellwether/nn';
import type { ActionSpace } from '../environment.js';
import { categoricalPolicy } from './categorical.js';
import type { PolicyKind } from './policy.js';
import { SPREAD_HEAD, squashedGaussianPolicy } from './squashed-gaussian.js';

/** A policy as plain data: what a training ends with, an evaluation takes and an export writes. */
export interface TrainedPolicy {
  readonly description: NetworkDescription;
  readonly parameters: Float32Array;
  readonly encoding: InputEncoding;
  readonly action: ActionSpace;
}

/** `deviationMin`: of a squashed choice; without it the policy may become as sure as it likes. */
export function policyKindOf(action: ActionSpace, deviationMin?: number): PolicyKind {
  return action.kind === 'choice'
    ? categoricalPolicy(action.count)
    : squashedGaussianPolicy(action, deviationMin);
}

/** tanh layers of these widths, and heads behind the last. */
export function denseNetwork(
  width: number,
  hidden: readonly number[],
  heads: NetworkDescription['heads'],
  activation: 'tanh' | 'relu' = 'tanh',
): NetworkDescription {
  return {
    input: { kind: 'row', width },
    layers: hidden.map((out, i) => ({
      kind: 'dense',
      in: i === 0 ? width : hidden[i - 1]!,
      out,
      activation,
    })),
    heads,
  };
}

/** Share of the usual first weights that heads of a policy begin with. */
const HEAD_SHARE = 0.01;

/**
 * First parameters of a policy: its heads begin near 0, so that no action is preferred (Andrychowicz et al. 2021), and its
 * deviation, before the squash, at `deviation`.
 */
export function initialPolicy(
  description: NetworkDescription,
  seed: string,
  deviation: number,
): Float32Array {
  const parameters = initialParameters(description, seed);
  for (const { name, kind, offset, rows, columns } of parameterRanges(description)) {
    if (name.startsWith('layer')) continue;
    const part = parameters.subarray(offset, offset + rows * columns);
    if (kind === 'weights') part.forEach((weight, i) => (part[i] = HEAD_SHARE * weight));
    else if (name.startsWith(SPREAD_HEAD)) part.fill(Math.log(deviation));
  }
  return parameters;
}
