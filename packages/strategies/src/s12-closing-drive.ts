import { OrderType, ReasonCode, Side, Strategy } from '@bellwether/contracts';
import { setNow } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, planned, untilMinute } from './trade-draft.js';

/**
 * Closing-drive momentum (domain.md 6.1, S12): at 14:30 the price is far from the last close, and the last half hour went
 * the same way. Market entry that way, out at 14:58.
 */
export function evaluateS12(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S12);
  if (typeof set === 'number') return { reason: set };
  const { cash, atr14_m5_ticks } = context.indicators;
  const { prior_close_ticks = null, adr_ticks = null, move30_ticks = null } = cash ?? {};
  if (prior_close_ticks === null || adr_ticks === null || move30_ticks === null || atr14_m5_ticks === null) {
    return { reason: ReasonCode.INDICATOR_MISSING };
  }
  const { close_ticks } = context.bar;
  const move = (Math.log(close_ticks / prior_close_ticks) * close_ticks) / adr_ticks;
  if (Math.abs(move) < set.move_min_adr || move === 0) return { reason: ReasonCode.MOVE_TOO_SMALL };
  if (Math.sign(move30_ticks) !== Math.sign(move)) return { reason: ReasonCode.AGAINST_TREND };
  const draft = {
    strategy: Strategy.S12,
    side: move > 0 ? Side.LONG : Side.SHORT,
    order_type: OrderType.MARKET,
    entry_ticks: close_ticks,
    stop_distance_ticks: set.stop_atr_m5 * atr14_m5_ticks,
    stop_cap_ticks: null,
    target: null,
    target_min_r: 0,
    tp1: null,
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: untilMinute(context, context.event_us, set.exit_at),
  };
  return planned(context, draft, set);
}

export const S12: StrategyRule = { strategy: Strategy.S12, evaluate: evaluateS12 };
