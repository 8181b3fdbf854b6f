const WEIGHT = 2 * Math.LN2 - 1;

/** Variance of one bar by Garman and Klass: 0.5 ln(h/l)^2 - (2 ln 2 - 1) ln(c/o)^2. Never below zero. */
export function garmanKlassOf(bar: {
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
}): number {
  const range = Math.log(bar.high_ticks / bar.low_ticks);
  const body = Math.log(bar.close_ticks / bar.open_ticks);
  return 0.5 * range * range - WEIGHT * body * body;
}
