import { assert } from '@bellwether/kernel';
import type { LossValue } from '../loss/loss.js';
import { inputWidth, parameterCount } from '../network/description.js';
import type { Network } from '../network/network.js';
import type { Adam } from '../optimiser/adam.js';
import { gatherRows, minibatches } from './minibatches.js';

export interface TrainOptions {
  readonly network: Network;
  readonly optimiser: Adam;
  /** [rows, width of the input] */
  readonly inputs: Float32Array;
  readonly batch: number;
  readonly seed: string;
  readonly epochs: number;
  /** First epoch: after a restore, that behind the last finished one. @defaultValue 0 */
  readonly firstEpoch?: number;
  /** Names of the outputs whose gradient `loss` writes. */
  readonly outputs: readonly string[];
  /**
   * Called after the forward pass of each batch with the row numbers in it: writes the output gradients and says the loss.
   */
  readonly loss: (rows: Int32Array) => LossValue;
  /** Called after each epoch; `stop` ends the training (early stopping is the caller's to decide). */
  readonly onEpoch?: (epoch: EpochDone) => 'go_on' | 'stop';
}

export interface EpochDone {
  readonly epoch: number;
  /** Mean loss over the batches as they were trained; null where no row had weight. */
  readonly loss: number | null;
  /** Longest gradient of a step. */
  readonly gradientNormMax: number;
}

/** Training diverged: a loss or a gradient is not a number any more. The parameters are of no use. */
export class TrainingDiverged extends Error {
  override readonly name = 'TrainingDiverged';
}

/** Minibatches in a seeded order, forward, loss, backward, Adam. Says what each epoch came to. */
export function train(options: TrainOptions): readonly EpochDone[] {
  const { network, inputs, epochs, onEpoch, firstEpoch = 0 } = options;
  const width = inputWidth(network.description);
  assert(inputs.length % width === 0, 'The inputs are whole rows');
  assert(options.batch <= network.batchMax, 'The network is laid out for a batch at least as large');
  const done: EpochDone[] = [];
  for (let epoch = firstEpoch; epoch < epochs; epoch++) {
    const result = trainEpoch(options, epoch, inputs.length / width);
    done.push(result);
    if (onEpoch?.(result) === 'stop') break;
  }
  return done;
}

function trainEpoch(options: TrainOptions, epoch: number, count: number): EpochDone {
  const { network, optimiser, inputs, batch, seed, outputs, loss } = options;
  const width = inputWidth(network.description);
  let [sum, weight, gradientNormMax] = [0, 0, 0];
  for (const rows of minibatches(count, batch, seed, epoch)) {
    gatherRows(inputs, width, rows, network.input);
    network.forward(rows.length);
    const value = loss(rows);
    if (value.weight === 0) continue;
    network.zeroGradients();
    network.backward(rows.length, outputs);
    const { gradientNorm } = optimiser.step();
    if (!Number.isFinite(value.sum) || !Number.isFinite(gradientNorm)) {
      throw new TrainingDiverged(`Epoch ${epoch}: the loss or its gradient is not finite`);
    }
    sum += value.sum;
    weight += value.weight;
    gradientNormMax = Math.max(gradientNormMax, gradientNorm);
  }
  return { epoch, loss: weight === 0 ? null : sum / weight, gradientNormMax };
}

/** Puts parameters into a network. */
export function setParameters(network: Network, parameters: ArrayLike<number>): void {
  const count = parameterCount(network.description);
  assert(parameters.length === count, `Expected ${count} parameters, was given ${parameters.length}`);
  network.parameters.view.set(parameters);
}

/** A copy of a network's parameters. */
export function parametersOf(network: Network): Float32Array {
  return Float32Array.from(network.parameters.view);
}

/** What a head says of rows of any number, in batches as large as the network is laid out for: [rows, width]. */
export function predict(network: Network, inputs: Float32Array, head: string): Float32Array {
  const width = inputWidth(network.description);
  assert(inputs.length % width === 0, 'The inputs are whole rows');
  const rows = inputs.length / width;
  const out = network.output(head).length / network.batchMax;
  const said = new Float32Array(rows * out);
  for (let from = 0; from < rows; from += network.batchMax) {
    const count = Math.min(network.batchMax, rows - from);
    network.input.view.set(inputs.subarray(from * width, (from + count) * width));
    network.forward(count);
    said.set(network.final(head, count).view.subarray(0, count * out), from * out);
  }
  return said;
}
