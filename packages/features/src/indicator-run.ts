import {
  efficiencyRatioOf,
  emptyAdx,
  emptyAtr,
  emptyEma,
  emptyMacd,
  emptyRsi,
  emptyWindows,
  erf,
  fastKOf,
  garmanKlassOf,
  pushRow,
  rankInLast,
  rowOf,
  squeezeDeviationOf,
  trueRange,
  updateAdx,
  updateAtr,
  updateAverage,
  updateMacd,
  updateRsi,
  type AdxState,
  type AtrState,
  type AverageState,
  type MacdState,
  type PriceBar,
  type RsiState,
  type Windows,
} from '@bellwether/indicators';
import { priceStatisticsOf, variance15Of, type PriceStatistics } from './bar-statistics.js';
import { BAND_WIDTH, BARS, BAR_MASK, CLOSE, DERIVED, MOVE_MASK, RETURN, SUMMED } from './bar-windows.js';
import { startFiveMinuteRun, updateFiveMinuteRun, type FiveMinuteRun } from './five-minute-run.js';
import { emptyRecent, pushRecent } from './recent-bars.js';
import { returnStatisticsOf, type ReturnStatistics } from './return-statistics.js';

const USUAL_RETURNS = 60;
const RV_RETURNS = 30;
const EFFICIENCY_MOVES = 30;
const VOLATILITY_BARS = 15;
const BAND_BARS = 20;
const BAND_DEVIATIONS = 2;
const WIDTHS = 120;
const STOCHASTIC_BARS = 14;

/** Half a tick: the floor under what a bar usually moves. */
const HALF_TICK = 0.5;

/** All indicators that may not pass over a gap, since the last one (`continuesRun`). Windows count bars. */
export interface IndicatorRun {
  readonly windows: Windows;
  readonly derived: Windows;
  /** Of the strategies: `recent-bars.ts`. */
  readonly recent: Windows;
  readonly returns: ReturnStatistics;
  readonly prices: PriceStatistics;
  /** How many of the newest bars in a row have a known volume. */
  readonly volume_bars: number;
  /** s60 of domain.md 4.3: root of the mean squared return over 60 bars, at least half a tick. */
  readonly usual_return: number | null;
  /** Proxy of bought minus sold volume as a share of all: 2 Phi(return / usual return) - 1. */
  readonly bulk_share: number | null;
  /** Root of the mean squared return over 30 bars. */
  readonly rv30: number | null;
  /** Root of the mean Garman-Klass variance over 15 bars. */
  readonly volatility15: number | null;
  readonly band_mean: number | null;
  readonly band_deviation: number | null;
  /** Share of the 120 bars before whose Bollinger bands were narrower than now. */
  readonly band_width_rank: number | null;
  readonly rsi14: RsiState;
  readonly atr14: AtrState;
  readonly atr100: AtrState;
  readonly ema9: AverageState;
  readonly ema21: AverageState;
  readonly ema50: AverageState;
  readonly macd: MacdState;
  readonly adx14: AdxState;
  readonly m5: FiveMinuteRun;
}

export function startRun(first: PriceBar): IndicatorRun {
  return {
    windows: emptyWindows(BARS),
    derived: emptyWindows(DERIVED),
    recent: emptyRecent(),
    returns: returnStatisticsOf(emptyWindows(BARS)),
    prices: priceStatisticsOf(emptyWindows(BARS)),
    volume_bars: 0,
    usual_return: null,
    bulk_share: null,
    rv30: null,
    volatility15: null,
    band_mean: null,
    band_deviation: null,
    band_width_rank: null,
    rsi14: emptyRsi(14),
    atr14: emptyAtr(14),
    atr100: emptyAtr(100),
    ema9: emptyEma(9),
    ema21: emptyEma(21),
    ema50: emptyEma(50),
    macd: emptyMacd(),
    adx14: emptyAdx(14),
    m5: startFiveMinuteRun(first),
  };
}

type RunBar = PriceBar & { readonly volume: number | null };

/** Where the close lies in the bar: -1 at the low to 1 at the high; 0 in a bar of one price. */
export function closeLocation({ high_ticks, low_ticks, close_ticks }: PriceBar): number {
  return high_ticks === low_ticks ? 0 : (2 * close_ticks - high_ticks - low_ticks) / (high_ticks - low_ticks);
}

/** Written anew for every bar, and handed to nobody: see `rowOf`. */
const BAR_ROW = rowOf(BARS);
const DERIVED_ROW = rowOf(DERIVED);

function pushBar(windows: Windows, bar: RunBar): Windows {
  const { close_ticks, high_ticks, low_ticks } = bar;
  const { numbers, count } = windows;
  const previous = count === 0 ? null : numbers[CLOSE.start + ((count - 1) & BAR_MASK)]!;
  const volume = bar.volume ?? 0;
  const move = previous === null || bar.session_start ? 0 : Math.log(close_ticks / previous);
  let sum = move;
  for (let k = 1; k < SUMMED; k++) sum += numbers[RETURN.start + ((count - k) & MOVE_MASK)]!;
  BAR_ROW[0] = close_ticks;
  BAR_ROW[1] = high_ticks;
  BAR_ROW[2] = low_ticks;
  BAR_ROW[3] = trueRange(bar, previous);
  BAR_ROW[4] = volume;
  BAR_ROW[5] = volume * closeLocation(bar);
  BAR_ROW[6] = garmanKlassOf(bar);
  BAR_ROW[7] = move;
  BAR_ROW[8] = sum;
  return pushRow(windows, BARS, BAR_ROW);
}

/** Distance of the two bands over their mean. */
function widthOf({ mean20, deviation20 }: PriceStatistics): number {
  return (2 * BAND_DEVIATIONS * deviation20) / mean20;
}

function pushDerived(
  derived: Windows,
  bar: RunBar,
  count: number,
  prices: PriceStatistics,
  bulk_share: number | null,
): Windows {
  const close = bar.close_ticks;
  const { high14, low14, high20, low20, mean20 } = prices;
  DERIVED_ROW[0] = count < BAND_BARS ? 0 : squeezeDeviationOf(close, mean20, high20, low20);
  DERIVED_ROW[1] = count < STOCHASTIC_BARS ? 0 : fastKOf(close, high14, low14);
  DERIVED_ROW[2] = bulk_share === null ? 0 : (bar.volume ?? 0) * bulk_share;
  DERIVED_ROW[3] = count < BAND_BARS ? 0 : widthOf(prices);
  return pushRow(derived, DERIVED, DERIVED_ROW);
}

/** Of the width before it is pushed: the 120 widths that are there are those of the bars before. */
function rankOfWidth(before: Windows, prices: PriceStatistics): number | null {
  if (before.count < WIDTHS + BAND_BARS - 1) return null;
  return rankInLast(before, BAND_WIDTH, WIDTHS, widthOf(prices));
}

export function updateRun(run: IndicatorRun, bar: RunBar): IndicatorRun {
  const close = bar.close_ticks;
  const windows = pushBar(run.windows, bar);
  const { count } = windows;
  const returns = returnStatisticsOf(windows);
  const prices = priceStatisticsOf(windows);
  // The first bar of a run has no return, so n of them take one bar more.
  const usual_return =
    count <= USUAL_RETURNS ? null : Math.max(Math.sqrt(returns.squares60 / USUAL_RETURNS), HALF_TICK / close);
  const bulk_share = usual_return === null ? null : erf(returns.newest / (usual_return * Math.SQRT2));
  return {
    windows,
    derived: pushDerived(run.derived, bar, count, prices, bulk_share),
    recent: pushRecent(run.recent, bar),
    returns,
    prices,
    volume_bars: bar.volume === null ? 0 : run.volume_bars + 1,
    usual_return,
    bulk_share,
    rv30: count <= RV_RETURNS ? null : Math.sqrt(returns.squares30 / RV_RETURNS),
    volatility15: count < VOLATILITY_BARS ? null : Math.sqrt(variance15Of(windows) / VOLATILITY_BARS),
    band_mean: count < BAND_BARS ? null : prices.mean20,
    band_deviation: count < BAND_BARS ? null : prices.deviation20,
    band_width_rank: rankOfWidth(run.derived, prices),
    rsi14: updateRsi(run.rsi14, close),
    atr14: updateAtr(run.atr14, bar),
    atr100: updateAtr(run.atr100, bar),
    ema9: updateAverage(run.ema9, close),
    ema21: updateAverage(run.ema21, close),
    ema50: updateAverage(run.ema50, close),
    macd: updateMacd(run.macd, close),
    adx14: updateAdx(run.adx14, bar),
    m5: updateFiveMinuteRun(run.m5, bar),
  };
}

/** Kaufman's efficiency ratio over 30 moves, or null before 31 bars. */
export function er30Of({ windows, prices }: IndicatorRun): number | null {
  return windows.count <= EFFICIENCY_MOVES ? null : efficiencyRatioOf(prices.net30, prices.path30);
}
