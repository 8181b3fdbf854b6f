import type { ArenaStorage } from '../engine/arena.js';
import type { Kernels } from './kernels.js';
import { FUNCTIONS } from './twin-functions.js';
import { ROUND, type Precision } from './twin.js';

type Elementwise = Omit<
  Kernels,
  | 'gemm'
  | 'transpose'
  | 'swapAxes'
  | 'addBias'
  | 'biasRelu'
  | 'addColumnSums'
  | 'lstmForward'
  | 'lstmBackward'
  | 'adam'
>;

export function twinElementwise(storage: ArenaStorage, precision: Precision): Elementwise {
  const round = ROUND[precision];
  const { exp, sigmoid, tanh } = FUNCTIONS[precision];
  const map = (work: (x: number) => number) => (from: number, to: number, count: number) => {
    const x = storage.numbers;
    for (let i = 0; i < count; i++) x[to + i] = work(x[from + i]!);
  };
  return {
    exp: map(exp),
    sigmoid: map(sigmoid),
    tanh: map(tanh),
    reluGradient(y, dy, count) {
      const x = storage.numbers;
      for (let i = 0; i < count; i++) if (!(x[y + i]! > 0)) x[dy + i] = 0;
    },
    tanhGradient(y, dy, count) {
      const x = storage.numbers;
      for (let i = 0; i < count; i++) x[dy + i]! *= round(1 - round(x[y + i]! * x[y + i]!));
    },
    softmax(from, to, rows, n) {
      const x = storage.numbers;
      for (let row = 0; row < rows; row++) {
        const first = from + row * n;
        const written = to + row * n;
        let highest = x[first]!;
        for (let j = 1; j < n; j++) highest = Math.max(highest, x[first + j]!);
        let sum = 0;
        for (let j = 0; j < n; j++) {
          x[written + j] = exp(round(x[first + j]! - highest));
          sum = round(sum + x[written + j]!);
        }
        for (let j = 0; j < n; j++) x[written + j]! /= sum;
      }
    },
    scale(at, count, factor) {
      const x = storage.numbers;
      const by = round(factor);
      for (let i = 0; i < count; i++) x[at + i]! *= by;
    },
    sumOfSquares(at, count) {
      const x = storage.numbers;
      const sums: [number, number, number, number] = [0, 0, 0, 0];
      const whole = count - (count % sums.length);
      for (let i = 0; i < count; i++) {
        // Four sums take turns; what is left over goes to the first, as in the kernel.
        sums[i < whole ? i % sums.length : 0]! += x[at + i]! * x[at + i]!;
      }
      return sums[0] + sums[1] + (sums[2] + sums[3]);
    },
  };
}
