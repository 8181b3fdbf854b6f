import {
  emptyProfile,
  endSession,
  observe,
  rankAt,
  usualAt,
  type TimeOfDayProfile,
} from '@bellwether/indicators';
import type { TradeSession } from '@bellwether/market';
import { FIVE_MINUTES_US, ONE_MINUTE_US } from './feature-set.js';

const RV_SESSIONS_MAX = 60;
const RV_SESSIONS_MIN = 20;
const VOLUME_SESSIONS = 20;
/** 17:00 to 16:15, the longest session there has been. */
const BUCKETS = 279;
/** A session counts when 90 % of its 390 cash minutes have bars. */
const RTH_MINUTES_MIN = 351;

/** What is usual at each 5 minutes of the day, from full sessions before the running one. */
export interface SessionProfiles {
  readonly rv30: TimeOfDayProfile;
  readonly volume: TimeOfDayProfile;
  /** Minutes of the running cash session that bars cover. */
  readonly rth_minutes: number;
}

export function emptyProfiles(): SessionProfiles {
  return {
    rv30: emptyProfile(RV_SESSIONS_MAX, BUCKETS),
    volume: emptyProfile(VOLUME_SESSIONS, BUCKETS),
    rth_minutes: 0,
  };
}

/** The running session is over: it joins the profiles if it was a full day, by calendar and by its bars. */
export function endProfileSession(profiles: SessionProfiles, ended: TradeSession): SessionProfiles {
  const full = ended.full_day && profiles.rth_minutes >= RTH_MINUTES_MIN;
  return {
    rv30: endSession(profiles.rv30, full),
    volume: endSession(profiles.volume, full),
    rth_minutes: 0,
  };
}

function bucketOf(session: TradeSession, open_us: number): number {
  return Math.floor((open_us - session.open_us) / FIVE_MINUTES_US);
}

export function observeBar(
  profiles: SessionProfiles,
  session: TradeSession,
  bar: { readonly open_us: number; readonly close_us: number; readonly volume: number | null },
  rv30: number | null,
): SessionProfiles {
  const bucket = bucketOf(session, bar.open_us);
  const inRth = bar.open_us >= session.rth_open_us && bar.open_us < session.rth_close_us;
  return {
    rv30: rv30 === null ? profiles.rv30 : observe(profiles.rv30, bucket, rv30),
    volume: bar.volume === null ? profiles.volume : observe(profiles.volume, bucket, bar.volume),
    rth_minutes: profiles.rth_minutes + (inRth ? (bar.close_us - bar.open_us) / ONE_MINUTE_US : 0),
  };
}

/**
 * Rank (0 to 1) of RV30 at this time of day among up to 60 full sessions before, or null with fewer than
 * 20.
 */
export function rv30RankAt(
  profiles: SessionProfiles,
  session: TradeSession,
  open_us: number,
  rv30: number,
): number | null {
  return rankAt(profiles.rv30, bucketOf(session, open_us), rv30, RV_SESSIONS_MIN);
}

/** Usual bar volume at this time of day over the last 20 full sessions, or null while there are fewer. */
export function usualVolumeAt(
  profiles: SessionProfiles,
  session: TradeSession,
  open_us: number,
): number | null {
  return usualAt(profiles.volume, bucketOf(session, open_us), VOLUME_SESSIONS);
}
