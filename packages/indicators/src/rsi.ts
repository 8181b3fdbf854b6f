import { averageOf, emptyRma, updateAverage, type AverageState } from './moving-average.js';

/**
 * RSI of closes with Wilder averages of up and down moves (domain.md 4.1); first value after n + 1 closes.
 */
export interface RsiState {
  readonly previous: number | null;
  readonly up: AverageState;
  readonly down: AverageState;
}

export function emptyRsi(length: number): RsiState {
  return { previous: null, up: emptyRma(length), down: emptyRma(length) };
}

export function updateRsi(state: RsiState, close: number): RsiState {
  if (state.previous === null) return { previous: close, up: state.up, down: state.down };
  const move = close - state.previous;
  return {
    previous: close,
    up: updateAverage(state.up, move > 0 ? move : 0),
    down: updateAverage(state.down, move < 0 ? -move : 0),
  };
}

/** 0 to 100, or null while warming up. A market that has not moved (0/0) is 50. */
export function rsiOf(state: RsiState): number | null {
  const up = averageOf(state.up);
  const down = averageOf(state.down);
  if (up === null || down === null) return null;
  return up + down === 0 ? 50 : (100 * up) / (up + down);
}
