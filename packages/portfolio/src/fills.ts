import {
  FillLeg,
  ReasonCode,
  Side,
  Strategy,
  type Close,
  type ClosedTrade,
  type Fill,
  type FillResult,
  type OrderIntent,
} from '@bellwether/contracts';
import { instrumentOf, type Instrument } from '@bellwether/market';
import { PRICE_TICKS_MAX } from './bars.js';
import { breakEvenTicks, feePerSideCents, forSide, onGrid, tighterStop } from './levels.js';
import { entryTicks, extended, opened, reduced, type Execution } from './position.js';
import type { OpenPosition, PlannedOrder, PortfolioState, SeenFills } from './state.js';

/** What a fill or a reported close did. */
export interface Booked {
  readonly state: PortfolioState;
  readonly result: FillResult;
  readonly closed: readonly ClosedTrade[];
}

/** Fill ids remembered for one trade date; the journal refuses a repeated entry id in any case. */
export const SEEN_FILLS_MAX = 4_096;

/** Books one fill. A fact from a broker always counts, whether or not a decision is known for it. */
export function bookFill(state: PortfolioState, fill: Fill): Booked {
  const instrument = instrumentOf(fill.symbol);
  if (instrument === null) return refused(state, fill.symbol, ReasonCode.UNKNOWN_SYMBOL);
  if (isSeen(state.seen, fill.fill_id)) return refused(state, fill.symbol, ReasonCode.DUPLICATE_FILL);
  const price_ticks = onGrid(fill.price_ticks, fill.tick_size_e4, instrument);
  if (price_ticks === null) return refused(state, fill.symbol, ReasonCode.PRICE_IMPLAUSIBLE);
  if (!(price_ticks > 0 && price_ticks <= PRICE_TICKS_MAX)) {
    return refused(state, fill.symbol, ReasonCode.PRICE_IMPLAUSIBLE);
  }
  if (!(fill.quantity > 0) || fill.side === Side.UNSPECIFIED) {
    return refused(state, fill.symbol, ReasonCode.UNDEFINED);
  }
  const before = positionOf(state, fill.symbol);
  if (isPaperExit(fill) && !closes(before, fill)) return refused(state, fill.symbol, ReasonCode.NO_POSITION);
  const order = plannedOrder(state.orders, fill);
  const matched = order !== null || (before !== null && isOwn(before, fill));
  const execution: Execution = {
    ...{ symbol: fill.symbol, side: fill.side, quantity: fill.quantity, price_ticks },
    ...{ fee_cents: fill.fee_cents, at_us: fill.fill_us, leg: fill.leg, cause_id: fill.cause_id },
    ...{ ambiguous: fill.ambiguous, strategy: fill.strategy ?? Strategy.UNSPECIFIED },
  };
  const seen = remember(state.seen, fill.fill_id);
  const orders = order === null ? state.orders : consumed(state.orders, order, fill.quantity);
  const plan = order?.intent ?? null;
  const reason = matched ? ReasonCode.OK : ReasonCode.UNMATCHED_FILL;
  const booking = { execution, plan, instrument, own: before !== null && isOwn(before, fill, plan) };
  return book({ ...state, seen, orders }, booking, { matched, reason });
}

/**
 * Books a close that the caller reports. It names no fee, so the book's own fee per side counts: no trade may
 * look cheaper than it was. NO_POSITION where that decision has nothing open.
 */
export function bookClose(state: PortfolioState, close: Close): Booked {
  const position = state.positions.find(
    (item) => item.decision_id === close.decision_id && item.decision_id !== '',
  );
  const instrument = position === undefined ? null : instrumentOf(position.symbol);
  if (position === undefined || instrument === null) return refused(state, '', ReasonCode.NO_POSITION);
  const price_ticks = onGrid(close.exit_price_ticks, close.tick_size_e4, instrument);
  if (price_ticks === null) return refused(state, position.symbol, ReasonCode.PRICE_IMPLAUSIBLE);
  const quantity = position.quantity - Math.max(0, close.final_contracts ?? 0);
  if (quantity <= 0) {
    const result = { matched: true, reason: ReasonCode.OK, realised_cents: null };
    return { state, result: { ...result, ...standing(state, position.symbol) }, closed: [] };
  }
  const execution: Execution = {
    symbol: position.symbol,
    side: position.side === Side.LONG ? Side.SHORT : Side.LONG,
    ...{ quantity, price_ticks, at_us: close.exit_us, leg: FillLeg.CLOSE, cause_id: '', ambiguous: false },
    fee_cents: quantity * feePerSideCents(state.config, instrument),
    strategy: position.strategy,
  };
  const outcome = { matched: true, reason: ReasonCode.OK };
  return book(state, { execution, plan: null, instrument, own: true }, outcome);
}

interface Booking {
  readonly execution: Execution;
  readonly plan: OrderIntent | null;
  readonly instrument: Instrument;
  /** The execution belongs to the decision of the open position. */
  readonly own: boolean;
}

function book(
  state: PortfolioState,
  booking: Booking,
  outcome: Pick<FillResult, 'matched' | 'reason'>,
): Booked {
  const { execution, plan, instrument, own } = booking;
  const before = positionOf(state, execution.symbol);
  const fees_cents = state.fees_cents + execution.fee_cents;
  if (before === null || before.side === execution.side) {
    const position = before === null ? opened(execution, plan) : extended(before, execution, plan, own);
    const next = { ...withPosition(state, execution.symbol, position), fees_cents };
    const result = { ...outcome, ...standing(next, execution.symbol), realised_cents: null };
    return { state: next, result, closed: [] };
  }
  const [closing, opening] = split(execution, Math.min(execution.quantity, before.quantity));
  const reduction = reduced(before, closing, instrument);
  const left = reduction.position;
  const position =
    left !== null
      ? afterTp1(left, closing, state, instrument)
      : opening === null
        ? null
        : opened(opening, plan);
  const next = {
    ...withPosition(state, execution.symbol, position),
    fees_cents,
    realised_cents: state.realised_cents + reduction.realised_cents,
  };
  return {
    state: next,
    result: { ...outcome, ...standing(next, execution.symbol), realised_cents: reduction.realised_cents },
    closed: reduction.closed === null ? [] : [reduction.closed],
  };
}

/**
 * The part that closes and the part that opens the other way. The fee is shared by contracts; nothing is
 * lost.
 */
function split(execution: Execution, closing: number): readonly [Execution, Execution | null] {
  const opening = execution.quantity - closing;
  if (opening === 0) return [execution, null];
  const fee = Math.floor((execution.fee_cents * closing) / execution.quantity);
  return [
    { ...execution, quantity: closing, fee_cents: fee },
    { ...execution, quantity: opening, fee_cents: execution.fee_cents - fee },
  ];
}

/** On the first partial exit the stop moves to break-even (domain.md 8.2, rule 3). */
function afterTp1(
  position: OpenPosition,
  execution: Execution,
  state: PortfolioState,
  instrument: Instrument,
): OpenPosition {
  return execution.leg === FillLeg.TP1 ? atBreakEven(position, state, instrument) : position;
}

/** The position with its stop at break-even or nearer. */
export function atBreakEven(
  position: OpenPosition,
  state: PortfolioState,
  instrument: Instrument,
): OpenPosition {
  const fee = feePerSideCents(state.config, instrument);
  const candidate = breakEvenTicks(position.side, entryTicks(position), fee, instrument);
  const stop_ticks = tighterStop(position.side, position.stop_ticks, candidate);
  return stop_ticks === position.stop_ticks ? position : { ...position, stop_ticks };
}

/** Nothing is booked, and why. */
export function refused(state: PortfolioState, symbol: string, reason: ReasonCode): Booked {
  const result = { matched: false, reason, ...standing(state, symbol), realised_cents: null };
  return { state, result, closed: [] };
}

function standing(state: PortfolioState, symbol: string): Pick<FillResult, 'symbol' | 'net_contracts'> {
  const position = positionOf(state, symbol);
  return { symbol, net_contracts: position === null ? 0 : forSide(position.side, position.quantity) };
}

export function positionOf(state: PortfolioState, symbol: string): OpenPosition | null {
  return state.positions.find((item) => item.symbol === symbol) ?? null;
}

/** The state with this position of the symbol in the place of the old one; null removes it. */
export function withPosition(
  state: PortfolioState,
  symbol: string,
  position: OpenPosition | null,
): PortfolioState {
  const known = state.positions.some((item) => item.symbol === symbol);
  if (position === null) {
    return { ...state, positions: state.positions.filter((item) => item.symbol !== symbol) };
  }
  const positions = known
    ? state.positions.map((item) => (item.symbol === symbol ? position : item))
    : [...state.positions, position];
  return { ...state, positions };
}

/** The fill names the decision or the entry order of this position, or comes from a plan of its decision. */
function isOwn(position: OpenPosition, fill: Fill, plan: OrderIntent | null = null): boolean {
  if (position.decision_id === '') return false;
  return (
    fill.decision_id === position.decision_id ||
    fill.intent_id === position.intent_id ||
    plan?.decision_id === position.decision_id
  );
}

/** Made by the paper broker to end a trade: caused by a bar, and no entry. */
function isPaperExit(fill: Fill): boolean {
  return fill.cause_id !== '' && fill.leg !== FillLeg.ENTRY && fill.leg !== FillLeg.UNSPECIFIED;
}

/**
 * A paper exit is no fact from outside. Where a reported close or fill was quicker, it has nothing left to close, and
 * it may not open the other way.
 */
function closes(position: OpenPosition | null, fill: Fill): boolean {
  if (position === null || position.side === fill.side || fill.quantity > position.quantity) return false;
  return isOwn(position, fill) || (position.decision_id === '' && fill.decision_id === null);
}

/** The entry order that this fill fills, by its intent or else its decision. */
function plannedOrder(orders: readonly PlannedOrder[], fill: Fill): PlannedOrder | null {
  const found = orders.find(({ intent }) => {
    if (intent.symbol !== fill.symbol || intent.side !== fill.side) return false;
    if (fill.intent_id !== null) return intent.intent_id === fill.intent_id;
    return intent.decision_id === fill.decision_id;
  });
  return found ?? null;
}

function consumed(
  orders: readonly PlannedOrder[],
  order: PlannedOrder,
  quantity: number,
): readonly PlannedOrder[] {
  const remaining = order.remaining - quantity;
  if (remaining <= 0) return orders.filter((item) => item !== order);
  return orders.map((item) => (item === order ? { ...item, remaining } : item));
}

/** True for a fill id of the present or the previous trade date. */
export function isSeen(seen: readonly SeenFills[], fillId: string): boolean {
  return seen.some(({ ids }) => ids.includes(fillId));
}

/** The ids with one more in the present trade date. */
export function remember(seen: readonly SeenFills[], fillId: string): readonly SeenFills[] {
  const [today, ...earlier] = seen;
  if (today === undefined) return seen;
  const kept = today.ids.length < SEEN_FILLS_MAX ? today.ids : today.ids.slice(1);
  return [{ ...today, ids: [...kept, fillId] }, ...earlier];
}
