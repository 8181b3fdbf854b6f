/** Place of a number in an engine's memory, counted in numbers. */
export type Offset = number;

/** What one step of Adam is told. `first` and `second` are 1 / (1 - beta^t); `keep` is 1 - rate × decay. */
export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly first: number;
  readonly second: number;
  readonly keep: number;
}

/** Where the parts of one LSTM step for a batch lie: gates [rows, 4 hidden], the others [rows, hidden]. */
export interface LstmStep {
  /** Sums of weights before the forward step, the gates (input, output, forget, cell) after it. */
  readonly gates: Offset;
  /** Cell of the step before. */
  readonly before: Offset;
  readonly squashed: Offset;
  readonly rows: number;
  readonly hidden: number;
}

/**
 * The arithmetic of training over one memory. Matrices lie row by row. Two implementations, WebAssembly and TypeScript,
 * agree in every bit of single precision: each states its order of additions, and both keep it.
 */
export interface Kernels {
  /** C [m, n] = A [m, k] B [k, n], or added to what C holds; each number summed over k in order. */
  gemm(a: Offset, b: Offset, c: Offset, m: number, k: number, n: number, accumulate: boolean): void;
  /** to [n, m] = from [m, n] turned. */
  transpose(from: Offset, to: Offset, m: number, n: number): void;
  /** to [b, a, width] = from [a, b, width]. */
  swapAxes(from: Offset, to: Offset, a: number, b: number, width: number): void;
  /** x [m, n] += bias [n]. */
  addBias(x: Offset, bias: Offset, m: number, n: number): void;
  /** x [m, n] = max(0, x + bias [n]). */
  biasRelu(x: Offset, bias: Offset, m: number, n: number): void;
  /** sums [n] += the columns of x [m, n]. */
  addColumnSums(x: Offset, sums: Offset, m: number, n: number): void;
  exp(from: Offset, to: Offset, count: number): void;
  sigmoid(from: Offset, to: Offset, count: number): void;
  tanh(from: Offset, to: Offset, count: number): void;
  /** dy = dy where y > 0, else 0. */
  reluGradient(y: Offset, dy: Offset, count: number): void;
  /** dy = dy (1 - y²), with y = tanh(x). */
  tanhGradient(y: Offset, dy: Offset, count: number): void;
  /** to [rows, n] = softmax of each row. */
  softmax(from: Offset, to: Offset, rows: number, n: number): void;
  /** x = x × factor. */
  scale(x: Offset, count: number, factor: number): void;
  /** Sum of squares, in double precision. */
  sumOfSquares(x: Offset, count: number): number;
  adam(
    parameter: Offset,
    gradient: Offset,
    mean: Offset,
    square: Offset,
    count: number,
    step: AdamStep,
  ): void;
  /** Adds the bias [4 hidden], makes the gates, and writes cell, tanh(cell) (`squashed`) and output. */
  lstmForward(step: LstmStep, bias: Offset, cell: Offset, output: Offset): void;
  /**
   * Gradient of the sums of weights from that of the output. `cellGradient` holds what comes from the step after, and
   * afterwards what goes to the step before.
   */
  lstmBackward(step: LstmStep, outputGradient: Offset, cellGradient: Offset, gateGradient: Offset): void;
}
