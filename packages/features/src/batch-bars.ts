/**
 * Batch reference for the tests of this package: the same definitions, written down again over whole files, slow and
 * straightforward, with nothing of the streaming code. This part places bars: sessions, runs, parts, five-minute bars.
 */
import type { Bar } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { nextSession, sessionAt, type TradeSession } from '@bellwether/market';

export const MINUTE_US = 60_000_000;
const HOLE_US = 30 * MINUTE_US;
const PROFILE_GAP_US = 45 * 1_440 * MINUTE_US;

/** A trade date in the file: bars `from` up to, not including, `to`. */
export interface BatchSession {
  readonly session: TradeSession;
  readonly from: number;
  readonly to: number;
  /** Sessions with a gap of more than 45 days between them have different ones. */
  readonly epoch: number;
  readonly full: boolean;
}

export interface BatchBars {
  readonly bars: readonly Bar[];
  readonly sessions: readonly BatchSession[];
  /** By bar: its session, and the first bar of its unbroken run. */
  readonly sessionOf: readonly number[];
  readonly runStart: readonly number[];
}

export const closeOf = (bar: Bar): number => bar.open_us + bar.interval_us;

export const sessionOfBar = (bar: Bar): TradeSession => present(sessionAt(bar.open_us), 'a session');

export function inCash(bar: Bar): boolean {
  const session = sessionOfBar(bar);
  return bar.open_us >= session.rth_open_us && bar.open_us < session.rth_close_us;
}

function goesOn(before: Bar, bar: Bar): boolean {
  const a = sessionOfBar(before);
  const b = sessionOfBar(bar);
  if (a.trade_date === b.trade_date) return bar.open_us - closeOf(before) <= HOLE_US;
  if (nextSession(a.open_us).trade_date !== b.trade_date) return false;
  return a.close_us - closeOf(before) + bar.open_us - b.open_us <= HOLE_US;
}

function sessionsOf(bars: readonly Bar[]): BatchSession[] {
  const sessions: BatchSession[] = [];
  let epoch = 0;
  for (let from = 0; from < bars.length;) {
    const session = sessionOfBar(bars[from]!);
    let to = from;
    while (to < bars.length && sessionOfBar(bars[to]!).trade_date === session.trade_date) to++;
    if (from > 0 && bars[from]!.open_us - closeOf(bars[from - 1]!) > PROFILE_GAP_US) epoch++;
    const cash = bars.slice(from, to).filter(inCash);
    const minutes = cash.reduce((sum, bar) => sum + bar.interval_us / MINUTE_US, 0);
    sessions.push({ session, from, to, epoch, full: session.full_day && minutes >= 0.9 * 390 });
    from = to;
  }
  return sessions;
}

export function placeBars(bars: readonly Bar[]): BatchBars {
  const sessions = sessionsOf(bars);
  const sessionOf: number[] = [];
  sessions.forEach(({ from, to }, k) => {
    for (let i = from; i < to; i++) sessionOf.push(k);
  });
  const runStart: number[] = [];
  bars.forEach((bar, i) => {
    runStart.push(i > 0 && goesOn(bars[i - 1]!, bar) ? runStart[i - 1]! : i);
  });
  return { bars, sessions, sessionOf, runStart };
}

export interface Part {
  readonly from: number;
  /** Its first price is known: bars lead up to it, or it begins with the very first minute. */
  readonly joined: boolean;
  /** No bar is missing in it up to the bar asked for. */
  readonly whole: boolean;
}

/** The running part of the session of bar `i`: from 17:00, or from 08:30 on. */
export function partOf({ bars, sessions, sessionOf, runStart }: BatchBars, i: number): Part {
  const { session, from: first } = sessions[sessionOf[i]!]!;
  const anchor_us = bars[i]!.open_us >= session.rth_open_us ? session.rth_open_us : session.open_us;
  let from = i;
  while (from > first && bars[from - 1]!.open_us >= anchor_us) from--;
  const joined = bars[from]!.open_us === anchor_us || runStart[from] !== from;
  return { from, joined, whole: joined && runStart[i]! <= from };
}

/** A five-minute bar, and the one-minute bar after which it is known. */
export interface LongerBar {
  readonly known: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly starts_session: boolean;
}

/** Completed five-minute bars of the run of bar `i`, as known after it. */
export function fiveMinuteBars(placed: BatchBars, start: number, end: number): LongerBar[] {
  const { bars, sessionOf } = placed;
  const grid = 5 * MINUTE_US;
  const first_us = Math.ceil(bars[start]!.open_us / grid) * grid;
  const longer: LongerBar[] = [];
  for (let from = start; from < end;) {
    const open_us = Math.floor(bars[from]!.open_us / grid) * grid;
    let to = from;
    while (to < end && bars[to]!.open_us < open_us + grid) to++;
    const part = bars.slice(from, to);
    const last = part[part.length - 1]!;
    // Known with its last minute, or with the next bar where that is missing.
    const known = closeOf(last) === open_us + grid ? to - 1 : to;
    if (open_us >= first_us && known < end) {
      longer.push({
        known,
        high: Math.max(...part.map((bar) => bar.high_ticks)),
        low: Math.min(...part.map((bar) => bar.low_ticks)),
        close: last.close_ticks,
        starts_session: from === 0 || sessionOf[from] !== sessionOf[from - 1],
      });
    }
    from = to;
  }
  return longer;
}
