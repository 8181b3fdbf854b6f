import { describe, expect, it, test } from '@jest/globals';
import { atrOf, emptyAtr, updateAtr } from './atr.js';
import { bollingerOf } from './bollinger.js';
import { efficiencyRatioOf } from './efficiency-ratio.js';
import { regressionEndOf } from './linear-regression.js';
import { averageOf, emptyEma, emptyRma, updateAverage } from './moving-average.js';
import { medianOf, percentileRankOf } from './order-statistics.js';
import { trueRange, type PriceBar } from './price-bar.js';
import { emptyRsi, rsiOf, updateRsi } from './rsi.js';
import { emptyWindow, pushWindow } from './window.js';

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

describe('Formulas over windows', () => {
  const window = (values: readonly number[], capacity = values.length) =>
    values.reduce(pushWindow, emptyWindow(capacity));

  test('Bollinger of 1 to 20 has the population deviation', () => {
    const bands = bollingerOf(window(Array.from({ length: 20 }, (_, i) => i + 1)), 2);
    expect(bands?.middle).toBe(10.5);
    expect(bands?.sd).toBeCloseTo(Math.sqrt(399 / 12), 12);
    expect(bands?.upper).toBeCloseTo(10.5 + 2 * Math.sqrt(399 / 12), 12);
    expect(bands?.lower).toBeCloseTo(10.5 - 2 * Math.sqrt(399 / 12), 12);
    expect(bollingerOf(window([1, 2], 3), 2)).toBeNull();
  });

  test('efficiency ratio: one way 1, there and back 0, flat 0, mixed by hand', () => {
    expect(efficiencyRatioOf(window([1, 2, 4, 9]), 3)).toBe(1);
    expect(efficiencyRatioOf(window([1, 5, 1]), 2)).toBe(0);
    expect(efficiencyRatioOf(window([7, 7, 7]), 2)).toBe(0);
    expect(efficiencyRatioOf(window([50, 10, 13, 11, 16]), 3)).toBe(6 / 10);
    expect(efficiencyRatioOf(window([1, 2, 3]), 3)).toBeNull();
    // The same once the ring has turned.
    expect(efficiencyRatioOf(window([50, 10, 13, 11, 16], 4), 3)).toBe(6 / 10);
  });

  test('regression ends on the line, and is the mean of a symmetric hill', () => {
    expect(regressionEndOf([1, 3, 5, 7, 9])).toBeCloseTo(9, 12);
    expect(regressionEndOf([0, 3, 0])).toBeCloseTo(1, 12);
    expect(regressionEndOf([1, 2, 2])).toBeCloseTo(5 / 3 + 0.5, 12);
    expect(regressionEndOf([1])).toBeNull();
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
