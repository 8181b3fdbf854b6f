import { describe, expect, test } from '@jest/globals';
import { advantagesOf, normalised } from './advantages.js';
import type { Batch } from './rollout.js';

function batchOf(
  rewards: readonly number[],
  next: readonly number[],
  openRows: readonly number[] = [],
): Batch {
  return {
    ...{ rows: rewards.length, inputs: new Float32Array(), openRows, openInputs: new Float32Array() },
    ...{ choices: new Float64Array(), logProbabilities: new Float64Array(), episodes: [] },
    rewards: Float64Array.from(rewards),
    next: Int32Array.from(next),
  };
}

describe('advantages', () => {
  test('with a trace of 1 are the discounted rewards less the guess', () => {
    const batch = batchOf([1, 2, 4], [1, 2, -1]);
    const { advantages, targets } = advantagesOf(batch, [10, 20, 30], [], { discount: 0.5, trace: 1 });
    expect([...targets]).toEqual([1 + 1 + 1, 2 + 2, 4]);
    expect([...advantages]).toEqual([3 - 10, 4 - 20, 4 - 30]);
  });

  test('with a trace of 0 are errors of one step', () => {
    const batch = batchOf([1, 2], [1, -1]);
    const { advantages } = advantagesOf(batch, [10, 20], [], { discount: 0.5, trace: 0 });
    expect([...advantages]).toEqual([1 + 10 - 10, 2 - 20]);
  });

  test('lanes that alternate do not mix, and what is only cut is worth what was seen there', () => {
    // Lane A: rows 0, 2, ends. Lane B: rows 1, 3, cut by time.
    const batch = batchOf([1, 10, 2, 20], [2, 3, -1, -1], [3]);
    const { targets } = advantagesOf(batch, [0, 0, 0, 0], [100], { discount: 1, trace: 1 });
    expect([...targets]).toEqual([3, 130, 2, 120]);
  });

  test('that are equal come to 0 and not to a number that is none', () => {
    expect([...normalised(Float64Array.of(7, 7, 7), 1e-4)]).toEqual([0, 0, 0]);
    const rounding = normalised(Float64Array.of(0.1 + 0.2, 0.3, 0.3), 1e-4);
    expect(Math.max(...rounding.map(Math.abs))).toBeLessThan(1e-9);
    const usual = normalised(Float64Array.of(1, 3), 1e-4);
    expect([...usual]).toEqual([-1, 1]);
  });
});
