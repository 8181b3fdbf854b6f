import { describe, expect, it } from '@jest/globals';
import {
  MISSING,
  columnOf,
  emptyDay,
  emptyProfile,
  keepSession,
  observe,
  usualAt,
  valuesAt,
  type DayRecord,
  type TimeOfDayProfile,
} from './time-of-day.js';

/** A day of one quantity that saw these numbers, by bucket. */
const dayOf = (buckets: readonly (readonly number[])[], size = buckets.length): DayRecord =>
  buckets.reduce(
    (day, values, bucket) => values.reduce((so, value) => observe(so, bucket, [value]), day),
    emptyDay(1, size),
  );

const kept = (profile: TimeOfDayProfile, buckets: readonly (readonly number[])[]): TimeOfDayProfile =>
  keepSession(profile, columnOf(dayOf(buckets), 0));

describe('A day', () => {
  it('is kept as the median of each bucket, missing where nothing was seen', () => {
    expect(columnOf(dayOf([[1, 9, 2], [], [100], [3, 4]]), 0)).toEqual([2, MISSING, 100, 3.5]);
    expect(columnOf(emptyDay(1, 2), 0)).toEqual([MISSING, MISSING]);
  });

  it('has several quantities, of which each may be missing in a bar', () => {
    let day = emptyDay(2, 2);
    day = observe(day, 0, [5, MISSING]);
    day = observe(day, 0, [7, 10]);
    day = observe(day, 1, [1, MISSING]);
    expect(columnOf(day, 0)).toEqual([6, 1]);
    expect(columnOf(day, 1)).toEqual([10, MISSING]);
  });

  it('keeps nothing beyond its buckets', () => {
    const day = dayOf([[1], [2], [3]], 1);
    expect(columnOf(day, 0)).toEqual([1]);
    expect(observe(day, -1, [5])).toBe(day);
  });
});

describe('A time-of-day profile', () => {
  it('answers with the median of the newest sessions, once there are as many', () => {
    let profile = kept(kept(emptyProfile(3), [[1, 9, 2], [100]]), [[4], []]);
    expect(usualAt(profile, 0, 3)).toBeNull();
    profile = kept(profile, [[7, 5], [300]]);
    expect(usualAt(profile, 0, 3)).toBe(4);
    expect(usualAt(profile, 1, 3)).toBe(200);
    expect(usualAt(profile, 0, 2)).toBe(5);
    expect(valuesAt(profile, 1, 3)).toEqual([100, 300]);
    expect(valuesAt(profile, 2, 3)).toEqual([]);
  });

  it('says nothing where less than half of the sessions have the bucket', () => {
    let profile = emptyProfile(4);
    for (const second of [[7], [], [], []]) profile = kept(profile, [[1], second]);
    expect(usualAt(profile, 0, 4)).toBe(1);
    expect(usualAt(profile, 1, 4)).toBeNull();
  });

  it('holds no more sessions than its capacity and forgets the oldest', () => {
    let profile = emptyProfile(3);
    for (let i = 0; i < 10; i++) profile = kept(profile, [[i]]);
    expect(profile.sessions).toEqual([[7], [8], [9]]);
  });
});
