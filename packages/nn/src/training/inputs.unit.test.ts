import { describe, expect, test } from '@jest/globals';
import { encodeInputs, encodedWidth, fitEncoding } from './inputs.js';
import { gatherRows, minibatches, shuffledOrder } from './minibatches.js';

describe('inputs', () => {
  const features = Float32Array.of(1, 10, 5, 3, 10, 999, 5, 10, 7);
  const mask = Float32Array.of(1, 1, 1, 1, 1, 0, 1, 1, 1);

  test('mean and deviation are those of the known values; a column that never moves is divided by 1', () => {
    const encoding = fitEncoding(features, mask, 3, true);
    expect([...encoding.means]).toEqual([3, 10, 6]);
    expect([...encoding.deviations]).toEqual([Math.fround(Math.sqrt(8 / 3)), 1, 1]);
    expect(encodedWidth(encoding)).toBe(6);
  });

  test('a missing value counts as the mean, and the mask stands behind the features', () => {
    const encoding = fitEncoding(features, mask, 3, true);
    const encoded = encodeInputs(encoding, features, mask);
    expect([...encoded.subarray(6, 12)]).toEqual([0, 0, 0, 1, 1, 0]);
    expect([...encoded.subarray(12)]).toEqual([Math.fround(2 / encoding.deviations[0]!), 0, 1, 1, 1, 1]);
  });

  test('a column that is never known has mean 0 and deviation 1', () => {
    const encoding = fitEncoding(Float32Array.of(5, 6), new Float32Array(2), 1, true);
    expect([encoding.means[0], encoding.deviations[0]]).toEqual([0, 1]);
  });

  test('without a mask there are as many columns as features', () => {
    const encoding = fitEncoding(features, null, 3, false);
    expect(encodeInputs(encoding, features, null)).toHaveLength(9);
    expect(() => encodeInputs({ ...encoding, masked: true }, features, null)).toThrow('mask');
  });
});

describe('minibatches', () => {
  test('hold each row once, in an order that hangs on seed and epoch', () => {
    const rowsOf = (seed: string, epoch: number) =>
      [...minibatches(10, 4, seed, epoch)].map((rows) => [...rows]);
    const first = rowsOf('a', 0);
    expect(first.map((rows) => rows.length)).toEqual([4, 4, 2]);
    expect(first.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rowsOf('a', 0)).toEqual(first);
    expect(rowsOf('a', 1)).not.toEqual(first);
    expect(rowsOf('b', 0)).not.toEqual(first);
    expect([...minibatches(0, 4, 'a', 0)]).toEqual([]);
  });

  test('a shuffle puts each number into each place about as often', () => {
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let seed = 0; seed < 2_000; seed++) {
      shuffledOrder(4, String(seed)).forEach((value, place) => (counts[value]![place]! += 1));
    }
    for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  test('rows are gathered in their order', () => {
    const to = new Float32Array(4);
    gatherRows(Float32Array.of(1, 2, 3, 4, 5, 6), 2, Int32Array.of(2, 0), to);
    expect([...to]).toEqual([5, 6, 1, 2]);
  });
});
