import type { PriceBar } from './price-bar.js';

/**
 * Longer bars out of shorter ones, on a grid of UTC time. A longer bar is complete when the short bar that
 * ends it has come, or, where that is missing, when a later one comes.
 */
export interface AggregationState {
  readonly interval_us: number;
  readonly forming: PriceBar | null;
  /** A longer bar of which the beginning was not seen is left out: nothing before this time counts. */
  readonly skip_until_us: number;
}

export interface Aggregated {
  readonly state: AggregationState;
  /** None, one, or two where a late end and a whole bar fall together. Oldest first. */
  readonly completed: readonly PriceBar[];
}

/** Starts with a bar: where it does not open on the grid, the longer bar around it is skipped. */
export function startAggregation(interval_us: number, first_open_us: number): AggregationState {
  const skip_until_us = Math.ceil(first_open_us / interval_us) * interval_us;
  return { interval_us, forming: null, skip_until_us };
}

function merge(forming: PriceBar | null, bar: PriceBar, open_us: number, close_us: number): PriceBar {
  const start = forming ?? bar;
  return {
    open_us,
    close_us,
    open_ticks: start.open_ticks,
    high_ticks: Math.max(start.high_ticks, bar.high_ticks),
    low_ticks: Math.min(start.low_ticks, bar.low_ticks),
    close_ticks: bar.close_ticks,
    session_start: start.session_start || bar.session_start,
  };
}

/** Adds a bar that is not longer than the interval and does not cross its grid. */
export function aggregate(state: AggregationState, bar: PriceBar): Aggregated {
  const { interval_us, skip_until_us } = state;
  if (bar.open_us < skip_until_us) return { state, completed: [] };
  const open_us = Math.floor(bar.open_us / interval_us) * interval_us;
  const close_us = open_us + interval_us;
  const late = state.forming !== null && state.forming.open_us !== open_us ? state.forming : null;
  const merged = merge(late === null ? state.forming : null, bar, open_us, close_us);
  const whole = bar.close_us >= close_us;
  const completed = late === null ? (whole ? [merged] : []) : whole ? [late, merged] : [late];
  return { state: { interval_us, skip_until_us, forming: whole ? null : merged }, completed };
}
