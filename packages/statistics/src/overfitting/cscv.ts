import { assert } from '@bellwether/kernel';
import { faultOfColumns, known, missing, type Measure } from '../measure.js';
import { combinations } from './splits.js';

/** Blocks that the days are cut into where nothing else is asked for: 12,870 splits. */
export const CSCV_BLOCKS_DEFAULT = 16;
/** More blocks would give more than 184,756 splits. */
export const CSCV_BLOCKS_MAX = 20;

export interface Overfitting {
  /** Share of splits in which the best variant in sample is no better than the middle of all out of sample. */
  readonly pbo: number;
  readonly splits: number;
  /** Share of splits in which it loses money out of sample. */
  readonly lossProbability: number;
  /** Slope of its ratio out of sample on its ratio in sample over the splits; null where the latter never varies. */
  readonly degradation: number | null;
  /** Logits of its relative ranks, sorted. */
  readonly logits: readonly number[];
  /** First days left out, so that all blocks are equally long. */
  readonly daysDropped: number;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado, Zhu
 * 2017). `columns`: daily returns of each variant that could have been chosen, all over the same days.
 *
 * The measure is the Sharpe ratio. A variant that did nothing at all in a half has earned nothing there for sure, and
 * ranks as 0; one with the same return other than 0 on every day has no ratio, and the result is missing. Where no variant did
 * anything there was nothing to choose, and it is missing too.
 */
export function backtestOverfitting(
  columns: readonly (readonly number[])[],
  blocks = CSCV_BLOCKS_DEFAULT,
): Measure<Overfitting> {
  assert(
    Number.isInteger(blocks) && blocks >= 2 && blocks % 2 === 0 && blocks <= CSCV_BLOCKS_MAX,
    `Expected an even number of blocks up to ${CSCV_BLOCKS_MAX}`,
  );
  const fault = faultOfColumns(columns, 2, 2 * blocks);
  if (fault !== null) return fault;
  if (columns.every((column) => column.every((value) => value === 0))) return missing('zero_variance');
  const rows = columns[0]!.length;
  const size = Math.floor(rows / blocks);
  const daysDropped = rows - size * blocks;
  const sums = columns.map((column) => blockSums(column, daysDropped, size, blocks));
  const ratios = new SplitRatios(sums, (size * blocks) / 2);
  const logits: number[] = [];
  const chosen: { readonly inside: number; readonly outside: number }[] = [];
  const halves = combinations(blocks, blocks / 2);
  for (const [i, half] of halves.entries()) {
    // In this order the rest of the first is the last, and so on inwards.
    if (!ratios.take(half, halves[halves.length - 1 - i]!)) return missing('zero_variance');
    const best = bestOf(ratios.inside);
    const omega = rankOf(ratios.outside, best) / (columns.length + 1);
    logits.push(Math.log(omega / (1 - omega)));
    chosen.push({ inside: ratios.inside[best]!, outside: ratios.outside[best]! });
  }
  const share = (count: number): number => count / logits.length;
  return known({
    pbo: share(logits.filter((logit) => logit <= 0).length),
    splits: logits.length,
    lossProbability: share(chosen.filter(({ outside }) => outside < 0).length),
    degradation: slopeOf(chosen),
    logits: logits.sort((a, b) => a - b),
    daysDropped,
  });
}

/** Sums and sums of squares of each block, so that a split costs its blocks and not its days. */
function blockSums(column: readonly number[], from: number, size: number, blocks: number): Float64Array {
  const sums = new Float64Array(2 * blocks);
  // A common factor changes no ratio, and keeps the squares of cents or of tiny shares in range.
  const scale = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  for (let i = 0; i < size * blocks; i++) {
    const value = column[from + i]! / scale;
    const block = Math.floor(i / size);
    sums[2 * block]! += value;
    sums[2 * block + 1]! += value * value;
  }
  return sums;
}

/** The ratios of all variants in one half of the blocks and in the other. */
class SplitRatios {
  readonly inside: Float64Array;
  readonly outside: Float64Array;

  constructor(
    private readonly sums: readonly Float64Array[],
    private readonly days: number,
  ) {
    this.inside = new Float64Array(sums.length);
    this.outside = new Float64Array(sums.length);
  }

  /** False where a ratio is undefined. */
  take(half: readonly number[], rest: readonly number[]): boolean {
    for (let k = 0; k < this.sums.length; k++) {
      const inside = ratioOf(this.sums[k]!, half, this.days);
      const outside = ratioOf(this.sums[k]!, rest, this.days);
      if (Number.isNaN(inside) || Number.isNaN(outside)) return false;
      this.inside[k] = inside;
      this.outside[k] = outside;
    }
    return true;
  }
}

/** A variance so small a part of the squares is rounding. */
const ROUNDING = 1e-12;

function ratioOf(column: Float64Array, blocks: readonly number[], n: number): number {
  let sum = 0;
  let squares = 0;
  for (const block of blocks) {
    sum += column[2 * block]!;
    squares += column[2 * block + 1]!;
  }
  if (squares === 0) return 0;
  const variance = (squares - (sum * sum) / n) / (n - 1);
  return variance > ROUNDING * squares ? sum / n / Math.sqrt(variance) : NaN;
}

function bestOf(ratios: Float64Array): number {
  let best = 0;
  for (let k = 1; k < ratios.length; k++) if (ratios[k]! > ratios[best]!) best = k;
  return best;
}

/** Rank from 1 for the lowest; equal ones share the middle of their ranks. */
function rankOf(ratios: Float64Array, index: number): number {
  const own = ratios[index]!;
  let below = 0;
  let equal = 0;
  for (const ratio of ratios) {
    if (ratio < own) below += 1;
    else if (ratio === own) equal += 1;
  }
  return below + (equal + 1) / 2;
}

function slopeOf(points: readonly { readonly inside: number; readonly outside: number }[]): number | null {
  const mean = (of: (point: { inside: number; outside: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x = mean(({ inside }) => inside);
  const y = mean(({ outside }) => outside);
  let cross = 0;
  let squares = 0;
  for (const { inside, outside } of points) {
    cross += (inside - x) * (outside - y);
    squares += (inside - x) * (inside - x);
  }
  return squares > 0 ? cross / squares : null;
}
