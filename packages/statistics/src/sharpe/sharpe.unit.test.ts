import { describe, expect, test } from '@jest/globals';
import { REFERENCE } from '../reference-for-tests.js';
import { normalSource } from '../simulated-for-tests.js';
import { deflatedSharpe, deflatedSharpeOf, expectedMaximumSharpe } from './deflated.js';
import { minimumTrackRecord, probabilisticSharpe, sharpeSample, type SharpeSample } from './probabilistic.js';
import { valueOf } from '../value-for-tests.js';

const sample = (given: Partial<SharpeSample>): SharpeSample => ({
  sharpe: 0.1,
  n: 250,
  skewness: 0,
  kurtosis: 3,
  ...given,
});

describe('probabilistic Sharpe ratio', () => {
  test('the hedge fund of Bailey and López de Prado 2012: 0.982, and 0.913 with its skewness and kurtosis', () => {
    const fund = sample({ sharpe: 0.458, n: 24 });
    expect(probabilisticSharpe(fund).value).toBeCloseTo(0.9817, 4);
    const real = sample({ sharpe: 0.458, n: 24, skewness: -2.448, kurtosis: 10.164 });
    expect(probabilisticSharpe(real).value).toBeCloseTo(0.9134, 4);
  });

  test.each(REFERENCE.series)('$returns.length days, against scipy', ({ returns, psr, minTrackRecord }) => {
    const measured = valueOf(sharpeSample(returns));
    expect(probabilisticSharpe(measured).value).toBeCloseTo(psr, 11);
    const length = minimumTrackRecord(measured, 0);
    if (minTrackRecord === null) expect(length.missing).toBe('not_above_benchmark');
    else expect(valueOf(length) / minTrackRecord).toBeCloseTo(1, 9);
  });

  test('a benchmark at the measured ratio gives one half', () => {
    expect(probabilisticSharpe(sample({ sharpe: 0.3, skewness: -1, kurtosis: 8 }), 0.3).value).toBe(0.5);
  });
});

describe('minimum track record', () => {
  test.each([
    ['daily', 250, 2.73],
    ['weekly', 52, 2.83],
    ['monthly', 12, 3.24],
  ])('annual 2 against 1 at 95 %%, %s returns: %#', (_, perYear, years) => {
    const measured = sample({ sharpe: 2 / Math.sqrt(perYear) });
    const length = valueOf(minimumTrackRecord(measured, 1 / Math.sqrt(perYear)));
    expect(length / perYear).toBeCloseTo(years, 2);
  });

  test('a record of that length has exactly that confidence', () => {
    const measured = sample({ sharpe: 0.12, skewness: -0.7, kurtosis: 6 });
    const n = valueOf(minimumTrackRecord(measured, 0.02, 0.9));
    expect(probabilisticSharpe({ ...measured, n }, 0.02).value).toBeCloseTo(0.9, 12);
  });
});

describe('deflated Sharpe ratio', () => {
  test.each([
    [10, 1.5746],
    [100, 2.5306],
    [1000, 3.2551],
  ])('%p trials of unit variance are expected to show %p', (count, expected) => {
    expect(expectedMaximumSharpe({ count, variance: 1 }).value).toBeCloseTo(expected, 4);
  });

  test('the expected maximum is close to the maximum of simulated trials', () => {
    const normal = normalSource('maximum');
    let sum = 0;
    for (let i = 0; i < 1_000; i++) sum += Math.max(...Array.from({ length: 100 }, normal));
    expect(sum / 1_000).toBeCloseTo(valueOf(expectedMaximumSharpe({ count: 100, variance: 1 })), 1);
  });

  const annual = { sharpe: 2.5 / Math.sqrt(250), n: 1_250, skewness: -3, kurtosis: 10 };
  const variance = 0.5 / 250;

  test('the example of Bailey and López de Prado 2014: 100 trials 0.9004, 46 trials 0.9505', () => {
    const hundred = valueOf(deflatedSharpe(annual, { count: 100, variance }));
    expect(hundred.benchmark).toBeCloseTo(0.1132, 4);
    expect(hundred.probability).toBeCloseTo(0.9004, 4);
    expect(valueOf(deflatedSharpe(annual, { count: 46, variance })).probability).toBeCloseTo(0.9505, 4);
    const normal = { ...annual, skewness: 0, kurtosis: 3 };
    expect(valueOf(deflatedSharpe(normal, { count: 88, variance })).probability).toBeCloseTo(0.9505, 4);
  });

  test('more trials never help', () => {
    let before = 1;
    for (const count of [1, 1.5, 2, 3, 10, 1e3, 1e6]) {
      const { probability } = valueOf(deflatedSharpe(annual, { count, variance }));
      expect(probability).toBeLessThanOrEqual(before);
      before = probability;
    }
  });

  test('one trial is its own probabilistic ratio', () => {
    const [{ returns, psr }] = [REFERENCE.series[1]!];
    expect(deflatedSharpeOf(returns, [], 1).value).toEqual({
      probability: expect.closeTo(psr, 11),
      benchmark: 0,
    });
  });

  test('several trials without known ratios: missing, not one trial', () => {
    const { returns } = REFERENCE.series[1]!;
    expect(deflatedSharpeOf(returns, [0.1], 12).missing).toBe('too_few');
    expect(deflatedSharpeOf(returns, [0.1, 0.1], 12).missing).toBe('zero_variance');
    expect(deflatedSharpeOf(returns, [0.1, NaN], 12).missing).toBe('not_finite');
    expect(deflatedSharpeOf(new Array<number>(50).fill(0), [0.1, 0.2], 12).missing).toBe('zero_variance');
    expect(deflatedSharpe(annual, { count: 0, variance }).missing).toBe('out_of_range');
  });
});
