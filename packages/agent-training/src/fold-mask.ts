import type { TrainedPolicy } from '@bellwether/agents';
import { parameterRanges } from '@bellwether/nn';
import { present } from '@bellwether/kernel';
import { SIZING_COUNT } from '@bellwether/model-slots';

/**
 * A policy in which chance has no weight: a number that was missing in all of the training, and a mask that never changed, taught
 * nothing, and what the network began with there must not answer a line in which the number comes, or goes. What an unchanged mask gave
 * goes into the bias.
 *
 * @param seen rows of `features [6]`, `mask [6]`
 */
export function withoutUnseen(policy: TrainedPolicy, seen: readonly Float32Array[]): TrainedPolicy {
  const { description } = policy;
  const parameters = Float32Array.from(policy.parameters);
  const ranges = parameterRanges(description);
  const rangeOf = (wanted: string) => present(ranges.find(({ name }) => name === wanted) ?? null, wanted);
  const [weights, bias] = [rangeOf('layer0.weights'), rangeOf('layer0.bias')];
  const takeOut = (column: number, given: number): void => {
    for (let j = 0; j < weights.columns; j++) {
      const at = weights.offset + column * weights.columns + j;
      parameters[bias.offset + j]! += given * parameters[at]!;
      parameters[at] = 0;
    }
  };
  for (let i = 0; i < SIZING_COUNT; i++) {
    const there = seen.filter((row) => row[SIZING_COUNT + i] === 1).length;
    if (there === 0) takeOut(i, 0);
    if (there === 0 || there === seen.length) takeOut(SIZING_COUNT + i, there === 0 ? 0 : 1);
  }
  return { ...policy, parameters };
}
