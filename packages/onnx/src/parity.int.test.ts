import { describe, expect, test } from '@jest/globals';
import {
  Adam,
  HIDDEN,
  Network,
  encodeInputs,
  train,
  gatherRows,
  initialParameters,
  hiddenWidth,
  inputWidth,
  networkWeights,
  parametersOf,
  setParameters,
  sigmoidCrossEntropy,
  wasmEngine,
  type InputEncoding,
  type NetworkDescription,
} from '@bellwether/nn';
import { present } from '@bellwether/kernel';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from './model.js';
import { metadata, randomNumbers } from './model-for-tests.js';
import type { NetworkGraph } from './network-graph.js';

/**
 * Goal: ONNX Runtime says of an exported file what the training library says of its network.
 * Method: networks with random and with trained weights, features far from zero with missing values, batches of 0 to 1,024
 * rows; |a - b| <= 1e-5 + 1e-5 |b| for every output. An LSTM is not run with 0 rows: ONNX Runtime 1.30.0 then aborts the
 * whole process ("terminate called without an active exception"), so who serves models must never ask for an empty batch.
 */

const BATCHES = { row: [0, 1, 7, 32, 1_024], sequence: [1, 7, 32, 1_024] } as const;
const COLUMNS = 43;
const STEPS = 30;
const WINDOW_COLUMNS = 8;

const row = (masked: boolean, activation: 'relu' | 'tanh'): NetworkDescription => ({
  input: { kind: 'row', width: masked ? 2 * COLUMNS : COLUMNS },
  layers: [
    { kind: 'dense', in: masked ? 2 * COLUMNS : COLUMNS, out: 64, activation },
    { kind: 'dense', in: 64, out: 64, activation },
  ],
  heads: [
    { name: 'probabilities', out: 4, output: 'softmax' },
    { name: 'arms', out: 12, output: 'sigmoid' },
    { name: 'value', out: 1, output: 'linear' },
    { name: 'action', out: 2, output: 'tanh' },
  ],
});

const window = (masked: boolean): NetworkDescription => ({
  input: { kind: 'sequence', steps: STEPS, width: masked ? 2 * WINDOW_COLUMNS : WINDOW_COLUMNS },
  layers: [{ kind: 'lstm', in: masked ? 2 * WINDOW_COLUMNS : WINDOW_COLUMNS, hidden: 64 }],
  heads: [
    { name: 'arms', out: 2, output: 'sigmoid' },
    { name: 'move', out: 1, output: 'linear' },
  ],
});

const NETWORKS: Readonly<Record<string, { description: NetworkDescription; masked: boolean }>> = {
  'ReLU with mask': { description: row(true, 'relu'), masked: true },
  'tanh without mask': { description: row(false, 'tanh'), masked: false },
  'LSTM with mask': { description: window(true), masked: true },
  'LSTM without mask': { description: window(false), masked: false },
};

function encodingOf(columns: number, masked: boolean): InputEncoding {
  const means = randomNumbers(columns, 'means', 5);
  return { means, deviations: randomNumbers(columns, 'deviations', 1.5).map((x) => 2 + x), masked };
}

/** Features with mean and spread of their own, and a mask of which a fifth is missing. */
function rowsOf(encoding: InputEncoding, rows: number, seed: string) {
  const columns = encoding.means.length;
  const noise = randomNumbers(rows * columns, seed, 3);
  const features = noise.map((x, i) => encoding.means[i % columns]! + x * encoding.deviations[i % columns]!);
  const mask = randomNumbers(rows * columns, `${seed} mask`, 1).map((x) => (x < -0.6 ? 0 : 1));
  return { features, mask: encoding.masked ? mask : null };
}

function graphOf(
  description: NetworkDescription,
  encoding: InputEncoding,
  parameters: Float32Array,
): NetworkGraph {
  const { layers, heads } = networkWeights(description, parameters);
  const named = heads.map((head) =>
    head.output === 'linear' ? head : { ...head, logits: `${head.name}_logits` },
  );
  const steps = description.input.kind === 'sequence' ? description.input.steps : null;
  return { name: 'test', input: { steps, ...encoding }, layers, heads: named, hidden: HIDDEN };
}

/** A few steps on noise: weights that are nobody's initialisation. */
function trained(description: NetworkDescription, encoding: InputEncoding): Float32Array {
  const engine = wasmEngine();
  const network = new Network(engine, description, 64);
  setParameters(network, initialParameters(description, 'trained'));
  const steps = description.input.kind === 'sequence' ? description.input.steps : 1;
  const { features, mask } = rowsOf(encoding, 256 * steps, 'training');
  const width = present(
    description.heads.find(({ name }) => name === 'arms'),
    'arms',
  ).out;
  const targets = randomNumbers(256 * width, 'targets', 1).map((x) => (x > 0 ? 1 : 0));
  const [output, gradient] = [network.output('arms'), network.outputGradient('arms')];
  train({
    ...{ network, batch: 64, seed: 'trained', epochs: 5, outputs: ['arms'] },
    optimiser: new Adam(engine, network, { schedule: { kind: 'constant', rate: 0.01 }, gradientMax: 1 }),
    inputs: encodeInputs(encoding, features, mask),
    loss: (rows) => {
      const wanted = new Float32Array(rows.length * width);
      gatherRows(targets, width, rows, wanted);
      return sigmoidCrossEntropy(engine, { output, gradient, rows: rows.length, width }, wanted);
    },
  });
  return parametersOf(network);
}

/** What a network says after `forward`: of each head, before its softmax or sigmoid, and of its last layer. */
function outputsOf(network: Network, batch: number): ReadonlyMap<string, ArrayLike<number>> {
  const outputs = new Map<string, ArrayLike<number>>();
  const add = (name: string, { view }: { view: ArrayLike<number> & Iterable<number> }, width: number) =>
    outputs.set(name, [...view].slice(0, batch * width));
  for (const { name, out, output } of network.description.heads) {
    if (output !== 'linear') add(`${name}_logits`, network.output(name), out);
    add(name, network.final(name, batch), out);
  }
  add(HIDDEN, network.output(HIDDEN), hiddenWidth(network.description));
  return outputs;
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(actual.length).toBe(expected.length);
  const beyond = Array.from(
    actual,
    (a, i) => Math.abs(a - expected[i]!) - 1e-5 - 1e-5 * Math.abs(expected[i]!),
  );
  expect([what, beyond.filter((excess) => !(excess <= 0))]).toEqual([what, []]);
}

describe('an exported network says what the trained one says', () => {
  test.each(Object.keys(NETWORKS).flatMap((name) => [[name, 'random'] as const, [name, 'trained'] as const]))(
    '%s, %s weights',
    async (name, kind) => {
      const { description, masked } = NETWORKS[name]!;
      const columns = description.input.width / (masked ? 2 : 1);
      const encoding = encodingOf(columns, masked);
      const parameters =
        kind === 'trained'
          ? trained(description, encoding)
          : initialParameters(description, 'parity').map((x, i) => x + 0.05 * Math.sin(i));
      const bytes = encodeModel(graphOf(description, encoding, parameters), metadata());
      const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
      const network = new Network(wasmEngine(), description, 1_024);
      setParameters(network, parameters);
      const steps = description.input.kind === 'sequence' ? description.input.steps : 1;
      for (const batch of BATCHES[description.input.kind]) {
        const { features, mask } = rowsOf(encoding, batch * steps, `batch ${batch}`);
        const encoded = encodeInputs(encoding, features, mask);
        expect(encoded.length).toBe(batch * inputWidth(description));
        const shape = steps === 1 ? [batch, columns] : [batch, steps, columns];
        const tensor = (values: Float32Array) => new Tensor('float32', values, shape);
        const said = await session.run({
          features: tensor(features),
          ...(mask === null ? {} : { mask: tensor(mask) }),
        });
        network.input.view.set(encoded);
        network.forward(batch);
        for (const [output, expected] of outputsOf(network, batch)) {
          expectNear(said[output]?.data as Float32Array, expected, `${output}, batch ${batch}`);
        }
      }
      await session.release();
    },
  );

  test.each(['tanh', 'sigmoid'] as const)(
    'a %s spread over a range is that range, from end to end',
    async (output) => {
      const weights = Float32Array.of(1);
      const head = {
        name: 'size',
        in: 1,
        out: 1,
        output,
        weights,
        bias: Float32Array.of(0),
        logits: 'before',
      };
      const input = { steps: null, means: Float32Array.of(2), deviations: Float32Array.of(4), masked: false };
      const range = { low: 0.1, high: 2 };
      const graph = { name: 'size', input, layers: [], heads: [{ ...head, range }] };
      const session = await InferenceSession.create(encodeModel(graph, metadata()));
      const features = Float32Array.of(-400, -2, 2, 3, 400);
      const said = await session.run({ features: new Tensor('float32', features, [5, 1]) });
      const squash = (x: number): number =>
        output === 'tanh' ? (Math.tanh(x) + 1) / 2 : 1 / (1 + Math.exp(-x));
      const expected = Array.from(features, (x) => 0.1 + 1.9 * squash((x - 2) / 4));
      expectNear(said['size']?.data as Float32Array, expected, 'size');
      expectNear(said['before']?.data as Float32Array, [-100.5, -1, 0, 0.25, 99.5], 'before');
      await session.release();
      const wrong = { ...graph, heads: [{ ...head, output: 'softmax' as const, range }] };
      expect(() => encodeModel(wrong, metadata())).toThrow('squashed head');
    },
  );

  test('the file names its inputs and outputs, with a batch of any size', async () => {
    const { description } = NETWORKS['LSTM with mask']!;
    const encoding = encodingOf(WINDOW_COLUMNS, true);
    const graph = graphOf(description, encoding, initialParameters(description, 'names'));
    const session = await InferenceSession.create(encodeModel(graph, metadata()));
    expect(session.inputNames).toEqual(['features', 'mask']);
    expect(session.outputNames).toEqual(['arms', 'arms_logits', 'move', 'hidden']);
    const [features] = session.inputMetadata;
    expect(features).toMatchObject({ type: 'float32', shape: ['batch', STEPS, WINDOW_COLUMNS] });
    await session.release();
  });
});
