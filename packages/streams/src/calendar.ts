import type { EconomicCalendar, EconomicRelease, Releases } from '@bellwether/contracts';
import type { TradeSession } from '@bellwether/market';

const MINUTE_US = 60_000_000;
const DAY_US = 1_440 * MINUTE_US;
/** What is over for so long is forgotten. */
const KEPT_US = 8 * DAY_US;
/** Releases kept altogether: a calendar of two years has fewer. Those farthest ahead give way. */
export const RELEASES_MAX = 2_048;
const BEFORE_US = 30 * MINUTE_US;
const AFTER_US = 15 * MINUTE_US;
/** 07:00 and 11:00 Chicago, from 08:30. */
const MORNING_FROM_US = -90 * MINUTE_US;
const MORNING_TO_US = 150 * MINUTE_US;

/** Times of tier-1 releases, known in advance. Says nothing of what lies outside `from_us` to `to_us`. */
export interface EventCalendar {
  readonly from_us: number;
  readonly to_us: number;
  /** Ascending. */
  readonly events_us: readonly number[];
}

/** A time of which all releases are known. */
export interface CoveredTime extends EventCalendar {
  /** All tiers, ascending. */
  readonly releases: readonly EconomicRelease[];
  /** Those of tier 1: names of `events_us`. */
  readonly names: readonly string[];
}

/** Covered times with gaps between them, ascending. */
export type Calendar = readonly CoveredTime[];

export const NO_CALENDAR: Calendar = [];

function covered(from_us: number, to_us: number, releases: readonly EconomicRelease[]): CoveredTime {
  const first = releases.filter(({ tier }) => tier === 1);
  return {
    from_us,
    to_us,
    releases,
    events_us: first.map(({ at_us }) => at_us),
    names: first.map(({ name }) => name),
  };
}

/** The part of a covered time that lies within the bounds, or none. */
function within(time: CoveredTime, from_us: number, to_us: number): readonly CoveredTime[] {
  const from = Math.max(time.from_us, from_us);
  const to = Math.min(time.to_us, to_us);
  if (from >= to) return [];
  if (from === time.from_us && to === time.to_us) return [time];
  return [
    covered(
      from,
      to,
      time.releases.filter(({ at_us }) => at_us >= from && at_us < to),
    ),
  ];
}

function joined(times: readonly CoveredTime[]): Calendar {
  const sorted = [...times].sort((a, b) => a.from_us - b.from_us);
  const result: CoveredTime[] = [];
  for (const time of sorted) {
    const last = result.at(-1);
    if (last === undefined || last.to_us < time.from_us) result.push(time);
    else result[result.length - 1] = covered(last.from_us, time.to_us, [...last.releases, ...time.releases]);
  }
  return result;
}

/** At most {@link RELEASES_MAX} releases; nothing is said of the time from the first one left out. */
function bounded(calendar: Calendar): Calendar {
  const all = calendar.flatMap(({ releases }) => releases);
  const first = all[RELEASES_MAX];
  if (first === undefined) return calendar;
  return calendar.flatMap((time) => within(time, -Infinity, first.at_us));
}

/**
 * The calendar with what an entry says. It replaces what earlier entries said of the time it covers; releases outside that
 * time are left out. `known_us` of the entry: what is over for eight days then is forgotten.
 */
export function withCalendar(calendar: Calendar, said: EconomicCalendar, known_us: number): Calendar {
  const { from_us, to_us } = said;
  if (from_us >= to_us) return calendar;
  const releases = said.releases
    .filter(({ at_us }) => at_us >= from_us && at_us < to_us)
    .sort((a, b) => a.at_us - b.at_us);
  const kept = calendar.flatMap((time) => [
    ...within(time, -Infinity, from_us),
    ...within(time, to_us, Infinity),
  ]);
  const all = joined([...kept, covered(from_us, to_us, releases)]);
  return bounded(all.flatMap((time) => within(time, known_us - KEPT_US, Infinity)));
}

/** The covered time that an instant lies in, or null. */
export function coveredAt(calendar: Calendar, us: number): CoveredTime | null {
  for (const time of calendar) if (us >= time.from_us && us < time.to_us) return time;
  return null;
}

/** Index of the first event after `now_us`. */
function firstAfter(events_us: readonly number[], now_us: number): number {
  let low = 0;
  let high = events_us.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events_us[middle]! > now_us) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * How near a tier-1 release is, 0 to 1: exp(-minutes to the next / 30) or exp(-minutes since the last / 15), whichever is
 * larger (domain.md 4.3, M4). Null outside the calendar.
 */
export function eventProximity(calendar: EventCalendar, now_us: number): number | null {
  const { from_us, to_us, events_us } = calendar;
  if (now_us < from_us || now_us >= to_us) return null;
  const next = firstAfter(events_us, now_us);
  const ahead = next < events_us.length ? Math.exp((now_us - events_us[next]!) / BEFORE_US) : 0;
  const behind = next > 0 ? Math.exp((events_us[next - 1]! - now_us) / AFTER_US) : 0;
  return Math.max(ahead, behind);
}

/** exp(-minutes to it / 30), or null without one. */
export function nearnessOfNext({ next_us }: Releases, now_us: number): number | null {
  return next_us === null ? null : Math.exp((now_us - next_us) / BEFORE_US);
}

/** exp(-minutes since it / 15), or null without one. */
export function nearnessOfLast({ last_us }: Releases, now_us: number): number | null {
  return last_us === null ? null : Math.exp((last_us - now_us) / AFTER_US);
}

/** The tier-1 releases around an instant, as far as its covered time goes. */
export function releasesAt(
  { events_us, names }: CoveredTime,
  now_us: number,
  session: TradeSession | null,
): Releases {
  const next = firstAfter(events_us, now_us);
  return {
    last_us: next > 0 ? events_us[next - 1]! : null,
    last_name: next > 0 ? names[next - 1]! : '',
    next_us: next < events_us.length ? events_us[next]! : null,
    next_name: next < events_us.length ? names[next]! : '',
    this_morning: session !== null && hasMorning(events_us, session),
  };
}

function hasMorning(events_us: readonly number[], { rth_open_us }: TradeSession): boolean {
  const first = events_us[firstAfter(events_us, rth_open_us + MORNING_FROM_US - 1)];
  return first !== undefined && first < rth_open_us + MORNING_TO_US;
}

/** Releases of all tiers in a session. */
export function releasesOf({ releases }: CoveredTime, session: TradeSession): readonly EconomicRelease[] {
  let low = 0;
  let high = releases.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (releases[middle]!.at_us >= session.open_us) high = middle;
    else low = middle + 1;
  }
  let end = low;
  while (end < releases.length && releases[end]!.at_us < session.close_us) end += 1;
  return low === end ? NO_RELEASES : releases.slice(low, end);
}

const NO_RELEASES: readonly EconomicRelease[] = [];

/** True where a bar from `open_us` to `close_us` comes within `margin_us` of a tier-1 release. */
export function nearRelease(
  calendar: Calendar,
  open_us: number,
  close_us: number,
  margin_us: number,
): boolean {
  for (const { events_us } of calendar) {
    const first = events_us[firstAfter(events_us, open_us - margin_us - 1)];
    if (first !== undefined && first < close_us + margin_us) return true;
  }
  return false;
}
