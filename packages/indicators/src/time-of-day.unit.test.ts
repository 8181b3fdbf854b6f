import { describe, expect, it } from '@jest/globals';
import { emptyProfile, endSession, observe, rankAt, usualAt, type TimeOfDayProfile } from './time-of-day.js';

/** A session that saw these numbers, by bucket. */
function session(
  profile: TimeOfDayProfile,
  buckets: readonly (readonly number[])[],
  keep = true,
): TimeOfDayProfile {
  let after = profile;
  buckets.forEach((values, bucket) => {
    for (const value of values) after = observe(after, bucket, value);
  });
  return endSession(after, keep);
}

describe('A time-of-day profile', () => {
  it('keeps the median of each bucket and session, and answers with the median of those', () => {
    let profile = emptyProfile(3, 2);
    profile = session(profile, [[1, 9, 2], [100]]);
    profile = session(profile, [[4], []]);
    expect(usualAt(profile, 0, 3)).toBeNull();
    profile = session(profile, [[7, 5], [300]]);
    expect(usualAt(profile, 0, 3)).toBe(4);
    expect(usualAt(profile, 1, 3)).toBe(200);
    expect(usualAt(profile, 0, 2)).toBe(5);
  });

  it('leaves today out until it is over', () => {
    const before = session(emptyProfile(5, 2), [[10], [10]]);
    const during = observe(observe(before, 0, 99), 1, 99);
    expect(usualAt(during, 0, 1)).toBe(10);
    expect(rankAt(during, 1, 50, 1)).toBe(1);
    expect(usualAt(endSession(during, true), 0, 1)).toBe(99);
    expect(usualAt(endSession(during, false), 0, 1)).toBe(10);
  });

  it('says nothing where less than half of the sessions have the bucket', () => {
    let profile = emptyProfile(4, 2);
    for (const second of [[7], [], [], []]) profile = session(profile, [[1], second]);
    expect(usualAt(profile, 0, 4)).toBe(1);
    expect(usualAt(profile, 1, 4)).toBeNull();
  });

  it('ranks among what there is, from a least count on', () => {
    let profile = emptyProfile(60, 1);
    for (let i = 0; i < 19; i++) profile = session(profile, [[i]]);
    expect(rankAt(profile, 0, 9.5, 20)).toBeNull();
    profile = session(profile, [[19]]);
    expect(rankAt(profile, 0, 9.5, 20)).toBe(0.5);
    expect(rankAt(profile, 0, 19, 20)).toBe(19.5 / 20);
  });

  it('ranks equal numbers half, and leaves out sessions without one', () => {
    let profile = emptyProfile(60, 2);
    expect(rankAt(profile, 0, 1, 0)).toBeNull();
    for (const value of [1, 2, 2, 3]) profile = session(profile, [[value], []]);
    expect(rankAt(profile, 0, 2, 1)).toBe(0.5);
    expect([0, 9].map((value) => rankAt(profile, 0, value, 1))).toEqual([0, 1]);
    expect(rankAt(profile, 1, 2, 0)).toBeNull();
  });

  it('holds no more sessions than its capacity and forgets the oldest', () => {
    let profile = emptyProfile(3, 1);
    for (let i = 0; i < 10; i++) profile = session(profile, [[i]]);
    expect(profile.sessions).toEqual([[7], [8], [9]]);
  });

  it('keeps nothing beyond its buckets', () => {
    const profile = session(emptyProfile(3, 1), [[1], [2], [3]]);
    expect(profile.sessions).toEqual([[1]]);
    expect(observe(profile, -1, 5)).toBe(profile);
  });
});
