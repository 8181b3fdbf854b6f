/**
 * Which days the equity-index futures trade, and until when: rules and exceptions of domain.md 1.2 and 1.3.
 */
import { civilOf, dayOf, easterOf, nthWeekday, weekdayOf, yyyymmddOf } from './civil-date.js';
import { eraOf, type HoursEra } from './eras.js';

/** How a trade date goes: closed, or ended at a minute of the Chicago day. */
export type DaySchedule =
  | { readonly closed: true }
  | {
      readonly closed: false;
      readonly close_minute: number;
      readonly full_day: boolean;
      readonly halt: HoursEra['halt'];
    };

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

const HALF_DAY_CLOSE = 12 * 60 + 15;
const JUNETEENTH_SINCE = 2022;

/** Good Fridays on which the jobs report is published: trading until 08:15. */
const JOBS_REPORT_GOOD_FRIDAYS: ReadonlySet<number> = new Set([
  20_150_403, 20_210_402, 20_230_407, 20_260_403,
]);
const JOBS_REPORT_HALT = 8 * 60 + 15;

/** Days of mourning. */
const MOURNING_CLOSED = 20_181_205;
const MOURNING_HALTED = 20_250_109;
const MOURNING_HALT = 8 * 60 + 30;

const CLOSED: DaySchedule = { closed: true };
/** Every early end lies before the afternoon halt. */
const endsEarly = (minute: number): DaySchedule => ({
  closed: false,
  close_minute: minute,
  full_day: false,
  halt: null,
});

/** A holiday of a fixed date, moved from Saturday to Friday and from Sunday to Monday. */
function observed(year: number, month: number, dayOfMonth: number): number {
  const day = dayOf(year, month, dayOfMonth);
  const weekday = weekdayOf(day);
  return weekday === SATURDAY ? day - 1 : weekday === SUNDAY ? day + 1 : day;
}

function isClosedHoliday(day: number, year: number, yyyymmdd: number): boolean {
  const newYear = dayOf(year, 1, 1);
  // A New Year's Day on a Saturday is not observed on the Friday.
  if (weekdayOf(newYear) !== SATURDAY && day === observed(year, 1, 1)) return true;
  if (day === observed(year, 12, 25)) return true;
  return day === easterOf(year) - 2 && !JOBS_REPORT_GOOD_FRIDAYS.has(yyyymmdd);
}

function isHaltHoliday(day: number, year: number): boolean {
  const lastMondayOfMay = nthWeekday(year, 6, MONDAY, 1) - 7;
  return (
    day === nthWeekday(year, 1, MONDAY, 3) ||
    day === nthWeekday(year, 2, MONDAY, 3) ||
    day === lastMondayOfMay ||
    (year >= JUNETEENTH_SINCE && day === observed(year, 6, 19)) ||
    day === observed(year, 7, 4) ||
    day === nthWeekday(year, 9, MONDAY, 1) ||
    day === nthWeekday(year, 11, THURSDAY, 4)
  );
}

function isHalfDay(day: number, year: number): boolean {
  if (day === nthWeekday(year, 11, THURSDAY, 4) + 1) return true;
  const weekday = weekdayOf(day);
  if (day === dayOf(year, 12, 24)) return weekday >= MONDAY && weekday <= THURSDAY;
  // The eve of an Independence Day from Tuesday to Friday.
  return day === dayOf(year, 7, 3) && weekday >= MONDAY && weekday <= THURSDAY;
}

/** Schedule of the trade date on this civil day. */
export function scheduleOf(day: number): DaySchedule {
  const weekday = weekdayOf(day);
  if (weekday < MONDAY || weekday > FRIDAY) return CLOSED;
  const { year } = civilOf(day);
  const yyyymmdd = yyyymmddOf(day);
  if (yyyymmdd === MOURNING_CLOSED || isClosedHoliday(day, year, yyyymmdd)) return CLOSED;
  if (yyyymmdd === MOURNING_HALTED) return endsEarly(MOURNING_HALT);
  if (JOBS_REPORT_GOOD_FRIDAYS.has(yyyymmdd)) return endsEarly(JOBS_REPORT_HALT);
  const era = eraOf(yyyymmdd);
  if (isHaltHoliday(day, year)) return endsEarly(era.holiday_halt_minute);
  if (isHalfDay(day, year)) return endsEarly(HALF_DAY_CLOSE);
  return { closed: false, close_minute: era.close_minute, full_day: true, halt: era.halt };
}
