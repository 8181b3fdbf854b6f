import { uniformSource } from '@bellwether/kernel';
import {
  Adam,
  Network,
  initialParameters,
  inputWidth,
  networkWeights,
  setParameters,
  softmaxCrossEntropy,
  squaredError,
  type Engine,
  type LossPlace,
  type LossValue,
  type NetworkDescription,
} from '@bellwether/nn';
import type { Tfjs } from './tfjs.js';

/** One step of training on the whole batch: forward, loss, backward, Adam. Says the loss before the step. */
export type Step = () => number;

/** A training that can be done by ours and by TensorFlow.js from the same parameters, on the same batch. */
export interface Training {
  readonly name: string;
  ours(engine: Engine): Step;
  tfjs(tfjs: Tfjs): Step;
}

const RATE = 1e-3;

function numbers(count: number, seed: string): Float32Array {
  const uniform = uniformSource(seed);
  return Float32Array.from({ length: count }, () => 2 * uniform() - 1);
}

function stepOf(
  engine: Engine,
  description: NetworkDescription,
  inputs: Float32Array,
  loss: (place: LossPlace) => LossValue,
): Step {
  const rows = inputs.length / inputWidth(description);
  const network = new Network(engine, description, rows);
  setParameters(network, initialParameters(description, 'bench'));
  network.input.view.set(inputs);
  const optimiser = new Adam(engine, network, { schedule: { kind: 'constant', rate: RATE } });
  const [output, gradient] = [network.output('out'), network.outputGradient('out')];
  const width = output.length / rows;
  return () => {
    network.forward(rows);
    const { sum, weight } = loss({ output, gradient, rows, width });
    network.zeroGradients();
    network.backward(rows, ['out']);
    optimiser.step();
    return sum / weight;
  };
}

/** The strategy network's size: 43 features, two layers of 64, 12 classes, a batch of 256. */
export function denseTraining(): Training {
  const [rows, width, hidden, classes] = [256, 43, 64, 12];
  const description: NetworkDescription = {
    input: { kind: 'row', width },
    layers: [
      { kind: 'dense', in: width, out: hidden, activation: 'relu' },
      { kind: 'dense', in: hidden, out: hidden, activation: 'relu' },
    ],
    heads: [{ name: 'out', out: classes, output: 'softmax' }],
  };
  const inputs = numbers(rows * width, 'inputs');
  const labels = numbers(rows, 'labels').map((x) => Math.floor(((x + 1) / 2) * classes));
  return {
    name: 'MLP 43-64-64-12, batch 256',
    ours: (engine) =>
      stepOf(engine, description, inputs, (place) => softmaxCrossEntropy(engine, place, labels)),
    tfjs(tfjs) {
      const { layers, heads } = networkWeights(description, initialParameters(description, 'bench'));
      return tfjs.denseTrainer({ rows, width, inputs, labels, layers: [...layers, ...heads], rate: RATE });
    },
  };
}

/** The forecast network's size: 30 bars of 8 numbers, 64 hidden, a batch of 64. */
export function lstmTraining(): Training {
  const [rows, steps, width, hidden] = [64, 30, 8, 64];
  const description: NetworkDescription = {
    input: { kind: 'sequence', steps, width },
    layers: [{ kind: 'lstm', in: width, hidden }],
    heads: [{ name: 'out', out: 1, output: 'linear' }],
  };
  const inputs = numbers(rows * steps * width, 'windows');
  const targets = numbers(rows, 'targets');
  return {
    name: 'LSTM(64), 30 x 8, batch 64',
    ours: (engine) => stepOf(engine, description, inputs, (place) => squaredError(place, targets)),
    tfjs(tfjs) {
      const { layers, heads } = networkWeights(description, initialParameters(description, 'bench'));
      const [lstm, head] = [layers[0], heads[0]];
      return tfjs.lstmTrainer({ rows, steps, width, inputs, targets, lstm, head, rate: RATE });
    },
  };
}
