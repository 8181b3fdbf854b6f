import {
  ReasonCode,
  STRATEGY_KEYS,
  Selection,
  Side,
  Strategy,
  isWithheld,
  type ByRegime,
  type CommonParameters,
  type EvidenceConfig,
  type Setup,
  type Signal,
  type StrategyVerdict,
} from '@bellwether/contracts';
import {
  STRATEGIES,
  callerSetup,
  inRegime,
  underStreams,
  type Evaluation,
  type StrategyContext,
} from '@bellwether/strategies';
import { restRefusal, type ArmDay } from './arm-days.js';
import { mappedStrategy } from './regime-map.js';

/** What a caller wants of the choice; a bar wants nothing in particular. */
export interface Wish {
  readonly strategy: Strategy | null;
  readonly side: Side | null;
  readonly stop_distance_ticks: number | null;
}

export interface Offer {
  readonly setups: readonly Setup[];
  readonly refused: readonly StrategyVerdict[];
  /** Live setups of arms that may not decide for want of evidence: they are among the refused too. */
  readonly withheld: readonly Setup[];
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

/** What the book says of who may be asked and who may be offered. */
export interface Permissions {
  readonly selection: Selection;
  /** Null where no gate stands. */
  readonly evidence: EvidenceConfig | null;
}

/** Every arm that is asked, in order, either with its live setup or with the reason why it has none. */
export function offered(
  context: StrategyContext,
  wish: Wish,
  days: readonly ArmDay[],
  { selection, evidence }: Permissions,
): Offer {
  const setups: Setup[] = [];
  const withheld: Setup[] = [];
  const refused: StrategyVerdict[] = [];
  for (const { strategy, evaluate } of STRATEGIES) {
    if (wish.strategy !== null && wish.strategy !== strategy) continue;
    const rest = permissionRefusal(context, strategy, wish, selection) ?? restOf(context, strategy, days);
    const answer =
      rest === null ? underStreams(context, granted(context, wish, evaluate(context))) : { reason: rest };
    if (!('setup' in answer)) refused.push({ strategy, reason: answer.reason });
    else if (evidence === null || !isWithheld(evidence, STRATEGY_KEYS[strategy - 1] ?? ''))
      setups.push(answer.setup);
    else {
      withheld.push(answer.setup);
      refused.push({ strategy, reason: ReasonCode.ARM_UNPROVEN });
    }
  }
  return { setups, refused, withheld, reason: reasonOf(setups, refused, wish) };
}

/** A book that chooses by regime asks one strategy, unless a caller names one. */
function permissionRefusal(
  { regime }: StrategyContext,
  strategy: Strategy,
  wish: Wish,
  selection: Selection,
): ReasonCode | null {
  if (selection !== Selection.REGIME_MAP || wish.strategy !== null) return null;
  return mappedStrategy(regime) === strategy ? null : ReasonCode.NOT_IN_REGIME_MAP;
}

function restOf(
  { parameters, regime, symbol, event_us }: StrategyContext,
  strategy: Strategy,
  days: readonly ArmDay[],
): ReasonCode | null {
  const name = STRATEGY_KEYS[strategy - 1];
  const table: ByRegime<CommonParameters> | null = name === undefined ? null : parameters[name];
  const set = table === null ? null : inRegime(table, regime);
  return restRefusal(days, strategy, symbol, event_us, set === null ? Infinity : set.daily_trades_max);
}

function reasonOf(setups: readonly Setup[], refused: readonly StrategyVerdict[], wish: Wish): ReasonCode {
  if (setups.length > 0) return ReasonCode.OK;
  const named = wish.strategy === null ? undefined : refused[0];
  const withheld = refused.some(({ reason }) => reason === ReasonCode.ARM_UNPROVEN);
  return named?.reason ?? (withheld ? ReasonCode.ARM_UNPROVEN : ReasonCode.NO_SETUP);
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
  return 'setup' in own ? { reason: ReasonCode.SIDE_NOT_ASKED } : own;
}
