import { OrderType, ReasonCode, Side, Strategy } from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, planned, untilMinute } from './trade-draft.js';

/**
 * Initial-balance extension (domain.md 6.1, S7): the first hour was not wider than usual. A stop order waits beyond the
 * side on which the price is, with its stop in the middle. Half as far again in HighVol-Trend is the target factor of that
 * regime (6.2). The trade is over by 14:45, counted from the last moment at which the order can fill.
 */
export function evaluateS7(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S7);
  if (typeof set === 'number') return { reason: set };
  const { balance = null, balance_width_median_ticks = null } = context.indicators.cash ?? {};
  if (balance === null || balance_width_median_ticks === null) {
    return { reason: ReasonCode.INDICATOR_MISSING };
  }
  const width_ticks = balance.high_ticks - balance.low_ticks;
  if (width_ticks > set.width_max_median * balance_width_median_ticks) {
    return { reason: ReasonCode.RANGE_TOO_WIDE };
  }
  const middle_ticks = (balance.high_ticks + balance.low_ticks) / 2;
  const { close_ticks } = context.bar;
  if (close_ticks === middle_ticks) return { reason: ReasonCode.NO_DIRECTION };
  const side = close_ticks > middle_ticks ? Side.LONG : Side.SHORT;
  const edge_ticks = side === Side.LONG ? balance.high_ticks : balance.low_ticks;
  const expires_us = expiryOf(context, set.valid_bars);
  const draft = {
    strategy: Strategy.S7,
    side,
    order_type: OrderType.STOP,
    entry_ticks: edge_ticks + signOf(side) * set.trigger_margin_ticks,
    stop_distance_ticks: width_ticks / 2 + set.trigger_margin_ticks,
    stop_cap_ticks: null,
    target: { ticks: set.target_width_share * width_ticks },
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: set.tp1_width_share * width_ticks },
    expires_us,
    time_stop_us: untilMinute(context, expires_us, set.exit_at),
  };
  return planned(context, draft, set);
}

export const S7: StrategyRule = { strategy: Strategy.S7, evaluate: evaluateS7 };
