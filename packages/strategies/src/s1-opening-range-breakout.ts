import { OrderType, ReasonCode, Side, Strategy } from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, planned } from './trade-draft.js';

/**
 * Opening-range breakout (domain.md 6.1, S1): the first quarter of an hour closed on one side with more volume than usual.
 * A stop order waits beyond that side, with its stop in the middle of the range; no target, the exits are partial and
 * trailing.
 */
export function evaluateS1(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S1);
  if (typeof set === 'number') return { reason: set };
  const { cash } = context.indicators;
  if (cash === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const { opening, adr_ticks, volume_so_far_log2 } = cash;
  if (opening === null || adr_ticks === null || volume_so_far_log2 === null) {
    return { reason: ReasonCode.INDICATOR_MISSING };
  }
  const width_ticks = opening.high_ticks - opening.low_ticks;
  if (width_ticks < set.range_min_adr * adr_ticks) return { reason: ReasonCode.RANGE_TOO_NARROW };
  if (width_ticks > set.range_max_adr * adr_ticks) return { reason: ReasonCode.RANGE_TOO_WIDE };
  const body_ticks = opening.close_ticks - opening.open_ticks;
  if (body_ticks === 0 || Math.abs(body_ticks) < set.body_share_min * width_ticks) {
    return { reason: ReasonCode.NO_DIRECTION };
  }
  if (volume_so_far_log2 < Math.log2(set.volume_so_far_min)) return { reason: ReasonCode.VOLUME_TOO_LOW };
  const side = body_ticks > 0 ? Side.LONG : Side.SHORT;
  const edge_ticks = side === Side.LONG ? opening.high_ticks : opening.low_ticks;
  const draft = {
    strategy: Strategy.S1,
    side,
    order_type: OrderType.STOP,
    entry_ticks: edge_ticks + signOf(side) * set.trigger_margin_ticks,
    stop_distance_ticks: width_ticks / 2 + set.trigger_margin_ticks,
    stop_cap_ticks: null,
    target: null,
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: null },
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: null,
  };
  return planned(context, draft, set);
}

export const S1: StrategyRule = { strategy: Strategy.S1, evaluate: evaluateS1 };
