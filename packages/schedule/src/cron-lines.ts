import { dueTimes, type Cadence, type Days } from './cadence.js';
import { lastCronTime, parseCron } from './cron.js';
import type { Job } from './jobs.js';
import { DAYLIGHT_HOURS, DAY_MINUTES, HOUR_US, STANDARD_HOURS } from './wall-time.js';

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];
const MINUTES_OF_HOUR = 60;

/** Months in which Chicago keeps one time, and those in which it changes it. Together the whole year, none twice. */
const SEASONS = [
  { months: '1-2,12', offsets: [STANDARD_HOURS] },
  { months: '4-10', offsets: [DAYLIGHT_HOURS] },
  { months: '3,11', offsets: [DAYLIGHT_HOURS, STANDARD_HOURS] },
] as const;

/** Weekdays on which days of a kind can lie, holidays aside. */
function weekdaysOf(days: Days): readonly number[] {
  switch (days.kind) {
    case 'trade_dates':
      return [1, 2, 3, 4, 5];
    case 'eves':
      return [0, 1, 2, 3, 4];
    case 'weekday':
      return [days.weekday];
    case 'every':
    case 'day_of_month':
      return WEEKDAYS;
  }
}

/** `*`, or numbers with ranges: `0-2,5`; with a step where they are even over three or more: `0-55/5`. */
function fieldText(values: readonly number[], whole: number): string {
  if (values.length === whole) return '*';
  const step = values.length > 2 ? values[1]! - values[0]! : 1;
  if (step > 1 && values.every((value, i) => value === values[0]! + i * step)) {
    const [first, last] = [values[0]!, values.at(-1)!];
    return first < step && last + step >= whole && whole === MINUTES_OF_HOUR && first === 0
      ? `*/${step}`
      : `${first}-${last}/${step}`;
  }
  const runs: [number, number][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.[1] === value - 1) run[1] = value;
    else runs.push([value, value]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`))
    .join(',');
}

/** Puts places together whose content is equal: content to the places, ascending. */
function grouped(content: ReadonlyMap<number, string>): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [place, text] of [...content].sort(([a], [b]) => a - b)) {
    if (text === '') continue;
    groups.set(text, [...(groups.get(text) ?? []), place]);
  }
  return groups;
}

/** Minutes of the UTC week at which a cadence can be due in a season. */
function weekMinutes({ zone, patterns }: Cadence, offsets: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  const shifts = zone === 'utc' ? [0] : offsets;
  for (const { days, minutes } of patterns) {
    for (const weekday of weekdaysOf(days)) {
      for (const minute of minutes) {
        for (const shift of shifts) {
          const at = weekday * DAY_MINUTES + minute - shift * MINUTES_OF_HOUR;
          found.add(at % (7 * DAY_MINUTES));
        }
      }
    }
  }
  return found;
}

/** Lines of one season: hours with equal minutes together, then weekdays with equal hours. */
function seasonLines(minutes: ReadonlySet<number>, dayOfMonth: string, months: string): readonly string[] {
  const linesOfDay = new Map<number, string>();
  for (const weekday of WEEKDAYS) {
    const byHour = new Map<number, string>();
    for (let hour = 0; hour < 24; hour++) {
      const from = weekday * DAY_MINUTES + hour * MINUTES_OF_HOUR;
      const own = [...Array(MINUTES_OF_HOUR).keys()].filter((minute) => minutes.has(from + minute));
      byHour.set(hour, own.length === 0 ? '' : fieldText(own, MINUTES_OF_HOUR));
    }
    const lines = [...grouped(byHour)].map(([text, hours]) => `${text} ${fieldText(hours, 24)}`);
    linesOfDay.set(weekday, lines.join(';'));
  }
  const weekdaysOfLine = new Map<string, number[]>();
  for (const [weekday, lines] of linesOfDay) {
    for (const line of lines.split(';').filter((one) => one !== '')) {
      weekdaysOfLine.set(line, [...(weekdaysOfLine.get(line) ?? []), weekday]);
    }
  }
  return [...weekdaysOfLine].map(
    ([line, weekdays]) => `${line} ${dayOfMonth} ${months} ${fieldText(weekdays, 7)}`,
  );
}

/**
 * The cron lines, in UTC, that cover every due time of a cadence in any year. No two of them fire at the same time. They also fire
 * where nothing is due: on holidays, and an hour beside in the months in which Chicago changes its clock; {@link dueByCron} tells.
 */
export function cronLines(cadence: Cadence): readonly string[] {
  const dates = cadence.patterns.flatMap(({ days }) => (days.kind === 'day_of_month' ? [days.day] : []));
  const dayOfMonth = dates.length === 0 ? '*' : dates.join(',');
  if (cadence.zone === 'utc') return seasonLines(weekMinutes(cadence, []), dayOfMonth, '*');
  return SEASONS.flatMap(({ months, offsets }) =>
    seasonLines(weekMinutes(cadence, offsets), dayOfMonth, months),
  );
}

/**
 * The due time that a run started by a cron line stands for, or null where the line fired beside it, or longer ago than a missed time
 * is made up for. Needs no memory and no punctual start: the latest time at which the line fired is due, or it is not.
 *
 * @throws BellwetherError `usage` where it is no cron line
 */
export function dueByCron({ cadence, catchUpHours }: Job, line: string, now_us: number): number | null {
  const fired_us = lastCronTime(parseCron(line), now_us);
  if (fired_us === null || now_us - fired_us > catchUpHours * HOUR_US) return null;
  return dueTimes(cadence, fired_us, fired_us + 1)[0] ?? null;
}
