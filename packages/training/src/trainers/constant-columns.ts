import { present } from '@bellwether/kernel';
import { parameterRanges, type NetworkDescription } from '@bellwether/nn';

/**
 * Parameters in which a column of the input that was the same in every training row has no weight: what it gave goes into the
 * bias. A column that never changed taught nothing, and its weight is what chance began with; a stage that later asks with
 * another value there (the first forecast, the first missing feature) must not be answered by that.
 *
 * @param inputs encoded rows, `columns` numbers each; a sequence step by step
 */
export function foldConstantColumns(
  description: NetworkDescription,
  parameters: Float32Array,
  inputs: Float32Array,
  columns: number,
): Float32Array {
  const folded = Float32Array.from(parameters);
  const ranges = parameterRanges(description);
  const first = description.layers[0];
  const names =
    first === undefined
      ? description.heads.map(({ name }) => [`${name}.weights`, `${name}.bias`] as const)
      : [[first.kind === 'lstm' ? 'layer0.input' : 'layer0.weights', 'layer0.bias'] as const];
  for (const column of constantColumns(inputs, columns)) {
    const value = inputs[column]!;
    for (const [weightsName, biasName] of names) {
      const weights = present(
        ranges.find(({ name }) => name === weightsName),
        weightsName,
      );
      const bias = present(
        ranges.find(({ name }) => name === biasName),
        biasName,
      );
      for (let j = 0; j < weights.columns; j++) {
        const at = weights.offset + column * weights.columns + j;
        folded[bias.offset + j]! += value * folded[at]!;
        folded[at] = 0;
      }
    }
  }
  return folded;
}

function constantColumns(inputs: Float32Array, columns: number): readonly number[] {
  const found: number[] = [];
  for (let column = 0; column < columns; column++) {
    const value = inputs[column]!;
    let same = true;
    for (let at = column; at < inputs.length && same; at += columns) same = inputs[at] === value;
    if (same) found.push(column);
  }
  return found;
}
