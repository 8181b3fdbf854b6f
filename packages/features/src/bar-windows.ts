import { ringsOf } from '@bellwether/indicators';

/** Lengths are powers of two and hold the longest window that a feature asks for: a place is found by a mask. */
const RING_BARS = 32;
const RING_MOVES = 128;
export const BAR_MASK = RING_BARS - 1;
export const MOVE_MASK = RING_MOVES - 1;

/** Windows of what one bar says by itself. */
export const BARS = ringsOf([
  RING_BARS,
  RING_BARS,
  RING_BARS,
  RING_BARS,
  RING_BARS,
  RING_BARS,
  RING_BARS,
  RING_MOVES,
  RING_MOVES,
]);
export const [
  CLOSE,
  HIGH,
  LOW,
  TRUE_RANGE,
  /** 0 where it is not known: `volume_bars` says so. */
  VOLUME,
  /** Volume times where the close lies in the bar, -1 to 1. */
  SIDED_VOLUME,
  GARMAN_KLASS,
  /** ln(c/c[-1]); 0 on the first bar of a session and of a run. */
  RETURN,
  /** Sum of the last five returns. */
  RETURN_SUM,
] = BARS;

/** Returns in one {@link RETURN_SUM}. */
export const SUMMED = 5;

/** Windows of what a bar says with those before it; 0 while that cannot be said yet. */
export const DERIVED = ringsOf([RING_BARS, 8, RING_BARS, RING_MOVES]);
export const [
  SQUEEZE_DEVIATION,
  FAST_K,
  /** Volume times the share of it that counts as bought minus sold, by size of the return: a proxy, no order flow. */
  BULK_VOLUME,
  BAND_WIDTH,
] = DERIVED;
