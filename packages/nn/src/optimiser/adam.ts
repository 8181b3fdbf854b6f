import { assert } from '@bellwether/kernel';
import type { Block } from '../engine/arena.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../network/network.js';
import { parameterRanges, type ParameterRange } from '../network/description.js';
import { learningRate, type Schedule } from './schedule.js';

export interface AdamOptions {
  readonly schedule: Schedule;
  /** @defaultValue 0.9 */
  readonly beta1?: number;
  /** @defaultValue 0.999 */
  readonly beta2?: number;
  /** @defaultValue 1e-8 */
  readonly epsilon?: number;
  /** Decoupled decay of the weights, not of the biases (Loshchilov, Hutter 2019). @defaultValue 0 */
  readonly decay?: number;
  /** Longest gradient: a longer one is shortened as a whole. Left out: none is. */
  readonly gradientMax?: number;
}

/** What Adam remembers, as plain data: a training that was interrupted goes on with the same bits. */
export interface AdamState {
  readonly steps: number;
  /** Products beta^steps. */
  readonly product1: number;
  readonly product2: number;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

/** What one step did. */
export interface StepTaken {
  readonly rate: number;
  /** Length of the gradient before it was shortened. */
  readonly gradientNorm: number;
}

/** Adam over all parameters of a network, from its gradients. */
export class Adam {
  readonly #mean: Block;
  readonly #square: Block;
  readonly #ranges: readonly ParameterRange[];
  readonly #options: Required<Omit<AdamOptions, 'gradientMax'>> & { readonly gradientMax: number };
  #steps = 0;
  #product1 = 1;
  #product2 = 1;

  constructor(
    private readonly engine: Engine,
    private readonly network: Network,
    options: AdamOptions,
  ) {
    const { schedule, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 } = options;
    const gradientMax = options.gradientMax ?? Infinity;
    assert(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, 'The betas of Adam are in [0, 1)');
    assert(epsilon > 0 && decay >= 0 && gradientMax > 0, 'Epsilon, decay and longest gradient are positive');
    this.#options = { schedule, beta1, beta2, epsilon, decay, gradientMax };
    this.#mean = engine.allocate(network.parameters.length);
    this.#square = engine.allocate(network.parameters.length);
    this.#ranges = parameterRanges(network.description);
  }

  /** One step along the network's gradients, which are shortened where they are too long, and left in place. */
  step(): StepTaken {
    const { schedule, beta1, beta2, gradientMax } = this.#options;
    const { kernels } = this.engine;
    const { gradients } = this.network;
    const rate = learningRate(schedule, this.#steps);
    const gradientNorm = Math.sqrt(kernels.sumOfSquares(gradients.offset, gradients.length));
    if (gradientNorm > gradientMax) {
      kernels.scale(gradients.offset, gradients.length, gradientMax / gradientNorm);
    }
    this.#steps += 1;
    // By products, not by a power: those are the same in every version of V8.
    this.#product1 *= beta1;
    this.#product2 *= beta2;
    if (this.#options.decay === 0) this.#apply(0, gradients.length, rate, 0);
    else {
      for (const { kind, offset, rows, columns } of this.#ranges) {
        this.#apply(offset, rows * columns, rate, kind === 'weights' ? this.#options.decay : 0);
      }
    }
    return { rate, gradientNorm };
  }

  #apply(from: number, count: number, rate: number, decay: number): void {
    const { beta1, beta2, epsilon } = this.#options;
    const { parameters, gradients } = this.network;
    const [parameter, gradient] = [parameters.offset + from, gradients.offset + from];
    this.engine.kernels.adam(
      parameter,
      gradient,
      this.#mean.offset + from,
      this.#square.offset + from,
      count,
      {
        ...{ rate, beta1, beta2, epsilon },
        first: 1 / (1 - this.#product1),
        second: 1 / (1 - this.#product2),
        keep: 1 - rate * decay,
      },
    );
  }

  state(): AdamState {
    return {
      steps: this.#steps,
      product1: this.#product1,
      product2: this.#product2,
      mean: Float32Array.from(this.#mean.view),
      square: Float32Array.from(this.#square.view),
    };
  }

  restore(state: AdamState): void {
    const { length } = this.#mean;
    assert(state.mean.length === length && state.square.length === length, 'The state is of another network');
    this.#steps = state.steps;
    this.#product1 = state.product1;
    this.#product2 = state.product2;
    this.#mean.view.set(state.mean);
    this.#square.view.set(state.square);
  }
}
