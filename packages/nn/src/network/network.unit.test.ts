import { describe, expect, test } from '@jest/globals';
import { twinEngine, wasmEngine } from '../engine/engine.js';
import { predict, setParameters, train, TrainingDiverged } from '../training/train.js';
import { Adam } from '../optimiser/adam.js';
import { squaredError } from '../loss/regression.js';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../loss/classification.js';
import { HIDDEN, parameterCount, type NetworkDescription } from './description.js';
import { initialParameters } from './initialisation.js';
import { Network } from './network.js';
import { networkWeights } from './weights.js';

const dense = (inside: number, out: number) =>
  ({ kind: 'dense', in: inside, out, activation: 'tanh' }) as const;

const description: NetworkDescription = {
  input: { kind: 'row', width: 3 },
  layers: [dense(3, 4)],
  heads: [
    { name: 'kind', out: 3, output: 'softmax' },
    { name: 'chance', out: 2, output: 'sigmoid' },
    { name: 'move', out: 1, output: 'linear' },
    { name: 'action', out: 1, output: 'tanh' },
  ],
};

describe('a description that does not fit together is refused', () => {
  const row = { kind: 'row', width: 3 } as const;
  const sequence = { kind: 'sequence', steps: 2, width: 3 } as const;
  const lstm = { kind: 'lstm', in: 3, hidden: 4 } as const;
  const head = { name: 'out', out: 1, output: 'linear' } as const;

  test.each<[string, NetworkDescription]>([
    ['a layer of another width', { input: row, layers: [dense(2, 4)], heads: [head] }],
    ['an LSTM over a row', { input: row, layers: [lstm], heads: [head] }],
    ['a sequence without an LSTM', { input: sequence, layers: [], heads: [head] }],
    ['a sequence into a dense layer', { input: sequence, layers: [dense(3, 4)], heads: [head] }],
    ['no head', { input: row, layers: [], heads: [] }],
    ['two heads of one name', { input: row, layers: [], heads: [head, head] }],
    ['a head called as the last layer', { input: row, layers: [], heads: [{ ...head, name: HIDDEN }] }],
    ['a width of 0', { input: { ...row, width: 0 }, layers: [], heads: [head] }],
    ['half a width', { input: row, layers: [], heads: [{ ...head, out: 1.5 }] }],
  ])('%s', (_, wrong) => {
    expect(() => parameterCount(wrong)).toThrow();
  });
});

describe('a network', () => {
  const network = new Network(wasmEngine(), description, 5);
  const parameters = initialParameters(description, 'network');
  setParameters(network, parameters);
  const inputs = Float32Array.from({ length: 13 * 3 }, (_, i) => Math.sin(i));

  test('says probabilities where its heads are', () => {
    const kinds = predict(network, inputs, 'kind');
    expect(kinds).toHaveLength(13 * 3);
    for (let row = 0; row < 13; row++) {
      const sum = kinds[3 * row]! + kinds[3 * row + 1]! + kinds[3 * row + 2]!;
      expect(sum).toBeCloseTo(1, 6);
    }
    for (const p of predict(network, inputs, 'chance')) expect(p > 0 && p < 1).toBe(true);
    for (const a of predict(network, inputs, 'action')) expect(Math.abs(a)).toBeLessThan(1);
    expect(predict(network, inputs, HIDDEN)).toHaveLength(13 * 4);
  });

  test('says of a row the same alone and among others', () => {
    const all = predict(network, inputs, 'move');
    const alone = predict(network, inputs.subarray(12 * 3), 'move');
    expect(alone[0]).toBe(all[12]);
    expect(predict(network, new Float32Array(), 'move')).toHaveLength(0);
  });

  test('refuses more rows than it is laid out for, and outputs that it does not have', () => {
    expect(() => network.forward(6)).toThrow('laid out for 5 rows');
    expect(() => network.output('nothing')).toThrow('head nothing');
    expect(() => network.backward(1, [])).toThrow('comes from an output');
    expect(() => setParameters(network, [1, 2])).toThrow(`Expected ${parameters.length} parameters`);
  });

  test('gives away its weights layer by layer', () => {
    const { layers, heads } = networkWeights(description, parameters);
    expect(layers).toHaveLength(1);
    expect(heads.map(({ name, in: width, out }) => [name, width, out])).toEqual([
      ['kind', 4, 3],
      ['chance', 4, 2],
      ['move', 4, 1],
      ['action', 4, 1],
    ]);
    const parts = [...layers, ...heads].flatMap((part) =>
      'weights' in part ? [...part.weights, ...part.bias] : [],
    );
    expect(Float32Array.from(parts)).toEqual(parameters);
  });
});

describe('losses', () => {
  const engine = twinEngine('float64');
  const place = (values: readonly number[], width: number) => {
    const [output, gradient] = [engine.allocate(values.length), engine.allocate(values.length)];
    output.view.set(values);
    gradient.view.fill(7);
    return { output, gradient, rows: values.length / width, width };
  };

  test('of logits far apart are finite', () => {
    const far = place([800, -800, 0, 0], 2);
    const loss = softmaxCrossEntropy(engine, far, [1, 0]);
    expect(loss.sum).toBeCloseTo(1_600 + Math.log(2), 9);
    expect([...far.gradient.view]).toEqual([0.5, -0.5, -0.25, 0.25]);
    const wide = place([1_000, -1_000], 1);
    expect(sigmoidCrossEntropy(engine, wide, [0, 1]).sum).toBe(2_000);
  });

  test('of rows without weight are 0, and so is their gradient', () => {
    const rows = place([1, 2, 3, 4], 2);
    expect(softmaxCrossEntropy(engine, rows, [0, 1], { rows: [0, 0] })).toEqual({ sum: 0, weight: 0 });
    expect([...rows.gradient.view]).toEqual([0, 0, 0, 0]);
    const half = place([1, 2, 3, 4], 2);
    expect(squaredError(half, [0, 0, 0, 0], { elements: [0, 1, 0, 0] })).toEqual({ sum: 2, weight: 1 });
    expect([...half.gradient.view]).toEqual([0, 2, 0, 0]);
  });

  test('refuse a class that there is not', () => {
    expect(() => softmaxCrossEntropy(engine, place([1, 2], 2), [2])).toThrow('A class is 0 to 1');
  });
});

describe('training', () => {
  const linear: NetworkDescription = {
    input: { kind: 'row', width: 1 },
    layers: [],
    heads: [{ name: 'out', out: 1, output: 'linear' }],
  };

  test('ends with a name where a loss is not a number', () => {
    const engine = wasmEngine();
    const network = new Network(engine, linear, 4);
    const optimiser = new Adam(engine, network, { schedule: { kind: 'constant', rate: 0.1 } });
    const place = { output: network.output('out'), gradient: network.outputGradient('out'), width: 1 };
    const inputs = Float32Array.of(1, 2, NaN, 4);
    const run = () =>
      train({
        ...{ network, optimiser, inputs, batch: 4, seed: '1', epochs: 1, outputs: ['out'] },
        loss: (rows) => squaredError({ ...place, rows: rows.length }, [0, 0, 0, 0]),
      });
    expect(run).toThrow(TrainingDiverged);
  });

  test('stops where it is told to, and skips batches without weight', () => {
    const engine = wasmEngine();
    const network = new Network(engine, linear, 4);
    const optimiser = new Adam(engine, network, { schedule: { kind: 'constant', rate: 0.1 } });
    const done = train({
      ...{
        network,
        optimiser,
        inputs: new Float32Array(8),
        batch: 4,
        seed: '1',
        epochs: 9,
        outputs: ['out'],
      },
      loss: () => ({ sum: 0, weight: 0 }),
      onEpoch: ({ epoch }) => (epoch === 2 ? 'stop' : 'go_on'),
    });
    expect(done.map(({ epoch, loss }) => [epoch, loss])).toEqual([
      [0, null],
      [1, null],
      [2, null],
    ]);
    expect(optimiser.state().steps).toBe(0);
  });
});
