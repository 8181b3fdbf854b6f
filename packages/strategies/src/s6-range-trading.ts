import {
  OrderType,
  ReasonCode,
  Side,
  Strategy,
  type PriceBox,
  type StrategyParameters,
} from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { planned } from './trade-draft.js';

type S6Set = StrategyParameters['S6']['calm_trend'];

const FIVE_MINUTES_US = 300_000_000;

function boxRefusal(context: StrategyContext, box: PriceBox, er60: number, set: S6Set): ReasonCode | null {
  const width_ticks = box.high_ticks - box.low_ticks;
  const atr_ticks = context.indicators.atr14_m5_ticks ?? 0;
  if (Math.min(box.touches_high, box.touches_low) < set.touches_min) return ReasonCode.BOX_UNTESTED;
  if (width_ticks < set.width_min_atr_m5 * atr_ticks) return ReasonCode.RANGE_TOO_NARROW;
  if (width_ticks > set.width_max_atr_m5 * atr_ticks) return ReasonCode.RANGE_TOO_WIDE;
  if (er60 > set.er60_max) return ReasonCode.TOO_TRENDING;
  const { close_ticks } = context.bar;
  const last_ticks = context.indicators.cash?.m5?.bar?.close_ticks ?? close_ticks;
  const inside = [close_ticks, last_ticks].every(
    (price) => price >= box.low_ticks && price <= box.high_ticks,
  );
  return inside ? null : ReasonCode.OUTSIDE_BOX;
}

/**
 * Range trading (domain.md 6.1, S6): the last hour went nowhere between two sides that were touched. A limit order waits
 * just inside the side that is nearer, until the next 5-minute close: whether the range still holds is judged anew then.
 */
export function evaluateS6(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S6);
  if (typeof set === 'number') return { reason: set };
  const { cash, atr14_m5_ticks } = context.indicators;
  if (cash === null || atr14_m5_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const { box60, er60, m5 } = cash;
  if (box60 === null || er60 === null || m5 === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const refused = boxRefusal(context, box60, er60, set);
  if (refused !== null) return { reason: refused };
  const { close_ticks } = context.bar;
  const middle_ticks = (box60.high_ticks + box60.low_ticks) / 2;
  if (close_ticks === middle_ticks) return { reason: ReasonCode.NO_DIRECTION };
  const side = close_ticks < middle_ticks ? Side.LONG : Side.SHORT;
  const sign = signOf(side);
  const width_ticks = box60.high_ticks - box60.low_ticks;
  const near_ticks = side === Side.LONG ? box60.low_ticks : box60.high_ticks;
  // Rounded toward the edge: harder to reach.
  const entry_ticks = near_ticks + sign * Math.floor(set.entry_inside_share * width_ticks);
  const draft = {
    strategy: Strategy.S6,
    side,
    order_type: OrderType.LIMIT,
    entry_ticks,
    stop_distance_ticks: sign * (entry_ticks - near_ticks) + set.stop_beyond_share * width_ticks,
    stop_cap_ticks: null,
    target: { ticks: width_ticks * (1 - set.target_short_share) - sign * (entry_ticks - near_ticks) },
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: sign * (middle_ticks - entry_ticks) },
    expires_us: context.event_us - (context.event_us % FIVE_MINUTES_US) + FIVE_MINUTES_US,
    time_stop_us: null,
  };
  return planned(context, draft, set);
}

export const S6: StrategyRule = { strategy: Strategy.S6, evaluate: evaluateS6 };
