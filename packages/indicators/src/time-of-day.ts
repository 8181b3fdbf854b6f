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

function emptyColumn(buckets: number): null[] {
  return new Array<null>(buckets).fill(null);
}

function finishBucket(profile: TimeOfDayProfile): SessionColumn | null {
  const value = medianOf(profile.seen);
  if (value === null) return profile.today;
  const column: (number | null)[] = profile.today?.slice() ?? emptyColumn(profile.buckets);
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
    seen: same ? profile.seen.concat(value) : [value],
  };
}

/** Ends the running session; `keep` says whether it counts from now on. */
export function endSession(profile: TimeOfDayProfile, keep: boolean): TimeOfDayProfile {
  const column = keep ? finishBucket(profile) : null;
  const { capacity, buckets } = profile;
  const sessions = keep
    ? [...profile.sessions, column ?? emptyColumn(buckets)].slice(-capacity)
    : profile.sessions;
  return { capacity, buckets, sessions, today: null, bucket: -1, seen: [] };
}

/** What the kept sessions say of one bucket. */
interface BucketNumbers {
  readonly bucket: number;
  readonly count: number;
  /** Of the newest `count` sessions, those that there are. */
  readonly values: readonly number[];
  readonly median: number | null;
}

/**
 * Numbers of the bucket that was asked for last, by the list of sessions: one list and one bucket are asked for several
 * bars in a row. A pure cache of lists that never change; it goes with them.
 */
const asked = new WeakMap<readonly SessionColumn[], BucketNumbers>();

/** The numbers of one bucket in the newest `count` kept sessions. */
function numbersAt({ sessions }: TimeOfDayProfile, bucket: number, count: number): BucketNumbers {
  const known = asked.get(sessions);
  if (known?.bucket === bucket && known.count === count) return known;
  const values: number[] = [];
  for (let i = Math.max(0, sessions.length - count); i < sessions.length; i++) {
    const value = sessions[i]![bucket] ?? null;
    if (value !== null) values.push(value);
  }
  const made = { bucket, count, values, median: medianOf(values) };
  asked.set(sessions, made);
  return made;
}

/**
 * Median of a bucket over the newest `count` kept sessions. Null while there are fewer sessions, or where
 * less than half of them have a number there.
 */
export function usualAt(profile: TimeOfDayProfile, bucket: number, count: number): number | null {
  if (profile.sessions.length < count) return null;
  const { values, median } = numbersAt(profile, bucket, count);
  return 2 * values.length < count ? null : median;
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
  const { values } = numbersAt(profile, bucket, profile.capacity);
  return values.length < countMin ? null : percentileRankOf(values, value);
}
