import { medianOf } from './order-statistics.js';

/** Stands for a number that was not there. All quantities are 0 or more. */
export const MISSING = -1;

/** Rows, the newest first: adding one copies nothing. */
export interface RowList {
  readonly row: readonly number[];
  readonly before: RowList | null;
}

/**
 * The running session, of several quantities at once: of each time-of-day bucket that is over the median of what was
 * seen in it.
 */
export interface DayRecord {
  readonly quantities: number;
  readonly buckets: number;
  /** Buckets that are over: number and medians of each. At most `buckets`. */
  readonly finished: RowList | null;
  /** Bucket that is being filled, -1 for none, and the rows seen in it. */
  readonly bucket: number;
  readonly seen: RowList | null;
}

export function emptyDay(quantities: number, buckets: number): DayRecord {
  return { quantities, buckets, finished: null, bucket: -1, seen: null };
}

/** With the bucket that is being filled, if there is one. */
function allFinished({ quantities, bucket, seen, finished }: DayRecord): RowList | null {
  if (seen === null) return finished;
  const row = [bucket];
  for (let quantity = 0; quantity < quantities; quantity++) {
    const values: number[] = [];
    for (let one: RowList | null = seen; one !== null; one = one.before) {
      if (one.row[quantity]! !== MISSING) values.push(one.row[quantity]!);
    }
    row.push(medianOf(values) ?? MISSING);
  }
  return { row, before: finished };
}

/**
 * Adds the numbers of one bar, {@link MISSING} for each that is not known. Buckets come in order; one beyond the last is
 * not kept.
 */
export function observe(day: DayRecord, bucket: number, row: readonly number[]): DayRecord {
  const { quantities, buckets } = day;
  if (bucket < 0 || bucket >= buckets) return day;
  const same = bucket === day.bucket;
  return {
    quantities,
    buckets,
    finished: same ? day.finished : allFinished(day),
    bucket,
    seen: { row, before: same ? day.seen : null },
  };
}

/** One quantity of the session as it is kept: a number per bucket, {@link MISSING} where there was none. */
export function columnOf(day: DayRecord, quantity: number): readonly number[] {
  const column = new Array<number>(day.buckets).fill(MISSING);
  for (let one = allFinished(day); one !== null; one = one.before)
    column[one.row[0]!] = one.row[quantity + 1]!;
  return column;
}

/** What one quantity was at each time of day in the last `capacity` kept sessions. The running one is not in it. */
export interface TimeOfDayProfile {
  readonly capacity: number;
  /** Columns, oldest first. */
  readonly sessions: readonly (readonly number[])[];
}

export function emptyProfile(capacity: number): TimeOfDayProfile {
  return { capacity, sessions: [] };
}

export function keepSession(
  { capacity, sessions }: TimeOfDayProfile,
  column: readonly number[],
): TimeOfDayProfile {
  return { capacity, sessions: [...sessions, column].slice(-capacity) };
}

/** The numbers of one bucket in the newest `count` kept sessions, oldest first; missing ones left out. */
export function valuesAt({ sessions }: TimeOfDayProfile, bucket: number, count: number): readonly number[] {
  const values: number[] = [];
  for (let i = Math.max(0, sessions.length - count); i < sessions.length; i++) {
    const value = sessions[i]![bucket] ?? MISSING;
    if (value !== MISSING) values.push(value);
  }
  return values;
}

/**
 * Median of a bucket over the newest `count` kept sessions. Null while there are fewer sessions, or where
 * less than half of them have a number there.
 */
export function usualAt(profile: TimeOfDayProfile, bucket: number, count: number): number | null {
  if (profile.sessions.length < count) return null;
  const values = valuesAt(profile, bucket, count);
  return 2 * values.length < count ? null : medianOf(values);
}
