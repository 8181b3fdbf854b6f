import { uniformSource } from '@bellwether/kernel';
import { describe, expect, test } from '@jest/globals';
import { combinatorialSplits, purgedFolds } from './cross-validation.js';
import { purgedSplit, sessionsOf, type LabelledRow, type Split } from './label-spans.js';
import { walkForward } from './walk-forward.js';
import { valueOf } from '../value-for-tests.js';

/** Rows of so many sessions, 100 time units each; a label may reach over into later sessions. */
function randomRows(seed: string, sessions: number, reach: number): LabelledRow[] {
  const uniform = uniformSource(seed);
  const rows: LabelledRow[] = [];
  for (let session = 1; session <= sessions; session++) {
    const count = 1 + Math.floor(uniform() * 6);
    for (let i = 0; i < count; i++) {
      const from = session * 100 + Math.floor(uniform() * 100);
      // Dates grow with gaps, as trade dates do.
      rows.push({ session: session * 7, from, to: from + Math.floor(uniform() * reach) });
    }
  }
  return rows;
}

const CASES = Array.from({ length: 20 }, (_, i) => i);

/** Trained rows that overlap a tested label, or lie in the embargo behind a tested session. */
function impure(rows: readonly LabelledRow[], split: Split, embargo: number): readonly number[] {
  const sessions = sessionsOf(rows);
  const placeOf = (index: number): number => sessions.indexOf(rows[index]!.session);
  const tested = new Set(split.test.map(placeOf));
  return split.train.filter((index) => {
    const row = rows[index]!;
    const overlaps = split.test.some((other) => row.from <= rows[other]!.to && row.to >= rows[other]!.from);
    const behind = Array.from({ length: embargo }, (_, i) => placeOf(index) - 1 - i);
    return overlaps || behind.some((place) => tested.has(place));
  });
}

describe.each(CASES)('rows of seed %i', (seed) => {
  const embargo = seed % 3;
  const rows = randomRows(`rows ${seed}`, 24, seed % 2 === 0 ? 30 : 350);

  test('no fold trains on a label that overlaps its test, nor on an embargoed session; each row is tested once', () => {
    const folds = valueOf(purgedFolds(rows, 5, embargo));
    expect(folds.flatMap((fold) => impure(rows, fold, embargo))).toEqual([]);
    expect(folds.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual([...rows.keys()]);
  });

  test('combinatorial splits hold the same, and each path tests each row once', () => {
    const { splits, paths, groupSessions } = valueOf(combinatorialSplits(rows, 6, 2, embargo));
    expect([splits.length, paths.length]).toEqual([15, 5]);
    expect(splits.flatMap((split) => impure(rows, split, embargo))).toEqual([]);
    for (const path of paths) {
      const rowsOfPath = path.flatMap((index, group) => {
        expect(splits[index]!.groups).toContain(group);
        return splits[index]!.test.filter((row) => groupSessions[group]!.includes(rows[row]!.session));
      });
      expect(rowsOfPath.sort((a, b) => a - b)).toEqual([...rows.keys()]);
    }
    // No split gives the same group to two paths.
    const used = paths.flatMap((path) => path.map((index, group) => `${index}:${group}`));
    expect(new Set(used).size).toBe(30);
  });
});

describe('purging by hand', () => {
  const row = (session: number, from: number, to: number): LabelledRow => ({ session, from, to });
  const rows = [row(1, 10, 12), row(1, 15, 21), row(2, 20, 25), row(3, 30, 31), row(4, 40, 41)];
  const split = (embargo: number): Split => purgedSplit(rows, [1, 2, 3, 4], new Set([2]), embargo);

  test('a label that reaches into the test is dropped, one that ends before it is not', () => {
    expect(split(0)).toEqual({ train: [0, 3, 4], test: [2] });
  });

  test('the embargo drops whole sessions behind the test, none before it', () => {
    expect(split(1)).toEqual({ train: [0, 4], test: [2] });
    expect(split(2)).toEqual({ train: [0], test: [2] });
  });

  test('a label that ends in the moment at which the test begins touches it', () => {
    const touching = [row(1, 10, 20), row(2, 20, 25)];
    expect(purgedSplit(touching, [1, 2], new Set([2]), 0).train).toEqual([]);
  });

  test('without labels that reach over and without embargo it is plain K-fold', () => {
    const plain = Array.from({ length: 12 }, (_, i) => row(i, i, i));
    const folds = valueOf(purgedFolds(plain, 4, 0));
    for (const { train, test } of folds)
      expect([...train, ...test].sort((a, b) => a - b)).toEqual([...plain.keys()]);
    expect(folds.map(({ test }) => test)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [9, 10, 11],
    ]);
  });

  test('fewer sessions than folds: missing', () => {
    expect(purgedFolds(rows, 5, 0).missing).toBe('too_few');
    expect(combinatorialSplits(rows, 5, 2, 0).missing).toBe('too_few');
    expect(() => purgedFolds([row(1, 5, 4)], 2, 0)).not.toThrow();
    expect(() => purgedSplit([row(1, 5, 4)], [1], new Set([1]), 0)).toThrow('known at its row');
  });
});

describe('walking forward', () => {
  const sessions = Array.from({ length: 100 }, (_, i) => 20_250_101 + i);

  test('each fold trains before it validates before it tests, and each session is tested once', () => {
    const folds = valueOf(walkForward(sessions, { train: 40, validate: 10, test: 10, embargo: 1 }));
    expect(folds).toHaveLength(4);
    for (const { train, validate, test: tested } of folds) {
      expect([train.length, validate.length, tested.length]).toEqual([40, 10, 10]);
      expect(validate[0]! - train.at(-1)!).toBe(2);
      expect(tested[0]! - validate.at(-1)!).toBe(2);
    }
    const tested = folds.flatMap((fold) => fold.test);
    expect(new Set(tested).size).toBe(tested.length);
    expect(folds[1]!.train[0]).toBe(sessions[10]);
  });

  test('anchored, it trains from the first session on', () => {
    const folds = valueOf(walkForward(sessions, { train: 40, validate: 0, test: 20, anchored: true }));
    expect(folds.map(({ train }) => train.length)).toEqual([40, 60, 80]);
    expect(folds.map(({ test: tested }) => tested[0])).toEqual([sessions[40], sessions[60], sessions[80]]);
  });

  test('too short for one fold: refused, with how many sessions are needed', () => {
    const plan = { train: 250, validate: 20, test: 20, embargo: 1 };
    expect(walkForward(sessions, plan)).toEqual({
      value: null,
      missing: 'too_few',
      sessions: 100,
      needed: 292,
    });
    expect(walkForward(sessions, { train: 80, validate: 0, test: 20 }).value).toHaveLength(1);
    expect(() => walkForward([2, 1], { train: 1, validate: 0, test: 1 })).toThrow('ascending');
  });
});
