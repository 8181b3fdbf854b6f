import {
  OrderType,
  ReasonCode,
  type CommonParameters,
  type Side,
  type Strategy,
} from '@bellwether/contracts';
import { scaledStopTicks, scaledTargetTicks, signOf, stopRefusal, targetRefusal } from './entry-rules.js';
import type { Evaluation, StrategyContext } from './strategy.js';

const MINUTE_US = 60_000_000;

/** A trade as its strategy means it, before the regime's factors and the bounds of all strategies. */
export interface TradeDraft {
  readonly strategy: Strategy;
  readonly side: Side;
  readonly order_type: OrderType;
  readonly entry_ticks: number;
  /** From the entry; a fraction is rounded away from it. */
  readonly stop_distance_ticks: number;
  /** The stop is cut at this distance, whatever the regime's factor. */
  readonly stop_cap_ticks: number | null;
  /** From the entry, or as a multiple of the stop distance; null for none. */
  readonly target: { readonly ticks: number } | { readonly r: number } | null;
  /** Smallest target in R. */
  readonly target_min_r: number;
  /** First partial exit, or null for none: at so many R, or at so many ticks where that is nearer. */
  readonly tp1: { readonly r: number; readonly ticks: number | null } | null;
  readonly expires_us: number;
  readonly time_stop_us: number | null;
}

/** The draft with the regime's factors in it, or the bound of all strategies that it breaks. */
export function planned(context: StrategyContext, draft: TradeDraft, set: CommonParameters): Evaluation {
  const { atr14_m5_ticks } = context.indicators;
  if (atr14_m5_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const sign = signOf(draft.side);
  const { entry_ticks } = draft;
  const passed = entryRefusal(draft, sign * (context.bar.close_ticks - entry_ticks));
  if (passed !== null) return { reason: passed };
  const stop_distance_ticks = Math.min(
    scaledStopTicks(draft.stop_distance_ticks, set.stop_factor),
    Math.floor(draft.stop_cap_ticks ?? Infinity),
  );
  const target_distance_ticks = targetDistance(draft.target, stop_distance_ticks, set.target_factor);
  const refused =
    stopRefusal(stop_distance_ticks, atr14_m5_ticks, set) ??
    (target_distance_ticks === null
      ? null
      : farRefusal(context, target_distance_ticks, draft.target_min_r * stop_distance_ticks, set));
  if (refused !== null) return { reason: refused };
  return {
    setup: {
      strategy: draft.strategy,
      symbol: context.symbol,
      side: draft.side,
      order_type: draft.order_type,
      entry_ticks,
      stop_ticks: entry_ticks - sign * stop_distance_ticks,
      target_ticks: target_distance_ticks === null ? null : entry_ticks + sign * target_distance_ticks,
      tp1_r: tp1Of(draft.tp1, stop_distance_ticks),
      expires_us: draft.expires_us,
      time_stop_us: draft.time_stop_us,
      size_factor: set.size_factor,
    },
  };
}

/** `beyond_ticks`: how far the price is beyond the entry, in the direction of the trade. */
function entryRefusal({ order_type }: TradeDraft, beyond_ticks: number): ReasonCode | null {
  // A stop order must wait beyond the market; an exchange refuses one on the wrong side of it.
  if (order_type === OrderType.STOP && beyond_ticks >= 0) return ReasonCode.BREAKOUT_PASSED;
  // A limit at or behind the market is a market order.
  if (order_type === OrderType.LIMIT && beyond_ticks <= 0) return ReasonCode.ENTRY_PASSED;
  return null;
}

function targetDistance(target: TradeDraft['target'], stop_ticks: number, factor: number): number | null {
  if (target === null) return null;
  const ticks = 'ticks' in target ? Math.floor(target.ticks) : target.r * stop_ticks;
  return scaledTargetTicks(ticks, factor);
}

function farRefusal(
  context: StrategyContext,
  target_ticks: number,
  least_ticks: number,
  set: CommonParameters,
): ReasonCode | null {
  if (target_ticks < least_ticks) return ReasonCode.TARGET_TOO_NEAR;
  return targetRefusal(target_ticks, context, set);
}

function tp1Of(tp1: TradeDraft['tp1'], stop_distance_ticks: number): number | null {
  if (tp1 === null) return null;
  return tp1.ticks === null ? tp1.r : Math.min(tp1.r, tp1.ticks / stop_distance_ticks);
}

/** When an entry ends that has not filled. */
export function expiryOf(context: StrategyContext, valid_bars: number): number {
  return context.event_us + valid_bars * context.bar.interval_us;
}

/** Time from `from_us` to a time of the same day, given in minutes since 17:00 Chicago. */
export function untilMinute(context: StrategyContext, from_us: number, minute: number): number {
  const { session_minute } = context.clock;
  const begun_us = context.event_us - (context.event_us % MINUTE_US);
  return begun_us + (minute - session_minute) * MINUTE_US - from_us;
}

export function minutesToUs(minutes: number): number {
  return minutes * MINUTE_US;
}
