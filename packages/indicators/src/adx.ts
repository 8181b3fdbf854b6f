import { trueRange, type PriceBar } from './price-bar.js';

/**
 * Wilder's directional movement (domain.md 4.1). A bar's upward move counts only where it is larger than its downward
 * one and above zero, and the other way round: equal moves count for neither. The sums are Wilder's, seeded as TA-Lib
 * does, with the plain sum of the first n - 1; the first DX comes after n + 1 bars, and ADX, seeded with the mean of n of
 * them, after 2n. The first bar of a later session has no move and its own range: the jump over the break is neither.
 */
export interface AdxState {
  readonly length: number;
  /** Bars that had one before them. */
  readonly moves: number;
  readonly previous_high: number;
  readonly previous_low: number;
  /** Null before the first bar. */
  readonly previous_close: number | null;
  readonly plus: number;
  readonly minus: number;
  readonly range: number;
  /** Sum of the DX seen so far until there are `length`, then the average. */
  readonly adx: number;
}

export function emptyAdx(length: number): AdxState {
  return {
    length,
    moves: 0,
    previous_high: 0,
    previous_low: 0,
    previous_close: null,
    plus: 0,
    minus: 0,
    range: 0,
    adx: 0,
  };
}

/** 100 |+DI - -DI| / (+DI + -DI); no direction at all (0/0) is 0. */
function directionalIndex(plus: number, minus: number): number {
  return plus + minus === 0 ? 0 : (100 * Math.abs(plus - minus)) / (plus + minus);
}

export function updateAdx(state: AdxState, bar: PriceBar): AdxState {
  const { length, previous_close } = state;
  const first = previous_close === null;
  const moves = first ? 0 : state.moves + 1;
  const up = first || bar.session_start ? 0 : bar.high_ticks - state.previous_high;
  const down = first || bar.session_start ? 0 : state.previous_low - bar.low_ticks;
  // Nothing leaves the sums while they are seeded.
  const kept = moves < length ? 1 : 1 - 1 / length;
  const plus = kept * state.plus + (up > down && up > 0 ? up : 0);
  const minus = kept * state.minus + (down > up && down > 0 ? down : 0);
  const range = first ? 0 : kept * state.range + trueRange(bar, previous_close);
  return {
    length,
    moves,
    previous_high: bar.high_ticks,
    previous_low: bar.low_ticks,
    previous_close: bar.close_ticks,
    plus,
    minus,
    range,
    adx: moves < length ? 0 : nextAdx(state.adx, directionalIndex(plus, minus), moves - length + 1, length),
  };
}

/** `seen`: how many DX there are with this one. */
function nextAdx(before: number, dx: number, seen: number, length: number): number {
  if (seen < length) return before + dx;
  return seen === length ? (before + dx) / length : before + (dx - before) / length;
}

/** 0 to 100, or null before 2n bars. */
export function adxOf(state: AdxState): number | null {
  return state.moves < 2 * state.length - 1 ? null : state.adx;
}

export interface DirectionalIndicators {
  /** 100 times the Wilder sum of moves over that of true ranges; 0 where nothing has moved. */
  readonly plus: number;
  readonly minus: number;
}

/** +DI and -DI, or null before n + 1 bars. */
export function directionalIndicatorsOf(state: AdxState): DirectionalIndicators | null {
  const { moves, length, plus, minus, range } = state;
  if (moves < length) return null;
  return range === 0 ? { plus: 0, minus: 0 } : { plus: (100 * plus) / range, minus: (100 * minus) / range };
}
