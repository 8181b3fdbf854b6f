import { assert } from '@bellwether/kernel';
import { known, missing, type Measure } from '../measure.js';
import { combinations } from '../overfitting/splits.js';
import { purgedSplit, sessionGroups, sessionsOf, type LabelledRow, type Split } from './label-spans.js';

/** Splits beyond which nobody trains. */
export const SPLITS_MAX = 10_000;

/**
 * K folds of whole consecutive sessions, purged, with an embargo of so many sessions behind each test fold. Every row is
 * tested once.
 */
export function purgedFolds(
  rows: readonly LabelledRow[],
  folds: number,
  embargo: number,
): Measure<readonly Split[]> {
  assert(Number.isInteger(folds) && folds >= 2, 'Expected at least two folds');
  const sessions = sessionsOf(rows);
  if (sessions.length < folds) return missing('too_few');
  const groups = sessionGroups(sessions, folds);
  return known(groups.map((group) => purgedSplit(rows, sessions, new Set(group), embargo)));
}

export interface CombinatorialSplit extends Split {
  /** Groups of sessions that are tested on, ascending. */
  readonly groups: readonly number[];
}

export interface CombinatorialSplits {
  readonly splits: readonly CombinatorialSplit[];
  /**
   * Paths through all sessions, each made of test results of one split a group: `paths[p][g]` is the split whose results
   * path p takes for group g.
   */
  readonly paths: readonly (readonly number[])[];
  /** Sessions of each group. */
  readonly groupSessions: readonly (readonly number[])[];
}

/**
 * Combinatorial purged cross-validation (López de Prado 2018, chapter 12): all choices of `tested` of the groups are tested
 * on, C(groups, tested) splits, which make tested / groups times as many whole paths.
 */
export function combinatorialSplits(
  rows: readonly LabelledRow[],
  groups: number,
  tested: number,
  embargo: number,
): Measure<CombinatorialSplits> {
  assert(
    Number.isInteger(groups) && Number.isInteger(tested) && tested >= 1 && tested < groups,
    'Expected 1 <= tested groups < groups',
  );
  const sessions = sessionsOf(rows);
  if (sessions.length < groups) return missing('too_few');
  const groupSessions = sessionGroups(sessions, groups);
  const choices = combinations(groups, tested);
  assert(choices.length <= SPLITS_MAX, `Expected at most ${SPLITS_MAX} splits`);
  const splits = choices.map((chosen) => {
    const test = new Set(chosen.flatMap((group) => groupSessions[group]!));
    return { ...purgedSplit(rows, sessions, test, embargo), groups: chosen };
  });
  const bySplit = groupSessions.map((_, group) =>
    splits.flatMap((split, index) => (split.groups.includes(group) ? [index] : [])),
  );
  const pathCount = bySplit[0]!.length;
  const paths = Array.from({ length: pathCount }, (_, path) => bySplit.map((indexes) => indexes[path]!));
  return known({ splits, paths, groupSessions });
}
