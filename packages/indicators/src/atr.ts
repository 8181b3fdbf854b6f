import { averageOf, emptyRma, updateAverage, type AverageState } from './moving-average.js';
import { trueRange, type PriceBar } from './price-bar.js';

/**
 * Average true range by Wilder (domain.md 4.1). The very first bar has no true range and is not counted, so
 * the first value comes after n + 1 bars; the first bar of a later session counts with h - l.
 */
export interface AtrState {
  readonly previous_close: number | null;
  readonly average: AverageState;
}

export function emptyAtr(length: number): AtrState {
  return { previous_close: null, average: emptyRma(length) };
}

export function updateAtr(state: AtrState, bar: PriceBar): AtrState {
  if (state.previous_close === null) return { previous_close: bar.close_ticks, average: state.average };
  return {
    previous_close: bar.close_ticks,
    average: updateAverage(state.average, trueRange(bar, state.previous_close)),
  };
}

/** In ticks, or null while warming up. */
export function atrOf(state: AtrState): number | null {
  return averageOf(state.average);
}
