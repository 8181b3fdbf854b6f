/**
 * Goal: made-up bars obey the calendar and the tick grid, look like a market in size and shape, hold no edge, and are the
 * same bytes for the same seed. Method: the sample and a few other seeds, and statistics with wide bands.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BellwetherError, DataOrigin, type Bar } from '@bellwether/contracts';
import { InvariantError } from '@bellwether/kernel';
import {
  isHalted,
  minuteOfSession,
  nextSession,
  sessionAt,
  sessionOf,
  type TradeSession,
} from '@bellwether/market';
import { SAMPLE, generateSessions, sampleBars } from '../index.js';

const MINUTE_US = 60_000_000;
const SESSION_COUNT = 30;

const barsOf = (seed: string, sessions = SESSION_COUNT): readonly Bar[] => [
  ...generateSessions({ ...SAMPLE, seed, sessions }),
];
const hashOf = (bars: Iterable<Bar>): string => {
  const hash = createHash('sha256');
  for (const bar of bars) {
    const { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume } = bar;
    hash.update(`${[open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume].join()}\n`);
  }
  return hash.digest('hex');
};
const sessionOfBar = (bar: Bar): TradeSession => {
  const session = sessionAt(bar.open_us);
  if (session === null) throw new Error(`A bar outside every session: ${bar.open_us}`);
  return session;
};
const minuteOf = (bar: Bar): number => minuteOfSession(sessionOfBar(bar), bar.open_us);

/** Close to close inside a session, in points, with the minute in which it happened. */
function changesOf(bars: readonly Bar[]): readonly { readonly minute: number; readonly points: number }[] {
  return bars.flatMap((bar, i) => {
    const minute = minuteOf(bar);
    const before = bars[i - 1];
    return minute === 0 || before === undefined
      ? []
      : [{ minute, points: (bar.close_ticks - before.close_ticks) * 0.25 }];
  });
}
const sd = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const sample = [...sampleBars()];

describe('the sample', () => {
  it('is the same bytes as ever', () => {
    // Another hash means other bars: then the source needs a new name, synthetic-sample-v2.
    expect(SAMPLE.source).toBe('synthetic-sample-v1');
    expect(hashOf(sample)).toBe('5f4e7e5a4927d9fbe4b3102fa54e37b90ed15063f94545ac636dc970b142d5fe');
  });
  it('is marked synthetic', () => expect(SAMPLE.origin).toBe(DataOrigin.SYNTHETIC));
});

describe('the years of other hours', () => {
  it.each([
    ['to 16:15 with a halt', 20150831, '1m', 1_380],
    ['to 16:00 with a halt', 20200218, '5m', 273],
    ['to 16:00', 20240103, '1m', 1_380],
  ] as const)('%s: a bar for every time that trades', (_name, firstTradeDate, interval, count) => {
    const bars = [...generateSessions({ ...SAMPLE, seed: 'eras', firstTradeDate, sessions: 1, interval })];
    expect(bars).toHaveLength(count);
    for (const bar of bars) {
      expect(isHalted(sessionOfBar(bar), bar.open_us)).toBe(false);
      const { open_ticks, high_ticks, low_ticks, close_ticks, volume } = bar;
      const numbers = [open_ticks, high_ticks, low_ticks, close_ticks, volume ?? NaN];
      expect(numbers.every(Number.isInteger)).toBe(true);
    }
  });
});

describe('a seed', () => {
  it('gives the same bars again, and another seed others', () => {
    const first = hashOf(barsOf('one', 2));
    expect(hashOf(barsOf('one', 2))).toBe(first);
    expect(hashOf(barsOf('two', 2))).not.toBe(first);
  });
  it('gives the first sessions whatever the number asked for', () => {
    const short = barsOf('one', 2);
    expect(barsOf('one', 3).slice(0, short.length)).toEqual(short);
  });
  it('gives each symbol its own bars, of its own size', () => {
    const nq = [...generateSessions({ ...SAMPLE, symbol: 'NQ', sessions: 2 })];
    const ratio =
      sd(changesOf(nq).map((c) => c.points)) / sd(changesOf(sample.slice(0, nq.length)).map((c) => c.points));
    expect(ratio).toBeGreaterThan(2);
    expect(ratio).toBeLessThan(9);
    expect(nq[0]?.close_ticks).toBeGreaterThan(80_000);
  });
});

describe('each bar', () => {
  it('lies inside its session, and the session is full of them', () => {
    const expected: number[] = [];
    let session = sessionOf(SAMPLE.firstTradeDate);
    for (let n = 0; n < SESSION_COUNT && session !== null; n++) {
      for (let at = session.open_us; at < session.close_us; at += MINUTE_US) expected.push(at);
      session = nextSession(session.open_us);
    }
    expect(sample.map((bar) => bar.open_us)).toEqual(expected);
  });
  it('ends early on a short day and skips a holiday', () => {
    // Thanksgiving 2025-11-27 halts at 12:00 and the day after closes at 12:15; 2025-12-25 is closed.
    const bars = [...generateSessions({ ...SAMPLE, firstTradeDate: 20251126, sessions: 3 })];
    expect(bars.length).toBe(1_380 + 1_140 + 1_155);
    const christmas = [...generateSessions({ ...SAMPLE, firstTradeDate: 20251224, sessions: 2 })];
    expect(new Set(christmas.map((bar) => sessionOfBar(bar).trade_date))).toEqual(
      new Set([20251224, 20251226]),
    );
  });
  it('holds its open and close in its range, on the grid, with contracts traded', () => {
    const wrong = sample.filter(
      (bar) =>
        bar.low_ticks > Math.min(bar.open_ticks, bar.close_ticks) ||
        bar.high_ticks < Math.max(bar.open_ticks, bar.close_ticks) ||
        !(Number.isSafeInteger(bar.volume) && (bar.volume ?? 0) >= 1) ||
        !Number.isInteger(bar.open_ticks) ||
        bar.tick_size_e4 !== 2_500,
    );
    expect(wrong).toEqual([]);
  });
  it('of five minutes is the sum of five of one', () => {
    const five = [...generateSessions({ ...SAMPLE, interval: '5m', sessions: 2 })];
    expect(five.length).toBe((2 * 1_380) / 5);
    five.forEach((bar, i) => {
      const parts = sample.slice(i * 5, i * 5 + 5);
      expect(bar).toMatchObject({
        open_us: parts[0]?.open_us,
        interval_us: 5 * MINUTE_US,
        open_ticks: parts[0]?.open_ticks,
        close_ticks: parts[4]?.close_ticks,
        high_ticks: Math.max(...parts.map((part) => part.high_ticks)),
        low_ticks: Math.min(...parts.map((part) => part.low_ticks)),
        volume: parts.reduce((sum, part) => sum + (part.volume ?? 0), 0),
      });
    });
  });
});

describe('the course of the day', () => {
  const changes = changesOf(sample);
  const sdIn = (from: number, to: number): number =>
    sd(changes.filter((c) => c.minute >= from && c.minute < to).map((c) => c.points));
  const volumeIn = (from: number, to: number): number =>
    median(sample.filter((bar) => minuteOf(bar) >= from && minuteOf(bar) < to).map((bar) => bar.volume ?? 0));

  it('has its volatility high at the open, low at noon, higher at the close, least at night', () => {
    const [night, open, noon, close] = [
      sdIn(300, 420),
      sdIn(930, 960),
      sdIn(1_140, 1_260),
      sdIn(1_300, 1_320),
    ];
    expect(open).toBeGreaterThan(1.5 * noon);
    expect(close).toBeGreaterThan(1.15 * noon);
    expect(noon).toBeGreaterThan(1.5 * night);
  });
  it('has plausible sizes: 1 to 2.5 points a minute by day, less than 1 at night', () => {
    expect(sdIn(930, 1_320)).toBeGreaterThan(1);
    expect(sdIn(930, 1_320)).toBeLessThan(2.5);
    expect(sdIn(300, 420)).toBeGreaterThan(0.3);
    expect(sdIn(300, 420)).toBeLessThan(1);
  });
  it('has calm and volatile days', () => {
    const days = new Map<number, number[]>();
    for (const bar of sample) {
      const minute = minuteOf(bar);
      if (minute < 930 || minute >= 1_320) continue;
      const day = days.get(sessionOfBar(bar).trade_date) ?? [];
      days.set(sessionOfBar(bar).trade_date, [...day, bar.high_ticks - bar.low_ticks]);
    }
    const ranges = [...days.values()].map((day) => day.reduce((sum, v) => sum + v, 0) / day.length);
    expect(Math.max(...ranges) / Math.min(...ranges)).toBeGreaterThan(1.8);
  });
  it('jumps in volume at 08:30, in summer and winter time, and bursts at the close', () => {
    // 2025-03-09 is the change to summer time.
    for (const part of [sample.slice(0, 5 * 1_380), sample.slice(5 * 1_380)]) {
      const at = (minute: number): number =>
        median(part.filter((bar) => minuteOf(bar) === minute).map((bar) => bar.volume ?? 0));
      expect(at(930) / at(925)).toBeGreaterThan(5);
    }
    expect(volumeIn(1_319, 1_320)).toBeGreaterThan(8 * volumeIn(1_140, 1_260));
    expect(volumeIn(960, 1_020)).toBeGreaterThan(1.3 * volumeIn(1_140, 1_260));
  });
});

describe('what the bars do not hold', () => {
  const seeds = ['a', 'b', 'c', 'd', 'e'];
  const all = seeds.map((seed) => changesOf(barsOf(seed, 20)).map((c) => c.points));
  it('no correlation of a return with the next one beyond noise', () => {
    const correlations = all.map((points) => {
      let product = 0;
      let square = 0;
      points.forEach((value, i) => {
        product += value * (points[i - 1] ?? 0);
        square += value * value;
      });
      return product / square;
    });
    // With 27,000 changes of uneven size one run scatters by about 0.013.
    for (const correlation of correlations) expect(Math.abs(correlation)).toBeLessThan(0.04);
    expect(Math.abs(correlations.reduce((sum, c) => sum + c, 0) / seeds.length)).toBeLessThan(0.018);
  });
  it('no drift', () => {
    const points = all.flat();
    const mean = points.reduce((sum, v) => sum + v, 0) / points.length;
    // Trends make the mean scatter more than independent changes would.
    expect(Math.abs(mean)).toBeLessThan((5 * sd(points)) / Math.sqrt(points.length));
  });
});

describe('squeezes', () => {
  it('happen in trading hours: Bollinger inside Keltner for 5 bars of 5 minutes and more', () => {
    const bars = [...generateSessions({ ...SAMPLE, interval: '5m' })];
    let length = 0;
    let fired = 0;
    for (let i = 20; i < bars.length; i++) {
      const window = bars.slice(i - 19, i + 1);
      const mean = window.reduce((sum, bar) => sum + bar.close_ticks, 0) / 20;
      const deviation = Math.sqrt(window.reduce((sum, bar) => sum + (bar.close_ticks - mean) ** 2, 0) / 20);
      const range = window.reduce((sum, bar) => sum + bar.high_ticks - bar.low_ticks, 0) / 20;
      const minute = minuteOf(bars[i]!);
      if (2 * deviation < 1.5 * range) length++;
      else {
        if (length >= 5 && minute >= 945 && minute < 1_290) fired++;
        length = 0;
      }
    }
    expect(fired).toBeGreaterThan(10);
    expect(fired).toBeLessThan(5 * SESSION_COUNT);
  });
});

describe('what cannot be made', () => {
  const take = (options: Partial<typeof SAMPLE>): unknown =>
    generateSessions({ ...SAMPLE, ...options }).next();
  it('refuses a symbol it does not know', () =>
    expect(() => take({ symbol: 'CL' })).toThrow(BellwetherError));
  it.each([20250101, 20250302, 20251301])('refuses %p, which has no session', (firstTradeDate) => {
    expect(() => take({ firstTradeDate })).toThrow(InvariantError);
  });
  it.each([0, 1.5, 2_601])('refuses %p sessions', (sessions) =>
    expect(() => take({ sessions })).toThrow(InvariantError),
  );
});
