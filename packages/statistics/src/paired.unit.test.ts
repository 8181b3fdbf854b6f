import { describe, expect, test } from '@jest/globals';
import { pairedDifference } from './paired.js';
import { REFERENCE } from './reference-for-tests.js';
import { valueOf } from './value-for-tests.js';

const [first, second] = REFERENCE.many.columns as [readonly number[], readonly number[]];

describe('two ways of trading the same days', () => {
  test('exchanging them turns every sign', () => {
    const forth = valueOf(pairedDifference(first, second, { seed: 'x', resamples: 500 }));
    const back = valueOf(pairedDifference(second, first, { seed: 'x', resamples: 500 }));
    expect(back.mean.point.value).toBeCloseTo(-valueOf(forth.mean.point), 14);
    expect(valueOf(back.mean.interval).low).toBeCloseTo(-valueOf(forth.mean.interval).high, 12);
    expect(back.sharpe.point.value).toBeCloseTo(-valueOf(forth.sharpe.point), 12);
    expect(back.p).toBe(forth.p);
  });

  test('a constant on top of one: the difference is that constant and has no spread', () => {
    expect(pairedDifference(first, first, { seed: 'x' }).missing).toBe('zero_variance');
    expect(
      pairedDifference(
        [...first.keys()].map((day) => day + 1),
        [...first.keys()],
        { seed: 'x' },
      ).missing,
    ).toBe('zero_variance');
  });

  test('days that do not belong together are refused', () => {
    expect(pairedDifference(first, first.slice(1), { seed: 'x' }).missing).toBe('unequal_lengths');
    expect(pairedDifference([1, 2], [2, 1], { seed: 'x' }).missing).toBe('too_few');
    expect(
      pairedDifference(
        first,
        first.map(() => NaN),
        { seed: 'x' },
      ).missing,
    ).toBe('not_finite');
  });

  test('against doing nothing, the ratio is missing and the mean is not', () => {
    const nothing = first.map(() => 0);
    const difference = valueOf(pairedDifference(first, nothing, { seed: 'x', resamples: 300 }));
    expect(difference.sharpe.point.missing).toBe('zero_variance');
    expect(difference.mean.interval.missing).toBeNull();
  });
});
