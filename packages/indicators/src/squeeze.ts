import { bollingerOf } from './bollinger.js';
import { regressionEndOf } from './linear-regression.js';
import { trueRange, type PriceBar } from './price-bar.js';
import {
  emptyWindow,
  extremesOf,
  isFull,
  momentsOf,
  orderedValues,
  pushWindow,
  type NumberWindow,
} from './window.js';

const LENGTH = 20;
const BOLLINGER_WIDTH = 2;
const KELTNER_WIDTH = 1.5;

/** A run of bars with the squeeze on. Prices in ticks. */
interface SqueezeRun {
  readonly bars: number;
  readonly high: number;
  readonly low: number;
}

/**
 * TTM squeeze (domain.md 4.1, 6.1 S3): Bollinger(20, 2) inside Keltner(20, 1.5). Both have the 20-bar SMA
 * of closes as centre; the Keltner width is the plain mean of the last 20 true ranges (not Wilder's), so
 * nothing older than the window counts.
 */
export interface SqueezeState {
  readonly closes: NumberWindow;
  readonly highs: NumberWindow;
  readonly lows: NumberWindow;
  readonly true_ranges: NumberWindow;
  /** close - ((HH + LL)/2 + SMA)/2 of the last 20 bars. */
  readonly deviations: NumberWindow;
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
  /** End point of the regression of `deviations`; null before 39 bars. */
  readonly momentum_ticks: number | null;
}

export function emptySqueeze(): SqueezeState {
  const window = emptyWindow(LENGTH);
  return {
    closes: window,
    highs: window,
    lows: window,
    true_ranges: window,
    deviations: window,
    previous_close: null,
    run: null,
    reading: null,
  };
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
  const closes = pushWindow(state.closes, bar.close_ticks);
  const highs = pushWindow(state.highs, bar.high_ticks);
  const lows = pushWindow(state.lows, bar.low_ticks);
  const true_ranges = pushWindow(state.true_ranges, trueRange(bar, state.previous_close));
  const bands = bollingerOf(closes, BOLLINGER_WIDTH);
  const ranges = momentsOf(true_ranges);
  const top = extremesOf(highs);
  const bottom = extremesOf(lows);
  if (bands === null || ranges === null || top === null || bottom === null) {
    const { deviations } = state;
    const previous_close = bar.close_ticks;
    return { closes, highs, lows, true_ranges, deviations, previous_close, run: null, reading: null };
  }
  const middle = ((top.high + bottom.low) / 2 + bands.middle) / 2;
  const deviations = pushWindow(state.deviations, bar.close_ticks - middle);
  const on = BOLLINGER_WIDTH * bands.sd < KELTNER_WIDTH * ranges.mean;
  const run = on ? extend(state.run, bar) : null;
  const told = run ?? state.run;
  const reading: SqueezeReading = {
    on,
    fired: !on && state.run !== null,
    bars: told?.bars ?? 0,
    box_high_ticks: told?.high ?? 0,
    box_low_ticks: told?.low ?? 0,
    momentum_ticks: isFull(deviations) ? regressionEndOf(orderedValues(deviations)) : null,
  };
  return { closes, highs, lows, true_ranges, deviations, previous_close: bar.close_ticks, run, reading };
}
