/**
 * A number that may be missing. A formula without a value here gives a reason and never a number that stands in for it.
 */

/** Why a measure has no value. */
export type MissingReason =
  /** Fewer values than the formula, or its approximation, needs. */
  | 'too_few'
  /** NaN or an infinity among the values. */
  | 'not_finite'
  /** All values are equal, so nothing can be measured in units of their spread. */
  | 'zero_variance'
  /** No value lies below the target, so the downside deviation is zero. */
  | 'no_downside'
  /** A value lies where the formula has none, such as a probability above 1 or a return below -100 %. */
  | 'out_of_range'
  /** Series that belong together have different lengths. */
  | 'unequal_lengths'
  /** Only one class occurs, so nothing can be told apart. */
  | 'one_class'
  /** The benchmark is not below the measured value, so no length of record would do. */
  | 'not_above_benchmark'
  /** The formula divides by zero, or takes the root or the logarithm of what has none. */
  | 'undefined'
  /** More series than can be compared with one another. */
  | 'too_many'
  /** In more than 5 % of the resamples the measure had no value. */
  | 'unstable';

export interface Known<T> {
  readonly value: T;
  readonly missing: null;
}

export interface Missing {
  readonly value: null;
  readonly missing: MissingReason;
}

export type Measure<T = number> = Known<T> | Missing;

export function known<T>(value: T): Known<T> {
  return { value, missing: null };
}

export function missing(reason: MissingReason): Missing {
  return { value: null, missing: reason };
}

/** The number, or `undefined` where it is not finite: an overflow is no result. */
export function finite(value: number): Measure {
  return Number.isFinite(value) ? known(value) : missing('undefined');
}

/** Null where all values are finite and there are at least so many. */
export function faultOf(values: readonly number[], atLeast: number): Missing | null {
  if (values.length < atLeast) return missing('too_few');
  return values.every(Number.isFinite) ? null : missing('not_finite');
}

/** Null where there is at least one series, and all have one length, enough values, and only finite ones. */
export function faultOfColumns(
  columns: readonly (readonly number[])[],
  columnsMin: number,
  rowsMin: number,
): Missing | null {
  if (columns.length < columnsMin) return missing('too_few');
  const rows = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== rows)) return missing('unequal_lengths');
  for (const column of columns) {
    const fault = faultOf(column, rowsMin);
    if (fault !== null) return fault;
  }
  return null;
}
