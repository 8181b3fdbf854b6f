import {
  deviationOfLast,
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
  meanSquareOfLast,
  pushRow,
  rankInLast,
  ringsOf,
  squeezeDeviationOf,
  sumOfLast,
  trueRange,
  updateAdx,
  updateAtr,
  updateAverage,
  updateMacd,
  updateRsi,
  valueBack,
  type AdxState,
  type AtrState,
  type AverageState,
  type MacdState,
  type PriceBar,
  type RsiState,
  type Windows,
} from '@bellwether/indicators';
import { startFiveMinuteRun, updateFiveMinuteRun, type FiveMinuteRun } from './five-minute-run.js';

/** Windows of what one bar says by itself. The lengths are the longest that a feature asks for. */
export const BARS = ringsOf([31, 30, 30, 30, 30, 120, 30, 15, 20]);
export const [
  CLOSE,
  HIGH,
  LOW,
  TRUE_RANGE,
  /** 0 where it is not known: `volume_bars` says so. */
  VOLUME,
  /** ln(c/c[-1]); 0 on the first bar of a session and of a run. */
  RETURN,
  ABSOLUTE_RETURN,
  GARMAN_KLASS,
  /** Volume times where the close lies in the bar, -1 to 1. */
  SIDED_VOLUME,
] = BARS;

/** Windows of what a bar says with those before it; 0 while that cannot be said yet. */
export const DERIVED = ringsOf([20, 5, 30, 120]);
export const [
  SQUEEZE_DEVIATION,
  FAST_K,
  /** Volume times the share of it that counts as bought minus sold, by size of the return: a proxy, no order flow. */
  BULK_VOLUME,
  BAND_WIDTH,
] = DERIVED;

const USUAL_RETURNS = 60;
const RV_RETURNS = 30;
const EFFICIENCY_MOVES = 30;
const VOLATILITY_BARS = 15;
export const BAND_BARS = 20;
export const BAND_DEVIATIONS = 2;
const WIDTHS = 120;
const STOCHASTIC_BARS = 14;

/** Half a tick: the floor under what a bar usually moves. */
const HALF_TICK = 0.5;

/** All indicators that may not pass over a gap, since the last one (`continuesRun`). Windows count bars. */
export interface IndicatorRun {
  readonly windows: Windows;
  readonly derived: Windows;
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

function pushBar(windows: Windows, bar: RunBar): Windows {
  const { close_ticks, high_ticks, low_ticks } = bar;
  const previous = valueBack(windows, CLOSE, 0);
  const volume = bar.volume ?? 0;
  const move = previous === null || bar.session_start ? 0 : Math.log(close_ticks / previous);
  return pushRow(windows, BARS, [
    close_ticks,
    high_ticks,
    low_ticks,
    trueRange(bar, previous),
    volume,
    move,
    Math.abs(move),
    garmanKlassOf(bar),
    volume * closeLocation(bar),
  ]);
}

/** Root mean square of the newest `n` returns; null before n + 1 bars, as the first bar of a run has none. */
function rootMeanSquare(windows: Windows, n: number): number | null {
  if (windows.count <= n) return null;
  const square = meanSquareOfLast(windows, RETURN, n);
  return square === null ? null : Math.sqrt(square);
}

interface Bands {
  readonly mean: number;
  readonly deviation: number;
}

function bandsOf(windows: Windows): Bands | null {
  const sum = sumOfLast(windows, CLOSE, BAND_BARS);
  if (sum === null) return null;
  const mean = sum / BAND_BARS;
  const deviation = deviationOfLast(windows, CLOSE, BAND_BARS, mean);
  return deviation === null ? null : { mean, deviation };
}

function bulkShareOf(windows: Windows, usual_return: number | null): number | null {
  const move = valueBack(windows, RETURN, 0);
  return usual_return === null || move === null ? null : erf(move / (usual_return * Math.SQRT2));
}

function pushDerived(
  derived: Windows,
  windows: Windows,
  bands: Bands | null,
  bulk_share: number | null,
): Windows {
  const close = valueBack(windows, CLOSE, 0) ?? 0;
  const volume = valueBack(windows, VOLUME, 0) ?? 0;
  const rings = { high: HIGH, low: LOW, close: CLOSE };
  const deviation = bands === null ? null : squeezeDeviationOf(windows, rings, BAND_BARS, close, bands.mean);
  return pushRow(derived, DERIVED, [
    deviation ?? 0,
    fastKOf(windows, rings, STOCHASTIC_BARS) ?? 0,
    bulk_share === null ? 0 : volume * bulk_share,
    bands === null ? 0 : widthOf(bands),
  ]);
}

/** Distance of the two bands over their mean. */
function widthOf({ mean, deviation }: Bands): number {
  return (2 * BAND_DEVIATIONS * deviation) / mean;
}

/** Of the width before it is pushed: the 120 widths that are there are those of the bars before. */
function rankOfWidth(before: Windows, bands: Bands | null): number | null {
  if (bands === null || before.count < WIDTHS + BAND_BARS - 1) return null;
  return rankInLast(before, BAND_WIDTH, WIDTHS, widthOf(bands));
}

export function updateRun(run: IndicatorRun, bar: RunBar): IndicatorRun {
  const close = bar.close_ticks;
  const windows = pushBar(run.windows, bar);
  const moved = rootMeanSquare(windows, USUAL_RETURNS);
  const usual_return = moved === null ? null : Math.max(moved, HALF_TICK / close);
  const bulk_share = bulkShareOf(windows, usual_return);
  const bands = bandsOf(windows);
  const variance = sumOfLast(windows, GARMAN_KLASS, VOLATILITY_BARS);
  return {
    windows,
    derived: pushDerived(run.derived, windows, bands, bulk_share),
    volume_bars: bar.volume === null ? 0 : run.volume_bars + 1,
    usual_return,
    bulk_share,
    rv30: rootMeanSquare(windows, RV_RETURNS),
    volatility15: variance === null ? null : Math.sqrt(variance / VOLATILITY_BARS),
    band_mean: bands === null ? null : bands.mean,
    band_deviation: bands === null ? null : bands.deviation,
    band_width_rank: rankOfWidth(run.derived, bands),
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
export function er30Of(run: IndicatorRun): number | null {
  return efficiencyRatioOf(run.windows, CLOSE, EFFICIENCY_MOVES);
}
