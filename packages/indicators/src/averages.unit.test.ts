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
import { correlationOf, type PairSums } from './correlation.js';
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

function pairSums(xs: readonly number[], ys: readonly number[]): PairSums {
  const add = (of: (x: number, y: number) => number): number =>
    xs.reduce((sum, x, i) => sum + of(x, ys[i]!), 0);
  return {
    sum_x: add((x) => x),
    sum_y: add((_, y) => y),
    sum_xx: add((x) => x * x),
    sum_yy: add((_, y) => y * y),
    sum_xy: add((x, y) => x * y),
  };
}

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
    const of = (closes: readonly number[]): number =>
      efficiencyRatioOf(
        closes.at(-1)! - closes[0]!,
        closes.slice(1).reduce((path, close, i) => path + Math.abs(close - closes[i]!), 0),
      );
    expect(of([1, 2, 4, 9])).toBe(1);
    expect(of([1, 5, 1])).toBe(0);
    expect(of([7, 7, 7])).toBe(0);
    expect(of([10, 13, 11, 16])).toBe(6 / 10);
    expect(of([16, 11, 13, 10])).toBe(6 / 10);
  });

  test('regression ends on the line, and is the mean of a symmetric hill', () => {
    expect(regressionEndOf(window([1, 3, 5, 7, 9]), FIVE, 5)).toBeCloseTo(9, 12);
    expect(regressionEndOf(window([8, 8, 0, 3, 0]), FOUR, 3)).toBeCloseTo(1, 12);
    expect(regressionEndOf(window([1, 2, 2]), FIVE, 3)).toBeCloseTo(5 / 3 + 0.5, 12);
    expect(regressionEndOf(window([1]), FIVE, 1)).toBeNull();
    expect(regressionEndOf(window([1, 2]), FIVE, 3)).toBeNull();
  });

  test('correlation: with itself 1, mirrored -1, of what does not vary 0', () => {
    const of = (xs: readonly number[], ys: readonly number[]): number =>
      correlationOf(pairSums(xs, ys), xs.length);
    const a = [1, 2, 4, 3];
    const mirrored = [-2, -4, -8, -6];
    expect(of(a, a)).toBeCloseTo(1, 12);
    expect(of(a, mirrored)).toBeCloseTo(-1, 12);
    expect(of(a, [5, 5, 5, 5])).toBe(0);
    expect(of([1, 2, 3, 4], [1, -1, -1, 1])).toBe(0);
  });

  test('choppiness: 0 one way, 100 in one place, nothing to say of one price', () => {
    expect(choppinessOf(4, 4, 0, 4)).toBeCloseTo(0, 12);
    expect(choppinessOf(8, 2, 0, 4)).toBeCloseTo(100, 12);
    expect(choppinessOf(0, 7, 7, 4)).toBeNull();
    // Only jumps over a break made the distance.
    expect(choppinessOf(0, 3, 0, 4)).toBe(0);
  });

  test('variance ratio by hand: two returns against one', () => {
    const of = (returns: readonly number[]): number => {
      const long = returns.slice(1).map((x, i) => x + returns[i]!);
      const add = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
      const square = (x: number): number => x * x;
      const sums = { sum: add(returns), squares: add(returns.map(square)) };
      return varianceRatioOf(
        { ...sums, long_sum: add(long), long_squares: add(long.map(square)) },
        returns.length,
        2,
      );
    };
    // Returns 1, 2, 0, 1: mean 1, variance 2/3. Sums of two: 3, 2, 1; distances from 2: 1, 0, -1.
    const m = 2 * 3 * (1 - 2 / 4);
    expect(of([1, 2, 0, 1])).toBeCloseTo(2 / m / (2 / 3), 12);
    expect([of([3, 3, 3, 3]), of([0, 0, 0, 0]), of([0.1, 0.1, 0.1, 0.1])]).toEqual([1, 1, 1]);
    // A trend, and there and back.
    expect(of([1, 1, -1, -1])).toBeGreaterThan(1);
    expect(of([1, -1, 1, -1])).toBe(0);
  });

  test('the fast stochastic: at the low 0, at the high 100, of one price 50', () => {
    expect([fastKOf(7, 9, 7), fastKOf(9, 9, 7), fastKOf(8, 9, 7), fastKOf(7, 7, 7)]).toEqual([
      0, 100, 50, 50,
    ]);
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
