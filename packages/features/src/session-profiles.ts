import {
  MISSING,
  columnOf,
  emptyDay,
  emptyProfile,
  keepSession,
  observe,
  percentileRankOf,
  usualAt,
  valuesAt,
  type DayRecord,
  type TimeOfDayProfile,
} from '@bellwether/indicators';
import type { TradeSession } from '@bellwether/market';
import { FIVE_MINUTES_US } from './feature-set.js';

const RV_SESSIONS_MAX = 60;
const RV_SESSIONS_MIN = 20;
const USUAL_SESSIONS = 20;
/** 17:00 to 16:15, the longest session there has been. */
const BUCKETS = 279;
const QUANTITIES = 5;

/** Numbers of one bar that are compared with what is usual at its time of day; null where one is not known. */
export interface BarQuantities {
  /** High minus low, at least half a tick. */
  readonly range_ticks: number;
  readonly volatility15: number | null;
  readonly volume: number | null;
  /** Volume since 17:00, or since 08:30 from then on. */
  readonly session_volume: number | null;
  readonly rv30: number | null;
}

/** Medians over the last 20 full sessions at one time of day; null while there are fewer. */
export interface UsualQuantities {
  readonly range_ticks: number | null;
  readonly volatility15: number | null;
  readonly volume: number | null;
  readonly session_volume: number | null;
}

/** What is usual at each 5 minutes of the day, from full sessions before the running one. */
export interface SessionProfiles {
  readonly today: DayRecord;
  readonly range_ticks: TimeOfDayProfile;
  readonly volatility15: TimeOfDayProfile;
  readonly volume: TimeOfDayProfile;
  readonly session_volume: TimeOfDayProfile;
  readonly rv30: TimeOfDayProfile;
  /** Of the bucket of the last bar: looked up once a bucket. */
  readonly now: UsualQuantities;
  /** RV30 of up to 60 sessions before, in that bucket. */
  readonly rv30_before: readonly number[];
}

const NOTHING_USUAL: UsualQuantities = {
  range_ticks: null,
  volatility15: null,
  volume: null,
  session_volume: null,
};

export function emptyProfiles(): SessionProfiles {
  return {
    today: emptyDay(QUANTITIES, BUCKETS),
    range_ticks: emptyProfile(USUAL_SESSIONS),
    volatility15: emptyProfile(USUAL_SESSIONS),
    volume: emptyProfile(USUAL_SESSIONS),
    session_volume: emptyProfile(USUAL_SESSIONS),
    rv30: emptyProfile(RV_SESSIONS_MAX),
    now: NOTHING_USUAL,
    rv30_before: [],
  };
}

/** The running session is over: it joins the profiles if it was a full day, by calendar and by its bars. */
export function endProfileSession(profiles: SessionProfiles, full: boolean): SessionProfiles {
  const { today } = profiles;
  const kept = (profile: TimeOfDayProfile, quantity: number): TimeOfDayProfile =>
    full ? keepSession(profile, columnOf(today, quantity)) : profile;
  return {
    today: emptyDay(QUANTITIES, BUCKETS),
    range_ticks: kept(profiles.range_ticks, 0),
    volatility15: kept(profiles.volatility15, 1),
    volume: kept(profiles.volume, 2),
    session_volume: kept(profiles.session_volume, 3),
    rv30: kept(profiles.rv30, 4),
    now: NOTHING_USUAL,
    rv30_before: [],
  };
}

function usualIn(profiles: SessionProfiles, bucket: number): UsualQuantities {
  return {
    range_ticks: usualAt(profiles.range_ticks, bucket, USUAL_SESSIONS),
    volatility15: usualAt(profiles.volatility15, bucket, USUAL_SESSIONS),
    volume: usualAt(profiles.volume, bucket, USUAL_SESSIONS),
    session_volume: usualAt(profiles.session_volume, bucket, USUAL_SESSIONS),
  };
}

export function observeBar(
  profiles: SessionProfiles,
  session: TradeSession,
  open_us: number,
  quantities: BarQuantities,
): SessionProfiles {
  const bucket = Math.floor((open_us - session.open_us) / FIVE_MINUTES_US);
  const entered = bucket !== profiles.today.bucket;
  const { range_ticks, volatility15, volume, session_volume, rv30 } = quantities;
  return {
    today: observe(profiles.today, bucket, [
      range_ticks,
      volatility15 ?? MISSING,
      volume ?? MISSING,
      session_volume ?? MISSING,
      rv30 ?? MISSING,
    ]),
    range_ticks: profiles.range_ticks,
    volatility15: profiles.volatility15,
    volume: profiles.volume,
    session_volume: profiles.session_volume,
    rv30: profiles.rv30,
    now: entered ? usualIn(profiles, bucket) : profiles.now,
    rv30_before: entered ? valuesAt(profiles.rv30, bucket, RV_SESSIONS_MAX) : profiles.rv30_before,
  };
}

/** Rank (0 to 1) of RV30 at this time of day among up to 60 full sessions before, or null with fewer than 20. */
export function rv30RankOf({ rv30_before }: SessionProfiles, rv30: number): number | null {
  return rv30_before.length < RV_SESSIONS_MIN ? null : percentileRankOf(rv30_before, rv30);
}
