import {
  OrderType,
  ReasonCode,
  Side,
  Strategy,
  type PriceRange,
  type StrategyParameters,
} from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, planned, untilMinute } from './trade-draft.js';

type S5Set = StrategyParameters['S5']['calm_trend'];

const FIVE_MINUTES_US = 300_000_000;
const MINUTE_US = 60_000_000;
/** 08:30 in minutes since 17:00. */
const CASH_OPEN_MINUTE = 930;

interface Inputs {
  readonly session: PriceRange;
  readonly last: PriceRange;
  readonly prior_close_ticks: number;
  readonly adr_ticks: number;
  readonly volume_so_far_log2: number;
}

/** All that the fade needs; null while a part of it is not known, or no 5-minute bar of this session is complete. */
function inputsOf(context: StrategyContext): Inputs | null {
  const { cash } = context.indicators;
  if (cash === null) return null;
  const { session, m5, prior_close_ticks, adr_ticks, volume_so_far_log2 } = cash;
  if (session === null || m5 === null || m5.bar === null || prior_close_ticks === null) return null;
  if (adr_ticks === null || volume_so_far_log2 === null) return null;
  const since_open_us = (context.clock.session_minute - CASH_OPEN_MINUTE) * MINUTE_US;
  const begun_us = context.event_us - (context.event_us % MINUTE_US) - since_open_us;
  if (m5.close_us < begun_us + FIVE_MINUTES_US) return null;
  return { session, last: m5.bar, prior_close_ticks, adr_ticks, volume_so_far_log2 };
}

function conditionRefusal(context: StrategyContext, inputs: Inputs, set: S5Set): ReasonCode | null {
  const { session, last, prior_close_ticks, adr_ticks } = inputs;
  const gap_ticks = session.open_ticks - prior_close_ticks;
  if (gap_ticks === 0 || Math.abs(gap_ticks) < set.gap_min_adr * adr_ticks) return ReasonCode.GAP_TOO_SMALL;
  if (Math.abs(gap_ticks) > set.gap_max_adr * adr_ticks) return ReasonCode.GAP_TOO_LARGE;
  if (context.releases?.this_morning === true) return ReasonCode.EVENT_NEAR;
  if (inputs.volume_so_far_log2 > Math.log2(set.volume_so_far_max)) return ReasonCode.VOLUME_TOO_HIGH;
  const away = gap_ticks > 0 ? 1 : -1;
  const farthest_ticks = gap_ticks > 0 ? session.high_ticks : session.low_ticks;
  if (away * (farthest_ticks - session.open_ticks) > set.extension_max_adr * adr_ticks) {
    return ReasonCode.GAP_EXTENDED;
  }
  return away * (last.close_ticks - last.open_ticks) < 0 ? null : ReasonCode.NO_REVERSAL_BAR;
}

/**
 * Overnight-gap fade (domain.md 6.1, S5): the session opened away from the last close, has not gone on, and its last
 * 5-minute bar closes back towards that close, which is the target. Over by 11:00.
 */
export function evaluateS5(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S5);
  if (typeof set === 'number') return { reason: set };
  const inputs = inputsOf(context);
  if (inputs === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const refused = conditionRefusal(context, inputs, set);
  if (refused !== null) return { reason: refused };
  const { session, prior_close_ticks } = inputs;
  const gap_ticks = session.open_ticks - prior_close_ticks;
  const side = gap_ticks > 0 ? Side.SHORT : Side.LONG;
  const sign = signOf(side);
  const entry_ticks = context.bar.close_ticks;
  const extreme_ticks = side === Side.LONG ? session.low_ticks : session.high_ticks;
  const half_ticks = prior_close_ticks + gap_ticks * (1 - set.tp1_gap_share);
  const to_half_ticks = sign * (half_ticks - entry_ticks);
  const draft = {
    strategy: Strategy.S5,
    side,
    order_type: OrderType.MARKET,
    entry_ticks,
    stop_distance_ticks: sign * (entry_ticks - extreme_ticks) + set.stop_margin_ticks,
    stop_cap_ticks: null,
    target: { ticks: sign * (prior_close_ticks - entry_ticks) },
    target_min_r: 0,
    // Where half of the gap is closed already, only tp1_r is left.
    tp1: { r: set.tp1_r, ticks: to_half_ticks > 0 ? to_half_ticks : null },
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: untilMinute(context, context.event_us, set.exit_at),
  };
  return planned(context, draft, set);
}

export const S5: StrategyRule = { strategy: Strategy.S5, evaluate: evaluateS5 };
