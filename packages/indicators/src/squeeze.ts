import { bollingerOf } from './bollinger.js';
import { regressionEndOf } from './linear-regression.js';
import { trueRange, type PriceBar } from './price-bar.js';
import {
  emptyWindows,
  highestOfLast,
  lowestOfLast,
  pushRow,
  ringsOf,
  rowOf,
  sumOfLast,
  type Windows,
} from './windows.js';

const LENGTH = 20;
const BOLLINGER_WIDTH = 2;
const KELTNER_WIDTH = 1.5;

/** A run of bars with the squeeze on. Prices in ticks. */
interface SqueezeRun {
  readonly bars: number;
  readonly high: number;
  readonly low: number;
}

const BARS = ringsOf([LENGTH, LENGTH, LENGTH, LENGTH]);
const [CLOSE, HIGH, LOW, TRUE_RANGE] = BARS;
/** Written anew for every bar, and handed to nobody: see `rowOf`. */
const ROW = rowOf(BARS);
const DEVIATIONS = ringsOf([LENGTH]);
const [DEVIATION] = DEVIATIONS;

/**
 * TTM squeeze (domain.md 4.1, 6.1 S3): Bollinger(20, 2) inside Keltner(20, 1.5). Both have the 20-bar SMA
 * of closes as centre; the Keltner width is the plain mean of the last 20 true ranges (not Wilder's), so
 * nothing older than the window counts.
 */
export interface SqueezeState {
  /** Close, high, low and true range of the last 20 bars. */
  readonly bars: Windows;
  /** {@link squeezeDeviationOf} of the last 20 bars that have one. */
  readonly deviations: Windows;
  readonly previous_close: number | null;
  /** The run that is on now, or null. */
  readonly run: SqueezeRun | null;
  /** What the last bar says; null while warming up. */
  readonly reading: SqueezeReading | null;
}

export interface SqueezeReading {
  readonly on: boolean;
  /** On at the bar before, off at this one. */
  readonly fired: boolean;
  /** Length of the running squeeze or of the one that has just fired, else 0. */
  readonly bars: number;
  /** High and low of those bars; 0 where `bars` is 0. */
  readonly box_high_ticks: number;
  readonly box_low_ticks: number;
  /** End point of the regression of the last 20 deviations; null before 39 bars. */
  readonly momentum_ticks: number | null;
}

export function emptySqueeze(): SqueezeState {
  return {
    bars: emptyWindows(BARS),
    deviations: emptyWindows(DEVIATIONS),
    previous_close: null,
    run: null,
    reading: null,
  };
}

/**
 * Close minus the middle of (highest + lowest)/2 and the mean of closes over the same bars: the series whose regression
 * ends at the momentum of the squeeze.
 */
export function squeezeDeviationOf(close: number, mean: number, highest: number, lowest: number): number {
  return close - ((highest + lowest) / 2 + mean) / 2;
}

function extend(run: SqueezeRun | null, bar: PriceBar): SqueezeRun {
  if (run === null) return { bars: 1, high: bar.high_ticks, low: bar.low_ticks };
  return {
    bars: run.bars + 1,
    high: Math.max(run.high, bar.high_ticks),
    low: Math.min(run.low, bar.low_ticks),
  };
}

export function updateSqueeze(state: SqueezeState, bar: PriceBar): SqueezeState {
  const { high_ticks, low_ticks, close_ticks } = bar;
  const range = trueRange(bar, state.previous_close);
  ROW[0] = close_ticks;
  ROW[1] = high_ticks;
  ROW[2] = low_ticks;
  ROW[3] = range;
  const bars = pushRow(state.bars, BARS, ROW);
  const bands = bollingerOf(bars, CLOSE, LENGTH, BOLLINGER_WIDTH);
  const ranges = sumOfLast(bars, TRUE_RANGE, LENGTH);
  const highest = highestOfLast(bars, HIGH, LENGTH);
  const lowest = lowestOfLast(bars, LOW, LENGTH);
  if (bands === null || ranges === null || highest === null || lowest === null) {
    return { bars, deviations: state.deviations, previous_close: close_ticks, run: null, reading: null };
  }
  const deviation = squeezeDeviationOf(close_ticks, bands.middle, highest, lowest);
  const deviations = pushRow(state.deviations, DEVIATIONS, [deviation]);
  const on = BOLLINGER_WIDTH * bands.sd < (KELTNER_WIDTH * ranges) / LENGTH;
  const run = on ? extend(state.run, bar) : null;
  const told = run ?? state.run;
  const reading: SqueezeReading = {
    on,
    fired: !on && state.run !== null,
    bars: told?.bars ?? 0,
    box_high_ticks: told?.high ?? 0,
    box_low_ticks: told?.low ?? 0,
    momentum_ticks: regressionEndOf(deviations, DEVIATION, LENGTH),
  };
  return { bars, deviations, previous_close: close_ticks, run, reading };
}
