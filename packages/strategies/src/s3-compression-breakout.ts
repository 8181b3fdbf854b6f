import { OrderType, ReasonCode, Side, Strategy } from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { minutesToUs, planned } from './trade-draft.js';

/**
 * Compression breakout (domain.md 6.1, S3): a squeeze on 5-minute bars has ended with momentum to one side. A stop order
 * waits beyond the squeeze box; no target, the exits are partial and trailing. Live on each bar of the three 5-minute bars
 * for which the order is valid, so that a regime which turns to trend with the breakout still finds it (docs/adr/0012).
 * "Full" in HighVol-Trend means all its rules apply as they stand; the cap on the stop holds after that regime's factor.
 */
export function evaluateS3(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S3);
  if (typeof set === 'number') return { reason: set };
  const { squeeze, volume_rel_log2, atr14_m5_ticks } = context.indicators;
  if (squeeze?.fired !== true || squeeze.fired_us === null) return { reason: ReasonCode.NO_SQUEEZE };
  if (squeeze.bars < set.squeeze_bars_min) return { reason: ReasonCode.SQUEEZE_TOO_SHORT };
  const { momentum_ticks } = squeeze;
  if (momentum_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  if (momentum_ticks === 0) return { reason: ReasonCode.NO_MOMENTUM };
  if (volume_rel_log2 === null || atr14_m5_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  if (volume_rel_log2 < Math.log2(set.volume_ratio_min)) return { reason: ReasonCode.VOLUME_TOO_LOW };
  const expires_us = squeeze.fired_us + minutesToUs(set.valid_minutes);
  if (context.event_us >= expires_us) return { reason: ReasonCode.NO_SQUEEZE };
  const side = momentum_ticks > 0 ? Side.LONG : Side.SHORT;
  const near_ticks = side === Side.LONG ? squeeze.box_high_ticks : squeeze.box_low_ticks;
  const draft = {
    strategy: Strategy.S3,
    side,
    order_type: OrderType.STOP,
    entry_ticks: near_ticks + signOf(side) * set.trigger_margin_ticks,
    stop_distance_ticks: squeeze.box_high_ticks - squeeze.box_low_ticks + set.trigger_margin_ticks,
    stop_cap_ticks: set.stop_cap_atr_m5 * atr14_m5_ticks,
    target: null,
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: null },
    expires_us,
    time_stop_us: null,
  };
  return planned(context, draft, set);
}

export const S3: StrategyRule = { strategy: Strategy.S3, evaluate: evaluateS3 };
