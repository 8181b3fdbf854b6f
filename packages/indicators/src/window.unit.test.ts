import { describe, expect, it } from '@jest/globals';
import {
  emptyWindow,
  extremesOf,
  isFull,
  meanSquareOfLast,
  momentsOf,
  orderedValues,
  pushWindow,
  sumOfLast,
  valueBack,
  type NumberWindow,
} from './window.js';

const filled = (capacity: number, values: readonly number[]): NumberWindow =>
  values.reduce(pushWindow, emptyWindow(capacity));

describe('A window of three', () => {
  it('keeps the last three, in order', () => {
    expect(orderedValues(filled(3, []))).toEqual([]);
    expect(orderedValues(filled(3, [1, 2]))).toEqual([1, 2]);
    for (let n = 3; n < 12; n++) {
      const window = filled(
        3,
        Array.from({ length: n }, (_, i) => i),
      );
      expect(orderedValues(window)).toEqual([n - 3, n - 2, n - 1]);
      expect([0, 1, 2, 3, -1].map((back) => valueBack(window, back))).toEqual([
        n - 1,
        n - 2,
        n - 3,
        null,
        null,
      ]);
      expect(isFull(window)).toBe(true);
    }
    expect(isFull(filled(3, [1, 2]))).toBe(false);
    expect(valueBack(filled(3, [7, 8]), 1)).toBe(7);
    expect(valueBack(filled(3, []), 0)).toBeNull();
  });

  it('adds the newest and says null where there are fewer', () => {
    const window = filled(3, [9, 1, 2, 4]);
    expect([1, 2, 3, 4].map((n) => sumOfLast(window, n))).toEqual([4, 6, 7, null]);
    expect([1, 2, 3, 4].map((n) => meanSquareOfLast(window, n))).toEqual([16, 10, 7, null]);
    expect(sumOfLast(filled(3, [5]), 2)).toBeNull();
    expect(meanSquareOfLast(window, 0)).toBeNull();
  });

  it('gives mean and population deviation of a full window only', () => {
    expect(momentsOf(filled(3, [1, 2]))).toBeNull();
    const moments = momentsOf(filled(4, [100, 2, 4, 4, 6]));
    expect(moments?.mean).toBe(4);
    expect(moments?.sd).toBeCloseTo(Math.SQRT2, 14);
    expect(momentsOf(filled(3, [26_400, 26_400, 26_400]))?.sd).toBe(0);
  });

  it('knows its extremes', () => {
    expect(extremesOf(filled(3, []))).toBeNull();
    expect(extremesOf(filled(3, [99, -5, 3, 1]))).toEqual({ low: -5, high: 3 });
  });

  it('has no drift: after a million large numbers a small window is exact', () => {
    let window = emptyWindow(4);
    for (let i = 0; i < 1_000_000; i++) window = pushWindow(window, i % 2 === 0 ? 1e12 + 0.1 : -1e12);
    for (const value of [1, 2, 3, 4]) window = pushWindow(window, value);
    expect(momentsOf(window)).toEqual({ mean: 2.5, sd: Math.sqrt(1.25) });
  });
});
