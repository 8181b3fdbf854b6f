import { describe, expect, it } from '@jest/globals';
import {
  deviationOfLast,
  emptyWindows,
  highestOfLast,
  lowestOfLast,
  pushRow,
  rankInLast,
  ringsOf,
  sumOfLast,
  valueBack,
  type Windows,
} from './windows.js';

const RINGS = ringsOf([2, 3, 4]);
const [, THREE, FOUR] = RINGS;

/** Three rings side by side that are given the number, its half and its negative. */
const filled = (values: readonly number[]): Windows =>
  values.reduce((windows, x) => pushRow(windows, RINGS, [x / 2, x, 0 - x]), emptyWindows(RINGS));

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('Windows side by side', () => {
  it('each keep their last numbers, in order, and none of another', () => {
    for (let n = 3; n < 20; n++) {
      const windows = filled(upTo(n));
      const back = (ring: typeof THREE): (number | null)[] =>
        [0, 1, 2, 3, 4, -1].map((i) => valueBack(windows, ring, i));
      expect(back(THREE)).toEqual([n - 1, n - 2, n - 3, null, null, null]);
      expect(back(FOUR)).toEqual([1 - n, 2 - n, 3 - n, n > 3 ? 4 - n : null, null, null]);
      expect(valueBack(windows, RINGS[0], 1)).toBe((n - 2) / 2);
    }
    expect(valueBack(filled([7, 8]), THREE, 1)).toBe(7);
    expect(valueBack(filled([]), THREE, 0)).toBeNull();
  });

  it('say null where there are fewer numbers, or the ring is shorter, than asked for', () => {
    const statistics = [
      sumOfLast,
      highestOfLast,
      lowestOfLast,
      (windows: Windows, ring: typeof THREE, n: number) => deviationOfLast(windows, ring, n, 0),
      (windows: Windows, ring: typeof THREE, n: number) => rankInLast(windows, ring, n, 0),
    ];
    for (const of of statistics) {
      expect(of(filled([5, 6]), THREE, 3)).toBeNull();
      expect(of(filled(upTo(9)), THREE, 4)).toBeNull();
      expect(of(filled(upTo(9)), THREE, 0)).toBeNull();
      expect(of(filled(upTo(9)), THREE, 3)).not.toBeNull();
    }
  });

  it('give the same statistics wherever the window lies in its ring', () => {
    for (let turns = 0; turns < 9; turns++) {
      const windows = filled([...upTo(turns), 9, 1, 2, 4]);
      expect([1, 2, 3].map((n) => sumOfLast(windows, THREE, n))).toEqual([4, 6, 7]);
      expect([1, 2, 3].map((n) => highestOfLast(windows, THREE, n))).toEqual([4, 4, 4]);
      expect([1, 2, 3].map((n) => lowestOfLast(windows, THREE, n))).toEqual([4, 2, 1]);
      expect(highestOfLast(windows, FOUR, 4)).toBe(-1);
      expect(deviationOfLast(windows, FOUR, 4, -4)).toBeCloseTo(Math.sqrt(9.5), 14);
      expect(rankInLast(windows, THREE, 3, 2)).toBe(0.5);
      expect([0, 9].map((x) => rankInLast(windows, THREE, 3, x))).toEqual([0, 1]);
    }
  });

  it('have no drift: after a million large numbers a small window is exact', () => {
    let windows = emptyWindows(RINGS);
    for (let i = 0; i < 1_000_000; i++) {
      const x = i % 2 === 0 ? 1e12 + 0.1 : -1e12;
      windows = pushRow(windows, RINGS, [x, x, x]);
    }
    for (const x of [1, 2, 3, 4]) windows = pushRow(windows, RINGS, [x, x, x]);
    expect(sumOfLast(windows, FOUR, 4)).toBe(10);
    expect(deviationOfLast(windows, FOUR, 4, 2.5)).toBe(Math.sqrt(1.25));
  });

  it('are not changed by what is pushed later', () => {
    const before = filled([1, 2, 3]);
    const text = JSON.stringify(before);
    pushRow(before, RINGS, [7, 7, 7]);
    expect(JSON.stringify(before)).toBe(text);
  });
});
