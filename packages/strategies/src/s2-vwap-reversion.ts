import {
  OrderType,
  ReasonCode,
  Side,
  Strategy,
  type Indicators,
  type StrategyParameters,
} from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
import { expiryOf, minutesToUs, planned } from './trade-draft.js';

type S2Set = StrategyParameters['S2']['calm_trend'];

interface Inputs {
  readonly vwap_ticks: number;
  readonly vwap_z_prev: number;
  readonly vwap_slope15_ticks: number;
  readonly atr14_ticks: number;
  readonly er30: number;
  readonly high3_ticks: number;
  readonly low3_ticks: number;
}

function inputsOf(all: Indicators): Inputs | null {
  const { vwap_ticks, vwap_z_prev, vwap_slope15_ticks, atr14_ticks, er30, high3_ticks, low3_ticks } = all;
  if (vwap_ticks === null || vwap_z_prev === null || vwap_slope15_ticks === null) return null;
  if (atr14_ticks === null || er30 === null || high3_ticks === null || low3_ticks === null) return null;
  return { vwap_ticks, vwap_z_prev, vwap_slope15_ticks, atr14_ticks, er30, high3_ticks, low3_ticks };
}

/**
 * VWAP mean reversion (domain.md 6.1, S2): the bar before was far from VWAP and this one closes back towards it, in a
 * market that goes nowhere. Market entry, target just short of VWAP. Half size in HighVol-Chop is the size factor of that
 * regime (6.2), not a second halving.
 */
export function evaluateS2(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S2);
  if (typeof set === 'number') return { reason: set };
  const inputs = inputsOf(context.indicators);
  if (inputs === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const side = inputs.vwap_z_prev < 0 ? Side.LONG : Side.SHORT;
  const refused = conditionRefusal(context, inputs, side, set);
  if (refused !== null) return { reason: refused };
  const sign = signOf(side);
  const entry_ticks = context.bar.close_ticks;
  const extreme_ticks = side === Side.LONG ? inputs.low3_ticks : inputs.high3_ticks;
  const draft = {
    strategy: Strategy.S2,
    side,
    order_type: OrderType.MARKET,
    entry_ticks,
    stop_distance_ticks: (entry_ticks - extreme_ticks) * sign + set.stop_margin_ticks,
    stop_cap_ticks: null,
    target: { ticks: (inputs.vwap_ticks - entry_ticks) * sign - set.target_margin_ticks },
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: null },
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: minutesToUs(set.time_stop_minutes),
  };
  return planned(context, draft, set);
}

function conditionRefusal(
  context: StrategyContext,
  inputs: Inputs,
  side: Side,
  set: S2Set,
): ReasonCode | null {
  const sign = signOf(side);
  const { open_ticks, close_ticks } = context.bar;
  if (Math.abs(inputs.vwap_z_prev) < set.vwap_z_min) return ReasonCode.NOT_STRETCHED;
  if ((close_ticks - open_ticks) * sign <= 0) return ReasonCode.NO_REVERSAL_BAR;
  if (inputs.er30 > set.er30_max) return ReasonCode.TOO_TRENDING;
  const slope_max_ticks = set.vwap_slope_max_atr * inputs.atr14_ticks;
  if (Math.abs(inputs.vwap_slope15_ticks) > slope_max_ticks) return ReasonCode.VWAP_SLOPING;
  if (set.slope_side_only && inputs.vwap_slope15_ticks * sign <= 0) return ReasonCode.AGAINST_SLOPE;
  return null;
}

export const S2: StrategyRule = { strategy: Strategy.S2, evaluate: evaluateS2 };
