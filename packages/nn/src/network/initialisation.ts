import { assert, uniformSource } from '@bellwether/kernel';
import { parameterRanges, type NetworkDescription, type ParameterRange } from './description.js';

/**
 * First parameters of a network, single precision. Weights are uniform: behind ReLU's layers within sqrt(6 / in) (He et al.
 * 2015), elsewhere within sqrt(6 / (in + out)) (Glorot, Bengio 2010), an LSTM's recurrent ones within 1 / sqrt(hidden).
 * Biases are 0, that of the forget gate 1 (Jozefowicz et al. 2015). The same seed gives the same bits on every machine.
 */
export function initialParameters(description: NetworkDescription, seed: string): Float32Array {
  const ranges = parameterRanges(description);
  const last = ranges.at(-1);
  assert(last !== undefined, 'A network has parameters');
  const parameters = new Float32Array(last.offset + last.rows * last.columns);
  const uniform = uniformSource(`initial ${seed}`);
  for (const range of ranges) {
    const part = parameters.subarray(range.offset, range.offset + range.rows * range.columns);
    if (range.kind === 'bias') setBias(description, range, part);
    else {
      const limit = limitOf(description, range);
      for (let i = 0; i < part.length; i++) part[i] = (2 * uniform() - 1) * limit;
    }
  }
  return parameters;
}

function layerOf(description: NetworkDescription, { name }: ParameterRange) {
  const [, index] = /^layer(\d+)\./.exec(name) ?? [];
  return index === undefined ? undefined : description.layers[Number(index)];
}

function limitOf(description: NetworkDescription, range: ParameterRange): number {
  const layer = layerOf(description, range);
  if (layer?.kind === 'lstm') {
    if (range.name.endsWith('.recurrent')) return 1 / Math.sqrt(layer.hidden);
    return Math.sqrt(6 / (layer.in + layer.hidden));
  }
  if (layer?.activation === 'relu') return Math.sqrt(6 / range.rows);
  return Math.sqrt(6 / (range.rows + range.columns));
}

/** The forget gate is the third of four. */
function setBias(description: NetworkDescription, range: ParameterRange, part: Float32Array): void {
  const layer = layerOf(description, range);
  if (layer?.kind === 'lstm') part.fill(1, 2 * layer.hidden, 3 * layer.hidden);
}
