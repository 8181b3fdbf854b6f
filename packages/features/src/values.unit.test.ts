import { describe, expect, it, test } from '@jest/globals';
import { ReasonCode, type Bar, type FeaturesPart } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import { nextSession, sessionOf } from '@bellwether/market';
import { FEATURES } from './feature-set.js';
import {
  MINUTE_US,
  MONDAY,
  afterBars,
  applyAll,
  barEntry,
  barOf,
  configOf,
  featureAt,
  manySessions,
  releaseEntry,
  sessionBars,
} from './sample-entries.js';

const at = (minute: number): number => MONDAY.open_us + minute * MINUTE_US;
const indexOf = (code: string): number => FEATURES.findIndex((feature) => feature.code === code);
const valueOf = (part: FeaturesPart, code: string): number => {
  const found = featureAt(part, indexOf(code));
  if (!('value' in found)) throw new Error(`Expected a value of ${code}, was reason ${found.reason}`);
  return found.value;
};
const reasonOf = (part: FeaturesPart, code: string): number | null => {
  const found = featureAt(part, indexOf(code));
  return 'reason' in found ? found.reason : null;
};
const indicatorsOf = (part: FeaturesPart | undefined) => present(part?.indicators, 'indicators');
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);

/** Parts of the bars alone, in a book of ES. */
function partsOf(bars: readonly Bar[], interval_us = MINUTE_US): FeaturesPart[] {
  return applyAll([releaseEntry(configOf(['ES'], interval_us)), ...bars.map(barEntry)]).parts.slice(1);
}

/** A bar whose prices are all one, so that closes say everything. */
const flatBar = (minute: number, price: number, more: Partial<Bar> = {}): Bar =>
  barOf({
    open_us: at(minute),
    open_ticks: price,
    high_ticks: price,
    low_ticks: price,
    close_ticks: price,
    ...more,
  });

describe('Vector', () => {
  const bars = sessionBars(uniformSource('values'), MONDAY).slice(0, 300);
  const parts = partsOf(bars);

  test.each([
    ['P1', 61],
    ['P2', 61],
    ['P3', 61],
    ['P4', 61],
    ['P9', 1],
    ['P10', 1],
    ['T1', 100],
    ['T5', 20],
    ['R2', 31],
    ['M1', 1],
    ['M2', 1],
    ['M3', 1],
  ])('%s is there from bar %i on', (code, first) => {
    const firstSeen = parts.findIndex((part) => reasonOf(part, code) === null);
    expect(firstSeen + 1).toBe(first);
    expect(parts.slice(0, firstSeen).every((part) => reasonOf(part, code) === ReasonCode.WARM_UP)).toBe(true);
    expect(parts.slice(firstSeen).every((part) => reasonOf(part, code) === null)).toBe(true);
  });

  test('R1 waits for 20 sessions', () => {
    expect(parts.every((part) => reasonOf(part, 'R1') === ReasonCode.WARM_UP)).toBe(true);
  });

  test.each([61, 62, 100, 137, 299])('values after %i bars equal the formulas of domain.md 4.3', (n) => {
    const part = present(parts[n - 1], 'a part');
    const seen = bars.slice(0, n);
    const closes = seen.map((bar) => bar.close_ticks);
    const last = present(seen.at(-1), 'a bar');
    const r = closes.slice(1).map((c, i) => Math.log(c / (closes[i] ?? c)));
    const s60 = Math.max(Math.sqrt(sum(r.slice(-60).map((x) => x * x)) / 60), 0.5 / last.close_ticks);
    for (const [code, k] of [
      ['P1', 1],
      ['P2', 5],
      ['P3', 15],
      ['P4', 60],
    ] as const) {
      expect(valueOf(part, code)).toBeCloseTo(Math.tanh(sum(r.slice(-k)) / (2 * s60 * Math.sqrt(k))), 12);
    }
    const range = last.high_ticks - last.low_ticks;
    const top = Math.max(last.open_ticks, last.close_ticks);
    const bottom = Math.min(last.open_ticks, last.close_ticks);
    const over = (x: number): number => (range === 0 ? 0 : x / range);
    expect(valueOf(part, 'P9')).toBe(over(last.close_ticks - last.open_ticks));
    expect(valueOf(part, 'P10')).toBe(over(last.high_ticks - top - (bottom - last.low_ticks)));
    const c20 = closes.slice(-20);
    const mean = sum(c20) / 20;
    const sd = Math.sqrt(sum(c20.map((c) => (c - mean) ** 2)) / 20);
    const score = (last.close_ticks - mean) / (2 * sd);
    expect(valueOf(part, 'T5')).toBeCloseTo(Math.max(-2, Math.min(2, score)) / 2, 12);
    const c31 = closes.slice(-31);
    const path = sum(c31.slice(1).map((c, i) => Math.abs(c - (c31[i] ?? c))));
    const er = Math.abs(last.close_ticks - (c31[0] ?? 0)) / path;
    expect(valueOf(part, 'R2')).toBeCloseTo(2 * er - 1, 12);
    const angle = (2 * Math.PI * n) / 1_380;
    expect(valueOf(part, 'M1')).toBeCloseTo(Math.sin(angle), 12);
    expect(valueOf(part, 'M2')).toBeCloseTo(Math.cos(angle), 12);
    expect(indicatorsOf(part).rv30).toBeCloseTo(Math.sqrt(sum(r.slice(-30).map((x) => x * x)) / 30), 15);
    expect(indicatorsOf(part).er30).toBeCloseTo(er, 12);
  });

  test('a market that does not move: returns 0, RSI 50, ratios 0', () => {
    const part = present(partsOf(Array.from({ length: 120 }, (_, i) => flatBar(i, 26_400))).at(-1), 'a part');
    for (const code of ['P1', 'P2', 'P3', 'P4', 'P9', 'P10', 'T1', 'T5']) expect(valueOf(part, code)).toBe(0);
    expect(valueOf(part, 'R2')).toBe(-1);
    expect(indicatorsOf(part)).toMatchObject({
      er30: 0,
      rv30: 0,
      atr14_ticks: 0,
      vwap_sd_ticks: 2,
      vwap_z: 0,
    });
  });

  test('a half-tick floor keeps one tick in a flat hour from being extreme', () => {
    const flat = Array.from({ length: 99 }, (_, i) => flatBar(i, 26_400));
    const part = present(partsOf([...flat, flatBar(99, 26_401)]).at(-1), 'a part');
    // r = 1/26400 of a tick; s60 = max(1/sqrt(60), 0.5) ticks.
    expect(valueOf(part, 'P1')).toBeCloseTo(Math.tanh(1), 3);
  });

  test('weekdays of the trade date go from -1 on Monday to 1 on Friday', () => {
    const found = [20250915, 20250916, 20250917, 20250918, 20250919].map((date) => {
      const session = present(sessionOf(date), 'a session');
      return [session.open_us, session.close_us - MINUTE_US].map((open_us) =>
        valueOf(afterBars([barOf({ open_us })]).part, 'M3'),
      );
    });
    expect(found).toEqual([-1, -0.5, 0, 0.5, 1].map((value) => [value, value]));
  });
});

describe('Session breaks and holes', () => {
  const tuesday = nextSession(MONDAY.open_us);
  const monday = sessionBars(uniformSource('holes'), MONDAY);
  const barsIn = (part: FeaturesPart | undefined) => reasonOf(present(part, 'a part'), 'T1');

  it('goes on over the daily break, with return 0 and a plain range on the first bar', () => {
    const lastClose = present(monday.at(-1), 'a bar').close_ticks;
    const jump = lastClose + 400;
    const parts = partsOf([
      ...monday,
      barOf({
        open_us: tuesday.open_us,
        open_ticks: jump,
        high_ticks: jump + 1,
        low_ticks: jump - 1,
        close_ticks: jump,
      }),
    ]);
    const [before, after] = parts.slice(-2);
    expect(barsIn(after)).toBeNull();
    expect(valueOf(present(after, 'a part'), 'P1')).toBe(0);
    const expected = ((indicatorsOf(before).atr14_ticks ?? NaN) * 13 + 2) / 14;
    expect(indicatorsOf(after).atr14_ticks).toBeCloseTo(expected, 9);
  });

  it('goes on over a weekend and over a closed day', () => {
    for (const date of [20250919, 20251224]) {
      const first = present(sessionOf(date), 'a session');
      const second = nextSession(first.open_us);
      const parts = partsOf([
        ...sessionBars(uniformSource('weekend'), first),
        barOf({ open_us: second.open_us }),
      ]);
      expect(barsIn(parts.at(-1))).toBeNull();
    }
  });

  it('starts anew after a missing session', () => {
    const wednesday = nextSession(tuesday.open_us);
    const parts = partsOf([...monday, barOf({ open_us: wednesday.open_us })]);
    expect(barsIn(parts.at(-1))).toBe(ReasonCode.WARM_UP);
    expect(indicatorsOf(parts.at(-1))).toMatchObject({ ema9_ticks: null, atr14_ticks: null, rv30: null });
  });

  it.each([
    [30, null],
    [31, ReasonCode.WARM_UP],
  ])('after %i minutes without a bar inside a session: reason %p', (missing, reason) => {
    const bars = [...monday.slice(0, 200), ...monday.slice(200 + missing)];
    const parts = partsOf(bars.slice(0, 201));
    expect(barsIn(parts.at(-1))).toBe(reason);
  });

  it.each([
    [15, 15, null],
    [15, 16, ReasonCode.WARM_UP],
  ])('counts %i minutes at the end of a session and %i at the next start together', (end, start, reason) => {
    const next = barOf({ open_us: tuesday.open_us + start * MINUTE_US });
    const parts = partsOf([...monday.slice(0, monday.length - end), next]);
    expect(barsIn(parts.at(-1))).toBe(reason);
  });
});

describe('VWAP', () => {
  it('is anchored at 17:00, then at 08:30 with a new start of score and slope', () => {
    const bars = sessionBars(uniformSource('vwap'), MONDAY);
    const parts = partsOf(bars);
    const vwapOver = (from: number, to: number): number => {
      const part = bars.slice(from, to);
      const typical = part.map((bar) => (bar.high_ticks + bar.low_ticks + bar.close_ticks) / 3);
      return sum(typical.map((p, i) => p * (part[i]?.volume ?? 0))) / sum(part.map((bar) => bar.volume ?? 0));
    };
    expect(indicatorsOf(parts[929]).vwap_ticks).toBeCloseTo(vwapOver(0, 930), 6);
    expect(indicatorsOf(parts[930]).vwap_ticks).toBeCloseTo(vwapOver(930, 931), 6);
    expect(indicatorsOf(parts[930])).toMatchObject({ vwap_z_prev: null, vwap_slope15_ticks: null });
    expect(indicatorsOf(parts[944]).vwap_slope15_ticks).toBeNull();
    expect(indicatorsOf(parts[945]).vwap_slope15_ticks).toBeCloseTo(
      vwapOver(930, 946) - vwapOver(930, 931),
      6,
    );
    expect(indicatorsOf(parts[1_000]).vwap_z_prev).toBe(indicatorsOf(parts[999]).vwap_z);
    expect(indicatorsOf(parts[1_379]).vwap_ticks).toBeCloseTo(vwapOver(930, 1_380), 6);
  });

  it('is missing until the next anchor after a hole, a late start, or a bar without volume', () => {
    const bars = sessionBars(uniformSource('vwap holes'), MONDAY);
    const missing = (list: readonly Bar[]): boolean => {
      const { vwap_ticks, vwap_z, vwap_sd_ticks } = indicatorsOf(partsOf(list).at(-1));
      return vwap_ticks === null && vwap_z === null && vwap_sd_ticks === null;
    };
    // Nothing is known of the minutes before the first bar.
    expect(missing(bars.slice(1, 200))).toBe(true);
    expect(missing(bars.slice(1, 931))).toBe(false);
    expect(missing([...bars.slice(0, 100), ...bars.slice(131, 900)])).toBe(true);
    expect(missing([...bars.slice(0, 100), ...bars.slice(130, 900)])).toBe(false);
    expect(missing([...bars.slice(0, 100), ...bars.slice(131, 931)])).toBe(false);
    const silent = bars.slice(0, 900).map((bar, i) => (i === 50 ? { ...bar, volume: null } : bar));
    expect(missing(silent)).toBe(true);
  });

  it('is anchored at 17:00 all day where there is no cash session', () => {
    const goodFriday = present(sessionOf(20260403), 'a short session');
    const parts = partsOf(sessionBars(uniformSource('friday'), goodFriday));
    expect(indicatorsOf(parts.at(-1)).vwap_slope15_ticks).not.toBeNull();
  });
});

describe('Raw indicators', () => {
  it('has high and low of the last three bars, from the third on', () => {
    const parts = partsOf([
      barOf({ high_ticks: 26_500 }),
      barOf({ open_us: at(1), low_ticks: 26_300 }),
      barOf({ open_us: at(2), high_ticks: 26_450 }),
      barOf({ open_us: at(3) }),
    ]);
    const found = parts.map((part) => [indicatorsOf(part).high3_ticks, indicatorsOf(part).low3_ticks]);
    expect(found).toEqual([
      [null, null],
      [null, null],
      [26_500, 26_300],
      [26_450, 26_300],
    ]);
  });

  it('has averages from their length on', () => {
    const parts = partsOf(Array.from({ length: 30 }, (_, i) => flatBar(i, 26_400 + 4 * i)));
    const firstOf = (key: 'ema9_ticks' | 'ema21_ticks' | 'atr14_ticks' | 'er30' | 'rv30') =>
      parts.findIndex((part) => indicatorsOf(part)[key] !== null) + 1;
    expect([firstOf('ema9_ticks'), firstOf('ema21_ticks'), firstOf('atr14_ticks')]).toEqual([9, 21, 15]);
    expect([firstOf('er30'), firstOf('rv30')]).toEqual([0, 0]);
    expect(indicatorsOf(parts[8]).ema9_ticks).toBe(26_416);
    expect(indicatorsOf(parts[14]).atr14_ticks).toBe(4);
  });

  it('tells the squeeze on the bar that completes five minutes, from the twentieth such bar on', () => {
    const parts = partsOf(sessionBars(uniformSource('squeeze'), MONDAY).slice(0, 400));
    parts.forEach((part, minute) => {
      const { squeeze, atr14_m5_ticks } = indicatorsOf(part);
      const completes = minute % 5 === 4 && minute >= 99;
      expect(squeeze !== null).toBe(completes || squeeze?.fired === true);
      expect(atr14_m5_ticks !== null).toBe(minute >= 74);
    });
  });

  it('tells a squeeze that fired for three five-minute bars, unchanged, and no longer', () => {
    const parts = partsOf(sessionBars(uniformSource('squeeze'), MONDAY).slice(0, 700));
    const told = parts.map((part) => indicatorsOf(part).squeeze);
    const fires = told.flatMap((squeeze, i) =>
      squeeze?.fired === true && told[i - 1]?.fired !== true ? [i] : [],
    );
    expect(fires.length).toBeGreaterThan(0);
    for (const first of fires) {
      const fired = present(told[first], 'a squeeze');
      const again = told.findIndex((squeeze, i) => i > first && squeeze?.fired_us !== fired.fired_us);
      const another = told[again]?.fired === true;
      expect(again - first === 15 || another).toBe(true);
      expect(
        told.slice(first, again).every((squeeze) => JSON.stringify(squeeze) === JSON.stringify(fired)),
      ).toBe(true);
    }
  });

  it('takes its bars for five-minute bars in a book of five minutes', () => {
    const one = manySessions(uniformSource('five'), MONDAY, 1)[0] ?? [];
    const five: Bar[] = [];
    for (let i = 0; i < one.length; i += 5) {
      const part = one.slice(i, i + 5);
      five.push({
        ...present(part[0], 'a bar'),
        interval_us: 5 * MINUTE_US,
        high_ticks: Math.max(...part.map((bar) => bar.high_ticks)),
        low_ticks: Math.min(...part.map((bar) => bar.low_ticks)),
        close_ticks: present(part.at(-1), 'a bar').close_ticks,
        volume: sum(part.map((bar) => bar.volume ?? 0)),
      });
    }
    const minutes = partsOf(one);
    partsOf(five, 5 * MINUTE_US).forEach((part, i) => {
      const found = indicatorsOf(part);
      const expected = indicatorsOf(minutes[5 * i + 4]);
      expect(found.squeeze).toEqual(expected.squeeze);
      expect(found.atr14_m5_ticks).toBe(expected.atr14_m5_ticks);
      expect(found.atr14_ticks).toBe(found.atr14_m5_ticks);
    });
  });
});
