import { uniformSource } from '@bellwether/kernel';
import { describe, expect, test } from '@jest/globals';
import { REFERENCE } from '../reference-for-tests.js';
import { autoregressive, normalSource } from '../simulated-for-tests.js';
import { automaticBlockLength } from './block-length.js';
import { bootstrapInterval, performanceOf } from './intervals.js';
import { drawStationary } from './stationary.js';
import { valueOf } from '../value-for-tests.js';

describe('automatic block length', () => {
  test.each(REFERENCE.series)('$returns.length days, against the package arch', (reference) => {
    const lengths = valueOf(automaticBlockLength(reference.returns));
    expect(lengths.stationary).toBeCloseTo(reference.blockStationary, 10);
    expect(lengths.circular).toBeCloseTo(reference.blockCircular, 10);
  });

  test('an AR(1) of 0.5 comes to 1.2114 n^(1/3) on average, the circular one to 1.1447 times that', () => {
    const normal = normalSource('block length');
    const n = 2_000;
    const lengths = Array.from({ length: 60 }, () =>
      valueOf(automaticBlockLength(autoregressive(normal, n, 0.5))),
    );
    const mean = lengths.reduce((sum, { stationary }) => sum + stationary, 0) / lengths.length;
    const closed = 1.2114 * Math.cbrt(n);
    expect(mean / closed).toBeGreaterThan(0.85);
    expect(mean / closed).toBeLessThan(1.15);
    const uncapped = lengths.filter(({ circular }) => circular < 134);
    for (const { stationary, circular } of uncapped) expect(circular / stationary).toBeCloseTo(1.1447, 4);
  });

  test('missing for few, constant or unusable days', () => {
    expect(automaticBlockLength([1, 2, 3]).missing).toBe('too_few');
    expect(automaticBlockLength(new Array<number>(50).fill(0.1)).missing).toBe('zero_variance');
    expect(automaticBlockLength([...new Array<number>(50).fill(1), NaN]).missing).toBe('not_finite');
  });
});

describe('places of a stationary resample', () => {
  const n = 2_000;
  const drawn = (meanBlock: number): { readonly places: Int32Array; readonly blocks: number } => {
    const places = new Int32Array(n);
    drawStationary(places, meanBlock, uniformSource(`places ${meanBlock}`));
    let blocks = 1;
    for (let i = 1; i < n; i++) if (places[i] !== (places[i - 1]! + 1) % n) blocks += 1;
    return { places, blocks };
  };

  test.each([1, 2, 5, 20])('blocks of mean length %p follow on, and wrap around', (meanBlock) => {
    const { places, blocks } = drawn(meanBlock);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThan(n);
    expect(n / blocks / meanBlock).toBeGreaterThan(0.8);
    expect(n / blocks / meanBlock).toBeLessThan(1.2);
  });

  test('each day is drawn equally often', () => {
    const counts = new Float64Array(10);
    const places = new Int32Array(10);
    const uniform = uniformSource('equal');
    for (let b = 0; b < 10_000; b++) {
      drawStationary(places, 3, uniform);
      for (const place of places) counts[place]! += 1;
    }
    for (const count of counts) expect(Math.abs(count / 10_000 - 1)).toBeLessThan(0.03);
  });
});

describe('intervals', () => {
  test.each(REFERENCE.series)(
    '$returns.length days: the Sharpe interval is that of arch, but for its draws',
    (reference) => {
      const performance = performanceOf(reference.returns, { seed: 'arch', level: 0.9, resamples: 4_000 });
      expect(performance.meanBlock.value).toBeCloseTo(reference.blockStationary, 10);
      const { low, high } = valueOf(performance.sharpe.interval);
      const width = reference.sharpeInterval90[1] - reference.sharpeInterval90[0];
      expect(Math.abs(low - reference.sharpeInterval90[0]) / width).toBeLessThan(0.02);
      expect(Math.abs(high - reference.sharpeInterval90[1]) / width).toBeLessThan(0.03);
    },
  );

  const days = REFERENCE.series[1]!.returns;

  test('the same seed gives the same intervals, another seed gives others', () => {
    const first = performanceOf(days, { seed: 'a', resamples: 200 });
    expect(performanceOf(days, { seed: 'a', resamples: 200 })).toEqual(first);
    expect(performanceOf(days, { seed: 'b', resamples: 200 })).not.toEqual(first);
  });

  test('a factor moves amounts with it and leaves ratios where they are', () => {
    const one = performanceOf(days, { seed: 'a', resamples: 200 });
    const thousand = performanceOf(
      days.map((value) => value * 1_000),
      { seed: 'a', resamples: 200 },
    );
    expect(thousand.sharpe.interval.value?.low).toBeCloseTo(valueOf(one.sharpe.interval).low, 10);
    expect(thousand.drawdown.interval.value?.high).toBeCloseTo(
      1_000 * valueOf(one.drawdown.interval).high,
      8,
    );
    expect(thousand.cvar.interval.value?.low).toBeCloseTo(1_000 * valueOf(one.cvar.interval).low, 8);
  });

  test('one statistic alone has the interval that it has among the others', () => {
    const interval = bootstrapInterval(
      days,
      (resample) => resample.reduce((a, b) => a + b, 0) / resample.length,
      {
        seed: 'a',
        resamples: 200,
      },
    );
    const { mean } = performanceOf(days, { seed: 'a', resamples: 200 });
    expect(interval.value?.low).toBeCloseTo(valueOf(mean.interval).low, 12);
  });

  test('few days have measures and no intervals', () => {
    const performance = performanceOf(days.slice(0, 12), { seed: 'a' });
    expect(performance.sharpe.point.missing).toBeNull();
    expect(performance.sharpe.interval).toEqual({ value: null, missing: 'too_few' });
    expect(performance.cvar).toEqual({
      point: { value: null, missing: 'too_few' },
      interval: { value: null, missing: 'too_few' },
    });
  });

  test('days without a trade have no ratio, not a ratio of zero', () => {
    const performance = performanceOf(new Array<number>(60).fill(0), { seed: 'a' });
    expect(performance.sharpe.point.missing).toBe('zero_variance');
    expect(performance.sharpe.interval.missing).toBe('zero_variance');
    expect(performance.drawdown.point.value).toBe(0);
    expect(performance.drawdown.interval.missing).toBe('zero_variance');
  });

  test('one traded day among many: too many resamples lack it, so the ratio has no interval', () => {
    const sparse = new Array<number>(60).fill(0);
    sparse[30] = 1;
    const performance = performanceOf(sparse, { seed: 'a', meanBlock: 1 });
    expect(performance.sharpe.point.value).toBeGreaterThan(0);
    expect(performance.sharpe.interval.missing).toBe('unstable');
    expect(performance.mean.interval.value?.low).toBe(0);
  });

  test('a day that is no number leaves nothing', () => {
    const performance = performanceOf([...days, NaN], { seed: 'a' });
    for (const measure of ['mean', 'sharpe', 'sortino', 'cvar', 'drawdown'] as const) {
      expect(performance[measure].interval).toEqual({ value: null, missing: 'not_finite' });
    }
  });
});
