import { OrderType, ReasonCode, Side, Strategy, type CashReadings } from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, minutesToUs, planned } from './trade-draft.js';

/** The side of the trend on 5-minute bars; null where there is none, undefined where it cannot be told. */
function trendSide(cash: CashReadings, adx_min: number): Side | null | undefined {
  const { ema9_ticks = null, ema21_ticks = null, ema21_slope6_ticks = null, adx14 = null } = cash.m5 ?? {};
  if (ema9_ticks === null || ema21_ticks === null || ema21_slope6_ticks === null || adx14 === null) {
    return undefined;
  }
  if (adx14 < adx_min) return null;
  if (ema9_ticks > ema21_ticks && ema21_slope6_ticks > 0) return Side.LONG;
  return ema9_ticks < ema21_ticks && ema21_slope6_ticks < 0 ? Side.SHORT : null;
}

/**
 * Trend pullback to EMA (domain.md 6.1, S4): the averages of 5-minute bars trend, a bar came back between them without a
 * close beyond EMA21, and within ten minutes a bar closes beyond the one before it in the direction of the trend.
 */
export function evaluateS4(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S4);
  if (typeof set === 'number') return { reason: set };
  const { cash } = context.indicators;
  const side = cash === null ? undefined : trendSide(cash, set.adx_min);
  if (cash === null || side === undefined) return { reason: ReasonCode.INDICATOR_MISSING };
  if (side === null) return { reason: ReasonCode.NO_TREND };
  const { pullback, high_prev_ticks, low_prev_ticks } = cash;
  const fresh =
    pullback?.side === side && context.event_us - pullback.touched_us <= minutesToUs(set.pullback_minutes);
  if (pullback === null || !fresh) return { reason: ReasonCode.NO_PULLBACK };
  const previous_ticks = side === Side.LONG ? high_prev_ticks : low_prev_ticks;
  if (previous_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const sign = signOf(side);
  const entry_ticks = context.bar.close_ticks;
  if (sign * (entry_ticks - previous_ticks) <= 0) return { reason: ReasonCode.NO_TRIGGER };
  const draft = {
    strategy: Strategy.S4,
    side,
    order_type: OrderType.MARKET,
    entry_ticks,
    stop_distance_ticks: sign * (entry_ticks - pullback.extreme_ticks) + set.stop_margin_ticks,
    stop_cap_ticks: null,
    target: { r: set.target_r },
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: null },
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: null,
  };
  return planned(context, draft, set);
}

export const S4: StrategyRule = { strategy: Strategy.S4, evaluate: evaluateS4 };
