import { assert, present } from '@bellwether/kernel';
import {
  parameterCount,
  parameterRanges,
  type Activation,
  type HeadOutput,
  type NetworkDescription,
} from './description.js';

export interface DenseWeights {
  readonly kind: 'dense';
  readonly in: number;
  readonly out: number;
  readonly activation: Activation;
  /** [in, out] by rows. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Gates in the order input, output, forget, cell. */
export interface LstmWeights {
  readonly kind: 'lstm';
  readonly in: number;
  readonly hidden: number;
  /** [in, 4 hidden] by rows. */
  readonly inputWeights: Float32Array;
  /** [hidden, 4 hidden] by rows. */
  readonly recurrentWeights: Float32Array;
  readonly bias: Float32Array;
}

export interface HeadWeights {
  readonly name: string;
  readonly in: number;
  readonly out: number;
  readonly output: HeadOutput;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** The parameters of a network, layer by layer: what an exporter takes. */
export interface NetworkWeights {
  readonly layers: readonly (DenseWeights | LstmWeights)[];
  readonly heads: readonly HeadWeights[];
}

export function networkWeights(description: NetworkDescription, parameters: Float32Array): NetworkWeights {
  const count = parameterCount(description);
  assert(parameters.length === count, `Expected ${count} parameters, was given ${parameters.length}`);
  const ranges = new Map(parameterRanges(description).map((range) => [range.name, range]));
  const part = (name: string): Float32Array => {
    const { offset, rows, columns } = present(ranges.get(name), `parameter ${name}`);
    return parameters.slice(offset, offset + rows * columns);
  };
  const layers = description.layers.map((layer, index) => {
    const name = `layer${index}`;
    const bias = part(`${name}.bias`);
    if (layer.kind === 'dense') return { ...layer, weights: part(`${name}.weights`), bias };
    const [inputWeights, recurrentWeights] = [part(`${name}.input`), part(`${name}.recurrent`)];
    return { ...layer, inputWeights, recurrentWeights, bias };
  });
  const heads = description.heads.map((head) => {
    const weights = present(ranges.get(`${head.name}.weights`), `weights of ${head.name}`);
    const [of, bias] = [part(`${head.name}.weights`), part(`${head.name}.bias`)];
    return { ...head, in: weights.rows, weights: of, bias };
  });
  return { layers, heads };
}
