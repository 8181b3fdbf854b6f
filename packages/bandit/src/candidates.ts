import {
  ReasonCode,
  Side,
  Strategy,
  type Setup,
  type Signal,
  type StrategyVerdict,
} from '@bellwether/contracts';
import { STRATEGIES, callerSetup, type Evaluation, type StrategyContext } from '@bellwether/strategies';
import { restRefusal, type ArmDay } from './arm-days.js';

/** What a caller wants of the choice; a bar wants nothing in particular. */
export interface Wish {
  readonly strategy: Strategy | null;
  readonly side: Side | null;
  readonly stop_distance_ticks: number | null;
}

export interface Offer {
  readonly setups: readonly Setup[];
  readonly refused: readonly StrategyVerdict[];
  /** Why there is no setup; OK where there is one. */
  readonly reason: ReasonCode;
}

export function wishOf(signal: Signal | null): Wish {
  return {
    strategy: signal?.strategy === Strategy.UNSPECIFIED ? null : (signal?.strategy ?? null),
    side: signal?.side === Side.UNSPECIFIED ? null : (signal?.side ?? null),
    stop_distance_ticks: signal?.stop_distance_ticks ?? null,
  };
}

/** Every arm that is asked, in order, either with its live setup or with the reason why it has none. */
export function offered(context: StrategyContext, wish: Wish, days: readonly ArmDay[]): Offer {
  const setups: Setup[] = [];
  const refused: StrategyVerdict[] = [];
  for (const { strategy, evaluate } of STRATEGIES) {
    if (wish.strategy !== null && wish.strategy !== strategy) continue;
    const rest = restRefusal(days, strategy, context.symbol, context.event_us);
    const answer = rest === null ? granted(context, wish, evaluate(context)) : { reason: rest };
    if ('setup' in answer) setups.push(answer.setup);
    else refused.push({ strategy, reason: answer.reason });
  }
  return { setups, refused, reason: reasonOf(setups, refused, wish) };
}

function reasonOf(setups: readonly Setup[], refused: readonly StrategyVerdict[], wish: Wish): ReasonCode {
  if (setups.length > 0) return ReasonCode.OK;
  const named = wish.strategy === null ? undefined : refused[0];
  return named?.reason ?? ReasonCode.NO_SETUP;
}

/**
 * The arm's own setup where it is on the side asked for. Where there is none, a caller who names strategy, side and stop
 * gets its own trade.
 */
function granted(context: StrategyContext, wish: Wish, own: Evaluation): Evaluation {
  const { strategy, side, stop_distance_ticks } = wish;
  if (side === null || ('setup' in own && own.setup.side === side)) return own;
  if (strategy !== null && stop_distance_ticks !== null) {
    return callerSetup(context, { strategy, side, stop_distance_ticks });
  }
  if ('setup' in own) return { reason: ReasonCode.SIDE_NOT_ASKED };
  const nothingOfOurs = strategy !== null && own.reason === ReasonCode.STRATEGY_NOT_AVAILABLE;
  return nothingOfOurs ? { reason: ReasonCode.STOP_MISSING } : own;
}
