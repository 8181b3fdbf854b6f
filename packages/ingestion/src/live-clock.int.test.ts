/**
 * Goal: the clock of a live book writes what a replay of the same bars would, also after a stop. Method: a clock that the
 * test moves; each wait of the loop moves it to the time asked for, and bars arrive on the way.
 */
import { describe, expect, it } from '@jest/globals';
import { MemoryBus, type Bus } from '@bellwether/bus';
import {
  ClockReasonName,
  DataOrigin,
  decodeEntry,
  encodeEntry,
  subjects,
  type Bar,
  type Entry,
} from '@bellwether/contracts';
import { MINUTE_US, aBar, aBook, barsOf, theSession } from './bars-for-tests.js';
import { clockRuleOf } from './clock-rule.js';
import { bookInputs } from './inputs.js';
import { runLiveClock } from './live-clock.js';
import { barEntry, closeOf } from './market-entries.js';

const config = aBook();
const rule = clockRuleOf(config);
const source = { source: 'es.csv', origin: DataOrigin.MARKET };

async function append(bus: Bus, entry: Entry): Promise<void> {
  const subject = subjects.input('test', 'bar', entry.id);
  await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
}

async function clocksOf(bus: Bus): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { data } of bus.read(subjects.inputOf('test'), { from: 1, follow: false })) {
    const { clock } = decodeEntry(data);
    if (clock !== null) found.push(`${clock.boundary_us} ${ClockReasonName[clock.reason]}`);
  }
  return found;
}

/** Runs the loop over a span in which bars arrive at their close. */
async function live(bus: Bus, from_us: number, until_us: number, bars: readonly Bar[]): Promise<void> {
  let now_us = from_us;
  const stop = new AbortController();
  const arriving = bars.filter((bar) => closeOf(bar) > from_us);
  await runLiveClock({
    bus,
    book: 'test',
    rule,
    origin: DataOrigin.MARKET,
    nowUs: () => now_us,
    signal: stop.signal,
    wait: async (ms) => {
      now_us += Math.ceil(ms * 1_000);
      for (let next = arriving[0]; next !== undefined && closeOf(next) <= now_us; next = arriving[0]) {
        await append(bus, barEntry('test', next, source));
        arriving.shift();
      }
      if (now_us > until_us) stop.abort();
    },
  });
}

async function replayed(bars: readonly Bar[]): Promise<readonly string[]> {
  const found: string[] = [];
  const series = [{ symbol: 'ES', bars, ...source }];
  for await (const { clock } of bookInputs({ config, series, release: null, from: null, to: null })) {
    if (clock !== null) found.push(`${clock.boundary_us} ${ClockReasonName[clock.reason]}`);
  }
  return found;
}

describe('the clock of a live book', () => {
  it('writes what a replay of the same bars writes', async () => {
    const { rth_open_us } = theSession(20250915);
    const all = barsOf([20250915]).filter(
      (bar) => bar.open_us >= rth_open_us - 10 * MINUTE_US && bar.open_us < rth_open_us + 60 * MINUTE_US,
    );
    // Some bars do not come.
    const bars = all.filter((_bar, i) => i % 7 !== 3 && !(i > 40 && i < 47));
    const bus = new MemoryBus();
    const first = bars[0]?.open_us ?? 0;
    const last = closeOf(bars.at(-1) ?? aBar(0));
    await live(bus, first, last, bars);
    const expected = await replayed(bars);
    expect(expected.length).toBeGreaterThan(10);
    expect(await clocksOf(bus)).toEqual(expected);
  });

  it('after a stop writes the boundaries that were missed, and no idle entries for that time', async () => {
    const { rth_open_us, open_us } = theSession(20250915);
    const bus = new MemoryBus();
    await append(bus, barEntry('test', aBar(rth_open_us - MINUTE_US), source));
    const next = theSession(20250916).open_us;
    await live(bus, next + 5 * MINUTE_US, next + 5 * MINUTE_US, []);
    expect((await clocksOf(bus)).map((text) => text.split(' ')[1])).toEqual([
      'rth_open',
      'rth_close',
      'flat_by',
      'session_close',
      'session_open',
    ]);
    expect(open_us).toBeLessThan(next);
  });

  it('after a stop in silence counts from its start', async () => {
    const { rth_open_us } = theSession(20250915);
    const bus = new MemoryBus();
    const start = rth_open_us + MINUTE_US;
    await live(bus, start, start + 71_000_000, []);
    expect(await clocksOf(bus)).toEqual([`${start + 70_000_000} idle`]);
  });

  it('started twice writes each boundary once', async () => {
    const { rth_open_us } = theSession(20250915);
    const bus = new MemoryBus();
    await live(bus, rth_open_us - 2_000_000, rth_open_us + 2_000_000, []);
    await live(bus, rth_open_us - 2_000_000, rth_open_us + 2_000_000, []);
    await live(bus, rth_open_us + 3_000_000, rth_open_us + 4_000_000, []);
    expect(await clocksOf(bus)).toEqual([`${rth_open_us} rth_open`]);
  });

  it('stops with a reason after the last session of the calendar', async () => {
    const { close_us } = theSession(20271231);
    const bus = new MemoryBus();
    const running = live(bus, close_us - 2_000_000, close_us + 10 * MINUTE_US, []);
    await expect(running).rejects.toMatchObject({ code: 'no_calendar' });
    expect(await clocksOf(bus)).toEqual([`${close_us} session_close`]);
  });

  it('ends with the signal', async () => {
    const bus = new MemoryBus();
    const at = theSession(20250915).rth_open_us;
    await runLiveClock({
      bus,
      book: 'test',
      rule,
      origin: DataOrigin.MARKET,
      nowUs: () => at,
      signal: AbortSignal.abort(),
    });
    expect(await clocksOf(bus)).toEqual([]);
  });
});
