import type { ArenaStorage } from '../engine/arena.js';
import type { Kernels } from './kernels.js';
import type { Round } from './twin.js';

type Matrix = Pick<Kernels, 'gemm' | 'transpose' | 'swapAxes' | 'addBias' | 'biasRelu' | 'addColumnSums'>;

/** Matrices by rows. A store rounds, so only what is not stored is rounded by hand. */
export function twinMatrix(storage: ArenaStorage, round: Round): Matrix {
  return {
    gemm(a, b, c, m, k, n, accumulate) {
      const x = storage.numbers;
      if (!accumulate) x.fill(0, c, c + m * n);
      for (let i = 0; i < m; i++) {
        const row = c + i * n;
        for (let p = 0; p < k; p++) {
          const factor = x[a + i * k + p]!;
          const from = b + p * n;
          for (let j = 0; j < n; j++) x[row + j]! += round(factor * x[from + j]!);
        }
      }
    },
    transpose(from, to, m, n) {
      const x = storage.numbers;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) x[to + j * m + i] = x[from + i * n + j]!;
      }
    },
    swapAxes(from, to, a, b, width) {
      const x = storage.numbers;
      for (let i = 0; i < a; i++) {
        for (let j = 0; j < b; j++) {
          const row = from + (i * b + j) * width;
          x.copyWithin(to + (j * a + i) * width, row, row + width);
        }
      }
    },
    addBias(at, bias, m, n) {
      const x = storage.numbers;
      for (let i = 0; i < m * n; i++) x[at + i]! += x[bias + (i % n)]!;
    },
    biasRelu(at, bias, m, n) {
      const x = storage.numbers;
      for (let i = 0; i < m * n; i++) x[at + i] = Math.max(x[at + i]! + x[bias + (i % n)]!, 0);
    },
    addColumnSums(at, sums, m, n) {
      const x = storage.numbers;
      for (let i = 0; i < m * n; i++) x[sums + (i % n)]! += x[at + i]!;
    },
  };
}
