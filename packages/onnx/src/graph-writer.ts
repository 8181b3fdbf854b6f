import { BellwetherError } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { WireWriter } from './wire.js';

/** Numbers of onnx.proto: TensorProto.DataType and AttributeProto.AttributeType. */
const DATA_TYPE = { float: 1, int64: 7 } as const;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** A dimension: so many, or a name where each run says how many. */
export type Dimension = number | string;

export type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** Writes a GraphProto: values by name, nodes in the order in which they are computed. */
export class GraphWriter {
  readonly #nodes: WireWriter[] = [];
  readonly #initializers: WireWriter[] = [];
  readonly #inputs: WireWriter[] = [];
  readonly #outputs: WireWriter[] = [];
  readonly #names = new Set<string>();

  /** An input of single precision. */
  input(name: string, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(this.#take(name), shape));
    return name;
  }

  /** A value of the graph that is an output. */
  output(name: string, shape: readonly Dimension[]): void {
    assert(this.#names.has(name), `Nothing of the graph is called ${name}`);
    this.#outputs.push(valueInfo(name, shape));
  }

  /** @throws BellwetherError model_not_finite */
  constant(name: string, shape: readonly number[], values: Float32Array): string {
    const count = shape.reduce((product, size) => product * size, 1);
    assert(values.length === count, `${name} has ${values.length} numbers, its shape ${count}`);
    if (!values.every(Number.isFinite)) {
      throw new BellwetherError('model_not_finite', `${name} holds a number that is not finite`);
    }
    const bytes = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
    return this.#tensor(name, shape, DATA_TYPE.float, bytes);
  }

  integers(name: string, values: readonly number[]): string {
    const bytes = new DataView(new ArrayBuffer(8 * values.length));
    values.forEach((value, i) => bytes.setBigInt64(8 * i, BigInt(value), true));
    return this.#tensor(name, [values.length], DATA_TYPE.int64, bytes);
  }

  /** A node with one output that is used, the last of `outputs`; an empty name stands for one that is not. */
  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ): string {
    const used = outputs.filter((name) => name !== '');
    for (const name of inputs) assert(this.#names.has(name), `Nothing of the graph is called ${name}`);
    const node = new WireWriter();
    for (const name of inputs) node.text(1, name);
    for (const name of outputs) node.text(2, name);
    node.text(3, `${operator}_${this.#nodes.length}`).text(4, operator);
    for (const [name, value] of Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))) {
      node.message(5, attribute(name, value));
    }
    for (const name of used) this.#take(name);
    this.#nodes.push(node);
    return used.at(-1) ?? '';
  }

  finish(name: string): WireWriter {
    const graph = new WireWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, name);
    for (const tensor of this.#initializers) graph.message(5, tensor);
    for (const value of this.#inputs) graph.message(11, value);
    for (const value of this.#outputs) graph.message(12, value);
    return graph;
  }

  #tensor(name: string, shape: readonly number[], type: number, bytes: DataView): string {
    const tensor = new WireWriter();
    for (const size of shape) tensor.int(1, size);
    tensor.int(2, type).text(8, this.#take(name));
    this.#initializers.push(tensor.bytes(9, new Uint8Array(bytes.buffer)));
    return name;
  }

  #take(name: string): string {
    assert(name !== '' && !this.#names.has(name), `Two values of the graph are called ${name}`);
    this.#names.add(name);
    return name;
  }
}

function attribute(name: string, value: number | readonly number[]): WireWriter {
  const written = new WireWriter().text(1, name);
  if (typeof value === 'number') return written.int(3, value).int(20, ATTRIBUTE_INT);
  for (const part of value) written.int(8, part);
  return written.int(20, ATTRIBUTE_INTS);
}

function valueInfo(name: string, shape: readonly Dimension[]): WireWriter {
  const dimensions = new WireWriter();
  for (const size of shape) {
    const dimension = new WireWriter();
    dimensions.message(1, typeof size === 'number' ? dimension.int(1, size) : dimension.text(2, size));
  }
  const tensor = new WireWriter().int(1, DATA_TYPE.float).message(2, dimensions);
  return new WireWriter().text(1, name).message(2, new WireWriter().message(1, tensor));
}
