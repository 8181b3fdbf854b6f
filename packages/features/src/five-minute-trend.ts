import { Side, type FiveMinuteReadings, type Pullback } from '@bellwether/contracts';
import {
  adxOf,
  averageOf,
  emptyAdx,
  emptyEma,
  updateAdx,
  updateAverage,
  type AdxState,
  type AverageState,
  type PriceBar,
} from '@bellwether/indicators';

/** Bars over which EMA21 has to rise (domain.md 6.1, S4). */
const SLOPE_BARS = 6;

/** Averages and strength of the trend on completed 5-minute bars of one unbroken run. */
export interface FiveMinuteTrend {
  readonly last: PriceBar | null;
  readonly ema9: AverageState;
  readonly ema21: AverageState;
  readonly adx14: AdxState;
  /** EMA21 of the last bars, oldest first; the newest is the last. */
  readonly slow: readonly number[];
  readonly pullback: Pullback | null;
}

export function startFiveMinuteTrend(): FiveMinuteTrend {
  return {
    last: null,
    ema9: emptyEma(9),
    ema21: emptyEma(21),
    adx14: emptyAdx(14),
    slow: [],
    pullback: null,
  };
}

/** Adds a completed 5-minute bar. */
export function updateFiveMinuteTrend(trend: FiveMinuteTrend, bar: PriceBar): FiveMinuteTrend {
  const ema9 = updateAverage(trend.ema9, bar.close_ticks);
  const ema21 = updateAverage(trend.ema21, bar.close_ticks);
  const fast = averageOf(ema9);
  const slow = averageOf(ema21);
  return {
    last: bar,
    ema9,
    ema21,
    adx14: updateAdx(trend.adx14, bar),
    slow: slow === null ? trend.slow : [...trend.slow, slow].slice(-SLOPE_BARS - 1),
    pullback: fast === null || slow === null ? null : pullbackAt(trend.pullback, bar, fast, slow),
  };
}

/** The bar of the run that is not complete yet only takes the extreme further. */
export function withinPullback(
  trend: FiveMinuteTrend,
  bar: { readonly high_ticks: number; readonly low_ticks: number },
): FiveMinuteTrend {
  const { pullback } = trend;
  if (pullback === null) return trend;
  const { side, extreme_ticks, touched_us } = pullback;
  const farther =
    side === Side.LONG ? Math.min(extreme_ticks, bar.low_ticks) : Math.max(extreme_ticks, bar.high_ticks);
  if (farther === extreme_ticks) return trend;
  return {
    last: trend.last,
    ema9: trend.ema9,
    ema21: trend.ema21,
    adx14: trend.adx14,
    slow: trend.slow,
    pullback: { side, extreme_ticks: farther, touched_us },
  };
}

/** domain.md 6.1, S4: the low touches the zone of EMA9 and EMA21 without a close below EMA21; for a short mirrored. */
function pullbackAt(before: Pullback | null, bar: PriceBar, fast: number, slow: number): Pullback | null {
  if (fast === slow) return null;
  const side = fast > slow ? Side.LONG : Side.SHORT;
  const sign = side === Side.LONG ? 1 : -1;
  if (sign * (bar.close_ticks - slow) < 0) return null;
  const running = before?.side === side ? before : null;
  const against = side === Side.LONG ? bar.low_ticks : bar.high_ticks;
  if (sign * (against - fast) > 0) return running;
  const farther = running === null || sign * (against - running.extreme_ticks) < 0;
  return {
    side,
    extreme_ticks: farther ? against : running.extreme_ticks,
    touched_us: bar.close_us,
  };
}

/** What the frame tells, or null before the first completed bar. */
export function fiveMinuteReadingsOf(trend: FiveMinuteTrend): FiveMinuteReadings | null {
  const { last, slow } = trend;
  if (last === null) return null;
  return {
    bar: {
      open_ticks: last.open_ticks,
      high_ticks: last.high_ticks,
      low_ticks: last.low_ticks,
      close_ticks: last.close_ticks,
    },
    close_us: last.close_us,
    ema9_ticks: averageOf(trend.ema9),
    ema21_ticks: averageOf(trend.ema21),
    ema21_slope6_ticks: slow.length > SLOPE_BARS ? slow[slow.length - 1]! - slow[0]! : null,
    adx14: adxOf(trend.adx14),
  };
}
