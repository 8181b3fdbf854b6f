import { BellwetherError } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { GraphWriter, type Dimension } from './graph-writer.js';
import type { WireWriter } from './wire.js';

export interface DenseLayer {
  readonly kind: 'dense';
  readonly in: number;
  readonly out: number;
  readonly activation: 'linear' | 'relu' | 'tanh';
  /** [in, out] by rows. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Reads a sequence and gives the output of its last step. Gates in the order input, output, forget, cell. */
export interface LstmLayer {
  readonly kind: 'lstm';
  readonly in: number;
  readonly hidden: number;
  /** [in, 4 hidden] by rows. */
  readonly inputWeights: Float32Array;
  /** [hidden, 4 hidden] by rows. */
  readonly recurrentWeights: Float32Array;
  readonly bias: Float32Array;
}

/** A dense layer behind the last one, whose result is an output of the graph by its name. */
export interface HeadLayer {
  readonly name: string;
  readonly in: number;
  readonly out: number;
  readonly output: 'linear' | 'tanh' | 'softmax' | 'sigmoid';
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Spreads a tanh or a sigmoid over this range, inside the graph: what is an action says it in its own units. */
  readonly range?: OutputRange;
  /** Name under which the numbers before softmax, sigmoid or tanh are an output too; none where left out. */
  readonly logits?: string;
}

/** Ends that an output comes near and does not leave but for rounding. */
export interface OutputRange {
  readonly low: number;
  readonly high: number;
}

/** How raw features become the network's input, inside the graph: (value - mean) / deviation, times the mask. */
export interface GraphInput {
  /** Steps of a sequence; null where a row is no sequence. */
  readonly steps: number | null;
  readonly means: Float32Array;
  readonly deviations: Float32Array;
  /**
   * True where the graph has an input `mask` of the shape of `features`: 1 known, 0 missing. A missing value counts as the
   * mean whatever finite number stands there, and the mask's columns follow the features' into the first layer.
   */
  readonly masked: boolean;
}

export interface NetworkGraph {
  readonly name: string;
  readonly input: GraphInput;
  readonly layers: readonly (DenseLayer | LstmLayer)[];
  readonly heads: readonly HeadLayer[];
  /** Name under which the last layer is an output too; none where left out. */
  readonly hidden?: string;
}

/** Names of the inputs of every model. */
export const FEATURES_INPUT = 'features';
export const MASK_INPUT = 'mask';
/** Name of the first dimension of every input and output: each run says how many rows it has. */
const BATCH = 'batch';

const ACTIVATION = { relu: 'Relu', tanh: 'Tanh' } as const;
/** What tanh and sigmoid lie between. */
const SQUASHED = { tanh: { low: -1, high: 1 }, sigmoid: { low: 0, high: 1 } } as const;
const HEAD_OUTPUT = { tanh: 'Tanh', softmax: 'Softmax', sigmoid: 'Sigmoid' } as const;

/** The graph of a network. @throws BellwetherError model_not_finite */
export function writeNetwork(network: NetworkGraph): WireWriter {
  const graph = new GraphWriter();
  let value = writeInput(graph, network.input);
  network.layers.forEach((layer, index) => {
    const last = index === network.layers.length - 1;
    const name = last && network.hidden !== undefined ? network.hidden : `layer${index}_output`;
    value =
      layer.kind === 'dense'
        ? writeDense(graph, layer, value, `layer${index}`, name)
        : writeLstm(graph, layer, value, `layer${index}`, name);
  });
  for (const head of network.heads) writeHead(graph, head, value);
  const last = network.layers.at(-1);
  if (network.hidden !== undefined && last !== undefined) {
    graph.output(network.hidden, [BATCH, last.kind === 'dense' ? last.out : last.hidden]);
  }
  return graph.finish(network.name);
}

function writeInput(graph: GraphWriter, { steps, means, deviations, masked }: GraphInput): string {
  const columns = means.length;
  const shape: readonly Dimension[] = steps === null ? [BATCH, columns] : [BATCH, steps, columns];
  if (deviations.some((deviation) => !(deviation > 0))) {
    throw new BellwetherError('model_not_finite', 'A deviation that features are divided by is not positive');
  }
  const features = graph.input(FEATURES_INPUT, shape);
  const mask = masked ? graph.input(MASK_INPUT, shape) : null;
  const mean = graph.constant('feature_means', [columns], means);
  const deviation = graph.constant('feature_deviations', [columns], deviations);
  const centred = graph.node('Sub', [features, mean], ['centred']);
  const normal = graph.node('Div', [centred, deviation], ['normalized']);
  if (mask === null) return normal;
  const known = graph.node('Mul', [normal, mask], ['known']);
  return graph.node('Concat', [known, mask], ['encoded'], { axis: -1 });
}

interface DenseNumbers {
  readonly in: number;
  readonly out: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

function writeGemm(
  graph: GraphWriter,
  of: DenseNumbers,
  value: string,
  name: string,
  result: string,
): string {
  const weights = graph.constant(`${name}_weights`, [of.in, of.out], of.weights);
  const bias = graph.constant(`${name}_bias`, [of.out], of.bias);
  return graph.node('Gemm', [value, weights, bias], [result]);
}

function writeDense(
  graph: GraphWriter,
  layer: DenseLayer,
  value: string,
  name: string,
  result: string,
): string {
  if (layer.activation === 'linear') return writeGemm(graph, layer, value, name, result);
  const sums = writeGemm(graph, layer, value, name, `${name}_sums`);
  return graph.node(ACTIVATION[layer.activation], [sums], [result]);
}

function writeHead(graph: GraphWriter, head: HeadLayer, value: string): void {
  const shape = [BATCH, head.out];
  const { name, output, logits } = head;
  const before = output === 'linear' ? name : (logits ?? `${name}_sums`);
  const sums = writeGemm(graph, head, value, name, before);
  if (head.range !== undefined) writeRange(graph, head, head.range, sums);
  else if (output !== 'linear') graph.node(HEAD_OUTPUT[output], [sums], [name]);
  graph.output(name, shape);
  if (output !== 'linear' && logits !== undefined) graph.output(logits, shape);
}

/** name = squashed × factor + offset. */
function writeRange(
  graph: GraphWriter,
  { name, output }: HeadLayer,
  { low, high }: OutputRange,
  sums: string,
): void {
  assert(output === 'tanh' || output === 'sigmoid', 'A range is that of a squashed head');
  assert(low < high, 'A range has a low and a high end');
  const squashed = SQUASHED[output];
  const factor = (high - low) / (squashed.high - squashed.low);
  const offset = low - factor * squashed.low;
  const within = graph.node(HEAD_OUTPUT[output], [sums], [`${name}_squashed`]);
  const by = graph.constant(`${name}_factor`, [1], Float32Array.of(factor));
  const from = graph.constant(`${name}_offset`, [1], Float32Array.of(offset));
  const spread = graph.node('Mul', [within, by], [`${name}_spread`]);
  graph.node('Add', [spread, from], [name]);
}

/** ONNX wants the steps first, the weights turned ([directions, 4 hidden, in]) and two biases, which it adds. */
function writeLstm(
  graph: GraphWriter,
  layer: LstmLayer,
  value: string,
  name: string,
  result: string,
): string {
  const { in: width, hidden, inputWeights, recurrentWeights, bias } = layer;
  const gates = 4 * hidden;
  const sequence = graph.node('Transpose', [value], [`${name}_sequence`], { perm: [1, 0, 2] });
  const w = graph.constant(`${name}_input`, [1, gates, width], turned(inputWeights, width, gates));
  const r = graph.constant(`${name}_recurrent`, [1, gates, hidden], turned(recurrentWeights, hidden, gates));
  const both = new Float32Array(2 * gates);
  both.set(bias);
  const b = graph.constant(`${name}_bias`, [1, 2 * gates], both);
  const last = graph.node('LSTM', [sequence, w, r, b], ['', `${name}_last`], { hidden_size: hidden });
  return graph.node('Squeeze', [last, graph.integers(`${name}_axes`, [0])], [result]);
}

function turned(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(matrix, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}
