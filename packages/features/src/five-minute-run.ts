import type { Squeeze } from '@bellwether/contracts';
import {
  aggregate,
  emptyAtr,
  emptyMacd,
  emptyRsi,
  emptySqueeze,
  startAggregation,
  updateAtr,
  updateMacd,
  updateRsi,
  updateSqueeze,
  type AggregationState,
  type AtrState,
  type MacdState,
  type PriceBar,
  type RsiState,
  type SqueezeReading,
  type SqueezeState,
} from '@bellwether/indicators';
import { FIVE_MINUTES_US } from './feature-set.js';
import {
  startFiveMinuteTrend,
  updateFiveMinuteTrend,
  withinPullback,
  type FiveMinuteTrend,
} from './five-minute-trend.js';

/** What is computed from completed five-minute bars of one unbroken run. */
export interface FiveMinuteRun {
  readonly aggregation: AggregationState;
  readonly rsi14: RsiState;
  readonly atr14: AtrState;
  readonly macd: MacdState;
  readonly squeeze: SqueezeState;
  /** Reading of a 5-minute bar that the last bar completed, else null. */
  readonly squeeze_now: SqueezeReading | null;
  /** The last squeeze that ended, while it is at most {@link FIRED_BARS} five-minute bars ago. */
  readonly squeeze_fired: FiredSqueeze | null;
  readonly trend: FiveMinuteTrend;
  /** 5-minute bars that the last bar completed, oldest first. */
  readonly completed: readonly PriceBar[];
}

interface FiredSqueeze {
  readonly reading: SqueezeReading;
  readonly fired_us: number;
  readonly bars_since: number;
}

/** How long a squeeze that has fired is told: the three bars for which S3's order is valid (domain.md 6.1). */
const FIRED_BARS = 3;

export function startFiveMinuteRun(first: PriceBar): FiveMinuteRun {
  return {
    aggregation: startAggregation(FIVE_MINUTES_US, first.open_us),
    rsi14: emptyRsi(14),
    atr14: emptyAtr(14),
    macd: emptyMacd(),
    squeeze: emptySqueeze(),
    squeeze_now: null,
    squeeze_fired: null,
    trend: startFiveMinuteTrend(),
    completed: [],
  };
}

export function updateFiveMinuteRun(run: FiveMinuteRun, bar: PriceBar): FiveMinuteRun {
  const { state: aggregation, completed } = aggregate(run.aggregation, bar);
  let { rsi14, atr14, macd, squeeze, squeeze_fired } = run;
  let trend = withinPullback(run.trend, bar);
  for (const longer of completed) {
    rsi14 = updateRsi(rsi14, longer.close_ticks);
    atr14 = updateAtr(atr14, longer);
    macd = updateMacd(macd, longer.close_ticks);
    squeeze = updateSqueeze(squeeze, longer);
    trend = updateFiveMinuteTrend(trend, longer);
    squeeze_fired = firedAfter(squeeze_fired, squeeze.reading, longer.open_us + FIVE_MINUTES_US);
  }
  return {
    aggregation,
    rsi14,
    atr14,
    macd,
    squeeze,
    squeeze_now: completed.length === 0 ? null : squeeze.reading,
    squeeze_fired,
    trend,
    completed,
  };
}

function firedAfter(
  before: FiredSqueeze | null,
  reading: SqueezeReading | null,
  close_us: number,
): FiredSqueeze | null {
  if (reading?.fired === true) return { reading, fired_us: close_us, bars_since: 0 };
  if (before === null || before.bars_since + 1 >= FIRED_BARS) return null;
  return { reading: before.reading, fired_us: before.fired_us, bars_since: before.bars_since + 1 };
}

/** What the frame tells: the squeeze that fired lately, else the reading of a 5-minute bar that was just completed. */
export function squeezeOf({ squeeze_fired, squeeze_now }: FiveMinuteRun): Squeeze | null {
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
