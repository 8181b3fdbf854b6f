import { OrderType, ReasonCode, Side, Strategy, type Indicators, type Setup } from '@bellwether/contracts';
import {
  isInsideWindow,
  scaledStopTicks,
  scaledTargetTicks,
  signOf,
  stopRefusal,
  targetRefusal,
  type EntryWindow,
} from './entry-rules.js';
import { REGIME_MODIFIERS, inRegime, type ByRegime, type RegimeModifier } from './regime-table.js';
import type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';

/** How S2 trades in one regime. */
export interface S2InRegime {
  /** Standard deviations from VWAP that the price must have been away. */
  readonly vwap_z_min: number;
  /** True: only in the direction in which VWAP slopes. */
  readonly slope_side_only: boolean;
}

export interface S2Parameters {
  readonly window: EntryWindow;
  readonly er30_max: number;
  /** Largest move of VWAP over 15 bars, in ATR14. */
  readonly vwap_slope_max_atr: number;
  /** Ticks beyond the extreme of the last three bars. */
  readonly stop_margin_ticks: number;
  /** Ticks that the target stays short of VWAP. */
  readonly target_margin_ticks: number;
  readonly tp1_r: number;
  readonly time_stop_us: number;
  /** A market entry that has not filled after so many bars is dropped: the setup is over. */
  readonly valid_bars: number;
  /** Null where the strategy is off. */
  readonly by_regime: ByRegime<S2InRegime | null>;
}

/** domain.md 6.1, S2. Half size in HighVol-Chop is the size factor of that regime (6.2), not a second halving. */
export const S2_DEFAULTS: S2Parameters = {
  window: { first_minute: 960, last_minute: 1_290 },
  er30_max: 0.4,
  vwap_slope_max_atr: 0.7,
  stop_margin_ticks: 2,
  target_margin_ticks: 1,
  tp1_r: 1,
  time_stop_us: 1_800_000_000,
  valid_bars: 2,
  by_regime: {
    calm_trend: { vwap_z_min: 2.0, slope_side_only: true },
    calm_chop: { vwap_z_min: 1.8, slope_side_only: false },
    highvol_trend: null,
    highvol_chop: { vwap_z_min: 2.5, slope_side_only: false },
  },
};

interface Inputs {
  readonly vwap_ticks: number;
  readonly vwap_z_prev: number;
  readonly vwap_slope15_ticks: number;
  readonly atr14_ticks: number;
  readonly atr14_m5_ticks: number;
  readonly er30: number;
  readonly high3_ticks: number;
  readonly low3_ticks: number;
}

function inputsOf(all: Indicators): Inputs | null {
  const { vwap_ticks, vwap_z_prev, vwap_slope15_ticks, atr14_ticks } = all;
  const { atr14_m5_ticks, er30, high3_ticks, low3_ticks } = all;
  if (vwap_ticks === null || vwap_z_prev === null || vwap_slope15_ticks === null) return null;
  if (atr14_ticks === null || atr14_m5_ticks === null || er30 === null) return null;
  if (high3_ticks === null || low3_ticks === null) return null;
  return {
    vwap_ticks,
    vwap_z_prev,
    vwap_slope15_ticks,
    atr14_ticks,
    atr14_m5_ticks,
    er30,
    high3_ticks,
    low3_ticks,
  };
}

/**
 * VWAP mean reversion: the bar before was far from VWAP and this one closes back towards it, in a market that goes
 * nowhere. Market entry, target just short of VWAP.
 */
export function evaluateS2(context: StrategyContext, parameters: S2Parameters = S2_DEFAULTS): Evaluation {
  if (!isInsideWindow(context.clock, parameters.window)) return { reason: ReasonCode.OUTSIDE_WINDOW };
  const rules = inRegime(parameters.by_regime, context.regime);
  const modifier = inRegime(REGIME_MODIFIERS, context.regime);
  if (rules === null || modifier === null) return { reason: ReasonCode.STRATEGY_OFF_IN_REGIME };
  const inputs = inputsOf(context.indicators);
  if (inputs === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const side = inputs.vwap_z_prev < 0 ? Side.LONG : Side.SHORT;
  const refused = conditionRefusal(context, inputs, side, rules, parameters);
  return refused === null ? planned(context, inputs, side, modifier, parameters) : { reason: refused };
}

function conditionRefusal(
  context: StrategyContext,
  inputs: Inputs,
  side: Side,
  rules: S2InRegime,
  parameters: S2Parameters,
): ReasonCode | null {
  const sign = signOf(side);
  const { open_ticks, close_ticks } = context.bar;
  if (Math.abs(inputs.vwap_z_prev) < rules.vwap_z_min) return ReasonCode.NOT_STRETCHED;
  if ((close_ticks - open_ticks) * sign <= 0) return ReasonCode.NO_REVERSAL_BAR;
  if (inputs.er30 > parameters.er30_max) return ReasonCode.TOO_TRENDING;
  const slope_max_ticks = parameters.vwap_slope_max_atr * inputs.atr14_ticks;
  if (Math.abs(inputs.vwap_slope15_ticks) > slope_max_ticks) return ReasonCode.VWAP_SLOPING;
  if (rules.slope_side_only && inputs.vwap_slope15_ticks * sign <= 0) return ReasonCode.AGAINST_SLOPE;
  return null;
}

function planned(
  context: StrategyContext,
  inputs: Inputs,
  side: Side,
  modifier: RegimeModifier,
  parameters: S2Parameters,
): Evaluation {
  const sign = signOf(side);
  const entry_ticks = context.bar.close_ticks;
  const extreme_ticks = side === Side.LONG ? inputs.low3_ticks : inputs.high3_ticks;
  const beyond_ticks = (entry_ticks - extreme_ticks) * sign + parameters.stop_margin_ticks;
  const stop_distance_ticks = scaledStopTicks(beyond_ticks, modifier.stop_factor);
  const to_vwap_ticks = (inputs.vwap_ticks - entry_ticks) * sign;
  const target_distance_ticks = scaledTargetTicks(
    Math.floor(to_vwap_ticks - parameters.target_margin_ticks),
    modifier.target_factor,
  );
  const refused =
    stopRefusal(stop_distance_ticks, inputs.atr14_m5_ticks) ?? targetRefusal(target_distance_ticks, context);
  if (refused !== null) return { reason: refused };
  const setup: Setup = {
    strategy: Strategy.S2,
    symbol: context.symbol,
    side,
    order_type: OrderType.MARKET,
    entry_ticks,
    stop_ticks: entry_ticks - sign * stop_distance_ticks,
    target_ticks: entry_ticks + sign * target_distance_ticks,
    tp1_r: parameters.tp1_r,
    expires_us: context.event_us + parameters.valid_bars * context.bar.interval_us,
    time_stop_us: parameters.time_stop_us,
    size_factor: modifier.size_factor,
  };
  return { setup };
}

export const S2: StrategyRule = {
  strategy: Strategy.S2,
  evaluate: (context) => evaluateS2(context),
};
