import { BellwetherError } from '@bellwether/contracts';
import { civilOf, weekdayOf } from '@bellwether/market';
import { DAY_US, MINUTE_US } from './wall-time.js';

/** A cron line in UTC, each field as the numbers that it stands for. */
export interface CronLine {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 Sunday to 6 Saturday. */
  readonly weekdays: ReadonlySet<number>;
  /** Cron takes a day that fits either field where both are restricted. */
  readonly eitherDay: boolean;
}

const FIELDS = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'weekday', from: 0, to: 6 },
] as const;

const PART = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;
/** Days looked at for the latest time of a line: from one 29 February to the next is more, and no line of ours names it. */
const DAYS_LOOKED_AT = 366;

function refused(line: string, why: string): BellwetherError {
  return new BellwetherError('usage', `The cron line "${line}" is not valid: ${why}`);
}

function fieldOf(line: string, text: string, { name, from, to }: (typeof FIELDS)[number]): Set<number> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const match = PART.exec(part);
    if (match === null) throw refused(line, `${name} "${part}"`);
    const [, first, last, step] = match;
    const low = first === undefined ? from : Number(first);
    const high = last !== undefined ? Number(last) : first === undefined || step !== undefined ? to : low;
    const by = step === undefined ? 1 : Number(step);
    if (low < from || high > to || low > high || by < 1) throw refused(line, `${name} "${part}"`);
    for (let value = low; value <= high; value += by) found.add(value);
  }
  return found;
}

/**
 * Reads a cron line of five fields, numbers only, as GitHub Actions takes it.
 *
 * @throws BellwetherError `usage`: a colon, a reversed range, a number out of bounds, a wrong number of fields
 */
export function parseCron(line: string): CronLine {
  const parts = line.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) throw refused(line, `expected five fields, it has ${parts.length}`);
  const [minutes, hours, daysOfMonth, months, weekdays] = FIELDS.map((field, i) =>
    fieldOf(line, parts[i]!, field),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const eitherDay = parts[2] !== '*' && parts[4] !== '*';
  return { minutes, hours, daysOfMonth, months, weekdays, eitherDay };
}

function firesOn({ daysOfMonth, months, weekdays, eitherDay }: CronLine, day: number): boolean {
  const date = civilOf(day);
  if (!months.has(date.month)) return false;
  const byDate = daysOfMonth.has(date.day);
  const byWeekday = weekdays.has(weekdayOf(day));
  return eitherDay ? byDate || byWeekday : byDate && byWeekday;
}

function timesOn(cron: CronLine, day: number): readonly number[] {
  if (!firesOn(cron, day)) return [];
  return [...cron.hours]
    .flatMap((hour) => [...cron.minutes].map((minute) => day * DAY_US + (hour * 60 + minute) * MINUTE_US))
    .sort((a, b) => a - b);
}

/** Every time at which a line fires, from `from_us` up to, not including, `to_us`, ascending. */
export function cronTimes(cron: CronLine, from_us: number, to_us: number): readonly number[] {
  const found: number[] = [];
  for (let day = Math.floor(from_us / DAY_US); day * DAY_US < to_us; day++) {
    for (const at_us of timesOn(cron, day)) if (at_us >= from_us && at_us < to_us) found.push(at_us);
  }
  return found;
}

/** The latest time at or before an instant at which a line fires; null without one in the year before. */
export function lastCronTime(cron: CronLine, at_us: number): number | null {
  const today = Math.floor(at_us / DAY_US);
  for (let day = today; day >= today - DAYS_LOOKED_AT; day--) {
    const found = timesOn(cron, day).filter((one) => one <= at_us);
    if (found.length > 0) return found.at(-1) ?? null;
  }
  return null;
}
