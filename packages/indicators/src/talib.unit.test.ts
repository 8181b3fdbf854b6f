import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { present } from '@bellwether/kernel';
import { adxOf, directionalIndicatorsOf, emptyAdx, updateAdx } from './adx.js';
import { atrOf, emptyAtr, updateAtr } from './atr.js';
import { bollingerOf } from './bollinger.js';
import { correlationOf, type PairSums } from './correlation.js';
import { erf } from './error-function.js';
import { regressionEndOf } from './linear-regression.js';
import { emptyMacd, macdHistogramOf, macdLineOf, updateMacd } from './macd.js';
import { averageOf, emptyEma, updateAverage } from './moving-average.js';
import type { PriceBar } from './price-bar.js';
import { emptyRsi, rsiOf, updateRsi } from './rsi.js';
import { fastKOf, stochasticOf } from './stochastic.js';
import { emptyWindows, highestOfLast, lowestOfLast, pushRow, ringsOf } from './windows.js';

/**
 * Goal: every indicator that TA-Lib has too equals it. Method: its values for made-up bars, frozen in fixtures/ together
 * with the lines that made them. "Seed" is the bar from which the two must agree: TA-Lib starts its MACD averages
 * together, so there the difference has to fade first.
 */

const lines = readFileSync(new URL('../fixtures/talib.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const names = present(lines[1], 'a header').split(',');
const rows = lines.slice(2).map((line) => line.split(','));

const column = (name: string): (number | null)[] =>
  rows.map((row) => {
    const text = row[names.indexOf(name)] ?? '';
    return text === '' ? null : Number(text);
  });
const known = (name: string): number[] => column(name).map((value) => present(value, name));

const volumes = known('volume');
const closes = known('close');
const opens = known('open');
const highs = known('high');
const lows = known('low');
const bars: PriceBar[] = closes.map((close_ticks, i) => ({
  open_us: i * 60_000_000,
  close_us: (i + 1) * 60_000_000,
  open_ticks: opens[i]!,
  high_ticks: highs[i]!,
  low_ticks: lows[i]!,
  close_ticks,
  session_start: false,
}));

/** One value after each bar. */
function fold<S>(start: S, update: (state: S, bar: PriceBar) => S, of: (state: S) => number | null) {
  let state = start;
  return bars.map((bar) => of((state = update(state, bar))));
}

const ema = (n: number) => fold(emptyEma(n), (s, bar) => updateAverage(s, bar.close_ticks), averageOf);
const atr = (n: number) => fold(emptyAtr(n), updateAtr, atrOf);
const macd = (of: (s: ReturnType<typeof emptyMacd>) => number | null) =>
  fold(emptyMacd(), (s, bar) => updateMacd(s, bar.close_ticks), of);
const directional = (side: 'plus' | 'minus') =>
  fold(emptyAdx(14), updateAdx, (s) => directionalIndicatorsOf(s)?.[side] ?? null);

/** Of ranges and volumes, less the first of each. */
function pairSums(from: number, to: number): PairSums {
  const sums = { sum_x: 0, sum_y: 0, sum_xx: 0, sum_yy: 0, sum_xy: 0 };
  const range = (i: number): number => highs[i]! - lows[i]!;
  for (let i = from; i < to; i++) {
    const x = range(i) - range(from);
    const y = volumes[i]! - volumes[from]!;
    sums.sum_x += x;
    sums.sum_y += y;
    sums.sum_xx += x * x;
    sums.sum_yy += y * y;
    sums.sum_xy += x * y;
  }
  return sums;
}

const RINGS = ringsOf([30, 30, 30]);
const [CLOSE, HIGH, LOW] = RINGS;
const FAST = ringsOf([5]);
let windows = emptyWindows(RINGS);
let fast = emptyWindows(FAST);
const windowed = bars.map((bar, i) => {
  const { close_ticks, high_ticks, low_ticks } = bar;
  windows = pushRow(windows, RINGS, [close_ticks, high_ticks, low_ticks]);
  const highest = highestOfLast(windows, HIGH, 14);
  const lowest = lowestOfLast(windows, LOW, 14);
  if (highest !== null && lowest !== null)
    fast = pushRow(fast, FAST, [fastKOf(close_ticks, highest, lowest)]);
  const bands = bollingerOf(windows, CLOSE, 20, 2);
  const stochastic = stochasticOf(fast, FAST[0]);
  return {
    bb_upper: bands?.upper ?? null,
    bb_middle: bands?.middle ?? null,
    bb_lower: bands?.lower ?? null,
    stoch_k: stochastic?.k ?? null,
    stoch_d: stochastic?.d ?? null,
    linearreg20: regressionEndOf(windows, CLOSE, 20),
    correl30: i < 29 ? null : correlationOf(pairSums(i - 29, i + 1), 30),
  };
});

/** Largest difference from bar `seed` (from 1) on, and how many values were compared. */
function difference(ours: readonly (number | null)[], name: string, seed: number) {
  let largest = 0;
  let compared = 0;
  column(name).forEach((theirs, i) => {
    const mine = ours[i] ?? null;
    if (theirs === null || i + 1 < seed) return;
    largest = Math.max(largest, mine === null ? Infinity : Math.abs(mine - theirs));
    compared += 1;
  });
  return { largest, compared };
}

describe('TA-Lib 0.8.1', () => {
  it.each([
    ['ema9', ema(9), 9],
    ['ema21', ema(21), 21],
    ['ema50', ema(50), 50],
    ['rsi14', fold(emptyRsi(14), (s, bar) => updateRsi(s, bar.close_ticks), rsiOf), 15],
    ['atr14', atr(14), 15],
    ['atr100', atr(100), 101],
    ['adx14', fold(emptyAdx(14), updateAdx, adxOf), 28],
    ['plus_di14', directional('plus'), 15],
    ['minus_di14', directional('minus'), 15],
    ['macd', macd(macdLineOf), 400],
    ['macd_histogram', macd(macdHistogramOf), 400],
    ['stoch_k', windowed.map((one) => one.stoch_k), 18],
    ['stoch_d', windowed.map((one) => one.stoch_d), 18],
    ['bb_middle', windowed.map((one) => one.bb_middle), 20],
    ['linearreg20', windowed.map((one) => one.linearreg20), 20],
    ['correl30', windowed.map((one) => one.correl30), 30],
  ] as const)('%s is the same to 1e-9 from bar %#', (name, ours, seed) => {
    const { largest, compared } = difference(ours, name, seed);
    expect(largest).toBeLessThan(1e-9);
    expect(compared).toBeGreaterThan(100);
  });

  it('has the same Bollinger bands as far as its own rounding goes: it squares prices before it subtracts', () => {
    expect(
      difference(
        windowed.map((one) => one.bb_upper),
        'bb_upper',
        20,
      ).largest,
    ).toBeLessThan(1e-6);
    expect(
      difference(
        windowed.map((one) => one.bb_lower),
        'bb_lower',
        20,
      ).largest,
    ).toBeLessThan(1e-6);
  });

  it('gives no value later than ours', () => {
    const first = (values: readonly (number | null)[]): number => values.findIndex((value) => value !== null);
    for (const [name, ours] of [
      ['rsi14', fold(emptyRsi(14), (s, bar) => updateRsi(s, bar.close_ticks), rsiOf)],
      ['adx14', fold(emptyAdx(14), updateAdx, adxOf)],
      ['atr14', atr(14)],
      ['plus_di14', directional('plus')],
    ] as const) {
      expect(first(ours)).toBe(first(column(name)));
    }
    expect(first(macd(macdLineOf)) + 1).toBe(26);
    expect(first(macd(macdHistogramOf)) + 1).toBe(34);
  });
});

test('Bollinger by formula, to 1e-9', () => {
  for (let i = 19; i < bars.length; i += 13) {
    const part = closes.slice(i - 19, i + 1);
    const mean = part.reduce((a, b) => a + b) / 20;
    const sd = Math.sqrt(part.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 20);
    expect(Math.abs((windowed[i]?.bb_upper ?? NaN) - (mean + 2 * sd))).toBeLessThan(1e-9);
    expect(Math.abs((windowed[i]?.bb_lower ?? NaN) - (mean - 2 * sd))).toBeLessThan(1e-9);
  }
});

test('stochastic by formula, to 1e-9', () => {
  const fastAt = (i: number): number => {
    const low = Math.min(...lows.slice(i - 13, i + 1));
    const high = Math.max(...highs.slice(i - 13, i + 1));
    return (100 * (closes[i]! - low)) / (high - low);
  };
  const meanOf3 = (of: (i: number) => number, i: number): number => (of(i) + of(i - 1) + of(i - 2)) / 3;
  for (let i = 17; i < bars.length; i += 13) {
    const k = (at: number): number => meanOf3(fastAt, at);
    expect(Math.abs((windowed[i]?.stoch_k ?? NaN) - k(i))).toBeLessThan(1e-9);
    expect(Math.abs((windowed[i]?.stoch_d ?? NaN) - meanOf3(k, i))).toBeLessThan(1e-9);
  }
});

test.each([
  // Python 3.11, math.erf.
  [0, 0],
  [1e-9, 1.1283791670955127e-9],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [Math.SQRT1_2, 0.682689492137086],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [4, 0.9999999845827421],
  [5.9, 1],
  [7, 1],
])('the error function of %d and its negative', (x, expected) => {
  expect(Math.abs(erf(x) - expected)).toBeLessThan(5e-16);
  expect(erf(-x)).toBe(-erf(x));
  expect(erf(x)).toBeLessThanOrEqual(1);
});
