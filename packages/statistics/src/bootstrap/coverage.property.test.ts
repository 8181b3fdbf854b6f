import { describe, expect, test } from '@jest/globals';
import { autoregressive, normalSource } from '../simulated-for-tests.js';
import { pairedDifference } from '../paired.js';
import { bootstrapInterval, spreadOf } from './intervals.js';
import { valueOf } from '../value-for-tests.js';

/**
 * Goal: an interval that says 90 % holds the true value in about 90 of 100 series.
 * Method: simulated series with a known Sharpe ratio; BW_STATISTICS_SERIES=2000 looks at more of them. Each share has an
 * error of its own, so the bounds are those of learning.md, 85 to 95 %.
 */

const SERIES = Math.max(200, Number(process.env['BW_STATISTICS_SERIES'] ?? 0));
const DAYS = 250;

function sharpeOf(resample: Float64Array): number {
  const { mean, deviation } = spreadOf(resample);
  return deviation > 0 ? mean / deviation : NaN;
}

/** Share of series whose 90 % interval of the Sharpe ratio holds the true one. */
function coverage(phi: number, ratio: number, block: { readonly meanBlock?: number }): number {
  const normal = normalSource(`coverage ${phi} ${ratio}`);
  const mean = ratio / Math.sqrt(1 - phi * phi);
  let held = 0;
  for (let i = 0; i < SERIES; i++) {
    const days = autoregressive(normal, DAYS, phi, mean);
    const options = { seed: `series ${i}`, level: 0.9, resamples: 200, ...block };
    const { low, high } = valueOf(bootstrapInterval(days, sharpeOf, options));
    if (low <= ratio && ratio <= high) held += 1;
  }
  return held / SERIES;
}

describe('intervals of the Sharpe ratio', () => {
  test.each([
    [0, 0.1],
    [0.1, 0],
    [-0.3, 0.1],
  ])('AR(1) of %p with a true ratio of %p a day: 85 to 95 %% of 90 %% intervals hold it', (phi, ratio) => {
    const share = coverage(phi, ratio, {});
    expect(share).toBeGreaterThanOrEqual(0.85);
    expect(share).toBeLessThanOrEqual(0.95);
  });

  test('drawing days alone loses the dependence: the intervals of an AR(1) of 0.5 come out too narrow', () => {
    expect(coverage(0.5, 0, { meanBlock: 1 })).toBeLessThan(0.8);
  });
});

test('half of the intervals of the mean that say 50 % hold it', () => {
  const normal = normalSource('half');
  let held = 0;
  for (let i = 0; i < SERIES; i++) {
    const days = autoregressive(normal, 100, 0, 0.05);
    const mean = (resample: Float64Array): number => resample.reduce((a, b) => a + b, 0) / resample.length;
    const { low, high } = valueOf(
      bootstrapInterval(days, mean, {
        seed: `mean ${i}`,
        level: 0.5,
        resamples: 400,
      }),
    );
    if (low <= 0.05 && 0.05 <= high) held += 1;
  }
  expect(held / SERIES).toBeGreaterThan(0.38);
  expect(held / SERIES).toBeLessThan(0.62);
});

describe('paired differences', () => {
  /** Share of pairs whose p-value is at most 0.1, where the second way of trading is `better` by so much a day. */
  function rejected(better: number): number {
    const normal = normalSource(`paired ${better}`);
    let count = 0;
    for (let i = 0; i < SERIES; i++) {
      const market = Array.from({ length: 100 }, normal);
      const first = market.map((day) => day + 0.3 * normal());
      const second = market.map((day) => day + 0.3 * normal() + better);
      const { p } = valueOf(pairedDifference(second, first, { seed: `pair ${i}`, resamples: 199 }));
      if (p <= 0.1) count += 1;
    }
    return count / SERIES;
  }

  test('without a difference one in ten is found at 10 %', () => {
    const share = rejected(0);
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.17);
  });

  test('what both owe to the market cancels: a seventh of its spread is found', () => {
    expect(rejected(0.15)).toBeGreaterThan(0.9);
  });
});
