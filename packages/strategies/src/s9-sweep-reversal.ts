import {
  OrderType,
  ReasonCode,
  Side,
  Strategy,
  type CashReadings,
  type StrategyParameters,
  type Sweep,
} from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, minutesToUs, planned } from './trade-draft.js';

type S9Set = StrategyParameters['S9']['calm_trend'];

interface Swept {
  readonly side: Side;
  readonly sweep: Sweep;
  /** How far it went beyond the level. */
  readonly depth_ticks: number;
}

/** The excursion that the last bar ended; the deeper one where it ended both. */
function sweptBy(context: StrategyContext, cash: CashReadings): Swept | null {
  const { sweep_high, sweep_low, prior_high_ticks, prior_low_ticks } = cash;
  const closed_us = context.bar.open_us + context.bar.interval_us;
  const found: Swept[] = [];
  if (sweep_high?.ended_us === closed_us && prior_high_ticks !== null) {
    const depth_ticks = sweep_high.extreme_ticks - prior_high_ticks;
    found.push({ side: Side.SHORT, sweep: sweep_high, depth_ticks });
  }
  if (sweep_low?.ended_us === closed_us && prior_low_ticks !== null) {
    const depth_ticks = prior_low_ticks - sweep_low.extreme_ticks;
    found.push({ side: Side.LONG, sweep: sweep_low, depth_ticks });
  }
  const [first, second] = found;
  if (first === undefined || second === undefined) return first ?? null;
  // A bar that spans the whole day before says nothing about a side.
  if (first.depth_ticks === second.depth_ticks) return null;
  return first.depth_ticks > second.depth_ticks ? first : second;
}

function sweepRefusal(
  context: StrategyContext,
  { sweep, depth_ticks }: Swept,
  adr_ticks: number,
  set: S9Set,
): ReasonCode | null {
  if (depth_ticks < set.sweep_min_ticks) return ReasonCode.NO_SWEEP;
  if (depth_ticks > set.sweep_max_adr * adr_ticks) return ReasonCode.SWEEP_TOO_DEEP;
  const closed_us = context.bar.open_us + context.bar.interval_us;
  if (closed_us - sweep.began_us > minutesToUs(set.sweep_minutes)) return ReasonCode.SWEEP_TOO_LONG;
  if (!set.flat_vwap_only) return null;
  const { vwap_slope15_ticks, atr14_ticks } = context.indicators;
  if (vwap_slope15_ticks === null || atr14_ticks === null) return ReasonCode.INDICATOR_MISSING;
  const flat = Math.abs(vwap_slope15_ticks) <= set.vwap_flat_max_atr * atr14_ticks;
  return flat ? null : ReasonCode.VWAP_SLOPING;
}

/** The nearer of VWAP and the middle of the session that pays enough R for this stop; null where neither does. */
function targetTicks(
  context: StrategyContext,
  cash: CashReadings,
  sign: number,
  least_ticks: number,
): number | null {
  const { vwap_ticks } = context.indicators;
  const { session } = cash;
  const middle = session === null ? null : (session.high_ticks + session.low_ticks) / 2;
  const distances = [vwap_ticks, middle]
    .filter((price) => price !== null)
    .map((price) => sign * (price - context.bar.close_ticks))
    .filter((distance) => distance >= least_ticks);
  return distances.length === 0 ? null : Math.min(...distances);
}

/**
 * Sweep of the prior day's high or low (domain.md 6.1, S9): the price went a little beyond it and closes inside again within
 * a quarter of an hour. Market entry back into the range of that day.
 */
export function evaluateS9(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S9);
  if (typeof set === 'number') return { reason: set };
  const { session_minute } = context.clock;
  if (session_minute > set.pause_from && session_minute < set.pause_to) {
    return { reason: ReasonCode.OUTSIDE_WINDOW };
  }
  const { cash } = context.indicators;
  if (cash === null || cash.session === null || cash.adr_ticks === null) {
    return { reason: ReasonCode.INDICATOR_MISSING };
  }
  if (cash.prior_high_ticks === null || cash.prior_low_ticks === null) {
    return { reason: ReasonCode.INDICATOR_MISSING };
  }
  const swept = sweptBy(context, cash);
  if (swept === null) return { reason: ReasonCode.NO_SWEEP };
  const refused = sweepRefusal(context, swept, cash.adr_ticks, set);
  if (refused !== null) return { reason: refused };
  const { side, sweep } = swept;
  const sign = signOf(side);
  const entry_ticks = context.bar.close_ticks;
  const stop_distance_ticks = sign * (entry_ticks - sweep.extreme_ticks) + set.stop_margin_ticks;
  const least_ticks = (set.target_min_r * stop_distance_ticks * set.stop_factor) / set.target_factor;
  const target_ticks = targetTicks(context, cash, sign, least_ticks);
  if (target_ticks === null) return { reason: ReasonCode.TARGET_TOO_NEAR };
  const draft = {
    strategy: Strategy.S9,
    side,
    order_type: OrderType.MARKET,
    entry_ticks,
    stop_distance_ticks,
    stop_cap_ticks: null,
    target: { ticks: target_ticks },
    target_min_r: set.target_min_r,
    tp1: { r: set.tp1_r, ticks: null },
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: null,
  };
  return planned(context, draft, set);
}

export const S9: StrategyRule = { strategy: Strategy.S9, evaluate: evaluateS9 };
