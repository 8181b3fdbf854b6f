/**
 * Goal: a book hears of every calendar boundary and of every missing bar, and hears the same in a replay and live.
 * Method: written-out days, and random gaps asked about at random times.
 */
import { describe, expect, it } from '@jest/globals';
import { ClockReason, ClockReasonName, type Clock } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { chicagoText, sessionAt } from '@bellwether/market';
import { MINUTE_US, aBook, theSession } from './bars-for-tests.js';
import {
  CALENDAR_ENDED,
  DUE_MAX,
  IDLE_GRACE_US,
  IDLE_RUN_MAX,
  afterEntry,
  clockHeadAt,
  clockRuleOf,
  nextClock,
  type ClockHead,
  type ClockRule,
} from './clock-rule.js';

const rule: ClockRule = clockRuleOf(aBook());
const HOUR_US = 60 * MINUTE_US;
const DAY_US = 24 * HOUR_US;
const STEP_US = MINUTE_US + IDLE_GRACE_US;

/** Everything due in a span, boundaries only. */
function boundaries(from_us: number, until_us: number, of: ClockRule = rule): readonly string[] {
  const quiet: ClockHead = { ...clockHeadAt(from_us), idle_run: IDLE_RUN_MAX };
  return nextClock(of, quiet, until_us).due.map(
    (clock) => `${chicagoText(clock.boundary_us).slice(0, 19)} ${ClockReasonName[clock.reason]}`,
  );
}

describe('calendar boundaries', () => {
  it('are five on a full day', () => {
    const { open_us, close_us } = theSession(20250915);
    expect(boundaries(open_us, close_us)).toEqual([
      '2025-09-14 17:00:00 session_open',
      '2025-09-15 08:30:00 rth_open',
      '2025-09-15 15:00:00 rth_close',
      '2025-09-15 15:05:00 flat_by',
      '2025-09-15 16:00:00 session_close',
    ]);
  });

  it('stay at their Chicago times when the clocks change', () => {
    // 2025-03-09 and 2025-11-02 change; the offsets before and after differ by an hour.
    for (const [before, after] of [
      [20250307, 20250310],
      [20251031, 20251103],
    ] as const) {
      const times = [before, after].map((date) => {
        const { open_us, close_us } = theSession(date);
        return boundaries(open_us, close_us).map((text) => text.slice(11));
      });
      expect(times[1]).toEqual(times[0]);
      expect((theSession(after).rth_open_us - theSession(before).rth_open_us) % DAY_US).not.toBe(0);
    }
  });

  it('on a short day have flat-by 10 minutes before the early close', () => {
    const { open_us, close_us } = theSession(20251128);
    expect(boundaries(open_us, close_us)).toEqual([
      '2025-11-27 17:00:00 session_open',
      '2025-11-28 08:30:00 rth_open',
      '2025-11-28 12:05:00 flat_by',
      '2025-11-28 12:15:00 session_close',
    ]);
  });

  it('on a Good Friday that halts at 08:15 are open, flat-by and close', () => {
    const { open_us, close_us } = theSession(20230407);
    expect(boundaries(open_us, close_us).map((text) => text.slice(11))).toEqual([
      '17:00:00 session_open',
      '08:05:00 flat_by',
      '08:15:00 session_close',
    ]);
  });

  it('follow the flat-by time of the book, also in the night', () => {
    const { open_us, close_us } = theSession(20250915);
    const early = clockRuleOf(aBook({ limits: { last_entry: '01:00', flat_by: '02:00' } }));
    expect(boundaries(open_us, close_us, early)[1]).toBe('2025-09-15 02:00:00 flat_by');
    const atClose = clockRuleOf(aBook({ limits: { flat_by: '15:00' } }));
    expect(boundaries(open_us, close_us, atClose).map((text) => text.slice(11))).toEqual([
      '17:00:00 session_open',
      '08:30:00 rth_open',
      '15:00:00 flat_by',
      '16:00:00 session_close',
    ]);
  });

  it('skip weekends and closed days', () => {
    const from = theSession(20251224).close_us;
    const found = boundaries(from, from + 2 * DAY_US);
    expect(found[0]).toContain('2025-12-24 12:15:00 session_close');
    expect(found[1]).toContain('2025-12-25 17:00:00 session_open');
  });

  it('include the very first and last instant asked about', () => {
    const { open_us, rth_open_us } = theSession(20250915);
    expect(boundaries(open_us, rth_open_us).length).toBe(2);
    expect(boundaries(open_us + 1, rth_open_us - 1)).toEqual([]);
  });
});

describe('the end of the calendar', () => {
  it('has a last close, and nothing is due after it', () => {
    const { open_us, close_us } = theSession(20271231);
    expect(boundaries(open_us, close_us + 400 * DAY_US).at(-1)).toBe('2027-12-31 16:00:00 session_close');
    const next = nextClock(rule, clockHeadAt(close_us + 1), close_us + 400 * DAY_US);
    expect(next).toMatchObject({ due: [], next_check_us: CALENDAR_ENDED });
  });
});

describe('idle entries', () => {
  const { rth_open_us } = theSession(20250915);
  const noon_us = rth_open_us + 3 * HOUR_US;

  it('come one bar interval and 10 s after the last entry, and again after each such step', () => {
    const next = nextClock(rule, afterEntry(clockHeadAt(noon_us), noon_us), noon_us + 3 * STEP_US);
    expect(next.due).toEqual(
      [1, 2, 3].map((n) => ({ boundary_us: noon_us + n * STEP_US, reason: ClockReason.IDLE })),
    );
    expect(next.next_check_us).toBe(noon_us + 4 * STEP_US);
  });

  it('do not come while bars do', () => {
    let head = clockHeadAt(noon_us);
    for (let bar = 1; bar <= 60; bar++) {
      const close_us = noon_us + bar * MINUTE_US;
      const next = nextClock(rule, head, close_us + IDLE_GRACE_US - 1);
      expect(next.due).toEqual([]);
      head = afterEntry(next.head, close_us);
    }
  });

  it('follow the interval of the book', () => {
    const five = clockRuleOf(aBook({ bar_interval: '5m' }));
    const next = nextClock(five, afterEntry(clockHeadAt(noon_us), noon_us), noon_us + 6 * MINUTE_US);
    expect(next.due.map((clock) => clock.boundary_us - noon_us)).toEqual([5 * MINUTE_US + IDLE_GRACE_US]);
  });

  it('end after a while, until an entry comes that is not of the clock', () => {
    const { open_us, close_us } = theSession(20250915);
    const whole = nextClock(rule, clockHeadAt(open_us), close_us);
    const idle = (due: readonly Clock[]): number =>
      due.filter((clock) => clock.reason === ClockReason.IDLE).length;
    expect(idle(whole.due)).toBe(IDLE_RUN_MAX);
    expect(whole.due.length).toBe(IDLE_RUN_MAX + 5);
    expect(idle(nextClock(rule, afterEntry(whole.head, noon_us), noon_us + 2 * HOUR_US).due)).toBe(0);
    const bar = afterEntry({ ...clockHeadAt(noon_us), idle_run: IDLE_RUN_MAX }, noon_us);
    expect(idle(nextClock(rule, bar, noon_us + 2 * STEP_US).due)).toBe(2);
  });

  it('never come outside a session', () => {
    const friday = theSession(20250919);
    const next = nextClock(
      rule,
      afterEntry(clockHeadAt(friday.close_us), friday.close_us),
      friday.close_us + 2 * DAY_US,
    );
    expect(next.due.map((clock) => clock.reason)[0]).toBe(ClockReason.SESSION_CLOSE);
    for (const clock of next.due.filter(({ reason }) => reason === ClockReason.IDLE)) {
      expect(sessionAt(clock.boundary_us)?.trade_date).toBe(20250922);
    }
  });

  it('do not come in the afternoon halt, when no bar is due, and go on after it', () => {
    const session = theSession(20190905);
    const halt_us = session.rth_close_us + 15 * MINUTE_US;
    const afterHalt_us = halt_us + 15 * MINUTE_US;
    expect([session.halt_from_us, session.halt_to_us]).toEqual([halt_us, afterHalt_us]);
    const idles = (last_us: number, of: ClockRule): readonly number[] =>
      nextClock(
        of,
        { ...afterEntry(clockHeadAt(last_us), last_us), last_boundary_us: last_us },
        session.close_us,
      )
        .due.filter(({ reason }) => reason === ClockReason.IDLE)
        .map(({ boundary_us }) => boundary_us);
    // The last bar before the halt came; then nothing.
    expect(idles(halt_us, rule).slice(0, 2)).toEqual([afterHalt_us + STEP_US, afterHalt_us + 2 * STEP_US]);
    // A bar is missing before the halt: said until it begins.
    expect(idles(halt_us - 3 * MINUTE_US, rule).slice(0, 3)).toEqual([
      halt_us - 3 * MINUTE_US + STEP_US,
      halt_us - 3 * MINUTE_US + 2 * STEP_US,
      afterHalt_us + STEP_US,
    ]);
    const five = clockRuleOf(aBook({ bar_interval: '5m' }));
    expect(idles(halt_us, five)[0]).toBe(afterHalt_us + 5 * MINUTE_US + IDLE_GRACE_US);
    // Without a halt, in 2025, they come.
    const { rth_close_us } = theSession(20250915);
    const at = rth_close_us + 15 * MINUTE_US;
    expect(nextClock(rule, afterEntry(clockHeadAt(at), at), at + STEP_US).due).toHaveLength(1);
  });

  it('give way to a boundary at the same time', () => {
    const at = rth_open_us - STEP_US;
    expect(nextClock(rule, afterEntry(clockHeadAt(at), at), rth_open_us).due).toEqual([
      { boundary_us: rth_open_us, reason: ClockReason.RTH_OPEN },
    ]);
  });
});

describe('the same entries come out however often the rule is asked', () => {
  const entriesOf = (seed: string): readonly number[] => {
    const random = uniformSource(seed);
    const times: number[] = [];
    let at = theSession(20250307).open_us;
    for (let n = 0; n < 300; n++) {
      const far = random() < 0.03;
      at += Math.floor(random() * (far ? 3 * DAY_US : 3 * MINUTE_US)) + 1;
      times.push(at);
    }
    return times;
  };

  it.each(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])(
    'seed %s: once before each entry, or polled at random',
    (seed) => {
      const times = entriesOf(seed);
      const start = clockHeadAt(times[0] ?? 0);
      const seldom: Clock[] = [];
      let head = start;
      for (const known_us of times) {
        for (let next = nextClock(rule, head, known_us - 1); ; next = nextClock(rule, head, known_us - 1)) {
          seldom.push(...next.due);
          head = next.head;
          if (next.next_check_us >= known_us) break;
        }
        head = afterEntry(head, known_us);
      }

      const random = uniformSource(`poll ${seed}`);
      const often: Clock[] = [];
      head = start;
      let now = times[0] ?? 0;
      for (const known_us of times) {
        while (now < known_us - 1) {
          const next = nextClock(rule, head, now);
          often.push(...next.due);
          head = next.head;
          // Sleeping until the time that the rule named must lose nothing either.
          now =
            random() < 0.5
              ? Math.min(next.next_check_us, known_us - 1)
              : now + Math.floor(random() * HOUR_US);
          now = Math.min(now, known_us - 1);
        }
        const next = nextClock(rule, head, known_us - 1);
        often.push(...next.due);
        head = afterEntry(next.head, known_us);
        now = known_us;
      }
      expect(seldom.length).toBeGreaterThan(50);
      expect(often).toEqual(seldom);
      const boundary = seldom.map((clock) => clock.boundary_us);
      expect(boundary).toEqual([...new Set(boundary)].sort((a, b) => a - b));
    },
  );

  it('at most a bounded number at once, and the rest on the next call', () => {
    const from = theSession(20150105).open_us;
    const until = theSession(20251231).close_us;
    let head: ClockHead = { ...clockHeadAt(from), idle_run: IDLE_RUN_MAX };
    let count = 0;
    for (;;) {
      const next = nextClock(rule, head, until);
      expect(next.due.length).toBeLessThanOrEqual(DUE_MAX);
      count += next.due.length;
      head = next.head;
      if (next.next_check_us > until) break;
    }
    expect(count).toBeGreaterThan(11 * 250 * 4);
  });
});
