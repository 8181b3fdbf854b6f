import {
  OrderType,
  ReasonCode,
  Side,
  Strategy,
  type Bar,
  type StrategyParameters,
} from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, planned } from './trade-draft.js';

type S11Set = StrategyParameters['S11']['calm_trend'];

const RETURNS = 5;

/** The bar turned away from a move to which `sign` is opposite: a long wick, or a close at the other end. */
function isRejection(bar: Bar, sign: number, set: S11Set): boolean {
  const { open_ticks, high_ticks, low_ticks, close_ticks } = bar;
  const range_ticks = high_ticks - low_ticks;
  if (range_ticks === 0) return false;
  const wick_ticks =
    sign > 0 ? Math.min(open_ticks, close_ticks) - low_ticks : high_ticks - Math.max(open_ticks, close_ticks);
  const from_end_ticks = sign > 0 ? high_ticks - close_ticks : close_ticks - low_ticks;
  return (
    wick_ticks >= set.wick_share_min * range_ticks || from_end_ticks <= set.close_share_max * range_ticks
  );
}

/** Of the index that the symbol is on. */
function stopCap(symbol: string, set: S11Set): number {
  return symbol.endsWith('NQ') ? set.stop_cap_nq_ticks : set.stop_cap_es_ticks;
}

/**
 * Exhaustion-fade scalp (domain.md 6.1, S11): five bars moved far beyond the usual on twice the volume, and the last one
 * turned away. Market entry against the move for half of it, at most six bars.
 */
export function evaluateS11(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S11);
  if (typeof set === 'number') return { reason: set };
  const { cash, volume_rel_log2 } = context.indicators;
  const { return5 = null, usual_return = null, high5_ticks = null, low5_ticks = null } = cash ?? {};
  if (return5 === null || usual_return === null || volume_rel_log2 === null) {
    return { reason: ReasonCode.INDICATOR_MISSING };
  }
  if (high5_ticks === null || low5_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  if (return5 === 0 || Math.abs(return5) < set.move_min_sigma * usual_return * Math.sqrt(RETURNS)) {
    return { reason: ReasonCode.MOVE_TOO_SMALL };
  }
  if (volume_rel_log2 < Math.log2(set.volume_ratio_min)) return { reason: ReasonCode.VOLUME_TOO_LOW };
  const side = return5 > 0 ? Side.SHORT : Side.LONG;
  const sign = signOf(side);
  if (!isRejection(context.bar, sign, set)) return { reason: ReasonCode.NO_REJECTION };
  const entry_ticks = context.bar.close_ticks;
  const extreme_ticks = side === Side.LONG ? low5_ticks : high5_ticks;
  // The move in ticks, from its logarithm: the close of five bars ago is not told.
  const move_ticks = Math.round(Math.abs(entry_ticks - entry_ticks * Math.exp(-return5)));
  const draft = {
    strategy: Strategy.S11,
    side,
    order_type: OrderType.MARKET,
    entry_ticks,
    stop_distance_ticks: sign * (entry_ticks - extreme_ticks) + set.stop_margin_ticks,
    stop_cap_ticks: stopCap(context.symbol, set),
    target: { ticks: set.target_move_share * move_ticks },
    target_min_r: set.target_min_r,
    tp1: null,
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: set.time_stop_bars * context.bar.interval_us,
  };
  return planned(context, draft, set);
}

export const S11: StrategyRule = { strategy: Strategy.S11, evaluate: evaluateS11 };
