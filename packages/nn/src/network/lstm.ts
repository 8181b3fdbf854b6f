import type { Block } from '../engine/arena.js';
import type { Engine } from '../engine/engine.js';
import type { LstmStep } from '../kernels/kernels.js';
import type { Layer, LayerInput, Parameter } from './layer.js';

interface LstmOptions {
  readonly in: number;
  readonly hidden: number;
  readonly steps: number;
  readonly batchMax: number;
  /** [batch, steps, in] */
  readonly input: LayerInput;
  readonly inputWeights: Parameter;
  readonly recurrentWeights: Parameter;
  readonly bias: Parameter;
}

/**
 * An LSTM through time; its output is that of the last step. Inside, steps come first: the input part of all gates is one
 * product of matrices, and so are the gradients of both weights.
 */
export class Lstm implements Layer {
  readonly output: Block;
  readonly outputGradient: Block;
  /** [steps, batch, in] */
  readonly #sequence: Block;
  /** [steps, batch, 4 hidden] */
  readonly #gates: Block;
  readonly #gateGradient: Block;
  /** [steps + 1, batch, hidden], zeros first. */
  readonly #cells: Block;
  readonly #outputs: Block;
  /** [steps, batch, hidden] */
  readonly #squashed: Block;
  /** [batch, hidden] */
  readonly #hiddenGradient: Block;
  readonly #cellGradient: Block;
  readonly #turned: Block;
  readonly #turnedWeights: Block;

  constructor(
    private readonly engine: Engine,
    private readonly options: LstmOptions,
  ) {
    const { batchMax, hidden, steps, in: width } = options;
    const allocate = (length: number): Block => engine.allocate(length);
    this.output = allocate(batchMax * hidden);
    this.outputGradient = allocate(batchMax * hidden);
    this.#sequence = allocate(steps * batchMax * width);
    this.#gates = allocate(steps * batchMax * 4 * hidden);
    this.#gateGradient = allocate(steps * batchMax * 4 * hidden);
    this.#cells = allocate((steps + 1) * batchMax * hidden);
    this.#outputs = allocate((steps + 1) * batchMax * hidden);
    this.#squashed = allocate(steps * batchMax * hidden);
    this.#hiddenGradient = allocate(batchMax * hidden);
    this.#cellGradient = allocate(batchMax * hidden);
    this.#turned = allocate(steps * batchMax * Math.max(width, hidden));
    this.#turnedWeights = allocate(4 * hidden * Math.max(width, hidden));
  }

  forward(rows: number): void {
    const { kernels } = this.engine;
    const { hidden, steps, in: width, input, inputWeights, recurrentWeights, bias } = this.options;
    const size = rows * hidden;
    this.#cells.view.fill(0, 0, size);
    this.#outputs.view.fill(0, 0, size);
    kernels.swapAxes(input.values.offset, this.#sequence.offset, rows, steps, width);
    const gates = this.#gates.offset;
    const sequence = this.#sequence.offset;
    kernels.gemm(sequence, inputWeights.values.offset, gates, steps * rows, width, 4 * hidden, false);
    for (let t = 0; t < steps; t++) {
      const before = this.#outputs.offset + t * size;
      const step = this.#step(t, rows);
      kernels.gemm(before, recurrentWeights.values.offset, step.gates, rows, hidden, 4 * hidden, true);
      const cell = this.#cells.offset + (t + 1) * size;
      kernels.lstmForward(step, bias.values.offset, cell, before + size);
    }
    this.output.view.set(this.#outputs.view.subarray(steps * size, (steps + 1) * size));
  }

  backward(rows: number, toInput: 'write' | 'accumulate' | 'none'): void {
    const { kernels } = this.engine;
    const { hidden, steps, recurrentWeights } = this.options;
    const size = rows * hidden;
    this.#hiddenGradient.view.set(this.outputGradient.view.subarray(0, size));
    this.#cellGradient.view.fill(0, 0, size);
    const turned = this.#turnedWeights.offset;
    kernels.transpose(recurrentWeights.values.offset, turned, hidden, 4 * hidden);
    const [dh, dc] = [this.#hiddenGradient.offset, this.#cellGradient.offset];
    for (let t = steps - 1; t >= 0; t--) {
      const gateGradient = this.#gateGradient.offset + t * 4 * size;
      kernels.lstmBackward(this.#step(t, rows), dh, dc, gateGradient);
      if (t > 0) kernels.gemm(gateGradient, turned, dh, rows, 4 * hidden, hidden, false);
    }
    this.#parameterGradients(steps * rows);
    if (toInput !== 'none') this.#inputGradient(rows, toInput === 'accumulate');
  }

  #step(t: number, rows: number): LstmStep {
    const { hidden } = this.options;
    const size = rows * hidden;
    return {
      gates: this.#gates.offset + t * 4 * size,
      before: this.#cells.offset + t * size,
      squashed: this.#squashed.offset + t * size,
      rows,
      hidden,
    };
  }

  /** Over all steps at once: each is a sum over steps and rows. */
  #parameterGradients(count: number): void {
    const { kernels } = this.engine;
    const { hidden, in: width, inputWeights, recurrentWeights, bias } = this.options;
    const [turned, gradient] = [this.#turned.offset, this.#gateGradient.offset];
    kernels.transpose(this.#sequence.offset, turned, count, width);
    kernels.gemm(turned, gradient, inputWeights.gradient.offset, width, count, 4 * hidden, true);
    kernels.transpose(this.#outputs.offset, turned, count, hidden);
    kernels.gemm(turned, gradient, recurrentWeights.gradient.offset, hidden, count, 4 * hidden, true);
    kernels.addColumnSums(gradient, bias.gradient.offset, count, 4 * hidden);
  }

  #inputGradient(rows: number, accumulate: boolean): void {
    const { kernels } = this.engine;
    const { hidden, steps, in: width, input, inputWeights } = this.options;
    const turned = this.#turnedWeights.offset;
    kernels.transpose(inputWeights.values.offset, turned, width, 4 * hidden);
    const count = steps * rows;
    // The sequence is not needed any more: its gradient takes its place.
    const sequence = this.#sequence.offset;
    kernels.gemm(this.#gateGradient.offset, turned, sequence, count, 4 * hidden, width, false);
    const to = accumulate ? this.#turned.offset : input.gradient.offset;
    kernels.swapAxes(sequence, to, steps, rows, width);
    if (!accumulate) return;
    const sums = input.gradient.view;
    this.#turned.view.subarray(0, count * width).forEach((value, i) => (sums[i]! += value));
  }
}
