import { describe, expect, it, test } from '@jest/globals';
import { atrOf, emptyAtr, updateAtr } from './atr.js';
import { bollingerOf } from './bollinger.js';
import { efficiencyRatioOf } from './efficiency-ratio.js';
import { regressionEndOf } from './linear-regression.js';
import { averageOf, emptyEma, emptyRma, updateAverage } from './moving-average.js';
import { medianOf, percentileRankOf } from './order-statistics.js';
import { trueRange, type PriceBar } from './price-bar.js';
import { emptyRsi, rsiOf, updateRsi } from './rsi.js';
import { choppinessOf } from './choppiness.js';
import { correlationOf } from './correlation.js';
import { garmanKlassOf } from './garman-klass.js';
import { adxOf, directionalIndicatorsOf, emptyAdx, updateAdx } from './adx.js';
import { fastKOf } from './stochastic.js';
import { varianceRatioOf } from './variance-ratio.js';
import { emptyWindows, pushRow, ringsOf, type Windows } from './windows.js';

const bar = (high: number, low: number, close: number, session_start = false): PriceBar => ({
  open_us: 0,
  close_us: 60_000_000,
  open_ticks: close,
  high_ticks: high,
  low_ticks: low,
  close_ticks: close,
  session_start,
});

describe('EMA and Wilder average', () => {
  it('is seeded with the mean of the first n, then weighs by 2/(n+1)', () => {
    let ema = emptyEma(3);
    const seen = [3, 4, 8, 11, 3].map((x) => averageOf((ema = updateAverage(ema, x))));
    expect(seen).toEqual([null, null, 5, 8, 5.5]);
  });

  it('weighs by 1/n for Wilder', () => {
    let rma = emptyRma(4);
    const seen = [1, 2, 3, 6, 7, 4].map((x) => averageOf((rma = updateAverage(rma, x))));
    expect(seen).toEqual([null, null, null, 3, 4, 4]);
  });

  it('forgets where it began: after 7n numbers 0.1 % of the difference of two starts is left at most', () => {
    let low = emptyEma(21);
    let high = emptyEma(21);
    for (let i = 0; i < 21; i++) [low, high] = [updateAverage(low, 1_000), updateAverage(high, 2_000)];
    for (let i = 0; i < 147; i++) [low, high] = [updateAverage(low, 1_500), updateAverage(high, 1_500)];
    expect(high.value - low.value).toBeGreaterThan(0);
    expect(high.value - low.value).toBeLessThan(1);
  });
});

describe('RSI', () => {
  it('equals the worked example of the literature after 15 and 16 closes', () => {
    const closes = [
      44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.1, 45.42, 45.84, 46.08, 45.89, 46.03, 45.61, 46.28,
    ];
    let rsi = emptyRsi(14);
    for (const close of closes) rsi = updateRsi(rsi, close);
    expect(rsiOf(rsi)).toBeNull();
    rsi = updateRsi(rsi, 46.28);
    expect(rsiOf(rsi)).toBeCloseTo((100 * 3.34) / (3.34 + 1.4), 10);
    rsi = updateRsi(rsi, 46.0);
    expect(rsiOf(rsi)).toBeCloseTo(66.2496, 3);
  });

  it('is 50 in a market that does not move, 100 and 0 where it moves one way', () => {
    const after = (step: number): number | null => {
      let rsi = emptyRsi(14);
      for (let i = 0; i < 40; i++) rsi = updateRsi(rsi, 1_000 + i * step);
      return rsiOf(rsi);
    };
    expect([after(0), after(1), after(-1)]).toEqual([50, 100, 0]);
  });
});

describe('ATR', () => {
  it('seeds with the mean of true ranges 1 to n and goes on by Wilder', () => {
    let atr = emptyAtr(2);
    const seen: (number | null)[] = [];
    // True ranges: none, 12-8=4, 11-9=2, 20-10=10.
    for (const next of [bar(11, 9, 10), bar(12, 8, 9), bar(11, 9, 10), bar(20, 18, 19)]) {
      atr = updateAtr(atr, next);
      seen.push(atrOf(atr));
    }
    expect(seen).toEqual([null, null, 3, 6.5]);
  });

  it('leaves out the jump at the start of a session', () => {
    expect(trueRange(bar(120, 118, 119), 100)).toBe(20);
    expect(trueRange(bar(120, 118, 119, true), 100)).toBe(2);
    expect(trueRange(bar(120, 118, 119), null)).toBe(2);
    expect(trueRange(bar(90, 88, 89), 100)).toBe(12);
    let atr = emptyAtr(2);
    for (const next of [bar(11, 9, 10), bar(12, 8, 9), bar(110, 108, 109, true)]) atr = updateAtr(atr, next);
    expect(atrOf(atr)).toBe(3);
  });
});

describe('ADX', () => {
  it('counts a move only where it is the larger one; equal moves count for neither', () => {
    let adx = emptyAdx(2);
    // Up 2 and down 1; both 3; down 4.
    for (const next of [bar(10, 5, 7), bar(12, 4, 7), bar(15, 1, 7), bar(14, -3, 7)])
      adx = updateAdx(adx, next);
    // Wilder sums: 2, then 2 - 1 + 0, then 1 - 0.5; and 0, 0, 4.
    expect([adx.plus, adx.minus]).toEqual([0.5, 4]);
    // True ranges 8, 14, 17: 8, 4 + 14, 9 + 17.
    expect(directionalIndicatorsOf(adx)).toEqual({ plus: 50 / 26, minus: 400 / 26 });
    expect(adxOf(adx)).toBeCloseTo((100 + (100 * 3.5) / 4.5) / 2, 12);
  });

  it('is 0 in a market that does not move, 100 where it goes one way', () => {
    const after = (step: number): number | null => {
      let adx = emptyAdx(14);
      for (let i = 0; i < 40; i++) adx = updateAdx(adx, bar(100 + i * step, 100 + i * step, 100 + i * step));
      return adxOf(adx);
    };
    expect([after(0), after(3), after(-3)]).toEqual([0, 100, 100]);
  });

  it('leaves out the jump at the start of a session', () => {
    let adx = emptyAdx(2);
    for (const next of [bar(10, 8, 9), bar(110, 108, 109, true)]) adx = updateAdx(adx, next);
    expect([adx.plus, adx.minus, adx.range]).toEqual([0, 0, 2]);
  });
});

describe('Formulas over windows', () => {
  const RINGS = ringsOf([4, 5, 20]);
  const [FOUR, FIVE, TWENTY] = RINGS;
  const window = (values: readonly number[]): Windows =>
    values.reduce((windows, x) => pushRow(windows, RINGS, [x, x, x]), emptyWindows(RINGS));

  test('Bollinger of 1 to 20 has the population deviation', () => {
    const upTo20 = window(Array.from({ length: 20 }, (_, i) => i + 1));
    const bands = bollingerOf(upTo20, TWENTY, 20, 2);
    expect(bands?.middle).toBe(10.5);
    expect(bands?.sd).toBeCloseTo(Math.sqrt(399 / 12), 12);
    expect(bands?.upper).toBeCloseTo(10.5 + 2 * Math.sqrt(399 / 12), 12);
    expect(bands?.lower).toBeCloseTo(10.5 - 2 * Math.sqrt(399 / 12), 12);
    expect(bollingerOf(window([1, 2]), TWENTY, 3, 2)).toBeNull();
  });

  test('efficiency ratio: one way 1, there and back 0, flat 0, mixed by hand', () => {
    expect(efficiencyRatioOf(window([1, 2, 4, 9]), FOUR, 3)).toBe(1);
    expect(efficiencyRatioOf(window([1, 5, 1]), FOUR, 2)).toBe(0);
    expect(efficiencyRatioOf(window([7, 7, 7]), FOUR, 2)).toBe(0);
    expect(efficiencyRatioOf(window([50, 10, 13, 11, 16]), FIVE, 3)).toBe(6 / 10);
    expect(efficiencyRatioOf(window([1, 2, 3]), FOUR, 3)).toBeNull();
    // The same once the ring has turned.
    expect(efficiencyRatioOf(window([50, 10, 13, 11, 16]), FOUR, 3)).toBe(6 / 10);
  });

  test('regression ends on the line, and is the mean of a symmetric hill', () => {
    expect(regressionEndOf(window([1, 3, 5, 7, 9]), FIVE, 5)).toBeCloseTo(9, 12);
    expect(regressionEndOf(window([8, 8, 0, 3, 0]), FOUR, 3)).toBeCloseTo(1, 12);
    expect(regressionEndOf(window([1, 2, 2]), FIVE, 3)).toBeCloseTo(5 / 3 + 0.5, 12);
    expect(regressionEndOf(window([1]), FIVE, 1)).toBeNull();
    expect(regressionEndOf(window([1, 2]), FIVE, 3)).toBeNull();
  });

  test('correlation: with itself 1, mirrored -1, of what does not vary 0', () => {
    const rings = ringsOf([4, 4, 4]);
    const [A, B, C] = rings;
    const of = (rows: readonly (readonly number[])[]): Windows =>
      rows.reduce((windows, row) => pushRow(windows, rings, row), emptyWindows(rings));
    const windows = of([
      [9, 9, 9],
      [1, -2, 5],
      [2, -4, 5],
      [4, -8, 5],
      [3, -6, 5],
    ]);
    expect(correlationOf(windows, A, A, 4)).toBeCloseTo(1, 12);
    expect(correlationOf(windows, A, B, 4)).toBeCloseTo(-1, 12);
    expect(correlationOf(windows, A, C, 4)).toBe(0);
    expect(correlationOf(of([[1, 2, 3]]), A, B, 2)).toBeNull();
  });

  test('choppiness: 0 one way, 100 in one place, nothing to say of one price', () => {
    const rings = ringsOf([4, 4, 4]);
    const [high, low, true_range] = rings;
    const of = (rows: readonly (readonly number[])[]): number | null =>
      choppinessOf(
        rows.reduce((windows, row) => pushRow(windows, rings, row), emptyWindows(rings)),
        { high, low, true_range },
        4,
      );
    expect(of([0, 1, 2, 3].map((i) => [i + 1, i, 1]))).toBeCloseTo(0, 12);
    expect(of([0, 1, 2, 3].map(() => [2, 0, 2]))).toBeCloseTo(100, 12);
    expect(of([0, 1, 2, 3].map(() => [7, 7, 0]))).toBeNull();
    // Only jumps over a break made the distance.
    expect(of([0, 1, 2, 3].map((i) => [i, i, 0]))).toBe(0);
    expect(of([[1, 0, 1]])).toBeNull();
  });

  test('variance ratio by hand: two returns against one', () => {
    // Returns 1, 2, 0, 1: mean 1, variance 2/3. Sums of two: 3, 2, 1; distances from 2: 1, 0, -1.
    const m = 2 * 3 * (1 - 2 / 4);
    expect(varianceRatioOf(window([9, 1, 2, 0, 1]), FOUR, 4, 2)).toBeCloseTo(2 / m / (2 / 3), 12);
    expect(varianceRatioOf(window([3, 3, 3, 3]), FOUR, 4, 2)).toBe(1);
    expect(varianceRatioOf(window([1, 2]), FOUR, 4, 2)).toBeNull();
    // A trend, and there and back.
    expect(varianceRatioOf(window([1, 1, -1, -1]), FOUR, 4, 2)).toBeGreaterThan(1);
    expect(varianceRatioOf(window([1, -1, 1, -1]), FOUR, 4, 2)).toBe(0);
  });

  test('the stochastic of one price is 50', () => {
    expect(fastKOf(window([7, 7, 7]), { high: FOUR, low: FIVE, close: TWENTY }, 3)).toBe(50);
    expect(fastKOf(window([7, 9, 8]), { high: FOUR, low: FIVE, close: TWENTY }, 3)).toBe(50);
    expect(fastKOf(window([7, 8]), { high: FOUR, low: FIVE, close: TWENTY }, 3)).toBeNull();
  });

  test('Garman-Klass: by hand, and never below zero', () => {
    const of = (open_ticks: number, high_ticks: number, low_ticks: number, close_ticks: number): number =>
      garmanKlassOf({ open_ticks, high_ticks, low_ticks, close_ticks });
    expect(of(100, 100, 100, 100)).toBe(0);
    expect(of(100, 110, 100, 100)).toBeCloseTo(0.5 * Math.log(1.1) ** 2, 15);
    expect(of(100, 110, 100, 110)).toBeCloseTo((1.5 - 2 * Math.LN2) * Math.log(1.1) ** 2, 15);
    expect(of(1, 2_147_483_647, 1, 2_147_483_647)).toBeGreaterThan(0);
  });

  test('median and rank, equal ones half', () => {
    const list = [5, 1, 4];
    expect([medianOf([]), medianOf(list), medianOf([4, 1, 3, 2])]).toEqual([null, 4, 2.5]);
    expect(list).toEqual([5, 1, 4]);
    expect(percentileRankOf([1, 2, 2, 3], 2)).toBe(0.5);
    expect([0, 9].map((x) => percentileRankOf([1, 2, 3], x))).toEqual([0, 1]);
    expect(percentileRankOf([], 1)).toBeNull();
  });
});
