import fs from 'node:fs';
import type { AdamStep, Kernels, LstmStep } from './kernels.js';

/** What assembly/index.ts exports. Addresses are in bytes, sizes in numbers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  gemm(a: number, b: number, c: number, m: number, k: number, n: number, accumulate: number): void;
  transpose(from: number, to: number, m: number, n: number): void;
  swapAxes(from: number, to: number, a: number, b: number, width: number): void;
  addBias(x: number, bias: number, m: number, n: number): void;
  biasRelu(x: number, bias: number, m: number, n: number): void;
  addColumnSums(x: number, sums: number, m: number, n: number): void;
  exp(from: number, to: number, count: number): void;
  sigmoid(from: number, to: number, count: number): void;
  tanh(from: number, to: number, count: number): void;
  reluGradient(y: number, dy: number, count: number): void;
  tanhGradient(y: number, dy: number, count: number): void;
  softmax(from: number, to: number, rows: number, n: number): void;
  scale(x: number, count: number, factor: number): void;
  sumOfSquares(x: number, count: number): number;
  adam(...values: readonly number[]): void;
  lstmForward(...values: readonly number[]): void;
  lstmBackward(...values: readonly number[]): void;
}

export interface LoadedKernels {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  /** Number behind what the compiler put into the memory. */
  readonly firstFree: number;
}

/** From the folder of the compiled package; `tools/build-kernels.mjs` writes it. */
const FILE = new URL('../kernels.wasm', import.meta.url);
const SHIFT = 2;

let compiled: WebAssembly.Module | null = null;

/** A new instance with a memory of its own; the code is compiled once a thread. */
export function loadKernels(): LoadedKernels {
  compiled ??= new WebAssembly.Module(fs.readFileSync(FILE));
  // The one claim about the binary: it is made from assembly/index.ts, and the tests call each of its functions.
  const exports = new WebAssembly.Instance(compiled).exports as Exports;
  return {
    kernels: new WasmKernels(exports),
    memory: exports.memory,
    firstFree: Math.ceil(exports.heapBase() / (1 << SHIFT)),
  };
}

class WasmKernels implements Kernels {
  constructor(private readonly code: Exports) {}

  gemm(a: number, b: number, c: number, m: number, k: number, n: number, accumulate: boolean): void {
    this.code.gemm(a << SHIFT, b << SHIFT, c << SHIFT, m, k, n, accumulate ? 1 : 0);
  }

  transpose(from: number, to: number, m: number, n: number): void {
    this.code.transpose(from << SHIFT, to << SHIFT, m, n);
  }

  swapAxes(from: number, to: number, a: number, b: number, width: number): void {
    this.code.swapAxes(from << SHIFT, to << SHIFT, a, b, width);
  }

  addBias(x: number, bias: number, m: number, n: number): void {
    this.code.addBias(x << SHIFT, bias << SHIFT, m, n);
  }

  biasRelu(x: number, bias: number, m: number, n: number): void {
    this.code.biasRelu(x << SHIFT, bias << SHIFT, m, n);
  }

  addColumnSums(x: number, sums: number, m: number, n: number): void {
    this.code.addColumnSums(x << SHIFT, sums << SHIFT, m, n);
  }

  exp(from: number, to: number, count: number): void {
    this.code.exp(from << SHIFT, to << SHIFT, count);
  }

  sigmoid(from: number, to: number, count: number): void {
    this.code.sigmoid(from << SHIFT, to << SHIFT, count);
  }

  tanh(from: number, to: number, count: number): void {
    this.code.tanh(from << SHIFT, to << SHIFT, count);
  }

  reluGradient(y: number, dy: number, count: number): void {
    this.code.reluGradient(y << SHIFT, dy << SHIFT, count);
  }

  tanhGradient(y: number, dy: number, count: number): void {
    this.code.tanhGradient(y << SHIFT, dy << SHIFT, count);
  }

  softmax(from: number, to: number, rows: number, n: number): void {
    this.code.softmax(from << SHIFT, to << SHIFT, rows, n);
  }

  scale(x: number, count: number, factor: number): void {
    this.code.scale(x << SHIFT, count, factor);
  }

  sumOfSquares(x: number, count: number): number {
    return this.code.sumOfSquares(x << SHIFT, count);
  }

  adam(
    parameter: number,
    gradient: number,
    mean: number,
    square: number,
    count: number,
    { rate, beta1, beta2, epsilon, first, second, keep }: AdamStep,
  ): void {
    this.code.adam(
      ...[parameter << SHIFT, gradient << SHIFT, mean << SHIFT, square << SHIFT, count],
      ...[rate, beta1, beta2, epsilon, first, second, keep],
    );
  }

  lstmForward(step: LstmStep, bias: number, cell: number, output: number): void {
    const { gates, before, squashed, rows, hidden } = step;
    this.code.lstmForward(
      ...[gates << SHIFT, bias << SHIFT, before << SHIFT, cell << SHIFT, squashed << SHIFT],
      ...[output << SHIFT, rows, hidden],
    );
  }

  lstmBackward(step: LstmStep, outputGradient: number, cellGradient: number, gateGradient: number): void {
    const { gates, before, squashed, rows, hidden } = step;
    this.code.lstmBackward(
      ...[gates << SHIFT, before << SHIFT, squashed << SHIFT, outputGradient << SHIFT],
      ...[cellGradient << SHIFT, gateGradient << SHIFT, rows, hidden],
    );
  }
}
