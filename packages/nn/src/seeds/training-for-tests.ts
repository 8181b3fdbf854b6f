import { createHash } from 'node:crypto';
import { twinEngine, wasmEngine } from '../engine/engine.js';
import { train, parametersOf, setParameters } from '../training/train.js';
import { gatherRows } from '../training/minibatches.js';
import { randomNumbers } from '../kernels/random-for-tests.js';
import { softmaxCrossEntropy } from '../loss/classification.js';
import type { NetworkDescription } from '../network/description.js';
import { initialParameters } from '../network/initialisation.js';
import { Network } from '../network/network.js';
import { Adam } from '../optimiser/adam.js';

export interface Trained {
  readonly hash: string;
  readonly losses: readonly number[];
}

const ROWS = 300;
const STEPS = 5;
const WIDTH = 3;
const CLASSES = 3;

const ROW: NetworkDescription = {
  input: { kind: 'row', width: STEPS * WIDTH },
  layers: [
    { kind: 'dense', in: STEPS * WIDTH, out: 17, activation: 'relu' },
    { kind: 'dense', in: 17, out: 9, activation: 'tanh' },
  ],
  heads: [{ name: 'class', out: CLASSES, output: 'softmax' }],
};

const SEQUENCE: NetworkDescription = {
  input: { kind: 'sequence', steps: STEPS, width: WIDTH },
  layers: [{ kind: 'lstm', in: WIDTH, hidden: 10 }],
  heads: [{ name: 'class', out: CLASSES, output: 'softmax' }],
};

/** Which class a row is of: that of the largest among its first numbers. */
function labelsOf(inputs: Float32Array): Float32Array {
  return Float32Array.from({ length: ROWS }, (_, row) => {
    const first = inputs.subarray(row * STEPS * WIDTH, row * STEPS * WIDTH + CLASSES);
    return first.indexOf(Math.max(...first));
  });
}

/** Trains a small network from a seed: its loss by epoch, and the hash of its parameters. */
export function trainSmall(
  kind: 'row' | 'sequence',
  seed: string,
  engineKind: 'wasm' | 'twin',
  epochs = 8,
): Trained {
  const engine = engineKind === 'wasm' ? wasmEngine() : twinEngine();
  const network = new Network(engine, kind === 'row' ? ROW : SEQUENCE, 32);
  setParameters(network, initialParameters(network.description, seed));
  const inputs = randomNumbers(ROWS * STEPS * WIDTH, 'inputs');
  const labels = labelsOf(inputs);
  const optimiser = new Adam(engine, network, {
    schedule: { kind: 'warm_up', steps: 5, then: { kind: 'cosine', rate: 0.02, final: 0.001, steps: 60 } },
    ...{ decay: 0.01, gradientMax: 0.5 },
  });
  const place = {
    output: network.output('class'),
    gradient: network.outputGradient('class'),
    width: CLASSES,
  };
  const batchLabels = new Float32Array(32);
  const done = train({
    ...{ network, optimiser, inputs, batch: 32, seed, epochs, outputs: ['class'] },
    loss: (rows) => {
      gatherRows(labels, 1, rows, batchLabels);
      return softmaxCrossEntropy(engine, { ...place, rows: rows.length }, batchLabels);
    },
  });
  const bytes = new Uint8Array(parametersOf(network).buffer);
  return {
    hash: createHash('sha256').update(bytes).digest('hex'),
    losses: done.map(({ loss }) => loss ?? NaN),
  };
}

/** For `runSeeds`: fails where the seed says so, or waits for ever. */
export async function runSeed(
  seed: string,
  _input: unknown,
  report: (progress: unknown) => void,
): Promise<unknown> {
  if (seed === 'broken') throw new Error('planted');
  if (seed === 'gone') process.exit(3);
  if (seed === 'endless') {
    report('started');
    // A timer keeps the thread alive.
    await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
  }
  report(1);
  return trainSmall('row', seed, 'wasm').hash;
}
