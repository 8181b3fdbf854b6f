import { OrderType, ReasonCode, Side, Strategy, type VwapRun } from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, planned } from './trade-draft.js';

/** Closes that {@link VwapRun} counts. */
const SIDE_BARS = 30;

/** The last five bars came near VWAP, and none of them closed too far beyond it. */
function isPullback(run: VwapRun, side: Side, pullback_z: number): boolean {
  return side === Side.LONG
    ? run.low5_z <= pullback_z && run.close5_min_z >= -pullback_z
    : run.high5_z >= -pullback_z && run.close5_max_z <= pullback_z;
}

/**
 * VWAP trend continuation (domain.md 6.1, S8): most of the last half hour closed on one side of a VWAP that moves that way;
 * the price came back to it and now closes beyond the bar before.
 */
export function evaluateS8(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S8);
  if (typeof set === 'number') return { reason: set };
  const { cash, vwap_ticks, vwap_sd_ticks, vwap_slope15_ticks } = context.indicators;
  const { vwap_run = null, high_prev_ticks = null, low_prev_ticks = null } = cash ?? {};
  if (vwap_ticks === null || vwap_sd_ticks === null || vwap_slope15_ticks === null || vwap_run === null) {
    return { reason: ReasonCode.INDICATOR_MISSING };
  }
  if (high_prev_ticks === null || low_prev_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const side = vwap_run.above30 >= vwap_run.below30 ? Side.LONG : Side.SHORT;
  const sign = signOf(side);
  if (Math.max(vwap_run.above30, vwap_run.below30) < set.side_share_min * SIDE_BARS) {
    return { reason: ReasonCode.NO_TREND };
  }
  if (sign * vwap_slope15_ticks <= 0) return { reason: ReasonCode.AGAINST_SLOPE };
  if (!isPullback(vwap_run, side, set.pullback_z)) return { reason: ReasonCode.NO_PULLBACK };
  const entry_ticks = context.bar.close_ticks;
  const previous_ticks = side === Side.LONG ? high_prev_ticks : low_prev_ticks;
  if (sign * (entry_ticks - previous_ticks) <= 0) return { reason: ReasonCode.NO_TRIGGER };
  const draft = {
    strategy: Strategy.S8,
    side,
    order_type: OrderType.MARKET,
    entry_ticks,
    // "At least 6 ticks" sets the stop farther away; a price on the wrong side of it has none.
    stop_distance_ticks: floored(sign * (entry_ticks - vwap_ticks) + set.stop_z * vwap_sd_ticks, set),
    stop_cap_ticks: null,
    target: null,
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: null },
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: null,
  };
  return planned(context, draft, set);
}

function floored(distance_ticks: number, set: { readonly stop_min_ticks: number }): number {
  return distance_ticks <= 0 ? distance_ticks : Math.max(distance_ticks, set.stop_min_ticks);
}

export const S8: StrategyRule = { strategy: Strategy.S8, evaluate: evaluateS8 };
