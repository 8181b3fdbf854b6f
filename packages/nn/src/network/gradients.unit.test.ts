import { describe, expect, test } from '@jest/globals';
import { present } from '@bellwether/kernel';
import { twinEngine } from '../engine/engine.js';
import { randomNumbers } from '../kernels/random-for-tests.js';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../loss/classification.js';
import type { LossPlace, LossValue } from '../loss/loss.js';
import { huber, squaredError } from '../loss/regression.js';
import { HIDDEN, inputWidth, type NetworkDescription } from './description.js';
import { initialParameters } from './initialisation.js';
import { Network } from './network.js';

/**
 * Goal: the gradient of every layer and loss is the derivative of what it computes.
 * Method: central differences in double precision, over every parameter and every input; relative error below 1e-6.
 */

const ROWS = 5;
const STEP = 1e-5;
const RELATIVE_MAX = 1e-6;
/** Below this a difference quotient is rounding alone. */
const ABSOLUTE_MAX = 1e-10;

type Losses = Readonly<Record<string, (place: LossPlace) => LossValue>>;

const engine = twinEngine('float64');

function widthOf(description: NetworkDescription, output: string): number {
  return present(
    description.heads.find(({ name }) => name === output),
    output,
  ).out;
}

/** Largest relative error over all parameters and inputs. */
function worstError(description: NetworkDescription, losses: Losses, features?: Float32Array): number {
  const network = new Network(engine, description, ROWS + 2);
  network.parameters.view.set(initialParameters(description, 'gradients'));
  // Biases begin at 0, where their gradient could hide an error of place.
  network.parameters.view.forEach((x, i, view) => (view[i] = x + 0.1 * Math.sin(i + 1)));
  network.input.view.set(randomNumbers(ROWS * inputWidth(description), 'rows', 2));
  const names = Object.keys(losses);
  const places = names.map((name) => ({
    output: network.output(name),
    gradient: network.outputGradient(name),
    rows: ROWS,
    width: widthOf(description, name),
  }));
  const total = (): number => {
    network.forward(ROWS);
    const values = names.map((name, i) => losses[name]!(places[i]!));
    const ofHeads = values.reduce((sum, value) => sum + value.sum / value.weight, 0);
    const hidden = network.output(HIDDEN).view;
    return ofHeads + (features?.reduce((sum, x, i) => sum + x * hidden[i]!, 0) ?? 0);
  };
  total();
  if (features !== undefined) network.outputGradient(HIDDEN).view.set(features);
  network.zeroGradients();
  const outputs = features === undefined ? names : [...names, HIDDEN];
  network.backward(ROWS, outputs, { inputGradient: true });
  const checked = [
    { values: network.parameters.view, gradient: network.gradients.view.slice() },
    {
      values: network.input.view.subarray(0, ROWS * inputWidth(description)),
      gradient: network.inputGradient.view.slice(),
    },
  ];
  const errors = checked.flatMap(({ values, gradient }) =>
    Array.from(values, (value, i) => {
      values[i] = value + STEP;
      const above = total();
      values[i] = value - STEP;
      const below = total();
      values[i] = value;
      const quotient = (above - below) / (2 * STEP);
      const size = Math.max(Math.abs(quotient), Math.abs(gradient[i]!));
      const error = Math.abs(quotient - gradient[i]!);
      return error < ABSOLUTE_MAX ? 0 : error / size;
    }),
  );
  return Math.max(...errors);
}

const labels = [0, 2, 1, 2, 0];
const targets = randomNumbers(ROWS * 3, 'targets');
const shares = targets.map((x) => (x + 1) / 2);
const rows = [1, 0.5, 2, 0, 3];
const elements = Float32Array.from({ length: ROWS * 3 }, (_, i) => (i % 4 === 0 ? 0 : 1 + (i % 3)));

const LOSSES: Readonly<Record<string, (place: LossPlace) => LossValue>> = {
  'softmax cross-entropy': (place) => softmaxCrossEntropy(engine, place, labels),
  'weighted softmax cross-entropy': (place) =>
    softmaxCrossEntropy(engine, place, labels, { rows, classes: [1, 3, 0.25] }),
  'sigmoid cross-entropy': (place) => sigmoidCrossEntropy(engine, place, shares),
  'weighted sigmoid cross-entropy': (place) => sigmoidCrossEntropy(engine, place, shares, { rows, elements }),
  'Huber, within and beyond': (place) => huber(place, targets, 0.5),
  'weighted Huber': (place) => huber(place, targets, 0.5, { rows, elements }),
  'squared error': (place) => squaredError(place, targets),
  'weighted squared error': (place) => squaredError(place, targets, { elements }),
};

const head = { name: 'out', out: 3, output: 'linear' } as const;

describe('gradients against finite differences', () => {
  test.each(Object.keys(LOSSES))('%s', (name) => {
    const description: NetworkDescription = {
      input: { kind: 'row', width: 4 },
      layers: [],
      heads: [head],
    };
    expect(worstError(description, { out: LOSSES[name]! })).toBeLessThan(RELATIVE_MAX);
  });

  test.each(['linear', 'relu', 'tanh'] as const)('two dense layers, %s', (activation) => {
    const description: NetworkDescription = {
      input: { kind: 'row', width: 6 },
      layers: [
        { kind: 'dense', in: 6, out: 7, activation },
        { kind: 'dense', in: 7, out: 5, activation },
      ],
      heads: [head],
    };
    expect(worstError(description, { out: LOSSES['squared error']! })).toBeLessThan(RELATIVE_MAX);
  });

  const lstm: NetworkDescription = {
    input: { kind: 'sequence', steps: 6, width: 3 },
    layers: [
      { kind: 'lstm', in: 3, hidden: 5 },
      { kind: 'dense', in: 5, out: 4, activation: 'tanh' },
    ],
    heads: [head, { name: 'move', out: 3, output: 'linear' }],
  };

  test('an LSTM through six steps, a dense layer, two heads', () => {
    const losses = { out: LOSSES['softmax cross-entropy']!, move: LOSSES['Huber, within and beyond']! };
    expect(worstError(lstm, losses)).toBeLessThan(RELATIVE_MAX);
  });

  test('a gradient given at the last layer joins those of the heads', () => {
    const given = randomNumbers(ROWS * 4, 'given');
    expect(worstError(lstm, { out: LOSSES['sigmoid cross-entropy']! }, given)).toBeLessThan(RELATIVE_MAX);
  });

  test('a head alone, without layers, gives the gradient of its input to two heads', () => {
    const description: NetworkDescription = {
      input: { kind: 'row', width: 4 },
      layers: [],
      heads: [head, { ...head, name: 'second' }],
    };
    const losses = { out: LOSSES['squared error']!, second: LOSSES['softmax cross-entropy']! };
    expect(worstError(description, losses)).toBeLessThan(RELATIVE_MAX);
  });
});
