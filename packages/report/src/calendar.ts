import type { Tone } from './axes.js';
import { heatMap, type HeatMap } from './charts.js';
import { html, type Html } from './html.js';
import { responsive } from './page.js';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'];
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS_A_WEEK = 7;
const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;
const WEEKS_A_YEAR = 54;
const WEEKS_MIN = 12;
/** Weeks that the name of a month takes. */
const NAME_WEEKS = 2;

/** A square of a calendar; `date` is yyyymmdd. */
export interface CalendarDay {
  readonly date: number;
  readonly tone: Tone;
  /** 0 to 1. */
  readonly strength: number;
  readonly label: string;
}

const dayNumber = (date: number): number =>
  Math.round(Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100) / DAY_MS);

const weekOf = (date: number): number => Math.floor((dayNumber(date) + FIRST_WEEKDAY) / DAYS_A_WEEK);
const rowOf = (date: number): number => (dayNumber(date) + FIRST_WEEKDAY) % DAYS_A_WEEK;

/** `20251003` as `2025-10-03`. */
export function dateText(date: number): string {
  const digits = String(date);
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

/** Weeks from left to right, Monday to Friday from top to bottom. */
function map(days: readonly CalendarDay[], from: number, weeks: number, title: string): HeatMap {
  const firstWeek = weekOf(from);
  const last = days.at(-1)?.date ?? from;
  const firstYear = Math.floor(from / 10_000);
  const marks = Array.from({ length: 24 }, (_, month) => {
    const first = (firstYear + Math.floor(month / 12)) * 10_000 + ((month % 12) + 1) * 100 + 1;
    return { first, at: weekOf(first) - firstWeek, label: MONTHS[month % 12] ?? '' };
  }).filter(({ first, at }) => first <= last && at >= 0 && at < weeks - 1);
  // The month of the first day has no first of its own here, and is named where there is room.
  if ((marks[0]?.at ?? weeks) >= NAME_WEEKS) {
    marks.unshift({ first: from, at: 0, label: MONTHS[(Math.floor(from / 100) % 100) - 1] ?? '' });
  }
  const cells = days
    .filter(({ date }) => rowOf(date) < WEEKDAYS.length)
    .map(({ date, ...cell }) => ({ column: weekOf(date) - firstWeek, row: rowOf(date), ...cell }));
  return { title, columns: weeks, rows: WEEKDAYS.length, rowLabels: WEEKDAYS, marks, cells };
}

/** Days in order: one row of weeks for a short time, a row for each year of a long one. */
export function calendar(title: string, days: readonly CalendarDay[]): Html {
  const first = days[0]?.date ?? 0;
  const last = days.at(-1)?.date ?? 0;
  const draw = (heat: HeatMap): Html => responsive((width) => heatMap(heat, width));
  const weeks = weekOf(last) - weekOf(first) + 1;
  // The first of the month is drawn above its own week.
  if (weeks <= WEEKS_A_YEAR) return html`${draw(map(days, first, Math.max(weeks, WEEKS_MIN), title))}`;
  const years = [...new Set(days.map(({ date }) => Math.floor(date / 10_000)))];
  return html`${years.map((year) => {
    const own = days.filter(({ date }) => Math.floor(date / 10_000) === year);
    const heat = map(own, year * 10_000 + 101, WEEKS_A_YEAR, `${title} of ${year}`);
    return html`<p class="year">${year}</p>
      ${draw(heat)}`;
  })}`;
}
