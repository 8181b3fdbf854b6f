import { describe, expect, test } from '@jest/globals';
import { twinEngine, wasmEngine, type Engine } from '../engine/engine.js';
import type { Block } from '../engine/arena.js';
import { randomNumbers } from './random-for-tests.js';

/**
 * Goal: WebAssembly and the twin agree in every bit of single precision, and both compute what they say.
 * Method: each kernel runs over the same numbers in both, in sizes that leave remainders of blocks of four and eight; the whole
 * memory that it may write is compared (zeros with their sign; any NaN is a NaN: its other bits are the processor's). What it computes is compared with plain double precision.
 */

type Run = (engine: Engine, blocks: readonly Block[]) => unknown;

/** Numbers of all blocks after a kernel ran over these numbers, and what it returned. */
function after(engine: Engine, numbers: readonly Float32Array[], run: Run) {
  const blocks = numbers.map((values) => {
    const block = engine.allocate(values.length);
    block.view.set(values);
    return block;
  });
  const returned = run(engine, blocks);
  return { returned, blocks: blocks.map(({ view }) => Float32Array.from(view)) };
}

function expectSameBits(numbers: readonly Float32Array[], run: Run): void {
  expect(after(wasmEngine(), numbers, run)).toEqual(after(twinEngine(), numbers, run));
}

type Nine = readonly [number, number, number, number, number, number, number, number, number];

/** Of so many blocks as a kernel has; the rest is not there, and is not asked for. */
const offsets = (blocks: readonly Block[]) => blocks.map(({ offset }) => offset) as [...Nine];

const SIZES = [
  [0, 5, 3],
  [1, 0, 4],
  [1, 1, 1],
  [3, 7, 5],
  [4, 8, 8],
  [5, 43, 12],
  [7, 300, 13],
  [9, 64, 17],
] as const;

describe('twin and WebAssembly agree in every bit', () => {
  test.each(SIZES)('matrix product %i x %i x %i, alone and added', (m, k, n) => {
    for (const add of [false, true]) {
      const numbers = [m * k, k * n, m * n].map((count, i) => randomNumbers(count, `gemm ${i}`));
      expectSameBits(numbers, ({ kernels }, blocks) => {
        const [a, b, c] = offsets(blocks);
        kernels.gemm(a, b, c, m, k, n, add);
      });
    }
  });

  test.each(SIZES)('turning, swapping, bias and sums of %i x %i x %i', (m, k, n) => {
    const numbers = [m * k * n, m * k * n, n].map((count, i) => randomNumbers(count, `turn ${i}`));
    const both = (work: (kernels: Engine['kernels'], x: number, y: number, z: number) => void) =>
      expectSameBits(numbers, ({ kernels }, blocks) => {
        const [x, y, z] = offsets(blocks);
        work(kernels, x, y, z);
      });
    both((kernels, x, y) => kernels.transpose(x, y, m, k * n));
    both((kernels, x, y) => kernels.swapAxes(x, y, m, k, n));
    both((kernels, x, _, z) => kernels.addBias(x, z, m * k, n));
    both((kernels, x, _, z) => kernels.biasRelu(x, z, m * k, n));
    both((kernels, x, _, z) => kernels.addColumnSums(x, z, m * k, n));
  });

  const ODD = Float32Array.of(
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    1e-40,
    -1e-40,
    0.625,
    -0.625,
    88.4,
    -87.4,
    200,
    -200,
  );

  test.each(['exp', 'sigmoid', 'tanh'] as const)('%s', (name) => {
    for (const values of [ODD, randomNumbers(4_001, name, 10), randomNumbers(2_003, `${name} far`, 120)]) {
      expectSameBits([values, values], ({ kernels }, blocks) => {
        const [from, to] = offsets(blocks);
        kernels[name](from, to, values.length);
      });
    }
  });

  test('gradients of ReLU and tanh, scaling, the sum of squares', () => {
    const numbers = [ODD, randomNumbers(ODD.length, 'dy')];
    for (const name of ['reluGradient', 'tanhGradient'] as const) {
      expectSameBits(numbers, ({ kernels }, blocks) => {
        const [y, dy] = offsets(blocks);
        kernels[name](y, dy, ODD.length);
      });
    }
    for (const count of [0, 1, 3, 4, 1_003]) {
      expectSameBits([randomNumbers(count, 'x')], ({ kernels }, blocks) => {
        const [x] = offsets(blocks);
        kernels.scale(x, count, 0.3);
        return kernels.sumOfSquares(x, count);
      });
    }
  });

  test.each([1, 2, 4, 7, 12])('softmax of %i classes', (n) => {
    const numbers = [randomNumbers(9 * n, 'logits', 30), new Float32Array(9 * n)];
    expectSameBits(numbers, ({ kernels }, blocks) => {
      const [from, to] = offsets(blocks);
      kernels.softmax(from, to, 9, n);
    });
  });

  test.each([1, 4, 6, 1_003])('five steps of Adam over %i parameters', (count) => {
    const numbers = [0, 1, 2, 3].map((i) =>
      randomNumbers(count, `adam ${i}`).map((x) => (i === 3 ? x * x : x)),
    );
    expectSameBits(numbers, ({ kernels }, blocks) => {
      const [p, g, m, v] = offsets(blocks);
      for (let t = 1; t <= 5; t++) {
        const [first, second] = [1 / (1 - 0.9 ** t), 1 / (1 - 0.999 ** t)];
        kernels.adam(p, g, m, v, count, {
          ...{ rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, first, second, keep: 1 - 1e-5 },
        });
      }
    });
  });

  test.each([1, 3, 4, 10])('an LSTM step forward and back, %i hidden', (hidden) => {
    const rows = 5;
    const size = rows * hidden;
    const sizes = [4 * size, 4 * hidden, size, size, size, size, size, size, 4 * size];
    const numbers = sizes.map((count, i) => randomNumbers(count, `lstm ${i}`, 2));
    expectSameBits(numbers, ({ kernels }, blocks) => {
      const [gates, bias, before, cell, squashed, output, dh, dc, gateGradient] = offsets(blocks);
      const step = { gates, before, squashed, rows, hidden };
      kernels.lstmForward(step, bias, cell, output);
      kernels.lstmBackward(step, dh, dc, gateGradient);
    });
  });
});

describe('WebAssembly against double precision', () => {
  test('the matrix product', () => {
    const [m, k, n] = [13, 700, 21];
    const [a, b] = [randomNumbers(m * k, 'a'), randomNumbers(k * n, 'b')];
    const engine = wasmEngine();
    const blocks = [a, b, new Float32Array(m * n)].map((values) => {
      const block = engine.allocate(values.length);
      block.view.set(values);
      return block;
    });
    const [x, y, z] = offsets(blocks);
    engine.kernels.gemm(x, y, z, m, k, n, false);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[p * n + j]!;
        expect(Math.abs(blocks[2]!.view[i * n + j]! - sum)).toBeLessThan(1e-5 * Math.sqrt(k));
      }
    }
  });

  test.each([
    ['exp', Math.exp, 2e-7, 80],
    ['sigmoid', (x: number) => 1 / (1 + Math.exp(-x)), 2e-7, 80],
    ['tanh', Math.tanh, 2e-7, 20],
  ] as const)('%s has a relative error below 2e-7', (name, exact, most, spread) => {
    const engine = wasmEngine();
    const values = [...randomNumbers(5_000, 'near'), ...randomNumbers(5_000, 'far', spread)];
    const [from, to] = [engine.allocate(values.length), engine.allocate(values.length)];
    from.view.set(values);
    engine.kernels[name](from.offset, to.offset, values.length);
    const errors = Array.from(from.view, (x, i) => Math.abs(to.view[i]! - exact(x)) / Math.abs(exact(x)));
    expect(Math.max(...errors)).toBeLessThan(most);
  });
});

describe('memory', () => {
  test.each(['wasm', 'twin'] as const)('blocks keep their numbers while %s grows', (kind) => {
    const engine = kind === 'wasm' ? wasmEngine() : twinEngine();
    const first = engine.allocate(3);
    first.view.set([1, 2, 3]);
    const before = first.view;
    const large = engine.allocate(1_000_000);
    expect(first.view).not.toBe(before);
    expect([...first.view]).toEqual([1, 2, 3]);
    large.view.fill(7);
    first.part(1, 2).view[0] = 9;
    expect([...first.view]).toEqual([1, 9, 3]);
    expect(engine.allocate(5).view.every((x) => x === 0)).toBe(true);
  });

  test('has a limit', () => {
    expect(() => wasmEngine().allocate(2 ** 28)).toThrow('An arena holds at most');
    expect(() => wasmEngine().allocate(-1)).toThrow('whole length');
  });
});
