import { RegimeState, Side, type Strategy } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import type { NumberSource } from '../synthetic/normal-source.js';

/** What a trade of the planted strategy earns net of costs, in its regime, in R. */
export const PLANTED_EDGE = { mean_r: 0.15, deviation_r: 1.2 } as const;

/** Which strategy has the edge, and while which regime is told; UNSPECIFIED: in all of them. */
export interface EdgePlace {
  readonly strategy: Strategy;
  readonly regime: RegimeState;
}

/** An edge, and how large it is. */
export interface PlantedEdge extends EdgePlace {
  /** What a trade of it earns net of costs, in R; default: that of {@link PLANTED_EDGE}. */
  readonly mean_r?: number;
}

/** Whether a trade of this strategy, chosen in this regime, has the edge. */
export function hasEdge(planted: EdgePlace, taken: EdgePlace): boolean {
  if (planted.strategy !== taken.strategy) return false;
  return planted.regime === RegimeState.UNSPECIFIED || planted.regime === taken.regime;
}

/** A trade that has been opened, or will be at the next open, as far as a world must know it to plan its end. */
export interface FollowedTrade extends EdgePlace {
  readonly side: Side;
  /** Where it is filled, slippage included; R is the distance from here to the stop. */
  readonly entry_ticks: number;
  readonly stop_ticks: number;
  /** A limit order, filled when the price trades through it; null where time or a trailing stop ends the trade. */
  readonly target_ticks: number | null;
  /** The share that is taken off at so many R, before the target; null for none. */
  readonly partial: { readonly at_r: number; readonly share: number } | null;
  /** Fees in and out of one contract, in ticks; fractions are fine. */
  readonly fee_ticks: number;
  /** Paid at the stop and at the market. */
  readonly slippage_ticks: number;
  /** Minutes after which it is closed at the market; null for the end of the day. */
  readonly time_stop_minutes: number | null;
}

/**
 * What a study wants of one trade, whatever its strategy and regime: what it earns on average, net, in R; above -1. Or that it first
 * gains so many R and then gives all back, down to its stop: only who manages it keeps anything.
 */
export type PlannedEnd = { readonly mean_r: number } | { readonly given_back_r: number };

/** How the world means a trade to end. */
export interface PlantedOutcome {
  readonly won: boolean;
  /** What the trade then earns, in R, fees and slippage paid. */
  readonly net_r: number;
  /** The price to which the market goes, and in how many minutes; the last of them leads through it. */
  readonly level_ticks: number;
  readonly minutes: number;
  /** A level on the other side, to which the market goes before; null for none. */
  readonly before: { readonly level_ticks: number; readonly minutes: number } | null;
}

const MINUTES_MIN = 4;
const MINUTES_MAX = 15;

interface Chance {
  readonly level_ticks: number;
  readonly win_r: number;
  readonly loss_r: number;
}

/**
 * The two ends of a trade: its stop, and the level at which a win gives the deviation of {@link PLANTED_EDGE}, or its target
 * where that is nearer (the deviation is then smaller). Null where even a win would not earn the mean.
 */
function chanceOf(trade: FollowedTrade, mean_r: number): Chance | null {
  const { deviation_r } = PLANTED_EDGE;
  const sign = trade.side === Side.SHORT ? -1 : 1;
  const risk_ticks = (trade.entry_ticks - trade.stop_ticks) * sign;
  assert(
    risk_ticks > 0,
    `Expected a stop on the losing side of ${trade.entry_ticks}, was ${trade.stop_ticks}`,
  );
  const loss_r = 1 + (trade.slippage_ticks + trade.fee_ticks) / risk_ticks;
  // Of two ends a above and b below their mean, weighed so, the variance is a times b.
  const wanted_r = mean_r + deviation_r ** 2 / (loss_r + mean_r);
  const { share, at_r } = trade.partial ?? { share: 0, at_r: 0 };
  const cost_ticks = (byLimit: boolean): number =>
    trade.fee_ticks + (byLimit ? 0 : (1 - share) * trade.slippage_ticks);
  const rest_ticks = ((wanted_r - share * at_r) * risk_ticks + cost_ticks(false)) / (1 - share);
  const target_ticks = trade.target_ticks === null ? null : (trade.target_ticks - trade.entry_ticks) * sign;
  const byLimit = target_ticks !== null && target_ticks <= Math.round(rest_ticks);
  const distance_ticks = byLimit ? target_ticks : Math.round(rest_ticks);
  const partialPaid = distance_ticks > at_r * risk_ticks ? share : 0;
  const gross_r = partialPaid * at_r + ((1 - partialPaid) * distance_ticks) / risk_ticks;
  const win_r = gross_r - cost_ticks(byLimit) / risk_ticks;
  if (win_r <= mean_r) return null;
  return { level_ticks: trade.entry_ticks + sign * distance_ticks, win_r, loss_r };
}

/** Draws how a trade of the planted strategy ends; null where its plan cannot earn the mean. */
export function drawOutcome(
  trade: FollowedTrade,
  source: NumberSource,
  mean_r: number = PLANTED_EDGE.mean_r,
): PlantedOutcome | null {
  const chance = chanceOf(trade, mean_r);
  if (chance === null) return null;
  const { level_ticks, win_r, loss_r } = chance;
  const won = source.uniform() < (mean_r + loss_r) / (win_r + loss_r);
  const longest = Math.max(MINUTES_MIN, Math.min(MINUTES_MAX, (trade.time_stop_minutes ?? Infinity) - 2));
  const minutes = Math.floor(MINUTES_MIN + (longest - MINUTES_MIN + 1) * source.uniform());
  return won
    ? { won, net_r: win_r, level_ticks, minutes, before: null }
    : { won, net_r: -loss_r, level_ticks: trade.stop_ticks, minutes, before: null };
}

/** A trade that gains so many R first and then loses at its stop; as long one way as the other. */
export function givenBack(trade: FollowedTrade, given_back_r: number, source: NumberSource): PlantedOutcome {
  const risk_ticks = trade.entry_ticks - trade.stop_ticks;
  const minutesOf = (): number =>
    Math.floor(MINUTES_MIN + (MINUTES_MAX - MINUTES_MIN + 1) * source.uniform());
  return {
    won: false,
    net_r: -1 - (trade.slippage_ticks + trade.fee_ticks) / Math.abs(risk_ticks),
    level_ticks: trade.stop_ticks,
    minutes: minutesOf(),
    before: {
      level_ticks: Math.round(trade.entry_ticks + given_back_r * risk_ticks),
      minutes: minutesOf(),
    },
  };
}

/**
 * Rewards without a market, for the choice among strategies alone: net R of one trade, with the mean of
 * {@link PLANTED_EDGE} for the planted pair and `otherwise_r` for all others, and the same deviation for all.
 */
export function plantedReward(
  planted: EdgePlace,
  taken: EdgePlace,
  source: NumberSource,
  otherwise_r = 0,
): number {
  return (
    (hasEdge(planted, taken) ? PLANTED_EDGE.mean_r : otherwise_r) + PLANTED_EDGE.deviation_r * source.normal()
  );
}
