import type { Windows } from '@bellwether/indicators';
import { MOVE_MASK, RETURN, RETURN_SUM, SUMMED } from './bar-windows.js';

export const VARIANCE_RETURNS = 120;

/** Sums over the newest returns. Where there are fewer returns, a sum says nothing. */
export interface ReturnStatistics {
  readonly newest: number;
  readonly sum5: number;
  readonly sum15: number;
  readonly sum60: number;
  readonly squares30: number;
  readonly squares60: number;
  readonly sum120: number;
  readonly squares120: number;
  /** Of the overlapping sums of five among the last 120: their sum, and that of their squares. */
  readonly five_sum: number;
  readonly five_squares: number;
}

/**
 * One pass over the returns from new to old, where a dozen small ones would cost several times as much. Recomputed from
 * the numbers: nothing drifts, and a window says the same bits wherever it lies in its ring.
 */
export function returnStatisticsOf({ numbers, count }: Windows): ReturnStatistics {
  const last = count - 1;
  // Constants of another module are looked up each time: not inside of loops.
  const mask = MOVE_MASK;
  const start = RETURN.start;
  const sumStart = RETURN_SUM.start;
  let sum = 0;
  let squares = 0;
  let sum15 = 0;
  let squares30 = 0;
  for (let k = 0; k < 60; k++) {
    const move = numbers[start + ((last - k) & mask)]!;
    sum += move;
    squares += move * move;
    if (k === 14) sum15 = sum;
    if (k === 29) squares30 = squares;
  }
  const sum60 = sum;
  const squares60 = squares;
  let five_sum = 0;
  let five_squares = 0;
  for (let k = 60; k < VARIANCE_RETURNS; k++) {
    const move = numbers[start + ((last - k) & mask)]!;
    sum += move;
    squares += move * move;
  }
  for (let k = 0; k <= VARIANCE_RETURNS - SUMMED; k++) {
    const five = numbers[sumStart + ((last - k) & mask)]!;
    five_sum += five;
    five_squares += five * five;
  }
  const newest = numbers[start + (last & mask)]!;
  const sum5 = numbers[sumStart + (last & mask)]!;
  return {
    newest,
    sum5,
    sum15,
    sum60,
    squares30,
    squares60,
    sum120: sum,
    squares120: squares,
    five_sum,
    five_squares,
  };
}
