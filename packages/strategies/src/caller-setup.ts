import { OrderType, REGIME_FACTORS, ReasonCode, type Side, type Strategy } from '@bellwether/contracts';
import { signOf, stopRefusal } from './entry-rules.js';
import { inRegime } from './regime-table.js';
import type { Evaluation, StrategyContext } from './strategy.js';

const TIME_STOP_US = 1_800_000_000;
const VALID_BARS = 2;
/** Of domain.md 6, whatever the book sets for its own strategies. */
const STOP_BOUNDS = { stop_min_ticks: 4, stop_max_atr_m5: 1.5 };

/** What a caller brings who has its own entry: which arm to book it under, the side, and its protective stop. */
export interface CallerPlan {
  readonly strategy: Strategy;
  readonly side: Side;
  readonly stop_distance_ticks: number;
}

/**
 * The caller's own trade as a setup: at the market, with its stop, no target, 30 minutes at most. The caller's stop is
 * held to the same bounds as ours, for the size follows from it; the entry windows of the strategies are not applied,
 * for the caller's timing is its own. The size factor of the regime applies; its stop factor does not.
 */
export function callerSetup(context: StrategyContext, plan: CallerPlan): Evaluation {
  const modifier = inRegime(REGIME_FACTORS, context.regime);
  if (modifier === null) return { reason: ReasonCode.STRATEGY_OFF_IN_REGIME };
  const { atr14_m5_ticks } = context.indicators;
  if (atr14_m5_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const refused = stopRefusal(plan.stop_distance_ticks, atr14_m5_ticks, STOP_BOUNDS);
  if (refused !== null) return { reason: refused };
  const entry_ticks = context.bar.close_ticks;
  return {
    setup: {
      strategy: plan.strategy,
      symbol: context.symbol,
      side: plan.side,
      order_type: OrderType.MARKET,
      entry_ticks,
      stop_ticks: entry_ticks - signOf(plan.side) * plan.stop_distance_ticks,
      target_ticks: null,
      tp1_r: null,
      expires_us: context.event_us + VALID_BARS * context.bar.interval_us,
      time_stop_us: TIME_STOP_US,
      size_factor: modifier.size_factor,
    },
  };
}
