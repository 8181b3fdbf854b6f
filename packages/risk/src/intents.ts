import {
  IntentKind,
  OrderType,
  RegimeState,
  Side,
  Strategy,
  type OrderIntent,
  ReasonCode,
  type Position,
  type Setup,
} from '@bellwether/contracts';
import { intentId } from '@bellwether/kernel';
import type { Instrument } from '@bellwether/market';
import type { EntryOrder } from './state.js';

/** What every intent of one decision has in common. */
export interface IntentBase {
  readonly decision_id: string;
  /** Counts from 1 within the decision. */
  readonly n: number;
  readonly created_us: number;
}

const NOTHING_PLANNED = {
  trigger_ticks: null,
  stop_ticks: null,
  target_ticks: null,
  tp1_quantity: null,
  tp1_r: null,
  time_stop_us: null,
  flat_by_us: null,
  cancel_intent_id: null,
  strategy: Strategy.UNSPECIFIED,
  regime: RegimeState.UNSPECIFIED,
};

export interface EntryPlan {
  readonly setup: Setup;
  readonly size: number;
  readonly regime: RegimeState;
  readonly instrument: Instrument;
  readonly expires_us: number;
  readonly flat_by_us: number;
  /** What one contract loses at its stop, costs included. */
  readonly planned_loss_cents: number;
  readonly reason: ReasonCode;
}

/** Share of the contracts that the first partial exit closes (domain.md 8.2, rule 2). */
const TP1_SHARE = 0.5;

/** Contracts of the first partial exit; null where none closes there. */
export function tp1Quantity(setup: Setup, size: number): number | null {
  return setup.tp1_r === null || size < 2 ? null : Math.floor(size * TP1_SHARE);
}

/**
 * The entry with its whole plan. One contract has no part to close at the first target: `tp1_quantity` is
 * then unset, and `tp1_r` stays, for its touch moves the stop.
 */
export function enterIntent(base: IntentBase, plan: EntryPlan): OrderIntent {
  const { setup, size } = plan;
  return {
    intent_id: intentId(base.decision_id, base.n),
    kind: IntentKind.ENTER,
    decision_id: base.decision_id,
    symbol: setup.symbol,
    side: setup.side,
    quantity: size,
    tick_size_e4: plan.instrument.tick_size_e4,
    order_type: setup.order_type,
    created_us: base.created_us,
    expires_us: plan.expires_us,
    trigger_ticks: setup.order_type === OrderType.MARKET ? null : setup.entry_ticks,
    stop_ticks: setup.stop_ticks,
    target_ticks: setup.target_ticks,
    tp1_quantity: tp1Quantity(setup, size),
    tp1_r: setup.tp1_r,
    time_stop_us: setup.time_stop_us,
    flat_by_us: plan.flat_by_us,
    cancel_intent_id: null,
    reason: plan.reason,
    strategy: setup.strategy,
    regime: plan.regime,
  };
}

/**
 * Closes contracts of a position at the market. `decision_id` is that of the position, so that its fill finds the
 * trade.
 */
export function closeIntent(
  base: IntentBase,
  position: Position,
  instrument: Instrument,
  close: { readonly quantity: number; readonly expires_us: number; readonly reason: ReasonCode },
): OrderIntent {
  return {
    ...NOTHING_PLANNED,
    intent_id: intentId(base.decision_id, base.n),
    kind: IntentKind.CLOSE,
    decision_id: position.decision_id,
    symbol: position.symbol,
    side: position.side === Side.LONG ? Side.SHORT : Side.LONG,
    quantity: close.quantity,
    tick_size_e4: instrument.tick_size_e4,
    order_type: OrderType.MARKET,
    created_us: base.created_us,
    expires_us: close.expires_us,
    reason: close.reason,
    strategy: position.strategy,
    regime: position.regime,
  };
}

/**
 * Brings the protective stop of a position to where the portfolio has it. For a program outside: a paper broker takes
 * the stop from the position itself.
 */
export function moveStopIntent(
  base: IntentBase,
  position: Position,
  stop_ticks: number,
  instrument: Instrument,
  expires_us: number,
): OrderIntent {
  return {
    ...NOTHING_PLANNED,
    intent_id: intentId(base.decision_id, base.n),
    kind: IntentKind.MOVE_STOP,
    decision_id: position.decision_id,
    symbol: position.symbol,
    side: position.side === Side.LONG ? Side.SHORT : Side.LONG,
    quantity: position.quantity,
    tick_size_e4: instrument.tick_size_e4,
    order_type: OrderType.STOP,
    created_us: base.created_us,
    expires_us,
    stop_ticks,
    reason: ReasonCode.STOP_MOVED,
    strategy: position.strategy,
    regime: position.regime,
  };
}

/** Ends what is unfilled of an entry order. `decision_id` is that of the order. */
export function cancelIntent(
  base: IntentBase,
  order: EntryOrder,
  instrument: Instrument,
  expires_us: number,
  reason: ReasonCode,
): OrderIntent {
  return {
    ...NOTHING_PLANNED,
    intent_id: intentId(base.decision_id, base.n),
    kind: IntentKind.CANCEL,
    decision_id: order.decision_id,
    symbol: order.symbol,
    side: order.side,
    quantity: order.remaining,
    tick_size_e4: instrument.tick_size_e4,
    order_type: OrderType.UNSPECIFIED,
    created_us: base.created_us,
    expires_us,
    cancel_intent_id: order.intent_id,
    reason,
  };
}
