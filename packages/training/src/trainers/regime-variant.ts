import { type RegimeState } from '@bellwether/contracts';
import { REGIME_OF_MODEL, type ModelRegime } from '@bellwether/models';
import { REGIME_NOTE, columnNamed, type DataSet } from '../data-sets/data-set.js';
import { finalSplit, rowFolds, type FinalSplit, type RowFold } from './folds.js';

/** Rows that a part of a fold must have to be trained on, to end a training by, and to be tested on. */
const TRAIN_ROWS_MIN = 200;
const VALIDATE_ROWS_MIN = 40;
const TEST_ROWS_MIN = 40;

/** A model for the rows of one regime, beside the general one. */
export interface RegimeVariant {
  readonly regime: ModelRegime;
  /** What the general model said of rows that it had not seen, by row: the variant must be better than that. */
  readonly general: ReadonlyMap<number, readonly number[]>;
}

/** The rows of a regime among some rows; all of them without a variant. */
export function rowsOf(set: DataSet, rows: Int32Array, variant: RegimeVariant | null): Int32Array {
  if (variant === null) return rows;
  const states = columnNamed(set.noteColumns, REGIME_NOTE);
  const wanted: RegimeState = REGIME_OF_MODEL[variant.regime];
  return rows.filter((row) => states[row] === wanted);
}

/** Folds of the same sessions as those of the general model. */
export function foldsOf(set: DataSet, folds: number, variant: RegimeVariant | null): readonly RowFold[] {
  return rowFolds(set, folds).map(({ train, validate, test }) => ({
    train: rowsOf(set, train, variant),
    validate: rowsOf(set, validate, variant),
    test: rowsOf(set, test, variant),
  }));
}

export function finalSplitOf(set: DataSet, variant: RegimeVariant | null): FinalSplit {
  const { train, calibrate } = finalSplit(set);
  return { train: rowsOf(set, train, variant), calibrate: rowsOf(set, calibrate, variant) };
}

/** Why a variant cannot be trained, for people; null where it can. */
export function tooFewRows(set: DataSet, folds: number, variant: RegimeVariant): string | null {
  const split = finalSplitOf(set, variant);
  const parts = [...foldsOf(set, folds, variant), { ...split, validate: split.calibrate, test: null }];
  for (const { train, validate, test } of parts) {
    if (train.length < TRAIN_ROWS_MIN)
      return `${train.length} rows to train on, ${TRAIN_ROWS_MIN} are needed`;
    if (validate.length < VALIDATE_ROWS_MIN) {
      return `${validate.length} rows to end the training by, ${VALIDATE_ROWS_MIN} are needed`;
    }
    if (test !== null && test.length < TEST_ROWS_MIN) {
      return `${test.length} rows to test on, ${TEST_ROWS_MIN} are needed`;
    }
  }
  return null;
}
