import v8 from 'node:v8';
import { expect, test } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { atrOf, emptyAtr, updateAtr } from './atr.js';
import { adxOf, emptyAdx, updateAdx } from './adx.js';
import { emptyMacd, macdHistogramOf, updateMacd } from './macd.js';
import { emptyEma, updateAverage, averageOf } from './moving-average.js';
import { trueRange, type PriceBar } from './price-bar.js';
import { emptyRsi, rsiOf, updateRsi } from './rsi.js';
import { emptySqueeze, updateSqueeze } from './squeeze.js';
import { columnOf, emptyDay, emptyProfile, keepSession, observe } from './time-of-day.js';
import { startVwap, updateVwap, vwapOf } from './vwap.js';
import { deviationOfLast, emptyWindows, pushRow, ringsOf, sumOfLast } from './windows.js';

interface VolumeBar extends PriceBar {
  readonly volume: number;
}

function randomBars(seed: string, count: number): VolumeBar[] {
  const uniform = uniformSource(seed);
  let price = 20_000;
  return Array.from({ length: count }, (_, i) => {
    const open_ticks = price + Math.floor(uniform() * 3) - 1;
    const close_ticks = open_ticks + Math.floor(uniform() * 21) - 10;
    price = close_ticks;
    return {
      open_us: i * 60_000_000,
      close_us: (i + 1) * 60_000_000,
      open_ticks,
      high_ticks: Math.max(open_ticks, close_ticks) + Math.floor(uniform() * 5),
      low_ticks: Math.min(open_ticks, close_ticks) - Math.floor(uniform() * 5),
      close_ticks,
      session_start: uniform() < 0.01,
      volume: Math.floor(uniform() * 2_000),
    };
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

const RINGS = ringsOf([60]);

const closesOf = (bars: readonly PriceBar[]): number[] => bars.map((bar) => bar.close_ticks);
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const deviation = (xs: readonly number[]): number => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)));

/** Every indicator that keeps state, folded over bars; states are frozen, so that a change of one throws. */
function foldAll(bars: readonly VolumeBar[], restoreAt = -1) {
  let state = {
    ema: emptyEma(21),
    rsi: emptyRsi(14),
    atr: emptyAtr(14),
    squeeze: emptySqueeze(),
    vwap: startVwap(0, 20_000),
    adx: emptyAdx(14),
    macd: emptyMacd(),
    window: emptyWindows(RINGS),
    day: emptyDay(1, 10),
    profile: emptyProfile(5),
  };
  bars.forEach((bar, i) => {
    if (i === restoreAt) state = v8.deserialize(v8.serialize(state)) as typeof state;
    deepFreeze(state);
    const day = observe(state.day, Math.floor(i / 5) % 10, [bar.volume]);
    const over = i % 50 === 49;
    state = {
      ema: updateAverage(state.ema, bar.close_ticks),
      rsi: updateRsi(state.rsi, bar.close_ticks),
      atr: updateAtr(state.atr, bar),
      squeeze: updateSqueeze(state.squeeze, bar),
      vwap: updateVwap(state.vwap, bar, bar.volume),
      adx: updateAdx(state.adx, bar),
      macd: updateMacd(state.macd, bar.close_ticks),
      window: pushRow(state.window, RINGS, [bar.close_ticks]),
      day: over ? emptyDay(1, 10) : day,
      profile: over ? keepSession(state.profile, columnOf(day, 0)) : state.profile,
    };
  });
  return state;
}

test('each indicator equals its formula over the whole history, at every length', () => {
  const bars = randomBars('formula', 260);
  for (let n = 1; n <= bars.length; n += 7) {
    const seen = bars.slice(0, n);
    const closes = closesOf(seen);
    const state = foldAll(seen);

    const ema = closes.slice(21).reduce((v, x) => v + (2 / 22) * (x - v), mean(closes.slice(0, 21)));
    expect(averageOf(state.ema)).toEqual(n < 21 ? null : expect.closeTo(ema, 8));

    const ranges = seen.slice(1).map((bar, i) => trueRange(bar, closes[i] ?? null));
    const atr = ranges.slice(14).reduce((v, x) => (v * 13 + x) / 14, mean(ranges.slice(0, 14)));
    expect(atrOf(state.atr)).toEqual(n < 15 ? null : expect.closeTo(atr, 8));

    const moves = closes.slice(1).map((c, i) => c - (closes[i] ?? c));
    const wilder = (xs: number[]): number =>
      xs.slice(14).reduce((v, x) => (v * 13 + x) / 14, mean(xs.slice(0, 14)));
    const up = wilder(moves.map((m) => Math.max(m, 0)));
    const down = wilder(moves.map((m) => Math.max(-m, 0)));
    expect(rsiOf(state.rsi)).toEqual(n < 15 ? null : expect.closeTo((100 * up) / (up + down), 8));

    const volumes = seen.map((bar) => bar.volume);
    const typical = seen.map((bar) => (bar.high_ticks + bar.low_ticks + bar.close_ticks) / 3);
    const total = volumes.reduce((a, b) => a + b, 0);
    const vwap = typical.reduce((sum, price, i) => sum + price * (volumes[i] ?? 0), 0) / total;
    expect(vwapOf(state.vwap)?.vwap_ticks).toBeCloseTo(vwap, 6);

    const last60 = closes.slice(-60);
    expect(deviationOfLast(state.window, RINGS[0], 60, mean(last60))).toEqual(
      n < 60 ? null : expect.closeTo(deviation(last60), 9),
    );
    expect(sumOfLast(state.window, RINGS[0], 5)).toBe(
      n < 5 ? null : closes.slice(-5).reduce((a, b) => a + b, 0),
    );
  }
});

test('the squeeze equals its definition, computed from the last 39 bars alone', () => {
  const bars = randomBars('squeeze', 150).map((bar, i) =>
    // Stretches of quiet closes with wide bars, so that squeezes begin and end.
    i % 60 < 35 ? { ...bar, close_ticks: 20_000 + (i % 3), high_ticks: 20_012, low_ticks: 19_990 } : bar,
  );
  const seen = { on: 0, fired: 0 };
  for (let n = 40; n <= bars.length; n++) {
    const at = (end: number) => bars.slice(end - 20, end);
    const deviationAt = (end: number): number => {
      const part = at(end);
      const middle =
        (Math.max(...part.map((b) => b.high_ticks)) + Math.min(...part.map((b) => b.low_ticks))) / 2;
      return (bars[end - 1]?.close_ticks ?? NaN) - (middle + mean(closesOf(part))) / 2;
    };
    const isOn = (end: number): boolean => {
      const ranges = at(end).map((bar, i) => trueRange(bar, bars[end - 20 + i - 1]?.close_ticks ?? null));
      return 2 * deviation(closesOf(at(end))) < 1.5 * mean(ranges);
    };
    const ys = Array.from({ length: 20 }, (_, i) => deviationAt(n - 19 + i));
    const slope =
      ys.reduce((s, y, i) => s + (i - 9.5) * (y - mean(ys)), 0) /
      ys.reduce((s, _, i) => s + (i - 9.5) ** 2, 0);
    const reading = foldAll(bars.slice(0, n)).squeeze.reading;
    expect(reading?.on).toBe(isOn(n));
    expect(reading?.fired).toBe(isOn(n - 1) && !isOn(n));
    expect(reading?.momentum_ticks).toBeCloseTo(mean(ys) + slope * 9.5, 8);
    if (reading?.on === true) seen.on += 1;
    if (reading?.fired === true) seen.fired += 1;
  }
  expect(seen.on).toBeGreaterThan(10);
  expect(seen.fired).toBeGreaterThan(0);
});

test('ADX and MACD are there from their first bar on, and finite', () => {
  const bars = randomBars('adx', 200);
  const first = (of: (state: ReturnType<typeof foldAll>) => number | null): number =>
    bars.findIndex((_, i) => of(foldAll(bars.slice(0, i + 1))) !== null) + 1;
  expect(first((state) => adxOf(state.adx))).toBe(28);
  expect(first((state) => macdHistogramOf(state.macd))).toBe(34);
  const last = foldAll(bars);
  expect(adxOf(last.adx)).toBeGreaterThan(0);
  expect(adxOf(last.adx)).toBeLessThan(100);
});

test('states are plain data: a restored one goes on to the very same state', () => {
  const bars = randomBars('restore', 300);
  const whole = foldAll(bars);
  for (const at of [1, 13, 40, 150, 299]) expect(foldAll(bars, at)).toEqual(whole);
});
