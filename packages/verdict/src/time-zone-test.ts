import type { TradeSession } from '@bellwether/market';
import { ActivityProfile, jumpAt, largestJump } from './activity-profile.js';
import { finding, type VerdictFinding } from './codes.js';

/** How many times the volume of 08:25 the bar of 08:30 has at least: the opening of the cash market (domain.md 3.3). */
const JUMP_MIN = { one_minute: 5, longer: 3 } as const;
/** Full sessions that a season needs before its median is taken for more than chance. */
const SESSIONS_MIN = 5;
/** Jumps of the logarithm of the range: real files have 0.47 to 1.1 at the cash open; another time must beat it clearly. */
const RANGE_JUMP_MIN = 0.3;
/** How much a jump elsewhere must exceed the one at 08:30: releases at 07:30 and the night are below that. */
const RIVAL_FACTOR = 1.5;

const MINUTE_US = 60_000_000;
const DAY_MINUTES = 1_440;
const BEFORE_US = 5 * MINUTE_US;
const SEASONS = ['summer', 'winter'] as const;
type Season = (typeof SEASONS)[number];
/** 08:30 Chicago in minutes of the UTC day. */
const CASH_OPEN: Readonly<Record<Season, number>> = { summer: 13 * 60 + 30, winter: 14 * 60 + 30 };

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How far the stamps are off, by season: what must be subtracted, in minutes. */
export interface Shift {
  readonly season: Season;
  readonly minutes: number;
}

class SeasonTest {
  readonly before: number[] = [];
  readonly open: number[] = [];
  readonly ranges: ActivityProfile;
  readonly volumes: ActivityProfile;
  sessions = 0;
  #day = -1;

  constructor(interval_us: number) {
    this.ranges = new ActivityProfile(interval_us);
    this.volumes = new ActivityProfile(interval_us);
  }

  add(minute: number, day: number, range: number, volume: number): void {
    if (day !== this.#day) this.sessions++;
    this.#day = day;
    this.ranges.add(minute, range);
    // Some vendors give the first bar after a break no volume; that would be the largest jump of the day.
    if (volume > 0) this.volumes.add(minute, Math.log(1 + volume));
  }

  /** Where the day jumps, if that is clearly elsewhere than at `expected`; 0 where it is there; null where nothing can be said. */
  shift(expected: number, hasVolume: boolean): number | null {
    if (this.sessions < SESSIONS_MIN) return null;
    const profile = hasVolume ? this.volumes : this.ranges;
    const found = largestJump(profile);
    if (found === null || found.jump < RANGE_JUMP_MIN) return null;
    const minutes = ((found.minute - expected + 1.5 * DAY_MINUTES) % DAY_MINUTES) - DAY_MINUTES / 2;
    if (minutes === 0) return 0;
    const here = jumpAt(profile, Math.floor(expected / profile.bin_minutes)) ?? 0;
    return found.jump > RIVAL_FACTOR * Math.max(here, 0) ? minutes : 0;
  }
}

/**
 * Whether stamps are what they are said to be: volume and range jump at 08:30 Chicago, in summer and in winter. A file in local
 * time, in a zone without daylight saving, or stamped by the end of its bars has the jump elsewhere.
 */
export class TimeZoneTest {
  readonly #seasons: Readonly<Record<Season, SeasonTest>>;

  constructor(private readonly interval_us: number) {
    this.#seasons = { summer: new SeasonTest(interval_us), winter: new SeasonTest(interval_us) };
  }

  /** Every bar, inside hours or not. `range`: logarithm of its range in ticks plus one. */
  add(open_us: number, summer: boolean, range: number, volume: number): void {
    const minute = Math.floor(open_us / MINUTE_US) % DAY_MINUTES;
    const day = Math.floor(open_us / MINUTE_US / DAY_MINUTES);
    this.#seasons[summer ? 'summer' : 'winter'].add(minute, day, range, volume);
  }

  addSession(session: TradeSession, open_us: number, summer: boolean, volume: number): void {
    if (!session.full_day) return;
    const season = this.#seasons[summer ? 'summer' : 'winter'];
    if (open_us === session.rth_open_us) season.open.push(volume);
    if (open_us === session.rth_open_us - BEFORE_US) season.before.push(volume);
  }

  /** Shifts that were found, none of them 0. */
  shifts(hasVolume: boolean): readonly Shift[] {
    const found: Shift[] = [];
    for (const season of SEASONS) {
      const minutes = this.#seasons[season].shift(CASH_OPEN[season], hasVolume);
      if (minutes !== null && minutes !== 0) found.push({ season, minutes });
    }
    return found;
  }

  finding(hasVolume: boolean): VerdictFinding {
    const shifts = this.shifts(hasVolume);
    const hint = shifts.length === 0 ? '' : `. ${hintOf(shifts, this.interval_us)}`;
    const { told, failed } = hasVolume ? this.#byVolume() : this.#byRange();
    const evidence: Record<string, number> = {};
    for (const { season, minutes } of shifts) evidence[`${season}_minutes_off`] = minutes;
    if (failed || shifts.length > 0) {
      const what = told.length === 0 ? 'The cash open was not found at 08:30 Chicago' : told.join('; ');
      const message = `${what}. Expected the jump of the cash open at 08:30: the stamps are not bar opens in UTC${hint}`;
      return finding('time_zone_doubtful', 'refuse', message, evidence);
    }
    if (told.length === 0) {
      const message = `Not tested: fewer than ${SESSIONS_MIN} full sessions of one season`;
      return finding('time_zone_untested', 'note', message);
    }
    return finding('time_zone_tested', 'note', told.join('; '));
  }

  #byVolume(): { readonly told: readonly string[]; readonly failed: boolean } {
    const wanted = this.interval_us === MINUTE_US ? JUMP_MIN.one_minute : JUMP_MIN.longer;
    const told: string[] = [];
    let failed = false;
    for (const season of SEASONS) {
      const { before, open } = this.#seasons[season];
      if (before.length < SESSIONS_MIN || open.length < SESSIONS_MIN) continue;
      const jump = median(open) / Math.max(1, median(before));
      failed ||= jump < wanted;
      told.push(`in ${season} ${jump.toFixed(1)} times that of 08:25 (${open.length} sessions)`);
    }
    if (told.length === 0) return { told, failed };
    return {
      told: [`The volume of the bar of 08:30 Chicago is ${told.join(', ')}, expected at least ${wanted}`],
      failed,
    };
  }

  #byRange(): { readonly told: readonly string[]; readonly failed: boolean } {
    const told: string[] = [];
    for (const season of SEASONS) {
      const { ranges, sessions } = this.#seasons[season];
      const jump = jumpAt(ranges, Math.floor(CASH_OPEN[season] / ranges.bin_minutes));
      if (sessions < SESSIONS_MIN || jump === null || jump < RANGE_JUMP_MIN) continue;
      told.push(`in ${season} ${Math.exp(jump).toFixed(1)} times that before (${sessions} days)`);
    }
    const message = `By range, as the volume is not known: the range of bars from 08:30 Chicago is ${told.join(', ')}`;
    return { told: told.length === 0 ? [] : [message], failed: false };
  }
}

function hours(minutes: number): string {
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  return `${sign}${Math.floor(size / 60)}:${String(size % 60).padStart(2, '0')}`;
}

/** Zones whose stamps, read as UTC, put the cash open where it was found: minutes off in summer and in winter. */
const ZONES: readonly (readonly [string, number, number])[] = [
  ['New York time (America/New_York)', -240, -300],
  ['Chicago time (America/Chicago)', -300, -360],
  ['Pacific time (America/Los_Angeles)', -420, -480],
  ['central European time (Europe/Berlin)', 120, 60],
  ['London time (Europe/London)', 60, 0],
];

/** What the shifts look like. */
function hintOf(shifts: readonly Shift[], interval_us: number): string {
  const told = shifts.map(({ season, minutes }) => `${hours(minutes)} in ${season}`).join(' and ');
  const found = `It was found ${told}`;
  const bar = interval_us / MINUTE_US;
  if (shifts.every(({ minutes }) => minutes === bar))
    return `${found}: one bar late, so the stamps are bar closes`;
  for (const late of [0, bar]) {
    const named = ZONES.find(([, summer, winter]) =>
      shifts.every(({ season, minutes }) => minutes - late === (season === 'summer' ? summer : winter)),
    );
    if (named !== undefined)
      return `${found}: the stamps look like ${named[0]}${late > 0 ? ', bar closes' : ''}`;
  }
  const [first] = shifts;
  if (
    first !== undefined &&
    shifts.every(({ minutes }) => minutes === first.minutes) &&
    first.minutes % 60 === 0
  ) {
    return `${found}: the stamps look like UTC${hours(first.minutes)} all year`;
  }
  return found;
}
