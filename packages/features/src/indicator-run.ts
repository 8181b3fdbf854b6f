import type { Squeeze } from '@bellwether/contracts';
import {
  aggregate,
  averageOf,
  bollingerOf,
  efficiencyRatioOf,
  emptyAtr,
  emptyEma,
  emptyRsi,
  emptySqueeze,
  emptyWindow,
  meanSquareOfLast,
  pushWindow,
  startAggregation,
  updateAtr,
  updateAverage,
  updateRsi,
  updateSqueeze,
  valueBack,
  type AggregationState,
  type AtrState,
  type AverageState,
  type Bollinger,
  type NumberWindow,
  type PriceBar,
  type RsiState,
  type SqueezeReading,
  type SqueezeState,
} from '@bellwether/indicators';
import { FIVE_MINUTES_US } from './feature-set.js';

const RETURNS = 60;
const EFFICIENCY_MOVES = 30;
const RV_RETURNS = 30;
const BOLLINGER_BARS = 20;
const BOLLINGER_WIDTH = 2;

/** All indicators that may not pass over a gap, since the last one (`continuesRun`). Windows count bars. */
export interface IndicatorRun {
  readonly bars: number;
  /** ln(c/c[-1]), 0 on the first bar of a session. The run's first bar has none. */
  readonly returns: NumberWindow;
  readonly closes31: NumberWindow;
  readonly closes20: NumberWindow;
  readonly highs3: NumberWindow;
  readonly lows3: NumberWindow;
  readonly rsi14: RsiState;
  readonly atr14: AtrState;
  readonly ema9: AverageState;
  readonly ema21: AverageState;
  readonly m5: AggregationState;
  readonly m5_atr14: AtrState;
  readonly m5_squeeze: SqueezeState;
  /** Reading of a 5-minute bar that this bar completed, else null. */
  readonly squeeze_now: SqueezeReading | null;
  /** The last squeeze that ended, while it is at most {@link FIRED_M5_BARS} five-minute bars ago. */
  readonly squeeze_fired: FiredSqueeze | null;
}

interface FiredSqueeze {
  readonly reading: SqueezeReading;
  readonly fired_us: number;
  readonly m5_bars_since: number;
}

/** How long a squeeze that has fired is told: the three bars for which S3's order is valid (domain.md 6.1). */
const FIRED_M5_BARS = 3;

export function startRun(first: PriceBar): IndicatorRun {
  return {
    bars: 0,
    returns: emptyWindow(RETURNS),
    closes31: emptyWindow(EFFICIENCY_MOVES + 1),
    closes20: emptyWindow(BOLLINGER_BARS),
    highs3: emptyWindow(3),
    lows3: emptyWindow(3),
    rsi14: emptyRsi(14),
    atr14: emptyAtr(14),
    ema9: emptyEma(9),
    ema21: emptyEma(21),
    m5: startAggregation(FIVE_MINUTES_US, first.open_us),
    m5_atr14: emptyAtr(14),
    m5_squeeze: emptySqueeze(),
    squeeze_now: null,
    squeeze_fired: null,
  };
}

export function updateRun(run: IndicatorRun, bar: PriceBar): IndicatorRun {
  const close = bar.close_ticks;
  const previous = valueBack(run.closes20, 0);
  const { state: m5, completed } = aggregate(run.m5, bar);
  let { m5_atr14, m5_squeeze, squeeze_fired } = run;
  for (const longer of completed) {
    m5_atr14 = updateAtr(m5_atr14, longer);
    m5_squeeze = updateSqueeze(m5_squeeze, longer);
    squeeze_fired = firedAfter(squeeze_fired, m5_squeeze.reading, longer.open_us + FIVE_MINUTES_US);
  }
  return {
    bars: run.bars + 1,
    returns:
      previous === null
        ? run.returns
        : pushWindow(run.returns, bar.session_start ? 0 : Math.log(close / previous)),
    closes31: pushWindow(run.closes31, close),
    closes20: pushWindow(run.closes20, close),
    highs3: pushWindow(run.highs3, bar.high_ticks),
    lows3: pushWindow(run.lows3, bar.low_ticks),
    rsi14: updateRsi(run.rsi14, close),
    atr14: updateAtr(run.atr14, bar),
    ema9: updateAverage(run.ema9, close),
    ema21: updateAverage(run.ema21, close),
    m5,
    m5_atr14,
    m5_squeeze,
    squeeze_now: completed.length === 0 ? null : m5_squeeze.reading,
    squeeze_fired,
  };
}

function firedAfter(
  before: FiredSqueeze | null,
  reading: SqueezeReading | null,
  close_us: number,
): FiredSqueeze | null {
  if (reading?.fired === true) return { reading, fired_us: close_us, m5_bars_since: 0 };
  if (before === null || before.m5_bars_since + 1 >= FIRED_M5_BARS) return null;
  const { reading: fired, fired_us, m5_bars_since } = before;
  return { reading: fired, fired_us, m5_bars_since: m5_bars_since + 1 };
}

/** What the frame tells: the squeeze that fired lately, else the reading of a 5-minute bar that was just completed. */
export function squeezeOf({ squeeze_fired, squeeze_now }: IndicatorRun): Squeeze | null {
  if (squeeze_fired !== null) return told(squeeze_fired.reading, squeeze_fired.fired_us);
  return squeeze_now === null ? null : told(squeeze_now, null);
}

function told(reading: SqueezeReading, fired_us: number | null): Squeeze {
  return {
    on: reading.on,
    fired: reading.fired,
    bars: reading.bars,
    box_high_ticks: reading.box_high_ticks,
    box_low_ticks: reading.box_low_ticks,
    momentum_ticks: reading.momentum_ticks,
    fired_us,
  };
}

/** Root of the mean squared one-bar log return over 30 bars, or null before 31. */
export function rv30Of(run: IndicatorRun): number | null {
  const meanSquare = meanSquareOfLast(run.returns, RV_RETURNS);
  return meanSquare === null ? null : Math.sqrt(meanSquare);
}

export function er30Of(run: IndicatorRun): number | null {
  return efficiencyRatioOf(run.closes31, EFFICIENCY_MOVES);
}

export function bollinger20Of(run: IndicatorRun): Bollinger | null {
  return bollingerOf(run.closes20, BOLLINGER_WIDTH);
}

/** Exponential averages of closes, or null before 9 and 21 bars. */
export function emasOf(run: IndicatorRun): { readonly ema9: number | null; readonly ema21: number | null } {
  return { ema9: averageOf(run.ema9), ema21: averageOf(run.ema21) };
}
