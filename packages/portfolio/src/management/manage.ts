import {
  ReasonCode,
  RegimeState,
  Side,
  TradeAction,
  type Bar,
  type ExitRequest,
  type Frame,
  type ManagementConfig,
  type TradeManagement,
  type Zone,
} from '@bellwether/contracts';
import { entryTicks } from '../position.js';
import type { OpenPosition } from '../state.js';
import { rulePolicy, type ManagementPolicy, type Wish } from './rule-policy.js';
import type { SymbolSwings } from './swings.js';
import { partialQuantity, permittedActions, rOf, stopAfter, type TradeView } from './trade-view.js';

/** What management remembers of one open trade. */
export interface ManagedTrade {
  readonly symbol: string;
  readonly decision_id: string;
  /** Best and worst price since the entry, of completed bars. */
  readonly best_ticks: number;
  readonly worst_ticks: number;
  readonly trail: TradeAction;
  /** A close of the whole trade is wanted: its reason, until the trade is gone. */
  readonly closing: ReasonCode | null;
  /** The part that was asked to be sold: wanted while the trade still has `from_quantity` contracts. */
  readonly partial: { readonly from_quantity: number; readonly quantity: number } | null;
  readonly tightened_best_ticks: number | null;
}

export interface Managed {
  readonly trade: ManagedTrade;
  readonly message: TradeManagement;
  readonly stop_ticks: number | null;
  readonly exit: ExitRequest | null;
}

/** What the frame says of the trade's surroundings. */
export interface Surroundings {
  readonly bar: Bar;
  readonly bar_id: string;
  readonly regime: RegimeState;
  readonly atr14_m5_ticks: number | null;
  readonly swings: SymbolSwings | null;
  /** Supply and demand of the symbol, as features tell them. */
  readonly zones: readonly Zone[];
  /** The trade's time is over: an exit is asked for in any case. */
  readonly timed_out: boolean;
}

/** The surroundings of a bar's own symbol, as features and regime tell them; missing where a stage failed. */
export function surroundingsOf(
  frame: Frame,
  bar: Bar,
  bar_id: string,
  swings: SymbolSwings | null,
  timed_out: boolean,
): Surroundings {
  const features = frame.features?.fault === null ? frame.features : null;
  const regime = frame.regime?.fault === null ? frame.regime.state : RegimeState.UNSPECIFIED;
  return {
    bar,
    bar_id,
    regime,
    atr14_m5_ticks: features?.indicators?.atr14_m5_ticks ?? null,
    swings,
    zones: features === null ? [] : features.zones,
    timed_out,
  };
}

/**
 * One open trade at the close of a bar of its symbol: its extremes, one action of the policy, its stop for the next
 * bar. Without a configuration every bar holds, and the ladder does what it does by itself.
 */
export function manage(
  position: OpenPosition,
  before: ManagedTrade | null,
  around: Surroundings,
  config: ManagementConfig | null,
  policy: ManagementPolicy = rulePolicy,
): Managed {
  const known = withExtremes(before ?? fresh(position), position, around);
  const view = viewOf(position, known, around);
  const permitted = permittedActions(view, config);
  const { action, reason } = chosen(view, permitted, config, policy);
  const trail = isTrail(action) ? action : known.trail;
  const stop_ticks = stopAfter(view, action, trail, config);
  const trade = remembered(known, view, action, reason, trail);
  return {
    trade,
    stop_ticks,
    exit: exitOf(trade, view, around),
    message: {
      symbol: position.symbol,
      decision_id: position.decision_id,
      action,
      reason,
      permitted,
      trail,
      r_multiple: rOf(view, view.close_ticks),
      best_r: rOf(view, view.best_ticks),
      worst_r: rOf(view, view.worst_ticks),
      stop_before_ticks: position.stop_ticks,
      stop_after_ticks: stop_ticks,
      swing_ticks: view.swing_ticks,
      close_quantity: closeQuantity(action, view),
      zone_ticks: view.zone_ticks,
    },
  };
}

function chosen(
  view: TradeView,
  permitted: readonly TradeAction[],
  config: ManagementConfig | null,
  policy: ManagementPolicy,
): Wish {
  if (view.exiting) return { action: TradeAction.HOLD, reason: ReasonCode.EXIT_UNDER_WAY };
  if (view.stop_ticks === null) return { action: TradeAction.HOLD, reason: ReasonCode.NO_PLAN };
  if (config === null) return { action: TradeAction.HOLD, reason: ReasonCode.OK };
  const wish = policy(view, permitted, config);
  // An action that is not valid now is a HOLD (domain.md 8.3), whoever chose it.
  return permitted.includes(wish.action) ? wish : { action: TradeAction.HOLD, reason: ReasonCode.OK };
}

function isTrail(action: TradeAction): boolean {
  return action === TradeAction.TRAIL_ATR || action === TradeAction.TRAIL_STRUCTURE;
}

function fresh(position: OpenPosition): ManagedTrade {
  const entry = entryTicks(position);
  return {
    symbol: position.symbol,
    decision_id: position.decision_id,
    best_ticks: entry,
    worst_ticks: entry,
    trail: TradeAction.HOLD,
    closing: null,
    partial: null,
    tightened_best_ticks: null,
  };
}

/** Of the bar that an entry fell into, only what surely came after it counts: the close, or all of it after its open. */
function withExtremes(
  trade: ManagedTrade,
  position: OpenPosition,
  { bar, bar_id }: Surroundings,
): ManagedTrade {
  const close_us = bar.open_us + bar.interval_us;
  const whole =
    bar.open_us >= position.opened_us || (position.cause_id === bar_id && position.opened_us < close_us);
  const high = whole ? bar.high_ticks : bar.close_ticks;
  const low = whole ? bar.low_ticks : bar.close_ticks;
  const short = position.side === Side.SHORT;
  // Field by field, here and below: this runs for every bar of a position.
  return {
    symbol: trade.symbol,
    decision_id: trade.decision_id,
    best_ticks: short ? Math.min(trade.best_ticks, low) : Math.max(trade.best_ticks, high),
    worst_ticks: short ? Math.max(trade.worst_ticks, high) : Math.min(trade.worst_ticks, low),
    trail: trade.trail,
    closing: trade.closing,
    partial: trade.partial,
    tightened_best_ticks: trade.tightened_best_ticks,
  };
}

function viewOf(position: OpenPosition, trade: ManagedTrade, around: Surroundings): TradeView {
  const { swings } = around;
  const swing = position.side === Side.SHORT ? swings?.swing_high_ticks : swings?.swing_low_ticks;
  return {
    side: position.side,
    quantity: position.quantity,
    initial_quantity: position.initial_quantity,
    entry_ticks: entryTicks(position),
    initial_stop_ticks: position.initial_stop_ticks,
    stop_ticks: position.stop_ticks,
    close_ticks: around.bar.close_ticks,
    best_ticks: trade.best_ticks,
    worst_ticks: trade.worst_ticks,
    entry_regime: position.regime,
    regime: around.regime,
    atr14_m5_ticks: around.atr14_m5_ticks,
    swing_ticks: swing ?? null,
    zone_ticks: farEdge(position.side, around),
    trail: trade.trail,
    partial_taken: trade.partial !== null,
    tightened_best_ticks: trade.tightened_best_ticks,
    exiting: around.timed_out || trade.closing !== null || pendingPart(trade, position.quantity) > 0,
  };
}

/** Of the zone nearest to the close that stands behind the trade: demand for a long, supply for a short. */
function farEdge(side: Side, { zones, bar }: Surroundings): number | null {
  const sign = side === Side.SHORT ? -1 : 1;
  let nearest: number | null = null;
  for (const zone of zones) {
    if (zone.side !== side || sign * (bar.close_ticks - zone.distal_ticks) < 0) continue;
    if (nearest === null || sign * (zone.distal_ticks - nearest) > 0) nearest = zone.distal_ticks;
  }
  return nearest;
}

/** Contracts of the part that was asked for and not sold yet. */
function pendingPart({ partial }: ManagedTrade, quantity: number): number {
  return partial?.from_quantity === quantity ? partial.quantity : 0;
}

function remembered(
  trade: ManagedTrade,
  view: TradeView,
  action: TradeAction,
  reason: ReasonCode,
  trail: TradeAction,
): ManagedTrade {
  return {
    symbol: trade.symbol,
    decision_id: trade.decision_id,
    best_ticks: trade.best_ticks,
    worst_ticks: trade.worst_ticks,
    trail,
    closing: action === TradeAction.CLOSE ? reason : trade.closing,
    partial:
      action === TradeAction.TAKE_PARTIAL_25
        ? { from_quantity: view.quantity, quantity: partialQuantity(view) }
        : trade.partial,
    tightened_best_ticks: action === TradeAction.TIGHTEN ? view.best_ticks : trade.tightened_best_ticks,
  };
}

function closeQuantity(action: TradeAction, view: TradeView): number {
  if (action === TradeAction.CLOSE) return view.quantity;
  return action === TradeAction.TAKE_PARTIAL_25 ? partialQuantity(view) : 0;
}

/** Asked for again at each bar until it is done: an order may expire unfilled. */
function exitOf(trade: ManagedTrade, view: TradeView, around: Surroundings): ExitRequest | null {
  if (around.timed_out) return null;
  const { symbol, decision_id } = trade;
  if (trade.closing !== null) return { symbol, decision_id, reason: trade.closing, quantity: null };
  const quantity = pendingPart(trade, view.quantity);
  return quantity === 0 ? null : { symbol, decision_id, reason: ReasonCode.PROFIT_TAKEN, quantity };
}
