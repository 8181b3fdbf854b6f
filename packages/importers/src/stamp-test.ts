import type { StampSide } from './format-names.js';
import { SEASONS, type DayProfile, type Season } from './day-profile.js';
import type { WallZone } from './wall-zone.js';

const MINUTE_US = 60_000_000;
/** Minutes of Chicago's day: opening of the cash market, the daily break that all eras of hours share, the reopening. */
const CASH_OPEN = 8 * 60 + 30;
const BREAK_FROM = 16 * 60 + 15;
const REOPEN = 17 * 60;
const BEFORE = 5;

/** How many times the volume of 08:25 that of 08:30 has at least (domain.md 3.3), for one minute and for longer bars. */
const JUMP_MIN = { one_minute: 5, longer: 3 } as const;
const JUMP_SESSIONS_MIN = 5;
/** Sessions, and share of the day with bars, that the test of the daily break needs. */
const BREAK_SESSIONS_MIN = 3;
const TRADED_SHARE_MIN = 0.85;
/** Share of the bars that the break could hold which it may have: a reading that is one bar off puts one a day into it. */
const BREAK_SHARE_MAX = 0.01;
const REOPEN_SHARE_MIN = 0.5;
const DAY_MINUTES = 1_440;

export interface StampReading {
  readonly zone: WallZone;
  readonly stamp: StampSide;
}

export interface StampVerdict {
  /** Null where the bars are too few to tell. */
  readonly passed: boolean | null;
  /** What was seen, for people. */
  readonly seen: readonly string[];
  /** Same key, same instants: zones that do not differ in the seasons of the file. */
  readonly key: string;
}

/** By how many minutes wall times of the file run ahead of Chicago's, in a season that the file has. */
function aheadOfChicago(chicago: WallZone, zone: WallZone, wall_us: number): number {
  return (zone.offsetAt(wall_us) - chicago.offsetAt(wall_us)) / MINUTE_US;
}

/**
 * Tests one reading of the stamps by what every year of this market shows: the volume jumps at 08:30 Chicago, in summer and
 * in winter; nothing trades in the daily break, and the first bar opens at 17:00.
 */
export function testStamps(
  profile: DayProfile,
  { zone, stamp }: StampReading,
  interval_us: number,
  chicago: WallZone,
): StampVerdict {
  const length = interval_us / MINUTE_US;
  const side = stamp === 'close' ? length : 0;
  const seen: string[] = [];
  const passed: boolean[] = [];
  const keys: string[] = [stamp];
  for (const season of SEASONS) {
    const example = profile.example_us[season];
    if (example === null) continue;
    const shift = aheadOfChicago(chicago, zone, example) + side;
    keys.push(`${season} ${shift}`);
    for (const test of [jumpTest, breakTest]) {
      const verdict = test(profile, season, shift, length);
      if (verdict === null) continue;
      passed.push(verdict.passed);
      seen.push(verdict.seen);
    }
  }
  return { passed: passed.length === 0 ? null : passed.every(Boolean), seen, key: keys.join(', ') };
}

interface Part {
  readonly passed: boolean;
  readonly seen: string;
}

function jumpTest(profile: DayProfile, season: Season, shift: number, length: number): Part | null {
  const open = CASH_OPEN + shift;
  const sessions = Math.min(profile.bars(season, open), profile.bars(season, open - BEFORE));
  if (!profile.hasVolume || sessions < JUMP_SESSIONS_MIN) return null;
  const jump = profile.volume(season, open) / Math.max(1, profile.volume(season, open - BEFORE));
  const wanted = length === 1 ? JUMP_MIN.one_minute : JUMP_MIN.longer;
  const seen = `volume at 08:30 Chicago in ${season} is about ${rounded(jump)} times that of 08:25 (${sessions} sessions)`;
  return { passed: jump >= wanted, seen };
}

const rounded = (jump: number): string => (jump < 10 ? jump.toFixed(1) : jump.toFixed(0));

function breakTest(profile: DayProfile, season: Season, shift: number, length: number): Part | null {
  const sessions = profile.sessions(season);
  const traded = (profile.minutesTraded(season) * length) / DAY_MINUTES;
  if (sessions < BREAK_SESSIONS_MIN || traded < TRADED_SHARE_MIN) return null;
  let inside = 0;
  for (let minute = BREAK_FROM; minute < REOPEN; minute++) inside += profile.bars(season, minute + shift);
  const reopened = profile.bars(season, REOPEN + shift);
  const bars = (REOPEN - BREAK_FROM) / length;
  const passed = inside / sessions / bars <= BREAK_SHARE_MAX && reopened / sessions >= REOPEN_SHARE_MIN;
  const seen = `${inside} bars in the daily break and ${reopened} at 17:00 Chicago in ${season} (about ${sessions} sessions)`;
  return { passed, seen };
}
