import { OrderType, ReasonCode, Side, Strategy, type Squeeze } from '@bellwether/contracts';
import { isInsideWindow, scaledStopTicks, signOf, stopRefusal, type EntryWindow } from './entry-rules.js';
import { REGIME_MODIFIERS, inRegime, type ByRegime, type RegimeModifier } from './regime-table.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';

/** How S3 trades in one regime. */
export interface S3InRegime {
  /** Shortest squeeze that counts, in 5-minute bars. */
  readonly squeeze_bars_min: number;
}

export interface S3Parameters {
  readonly window: EntryWindow;
  /** Volume against the usual of this time of day, log2. */
  readonly volume_rel_log2_min: number;
  /** Ticks beyond the squeeze box where the entry order waits. */
  readonly trigger_margin_ticks: number;
  /** Largest distance of the protective stop, in 5-minute ATR. */
  readonly stop_max_atr_m5: number;
  readonly tp1_r: number;
  /** How long the entry order waits, from the close of the bar on which the squeeze ended. */
  readonly valid_us: number;
  /** Null where the strategy is off. */
  readonly by_regime: ByRegime<S3InRegime | null>;
}

/**
 * domain.md 6.1, S3. "Full" in HighVol-Trend means all its rules apply as they stand; the modifiers of 6.2 (stop x
 * 1.25, size x 0.7) apply to every strategy. The cap on the stop is this strategy's own and holds after them.
 */
export const S3_DEFAULTS: S3Parameters = {
  window: { first_minute: 945, last_minute: 1_290 },
  volume_rel_log2_min: Math.log2(1.2),
  trigger_margin_ticks: 1,
  stop_max_atr_m5: 1,
  tp1_r: 1,
  valid_us: 900_000_000,
  by_regime: {
    calm_trend: { squeeze_bars_min: 8 },
    calm_chop: null,
    highvol_trend: { squeeze_bars_min: 5 },
    highvol_chop: null,
  },
};

/**
 * Compression breakout: a squeeze on 5-minute bars has ended with momentum to one side. A stop order waits beyond the
 * squeeze box; no target, the exits are partial and trailing. Live on each bar of the three 5-minute bars for which the
 * order is valid, so that a regime which turns to trend with the breakout still finds it (docs/adr/0012).
 */
export function evaluateS3(context: StrategyContext, parameters: S3Parameters = S3_DEFAULTS): Evaluation {
  if (!isInsideWindow(context.clock, parameters.window)) return { reason: ReasonCode.OUTSIDE_WINDOW };
  const rules = inRegime(parameters.by_regime, context.regime);
  const modifier = inRegime(REGIME_MODIFIERS, context.regime);
  if (rules === null || modifier === null) return { reason: ReasonCode.STRATEGY_OFF_IN_REGIME };
  const { squeeze, volume_rel_log2, atr14_m5_ticks } = context.indicators;
  if (squeeze?.fired !== true || squeeze.fired_us === null) return { reason: ReasonCode.NO_SQUEEZE };
  if (squeeze.bars < rules.squeeze_bars_min) return { reason: ReasonCode.SQUEEZE_TOO_SHORT };
  const momentum_ticks = squeeze.momentum_ticks;
  if (momentum_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  if (momentum_ticks === 0) return { reason: ReasonCode.NO_MOMENTUM };
  if (volume_rel_log2 === null || atr14_m5_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  if (volume_rel_log2 < parameters.volume_rel_log2_min) return { reason: ReasonCode.VOLUME_TOO_LOW };
  const side = momentum_ticks > 0 ? Side.LONG : Side.SHORT;
  const expires_us = squeeze.fired_us + parameters.valid_us;
  if (context.event_us >= expires_us) return { reason: ReasonCode.NO_SQUEEZE };
  return planned(context, squeeze, side, { atr14_m5_ticks, modifier, parameters, expires_us });
}

interface Terms {
  readonly atr14_m5_ticks: number;
  readonly modifier: RegimeModifier;
  readonly parameters: S3Parameters;
  readonly expires_us: number;
}

function planned(
  context: StrategyContext,
  squeeze: Squeeze,
  side: Side,
  { atr14_m5_ticks, modifier, parameters, expires_us }: Terms,
): Evaluation {
  const sign = signOf(side);
  const near_ticks = side === Side.LONG ? squeeze.box_high_ticks : squeeze.box_low_ticks;
  const far_ticks = side === Side.LONG ? squeeze.box_low_ticks : squeeze.box_high_ticks;
  const entry_ticks = near_ticks + sign * parameters.trigger_margin_ticks;
  // A stop order must wait beyond the market; an exchange refuses one on the wrong side of it.
  if (sign * (context.bar.close_ticks - entry_ticks) >= 0) return { reason: ReasonCode.BREAKOUT_PASSED };
  const across_ticks = scaledStopTicks((entry_ticks - far_ticks) * sign, modifier.stop_factor);
  const stop_distance_ticks = Math.min(across_ticks, Math.floor(parameters.stop_max_atr_m5 * atr14_m5_ticks));
  const refused = stopRefusal(stop_distance_ticks, atr14_m5_ticks);
  if (refused !== null) return { reason: refused };
  return {
    setup: {
      strategy: Strategy.S3,
      symbol: context.symbol,
      side,
      order_type: OrderType.STOP,
      entry_ticks,
      stop_ticks: entry_ticks - sign * stop_distance_ticks,
      target_ticks: null,
      tp1_r: parameters.tp1_r,
      expires_us,
      time_stop_us: null,
      size_factor: modifier.size_factor,
    },
  };
}

export const S3: StrategyRule = {
  strategy: Strategy.S3,
  evaluate: (context) => evaluateS3(context),
};
