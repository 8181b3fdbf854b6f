import { averageOf, emptyEma, updateAverage, type AverageState } from './moving-average.js';

/**
 * MACD of closes (domain.md 4.1): EMA12 - EMA26 from the 26th close on, and the EMA9 of that from the 34th. Each
 * average is seeded with the mean of its own first numbers.
 */
export interface MacdState {
  readonly fast: AverageState;
  readonly slow: AverageState;
  readonly signal: AverageState;
}

export function emptyMacd(fast = 12, slow = 26, signal = 9): MacdState {
  return { fast: emptyEma(fast), slow: emptyEma(slow), signal: emptyEma(signal) };
}

export function updateMacd(state: MacdState, close: number): MacdState {
  const fast = updateAverage(state.fast, close);
  const slow = updateAverage(state.slow, close);
  const line = lineOf(fast, slow);
  return { fast, slow, signal: line === null ? state.signal : updateAverage(state.signal, line) };
}

function lineOf(fast: AverageState, slow: AverageState): number | null {
  const quick = averageOf(fast);
  const calm = averageOf(slow);
  return quick === null || calm === null ? null : quick - calm;
}

/** EMA12 - EMA26, or null while warming up. */
export function macdLineOf(state: MacdState): number | null {
  return lineOf(state.fast, state.slow);
}

/** The line minus its signal, or null while warming up. */
export function macdHistogramOf(state: MacdState): number | null {
  const line = macdLineOf(state);
  const signal = averageOf(state.signal);
  return line === null || signal === null ? null : line - signal;
}
