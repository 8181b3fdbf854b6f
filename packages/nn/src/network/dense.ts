import type { Block } from '../engine/arena.js';
import type { Engine } from '../engine/engine.js';
import type { Activation } from './description.js';
import type { Layer, LayerInput, Parameter } from './layer.js';

interface DenseOptions {
  readonly in: number;
  readonly out: number;
  readonly activation: Activation;
  readonly batchMax: number;
  readonly input: LayerInput;
  readonly weights: Parameter;
  readonly bias: Parameter;
}

/** output = activation(input × weights + bias). */
export class Dense implements Layer {
  readonly output: Block;
  readonly outputGradient: Block;
  readonly #turnedInput: Block;
  readonly #turnedWeights: Block;

  constructor(
    private readonly engine: Engine,
    private readonly options: DenseOptions,
  ) {
    const { batchMax, out } = options;
    this.output = engine.allocate(batchMax * out);
    this.outputGradient = engine.allocate(batchMax * out);
    this.#turnedInput = engine.allocate(batchMax * options.in);
    this.#turnedWeights = engine.allocate(options.in * out);
  }

  forward(rows: number): void {
    const { kernels } = this.engine;
    const { in: width, out, activation, input, weights, bias } = this.options;
    const to = this.output.offset;
    kernels.gemm(input.values.offset, weights.values.offset, to, rows, width, out, false);
    if (activation === 'relu') {
      kernels.biasRelu(to, bias.values.offset, rows, out);
      return;
    }
    kernels.addBias(to, bias.values.offset, rows, out);
    if (activation === 'tanh') kernels.tanh(to, to, rows * out);
  }

  backward(rows: number, toInput: 'write' | 'accumulate' | 'none'): void {
    const { kernels } = this.engine;
    const { in: width, out, activation, input, weights, bias } = this.options;
    const gradient = this.outputGradient.offset;
    if (activation === 'relu') kernels.reluGradient(this.output.offset, gradient, rows * out);
    if (activation === 'tanh') kernels.tanhGradient(this.output.offset, gradient, rows * out);
    const turned = this.#turnedInput.offset;
    kernels.transpose(input.values.offset, turned, rows, width);
    kernels.gemm(turned, gradient, weights.gradient.offset, width, rows, out, true);
    kernels.addColumnSums(gradient, bias.gradient.offset, rows, out);
    if (toInput === 'none') return;
    const turnedWeights = this.#turnedWeights.offset;
    kernels.transpose(weights.values.offset, turnedWeights, width, out);
    const add = toInput === 'accumulate';
    kernels.gemm(gradient, turnedWeights, input.gradient.offset, rows, out, width, add);
  }
}
