import { BellwetherError } from '@bellwether/contracts';
import { walkForward } from '@bellwether/statistics';
import type { DataSet } from '../data-sets/data-set.js';

/** Sessions left out where one part of the rows ends and the next begins. */
export const EMBARGO_SESSIONS = 1;
/** Shares of the sessions that are tested on, with one fold and with several, and that are chosen by. */
const TEST_SHARE_ONE = 0.3;
const TEST_SHARE_MANY = 0.5;
const VALIDATE_SHARE = 0.15;
const CALIBRATE_SHARE = 0.2;
const TRAIN_SESSIONS_MIN = 2;
/** A calibration is fitted on some sessions and judged on later ones. */
const CALIBRATE_SESSIONS_MIN = 2;

/** Places of rows. What is in none of the parts was purged, or lies in an embargo. */
export interface RowFold {
  readonly train: Int32Array;
  /** Decides when training ends, and fits the calibration. */
  readonly validate: Int32Array;
  readonly test: Int32Array;
}

/** Rows that the model that is kept is trained on, and the later ones that its calibration is fitted on. */
export interface FinalSplit {
  readonly train: Int32Array;
  readonly calibrate: Int32Array;
}

function sessionsOf({ session }: DataSet): readonly number[] {
  return [...new Set(session)].sort((a, b) => a - b);
}

function tooShort(set: DataSet, sessions: number, needed: number): BellwetherError {
  return new BellwetherError(
    'usage',
    `${set.model}: the data are too short to train on. There are ${sessions} sessions with labels, and ${needed} are needed ` +
      '(fewer with fewer --folds)',
  );
}

function rowsIn({ session }: DataSet, sessions: readonly number[]): Int32Array {
  const wanted = new Set(sessions);
  const rows: number[] = [];
  session.forEach((one, row) => {
    if (wanted.has(one)) rows.push(row);
  });
  return Int32Array.from(rows);
}

/** The rows whose label was known before the first row of the part behind them. */
function purged({ start_us, end_us }: DataSet, rows: Int32Array, next: Int32Array): Int32Array {
  const first_us = next.length === 0 ? Infinity : start_us[next[0]!]!;
  return rows.filter((row) => end_us[row]! <= first_us);
}

/**
 * Folds of whole sessions, forward in time: train from the first session on, embargo, validate, embargo, test. Each session is
 * tested once at most. A row whose label reaches into the next part is in none.
 *
 * @throws BellwetherError `usage` where there are too few sessions
 */
export function rowFolds(set: DataSet, folds: number): readonly RowFold[] {
  const sessions = sessionsOf(set);
  const count = sessions.length;
  const share = folds === 1 ? TEST_SHARE_ONE : TEST_SHARE_MANY;
  const test = Math.max(1, Math.floor((count * share) / folds));
  const validate = Math.max(CALIBRATE_SESSIONS_MIN, Math.round(count * VALIDATE_SHARE));
  const gaps = 2 * EMBARGO_SESSIONS;
  const train = count - folds * test - validate - gaps;
  if (train < TRAIN_SESSIONS_MIN) {
    throw tooShort(set, count, TRAIN_SESSIONS_MIN + folds * test + validate + gaps);
  }
  const plan = { train, validate, test, embargo: EMBARGO_SESSIONS, anchored: true };
  const made = walkForward(sessions, plan);
  if (made.missing !== null) throw tooShort(set, count, made.needed);
  return made.value.map((fold) => {
    const tested = rowsIn(set, fold.test);
    const validated = rowsIn(set, fold.validate);
    return {
      train: purged(set, rowsIn(set, fold.train), validated),
      validate: purged(set, validated, tested),
      test: tested,
    };
  });
}

/** All rows but the newest sessions, and those, one embargo apart. */
export function finalSplit(set: DataSet): FinalSplit {
  const sessions = sessionsOf(set);
  const calibrate = Math.max(CALIBRATE_SESSIONS_MIN, Math.round(sessions.length * CALIBRATE_SHARE));
  const until = sessions.length - calibrate;
  const train = sessions.slice(0, until - EMBARGO_SESSIONS);
  if (train.length < TRAIN_SESSIONS_MIN) {
    throw tooShort(set, sessions.length, TRAIN_SESSIONS_MIN + EMBARGO_SESSIONS + calibrate);
  }
  const later = rowsIn(set, sessions.slice(until));
  return { train: purged(set, rowsIn(set, train), later), calibrate: later };
}

/** The first and the second half of the sessions of some rows, with nothing of the first reaching into the second. */
export function halves(set: DataSet, rows: Int32Array): readonly [Int32Array, Int32Array] {
  const sessions = [...new Set(Array.from(rows, (row) => set.session[row]!))].sort((a, b) => a - b);
  const middle = sessions[Math.ceil(sessions.length / 2)] ?? Infinity;
  const later = rows.filter((row) => set.session[row]! >= middle);
  const earlier = rows.filter((row) => set.session[row]! < middle);
  return [purged(set, earlier, later), later];
}
