import { emptyWindows, pushRow, ringsOf, valueBack, type Windows } from './windows.js';

/**
 * Smallest standard deviation, in ticks: after an anchor the true one is near zero and the score would
 * explode.
 */
export const VWAP_SD_MIN_TICKS = 2;
const SLOPE_BARS = 15;

const HISTORY = ringsOf([SLOPE_BARS + 1]);
const [VWAP] = HISTORY;

/**
 * Volume-weighted average price since an anchor (domain.md 4.1). Sums are over prices minus a reference, so
 * that the variance does not lose its digits.
 */
export interface VwapState {
  readonly anchor_us: number;
  readonly reference_ticks: number;
  readonly volume: number;
  readonly price_volume: number;
  readonly price_square_volume: number;
  /** VWAP of this bar and of the 15 before it, since the anchor. */
  readonly history: Windows;
  readonly z: number | null;
  readonly z_previous: number | null;
}

export interface VwapReading {
  readonly vwap_ticks: number;
  /** At least {@link VWAP_SD_MIN_TICKS}. */
  readonly sd_ticks: number;
  /** (close - vwap) / sd of this bar, and of the bar before where that has the same anchor. */
  readonly z: number;
  readonly z_previous: number | null;
  /** VWAP minus VWAP 15 bars ago; null in the first 15 bars after the anchor. */
  readonly slope15_ticks: number | null;
}

/** Starts at an anchor. Any reference near the prices will do. */
export function startVwap(anchor_us: number, reference_ticks: number): VwapState {
  return {
    anchor_us,
    reference_ticks,
    volume: 0,
    price_volume: 0,
    price_square_volume: 0,
    history: emptyWindows(HISTORY),
    z: null,
    z_previous: null,
  };
}

function vwapAndSd(
  volume: number,
  first: number,
  second: number,
): { readonly mean: number; readonly sd: number } {
  const mean = first / volume;
  return { mean, sd: Math.max(Math.sqrt(Math.max(second / volume - mean * mean, 0)), VWAP_SD_MIN_TICKS) };
}

/** Adds a bar with a known volume, weighted at its typical price (h + l + c)/3. */
export function updateVwap(
  state: VwapState,
  bar: { readonly high_ticks: number; readonly low_ticks: number; readonly close_ticks: number },
  volume: number,
): VwapState {
  const price = (bar.high_ticks + bar.low_ticks + bar.close_ticks) / 3 - state.reference_ticks;
  const total = state.volume + volume;
  const price_volume = state.price_volume + price * volume;
  const price_square_volume = state.price_square_volume + price * price * volume;
  // Spelled out, not spread: this runs for every bar.
  if (total === 0) {
    return {
      anchor_us: state.anchor_us,
      reference_ticks: state.reference_ticks,
      volume: 0,
      price_volume,
      price_square_volume,
      history: state.history,
      z: null,
      z_previous: null,
    };
  }
  const { mean, sd } = vwapAndSd(total, price_volume, price_square_volume);
  return {
    anchor_us: state.anchor_us,
    reference_ticks: state.reference_ticks,
    volume: total,
    price_volume,
    price_square_volume,
    history: pushRow(state.history, HISTORY, [state.reference_ticks + mean]),
    z: (bar.close_ticks - state.reference_ticks - mean) / sd,
    z_previous: state.z,
  };
}

/** What the bars since the anchor say, or null while none has had volume. */
export function vwapOf(state: VwapState): VwapReading | null {
  const vwap = valueBack(state.history, VWAP, 0);
  if (vwap === null || state.z === null) return null;
  const { sd } = vwapAndSd(state.volume, state.price_volume, state.price_square_volume);
  const before = valueBack(state.history, VWAP, SLOPE_BARS);
  return {
    vwap_ticks: vwap,
    sd_ticks: sd,
    z: state.z,
    z_previous: state.z_previous,
    slope15_ticks: before === null ? null : vwap - before,
  };
}
