import { civilOf, sessionOf, weekdayOf, yyyymmddOf } from '@bellwether/market';
import { DAY_US, MINUTE_US, chicagoDayAt, chicagoInstants } from './wall-time.js';

/** On which days a pattern holds. Weekdays count from 0, Sunday. */
export type Days =
  | { readonly kind: 'every' }
  /** Dates with a session of the trading calendar. */
  | { readonly kind: 'trade_dates' }
  /** Dates before one with a session: its evening belongs to that session. */
  | { readonly kind: 'eves' }
  | { readonly kind: 'weekday'; readonly weekday: number }
  | { readonly kind: 'day_of_month'; readonly day: number };

export interface Pattern {
  readonly days: Days;
  /** Minutes of the day, ascending. */
  readonly minutes: readonly number[];
  /** Only while the regular hours of the date's session last: half days end early. */
  readonly withinRegularHours: boolean;
}

/** When a job is due. Patterns of one cadence name no minute of a day twice. */
export interface Cadence {
  readonly zone: 'chicago' | 'utc';
  readonly patterns: readonly Pattern[];
}

/** Days looked at for one due time: the longest month and some. */
const DAYS_LOOKED_AT = 40;

/** Minutes from one, up to and without another, so many apart. */
export function everyMinutes(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
}

/** Minute of the day of `HH:MM`. */
export function minuteOf(hour: number, minute: number): number {
  return hour * 60 + minute;
}

function holds(days: Days, day: number): boolean {
  switch (days.kind) {
    case 'every':
      return true;
    case 'trade_dates':
      return sessionOf(yyyymmddOf(day)) !== null;
    case 'eves':
      return sessionOf(yyyymmddOf(day + 1)) !== null;
    case 'weekday':
      return weekdayOf(day) === days.weekday;
    case 'day_of_month':
      return civilOf(day).day === days.day;
  }
}

/** The instants of one civil day of the cadence's zone, ascending, microseconds UTC. */
function dueOnDay({ zone, patterns }: Cadence, day: number): readonly number[] {
  const found: number[] = [];
  const instantOf =
    zone === 'utc' ? (minute: number) => day * DAY_US + minute * MINUTE_US : chicagoInstants(day);
  for (const { days, minutes, withinRegularHours } of patterns) {
    if (!holds(days, day)) continue;
    const end_us = withinRegularHours
      ? (sessionOf(yyyymmddOf(day))?.rth_close_us ?? Number.NEGATIVE_INFINITY)
      : Number.POSITIVE_INFINITY;
    for (const minute of minutes) {
      const at_us = instantOf(minute);
      if (at_us < end_us) found.push(at_us);
    }
  }
  return found.sort((a, b) => a - b);
}

function dayAt({ zone }: Cadence, us: number): number {
  return zone === 'utc' ? Math.floor(us / DAY_US) : chicagoDayAt(us);
}

/** Every due time from `from_us` up to, not including, `to_us`, ascending. */
export function dueTimes(cadence: Cadence, from_us: number, to_us: number): readonly number[] {
  const found: number[] = [];
  for (let day = dayAt(cadence, from_us) - 1; day <= dayAt(cadence, to_us); day++) {
    for (const at_us of dueOnDay(cadence, day)) if (at_us >= from_us && at_us < to_us) found.push(at_us);
  }
  return found;
}

/** The latest due time at or before an instant; null without one in the 40 days before. */
export function lastDue(cadence: Cadence, at_us: number): number | null {
  const today = dayAt(cadence, at_us);
  for (let day = today; day >= today - DAYS_LOOKED_AT; day--) {
    const found = dueOnDay(cadence, day).filter((one) => one <= at_us);
    if (found.length > 0) return found.at(-1) ?? null;
  }
  return null;
}

/** The first due time after an instant; null without one in the 40 days behind, as at the end of the trading calendar. */
export function nextDue(cadence: Cadence, at_us: number): number | null {
  const today = dayAt(cadence, at_us);
  for (let day = today; day <= today + DAYS_LOOKED_AT; day++) {
    const found = dueOnDay(cadence, day).find((one) => one > at_us);
    if (found !== undefined) return found;
  }
  return null;
}
