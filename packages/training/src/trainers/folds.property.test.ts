import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMBARGO_SESSIONS, finalSplit, halves, rowFolds } from './folds.js';
import { regimeRowsForTests } from './data-set-for-tests.js';

const setOf = (sessions: number) =>
  regimeRowsForTests({ sessions, rowsEach: 4, planted: false, seed: 'folds' });

describe('folds of rows', () => {
  it('go forward by whole sessions, an embargo apart, and no label reaches into the next part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 60 }), fc.integer({ min: 1, max: 4 }), (sessions, folds) => {
        const set = setOf(sessions);
        const made = rowFolds(set, folds);
        expect(made).toHaveLength(folds);
        const tested = new Set<number>();
        for (const { train, validate, test } of made) {
          const first = (rows: Int32Array): number => set.session[rows[0]!]!;
          const last = (rows: Int32Array): number => set.session[rows[rows.length - 1]!]!;
          expect(first(validate) - last(train)).toBeGreaterThan(EMBARGO_SESSIONS);
          expect(first(test) - last(validate)).toBeGreaterThan(EMBARGO_SESSIONS);
          for (const [rows, next] of [
            [train, validate],
            [validate, test],
          ] as const) {
            const from_us = set.start_us[next[0]!]!;
            expect(rows.every((row) => set.end_us[row]! <= from_us)).toBe(true);
          }
          for (const row of test) {
            expect(tested.has(row)).toBe(false);
            tested.add(row);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('leave out a row whose label reaches into the next part', () => {
    const set = setOf(12);
    const [fold] = rowFolds(set, 1);
    if (fold === undefined) throw new Error('no fold');
    const reaching = fold.train[fold.train.length - 1]!;
    const end_us = Float64Array.from(set.end_us);
    end_us[reaching] = set.start_us[fold.validate[0]!]! + 1;
    expect([...(rowFolds({ ...set, end_us }, 1)[0]?.train ?? [])]).toEqual([...fold.train].slice(0, -1));
  });

  it('keep the newest sessions for the calibration, in two halves', () => {
    const set = setOf(20);
    const { train, calibrate } = finalSplit(set);
    expect(new Set(Array.from(train, (row) => set.session[row])).size).toBe(15);
    const [older, newer] = halves(set, calibrate);
    expect(older.length + newer.length).toBe(calibrate.length);
    expect(set.session[older[older.length - 1]!]).toBeLessThan(set.session[newer[0]!]!);
  });

  it('say how many sessions are needed where there are too few', () => {
    expect(() => rowFolds(setOf(7), 2)).toThrow(/There are 7 sessions with labels, and 8 are needed/);
  });
});
