import type { TradeSession } from '@bellwether/market';

const FIVE_MINUTES_US = 300_000_000;
const DAY_US = 86_400_000_000;
/** 17:00 to 16:15, the longest session there has been. */
const BUCKETS = 279;
const WEEKDAYS = 5;
/** Observations at which a mean is believed by half (domain.md 7.4). */
const SHRINKAGE = 200;

/** Returns of one weekday by five minutes of the day: how many, their sum and that of their squares. */
interface WeekdayTable {
  readonly count: readonly number[];
  readonly sum: readonly number[];
  readonly squares: readonly number[];
  /** Root of the mean squared return over the whole weekday. */
  readonly usual: number;
}

/** A 5-minute return of the running session; a list that grows without a copy. */
interface Returns {
  readonly bucket: number;
  readonly value: number;
  readonly before: Returns | null;
}

/** What one symbol did at each time of the week, in full sessions before the running one. */
export interface SeasonRun {
  readonly today: Returns | null;
  /** Monday to Friday; null before the first full session of that day. */
  readonly weekdays: readonly (WeekdayTable | null)[];
}

export const NO_SEASON: SeasonRun = {
  today: null,
  weekdays: Array.from({ length: WEEKDAYS }, () => null),
};

/** Monday 0 to Friday 4: a session closes on the UTC day of its trade date, and 1970-01-01 was a Thursday. */
export function weekdayOf({ close_us }: TradeSession): number {
  return (Math.floor(close_us / DAY_US) + 3) % 7;
}

/** Five minutes of the session that begin or go on at an instant. */
function bucketAt(session: TradeSession, us: number): number {
  return Math.floor((us - session.open_us) / FIVE_MINUTES_US);
}

interface LongerBar {
  readonly open_us: number;
  readonly open_ticks: number;
  readonly close_ticks: number;
}

/** Adds a completed 5-minute bar: its return from open to close, so that no break lies in it. */
export function withReturn(run: SeasonRun, session: TradeSession, bar: LongerBar): SeasonRun {
  const bucket = bucketAt(session, bar.open_us);
  if (bucket < 0 || bucket >= BUCKETS) return run;
  const value = Math.log(bar.close_ticks / bar.open_ticks);
  return { today: { bucket, value, before: run.today }, weekdays: run.weekdays };
}

/** The session is over: its returns join the table where it was a full one. */
export function endSeasonSession(run: SeasonRun, ended: TradeSession, full: boolean): SeasonRun {
  if (!full || run.today === null) return { today: null, weekdays: run.weekdays };
  const weekday = weekdayOf(ended);
  const table = withDay(run.weekdays[weekday] ?? null, run.today);
  return { today: null, weekdays: run.weekdays.map((old, i) => (i === weekday ? table : old)) };
}

function withDay(table: WeekdayTable | null, today: Returns): WeekdayTable {
  const empty = (): number[] => Array.from({ length: BUCKETS }, () => 0);
  const count = table === null ? empty() : table.count.slice();
  const sum = table === null ? empty() : table.sum.slice();
  const squares = table === null ? empty() : table.squares.slice();
  for (let one: Returns | null = today; one !== null; one = one.before) {
    const { bucket, value } = one;
    count[bucket] = count[bucket]! + 1;
    sum[bucket] = sum[bucket]! + value;
    squares[bucket] = squares[bucket]! + value * value;
  }
  let n = 0;
  let total = 0;
  for (let i = 0; i < BUCKETS; i++) {
    n += count[i]!;
    total += squares[i]!;
  }
  return { count, sum, squares, usual: Math.sqrt(total / n) };
}

export interface SeasonReading {
  /** Returns seen in these five minutes of this weekday. */
  readonly n: number;
  /** Their mean, drawn towards 0 by n / (n + 200), over their standard deviation; null where that is 0. */
  readonly mean_sd: number | null;
  /** Standard deviation over that of the whole weekday; null where one of them is 0. */
  readonly sd_ratio: number | null;
}

/** What is usual in the five minutes that begin, or go on, at an instant; null with fewer than two sessions. */
export function seasonAt(run: SeasonRun, session: TradeSession, us: number): SeasonReading | null {
  const table = run.weekdays[weekdayOf(session)] ?? null;
  const bucket = bucketAt(session, us);
  if (table === null || bucket < 0 || bucket >= BUCKETS) return null;
  const n = table.count[bucket]!;
  if (n < 2) return null;
  const mean = table.sum[bucket]! / n;
  const sd = Math.sqrt(Math.max(0, table.squares[bucket]! / n - mean * mean));
  if (sd === 0) return { n, mean_sd: null, sd_ratio: null };
  return { n, mean_sd: (mean * weightOf(n)) / sd, sd_ratio: sd / table.usual };
}

/** How far a mean of n is believed: n / (n + 200). */
export function weightOf(n: number): number {
  return n / (n + SHRINKAGE);
}

/** The n of {@link weightOf}. */
export function countOf(weight: number): number {
  return (SHRINKAGE * weight) / (1 - weight);
}
