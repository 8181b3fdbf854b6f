import { describe, expect, test } from '@jest/globals';
import { momentsOf, sortedQuantile } from './moments.js';
import {
  annualised,
  compoundedDrawdown,
  conditionalValueAtRisk,
  maximumDrawdown,
  sharpeRatio,
  sortinoRatio,
} from './performance.js';
import { REFERENCE } from './reference-for-tests.js';
import { valueOf } from './value-for-tests.js';

const near = (value: number): unknown => ({ value: expect.closeTo(value, 11), missing: null });
const absent = (missing: string): unknown => ({ value: null, missing });

describe.each(REFERENCE.series)('$returns.length days, against numpy and scipy', (reference) => {
  const { returns } = reference;

  test('the moments agree', () => {
    const moments = momentsOf(returns).value;
    expect(moments?.mean).toBeCloseTo(reference.mean, 14);
    expect(moments?.skewness).toBeCloseTo(reference.skewness, 11);
    expect(moments?.kurtosis).toBeCloseTo(reference.kurtosis, 11);
  });

  test('the measures agree', () => {
    expect(sharpeRatio(returns)).toEqual(near(reference.sharpe));
    expect(sortinoRatio(returns)).toEqual(near(reference.sortino));
    expect(conditionalValueAtRisk(returns)).toEqual(near(reference.cvar));
    expect(maximumDrawdown(returns)).toEqual(near(reference.drawdown));
    expect(compoundedDrawdown(returns)).toEqual(near(reference.compoundedDrawdown));
  });

  test('a common factor changes no ratio, and every amount by itself', () => {
    const scaled = returns.map((value) => value * 50_000);
    expect(sharpeRatio(scaled)).toEqual(near(reference.sharpe));
    expect(sortinoRatio(scaled)).toEqual(near(reference.sortino));
    expect(valueOf(conditionalValueAtRisk(scaled)) / 50_000).toBeCloseTo(reference.cvar, 11);
    expect(valueOf(maximumDrawdown(scaled)) / 50_000).toBeCloseTo(reference.drawdown, 11);
  });

  test('the order of the days changes the drawdown alone', () => {
    const sorted = [...returns].sort((a, b) => a - b);
    expect(sharpeRatio(sorted)).toEqual(near(reference.sharpe));
    expect(sortinoRatio(sorted)).toEqual(near(reference.sortino));
    expect(conditionalValueAtRisk(sorted)).toEqual(near(reference.cvar));
    expect(maximumDrawdown(sorted).value).toBeGreaterThan(reference.drawdown);
  });
});

describe('by hand', () => {
  test('the tail takes a part of the day at its edge', () => {
    // 5 % of 30 days are one and a half.
    const returns = Array.from({ length: 30 }, (_, i) => i - 3);
    expect(conditionalValueAtRisk(returns).value).toBeCloseTo((-3 + 0.5 * -2) / 1.5, 12);
    expect(conditionalValueAtRisk(Array.from({ length: 60 }, (_, i) => i)).value).toBeCloseTo(1, 12);
  });

  test('a drawdown counts from the start as from any other peak', () => {
    expect(maximumDrawdown([-2, 1, 3, -4, 1]).value).toBe(4);
    expect(maximumDrawdown([-2, -1, 5]).value).toBe(3);
    expect(maximumDrawdown([1, 2, 3]).value).toBe(0);
    expect(compoundedDrawdown([0.5, -0.5, 0.1]).value).toBeCloseTo(0.5, 12);
  });

  test('a ratio a year is root of the days times the ratio a day', () => {
    expect(annualised(0.1, 252)).toBeCloseTo(1.5874507866387544, 12);
  });

  test('quantiles interpolate as numpy does', () => {
    expect([0, 0.1, 0.5, 1].map((level) => sortedQuantile([1, 2, 4, 8], level))).toEqual([1, 1.3, 3, 8]);
  });
});

describe('what cannot be measured is missing, with the reason', () => {
  const measures = [sharpeRatio, sortinoRatio, conditionalValueAtRisk, maximumDrawdown, compoundedDrawdown];

  test.each([NaN, Infinity, -Infinity])('%p among the days', (odd) => {
    const days = Array.from({ length: 40 }, (_, i) => (i === 7 ? odd : Math.sin(i) / 10));
    for (const measure of measures) expect(measure(days)).toEqual(absent('not_finite'));
  });

  test('too few days', () => {
    for (const measure of measures) expect(measure([])).toEqual(absent('too_few'));
    expect(sharpeRatio([1])).toEqual(absent('too_few'));
    expect(conditionalValueAtRisk(Array.from({ length: 19 }, (_, i) => i))).toEqual(absent('too_few'));
    expect(conditionalValueAtRisk(Array.from({ length: 20 }, (_, i) => i)).value).toBe(0);
  });

  test.each([0, 0.1, -1e-9, 12_345.678])('days that are all %p', (value) => {
    const days = new Array<number>(100).fill(value);
    expect(sharpeRatio(days)).toEqual(absent('zero_variance'));
    expect(sortinoRatio(days)).toEqual(value < 0 ? near(-1) : absent('no_downside'));
    expect(conditionalValueAtRisk(days).value).toBeCloseTo(value, 9);
  });

  test('a loss of more than everything, and numbers that overflow', () => {
    expect(compoundedDrawdown([0.1, -1.2])).toEqual(absent('out_of_range'));
    expect(sharpeRatio([1e300, -1e300, 1e300])).toEqual(absent('undefined'));
    expect(sharpeRatio([1e-300, -1e-300, 2e-300])).toEqual(absent('zero_variance'));
  });
});
