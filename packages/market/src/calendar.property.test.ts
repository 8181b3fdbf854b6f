import { expect, test } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { chicagoOffsetHours, chicagoText } from './chicago-time.js';
import { civilOf, dayOf, weekdayOf } from './civil-date.js';
import {
  CALENDAR,
  isHalted,
  sessionAfter,
  sessionAt,
  sessionOf,
  tradeDateAt,
  tradingMinutes,
  type TradeSession,
} from './sessions.js';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const FROM = Date.UTC(2013, 0, 1) * 1_000;
const TO = Date.UTC(2028, 0, 1) * 1_000;

const wall = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/Chicago',
  dateStyle: 'short',
  timeStyle: 'medium',
});

test('wall time equals Intl at four hours of every day 2013-2027', () => {
  const wrong: string[] = [];
  for (let us = FROM; us < TO; us += 24 * HOUR) {
    for (const hour of [6.5, 7.5, 8.5, 22]) {
      const at = us + hour * HOUR;
      const expected = `${wall.format(at / 1_000)} CT`;
      if (chicagoText(at) !== expected) wrong.push(`${expected} was ${chicagoText(at)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every hour around each clock change equals Intl', () => {
  for (let year = 2013; year <= 2027; year++) {
    for (const month of [2, 10]) {
      for (let hour = 0; hour < 15 * 24; hour++) {
        const at = Date.UTC(year, month, 1) * 1_000 + hour * HOUR;
        expect(chicagoText(at)).toBe(`${wall.format(at / 1_000)} CT`);
      }
    }
  }
  expect(chicagoOffsetHours(Date.UTC(2025, 6, 1) * 1_000)).toBe(-5);
  expect(chicagoOffsetHours(Date.UTC(2025, 11, 1) * 1_000)).toBe(-6);
});

test('day numbers equal those of Date, both ways', () => {
  for (let ms = Date.UTC(1899, 0, 1); ms < Date.UTC(2101, 0, 1); ms += 86_400_000) {
    const date = new Date(ms);
    const day = ms / 86_400_000;
    const civil = civilOf(day);
    if (
      civil.year !== date.getUTCFullYear() ||
      civil.month !== date.getUTCMonth() + 1 ||
      civil.day !== date.getUTCDate() ||
      weekdayOf(day) !== date.getUTCDay() ||
      dayOf(civil.year, civil.month, civil.day) !== day
    ) {
      throw new Error(`Expected ${date.toISOString()}, was ${JSON.stringify(civil)}`);
    }
  }
});

function everySession(): TradeSession[] {
  const all: TradeSession[] = [];
  for (let s = sessionAfter(FROM); s !== null; s = sessionAfter(s.open_us)) all.push(s);
  return all;
}

test('sessions are ordered, disjoint, and found by date and by any instant inside', () => {
  const all = everySession();
  expect(all.length).toBeGreaterThan(15 * 255);
  let before: TradeSession | null = null;
  for (const s of all) {
    if (before !== null) {
      expect(s.trade_date).toBeGreaterThan(before.trade_date);
      expect(s.open_us).toBeGreaterThan(before.close_us);
    }
    expect(s.open_us).toBeLessThan(s.rth_open_us);
    expect(s.rth_open_us).toBeLessThanOrEqual(s.rth_close_us);
    expect(s.rth_close_us).toBeLessThanOrEqual(s.close_us);
    expect(chicagoText(s.open_us).slice(11)).toBe('17:00:00 CT');
    expect(sessionOf(s.trade_date)).toBe(s);
    for (const inside of [s.open_us, (s.open_us + s.close_us) / 2, s.close_us - 1]) {
      expect(sessionAt(inside)?.trade_date).toBe(s.trade_date);
    }
    expect(sessionAt(s.open_us - 1)).toBeNull();
    expect(sessionAt(s.close_us)).toBeNull();
    before = s;
  }
});

test('random instants: at most one session holds each, trade dates never go back, the next is next', () => {
  const all = everySession();
  const uniform = uniformSource('market calendar');
  const instants = Array.from({ length: 5_000 }, () => Math.floor(FROM + uniform() * (TO - FROM)));
  instants.sort((a, b) => a - b);
  let last = 0;
  for (const us of instants) {
    const holding = all.filter((s) => s.open_us <= us && us < s.close_us);
    expect(holding.length).toBeLessThanOrEqual(1);
    expect(sessionAt(us)).toEqual(holding[0] ?? null);
    const tradeDate = tradeDateAt(us);
    if (us < CALENDAR.to_us) expect(tradeDate).toBeGreaterThanOrEqual(last);
    last = tradeDate;
    const opened = all.filter((s) => s.open_us <= us).at(-1);
    expect(tradeDate).toBe(us < CALENDAR.to_us ? (opened?.trade_date ?? 0) : 0);
    expect(sessionAfter(us)).toEqual(all.find((s) => s.open_us > us) ?? null);
  }
});

const wallDates = new Map<number, number>();

/** By the wall clock of Intl, asked once an hour: from 17:00 on it is the next day's trade date. */
function tradeDateByWall(us: number): number {
  const hour = Math.floor(us / HOUR);
  const known = wallDates.get(hour);
  if (known !== undefined) return known;
  const [date = '', time = ''] = wall.format((hour * HOUR) / 1_000).split(' ');
  const day = Date.parse(`${date}T00:00:00Z`) + (time >= '17:00' ? 86_400_000 : 0);
  const tradeDate = Number(new Date(day).toISOString().slice(0, 10).replaceAll('-', ''));
  wallDates.set(hour, tradeDate);
  return tradeDate;
}

/** Weeks that hold a change of the clock or of the hours, a holiday or an exception; the others are drawn. */
const NOTABLE_DAYS =
  '2013-01-01 2013-03-10 2013-11-03 2014-02-17 2014-05-26 2015-04-03 2015-09-20 2018-12-05 2020-03-08 2021-06-27 ' +
  '2022-06-20 2023-11-05 2025-01-09 2025-11-02 2026-04-03 2026-12-24 2027-03-14 2027-12-27';

test('every minute of 60 weeks: in the trade date that its wall time says, and no minute lost', () => {
  const uniform = uniformSource('weeks');
  const starts = NOTABLE_DAYS.split(' ').map((day) => Date.parse(`${day}T00:00:00Z`) * 1_000);
  while (starts.length < 60)
    starts.push(FROM + Math.floor((uniform() * (TO - FROM)) / (24 * HOUR)) * 24 * HOUR);
  for (const start of starts) {
    const end = Math.min(start + 7 * 24 * HOUR, CALENDAR.to_us);
    const minutes = new Map<number, { all: number; halted: number }>();
    for (let us = Math.max(start, CALENDAR.from_us); us < end; us += MINUTE) {
      const session = sessionAt(us);
      if (session === null) continue;
      const expected = tradeDateByWall(us);
      if (session.trade_date !== expected)
        throw new Error(`${chicagoText(us)} is in ${session.trade_date}, Expected ${expected}`);
      const count = minutes.get(expected) ?? { all: 0, halted: 0 };
      count.all += 1;
      if (isHalted(session, us)) count.halted += 1;
      minutes.set(expected, count);
    }
    for (const [date, { all, halted }] of minutes) {
      const session = sessionOf(date);
      if (session === null || session.open_us < start || session.close_us > end) continue;
      expect([date, all - halted]).toEqual([date, tradingMinutes(session)]);
      expect([date, all]).toEqual([date, (session.close_us - session.open_us) / MINUTE]);
    }
    const whole = everySession().filter((s) => s.open_us >= start && s.close_us <= end);
    expect(whole.filter((s) => !minutes.has(s.trade_date))).toEqual([]);
  }
});
