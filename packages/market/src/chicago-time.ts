/**
 * Chicago wall time by rule (domain.md 1.5): daylight time from the second Sunday of March to the first
 * Sunday of November, changing at 02:00, as the law says since 2007; before that from the first Sunday of April to the
 * last Sunday of October.
 */
import { civilOf, nthWeekday } from './civil-date.js';

export const MINUTE_US = 60_000_000;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;

const SUNDAY = 0;
const STANDARD_HOURS = -6;
const DAYLIGHT_HOURS = -5;
/** Of daylight time from March to November. */
const FIRST_YEAR_OF_LAW = 2007;

/**
 * True when Chicago keeps daylight time from 03:00 of this day (so at every hour at which the market opens
 * or closes).
 */
function isDaylightDay(day: number): boolean {
  const { year, month } = civilOf(day);
  if (month < 3 || month > 11) return false;
  if (year < FIRST_YEAR_OF_LAW) {
    // The last Sunday of October is the one within a week of November.
    return day >= nthWeekday(year, 4, SUNDAY, 1) && day < nthWeekday(year, 11, SUNDAY, 1) - 7;
  }
  return day >= nthWeekday(year, 3, SUNDAY, 2) && day < nthWeekday(year, 11, SUNDAY, 1);
}

/** Hours to add to UTC for Chicago wall time at this instant: -6 or -5. */
export function chicagoOffsetHours(us: number): number {
  // 02:00 standard time is 08:00 UTC; 02:00 daylight time is 07:00 UTC.
  const day = Math.floor(us / DAY_US);
  const hour = Math.floor((us - day * DAY_US) / HOUR_US);
  const now = isDaylightDay(day);
  const before = isDaylightDay(day - 1);
  if (now === before) return now ? DAYLIGHT_HOURS : STANDARD_HOURS;
  const changed = now ? hour >= 8 : hour >= 7;
  return now === changed ? DAYLIGHT_HOURS : STANDARD_HOURS;
}

/**
 * The instant of a wall time on a civil day. Exact from 03:00 on; the hours in which the clock changes are
 * not asked for, since the market is closed then.
 */
export function chicagoToUtc(day: number, minuteOfDay: number): number {
  const offset = isDaylightDay(day) ? DAYLIGHT_HOURS : STANDARD_HOURS;
  return day * DAY_US + minuteOfDay * MINUTE_US - offset * HOUR_US;
}

/** For people: `2025-09-15 08:31:00 CT`. Fractions of a second are cut off. */
export function chicagoText(us: number): string {
  const { date, clock } = textOf(us + chicagoOffsetHours(us) * HOUR_US);
  return `${date} ${clock} CT`;
}

/** For people: `2025-09-15T13:31:00Z`. Fractions of a second are cut off. */
export function utcText(us: number): string {
  const { date, clock } = textOf(us);
  return `${date}T${clock}Z`;
}

function textOf(us: number): { readonly date: string; readonly clock: string } {
  const day = Math.floor(us / DAY_US);
  const second = Math.floor((us - day * DAY_US) / 1_000_000);
  const date = civilOf(day);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = `${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  return { date: `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`, clock };
}
