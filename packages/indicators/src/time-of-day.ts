import { medianOf, percentileRankOf } from './order-statistics.js';

/** One number per time-of-day bucket of one session; null where the session had none. */
type SessionColumn = readonly (number | null)[];

/**
 * What is usual at this time of day: of each of the last `capacity` kept sessions one number per bucket,
 * the median of what was seen in it. The running session is never part of an answer.
 */
export interface TimeOfDayProfile {
  readonly capacity: number;
  readonly buckets: number;
  /** Kept sessions, oldest first. */
  readonly sessions: readonly SessionColumn[];
  /** Finished buckets of the running session; null while none is finished. */
  readonly today: SessionColumn | null;
  /** Bucket that is being filled, -1 for none, and what was seen in it. */
  readonly bucket: number;
  readonly seen: readonly number[];
}

export function emptyProfile(capacity: number, buckets: number): TimeOfDayProfile {
  return { capacity, buckets, sessions: [], today: null, bucket: -1, seen: [] };
}

function finishBucket(profile: TimeOfDayProfile): SessionColumn | null {
  const value = medianOf(profile.seen);
  if (value === null) return profile.today;
  const column = profile.today?.slice() ?? Array.from({ length: profile.buckets }, () => null);
  column[profile.bucket] = value;
  return column;
}

/** Adds a number of the running session. Buckets come in order; one beyond the last is not kept. */
export function observe(profile: TimeOfDayProfile, bucket: number, value: number): TimeOfDayProfile {
  if (bucket < 0 || bucket >= profile.buckets) return profile;
  const same = bucket === profile.bucket;
  return {
    capacity: profile.capacity,
    buckets: profile.buckets,
    sessions: profile.sessions,
    today: same ? profile.today : finishBucket(profile),
    bucket,
    seen: same ? [...profile.seen, value] : [value],
  };
}

/** Ends the running session; `keep` says whether it counts from now on. */
export function endSession(profile: TimeOfDayProfile, keep: boolean): TimeOfDayProfile {
  const column = keep ? finishBucket(profile) : null;
  const { capacity, buckets } = profile;
  const sessions = keep
    ? [...profile.sessions, column ?? Array.from({ length: buckets }, () => null)].slice(-capacity)
    : profile.sessions;
  return { capacity, buckets, sessions, today: null, bucket: -1, seen: [] };
}

/** The numbers of one bucket in the newest `count` kept sessions. */
function valuesAt(profile: TimeOfDayProfile, bucket: number, count: number): number[] {
  const values: number[] = [];
  for (let i = Math.max(0, profile.sessions.length - count); i < profile.sessions.length; i++) {
    const value = profile.sessions[i]?.[bucket] ?? null;
    if (value !== null) values.push(value);
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

/**
 * Rank (0 to 1) of a number among all kept sessions at this bucket; null where fewer than `countMin` have
 * one.
 */
export function rankAt(
  profile: TimeOfDayProfile,
  bucket: number,
  value: number,
  countMin: number,
): number | null {
  const values = valuesAt(profile, bucket, profile.capacity);
  return values.length < countMin ? null : percentileRankOf(values, value);
}
