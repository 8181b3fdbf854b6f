/** A completed bar as the indicators see it. Prices in ticks, times in microseconds UTC. */
export interface PriceBar {
  readonly open_us: number;
  readonly close_us: number;
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  /** First bar of its trade date: the jump from the bar before is the break, not a move. */
  readonly session_start: boolean;
}

/**
 * max(h, previous close) - min(l, previous close); h - l where there is no previous close or a session
 * begins.
 */
export function trueRange(bar: PriceBar, previousClose: number | null): number {
  if (previousClose === null || bar.session_start) return bar.high_ticks - bar.low_ticks;
  return Math.max(bar.high_ticks, previousClose) - Math.min(bar.low_ticks, previousClose);
}
