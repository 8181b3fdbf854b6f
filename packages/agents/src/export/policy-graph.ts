import { assert } from '@bellwether/kernel';
import { networkWeights } from '@bellwether/nn';
import type { NetworkGraph } from '@bellwether/onnx';
import type { TrainedPolicy } from '../policy/policy-network.js';
import { MEAN_HEAD } from '../policy/squashed-gaussian.js';

/**
 * The graph of a policy that chooses a number, for `encodeModel`: observations in their own units go in, as the environment
 * shows them, and the action in its own units comes out by the name of `output`, without noise. The deviation stays behind.
 */
export function policyGraph(policy: TrainedPolicy, name: string, output: string): NetworkGraph {
  const { action, encoding, description, parameters } = policy;
  assert(action.kind === 'range', 'What is exported chooses a number of a range');
  const { layers, heads } = networkWeights(description, parameters);
  const range = { low: action.low, high: action.high };
  const means = heads.filter((head) => head.name === MEAN_HEAD);
  return {
    name,
    input: { steps: null, ...encoding },
    layers,
    heads: means.map((head) => ({ ...head, name: output, range })),
  };
}
