import {
  EntryKind,
  ReasonCode,
  Side,
  type Bar,
  type ClosedTrade,
  type DayAccount,
  type Entry,
  type Fault,
  type Frame,
  type OrderAck,
  type OrderIntent,
  type PortfolioPart,
  type Position,
  type WorkingOrder,
} from '@bellwether/contracts';
import { present, type Applied, type Stage } from '@bellwether/kernel';
import { instrumentOf, tradeDateAt } from '@bellwether/market';
import { isNewBar } from './bars.js';
import { exitRequests, isAfterHole } from './exits.js';
import { accountMessage, accounted, reconciliationMessage, rolledAccount } from './account/account.js';
import { bookedEntry, releasedEarly, type Bookings } from './account/booking.js';
import { extremes } from './account/excursions.js';
import { heatOfPositions } from './account/heat.js';
import { worstPnlCents } from './account/valuation.js';
import { atBreakEven, withPosition } from './fills.js';
import { tp1Ticks } from './levels.js';
import { managed, stopMoves } from './management/managed-state.js';
import { entryTicks, exitByUs, openPnlCents, rMultiple } from './position.js';
import { toldAgain } from './told-again.js';
import {
  INITIAL_STATE,
  plainly,
  withAccount,
  type Mark,
  type OpenPosition,
  type PlannedOrder,
  type PortfolioState,
} from './state.js';

const LOGIC_VERSION = 4;

/** Plans of ended orders kept for a late fill. The caps of the risk stage keep far fewer orders alive. */
export const ENDED_PLANS_MAX = 32;

/** Acknowledgements kept for an order that is not taken on yet; those of CLOSE orders wait in vain and give way. */
export const EARLY_ACKS_MAX = 32;

/**
 * Stage 4: what is open, what it is worth, what was earned. Exact integers: prices in ticks, money in cents.
 * Its part of a fill's or a bar's frame already includes that fill or bar.
 */
export const stage: Stage<PortfolioState, 'portfolio'> = {
  name: 'portfolio',
  logicVersion: LOGIC_VERSION,
  onFault: 'stop',
  initialState: () => INITIAL_STATE,
  apply: (state, frame) => apply(state, frame, present(frame.entry, 'an entry')),
  faulted: (fault) => faulted(fault),
};

function apply(state: PortfolioState, frame: Frame, entry: Entry): Applied<PortfolioState, 'portfolio'> {
  const today = rolled(state, entry.event_us);
  const bookings = booked(today, entry);
  const { state: after, result, closed } = bookings;
  const late = exitRequests(after, entry);
  const { state: tended, messages, exits } = managed(after, frame, newBarOf(entry, today, after), late);
  const next = withAccount(tended, accounted(today, tended, entry, bookings));
  const positions =
    next.positions.length === 0
      ? NO_POSITIONS
      : next.positions.map((position) => positionMessage(position, next));
  const account = accountMessage(next);
  const heat = heatOfPositions(positions, next.config, account?.headroom_cents ?? null);
  const part: PortfolioPart = {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason: next.config === null ? ReasonCode.NO_RELEASE : ReasonCode.OK,
    positions,
    working: next.orders.length === 0 ? NONE_WORKING : next.orders.filter(isLive).map(workingOrder),
    day: dayAccount(next, positions),
    closed,
    fill_result: result,
    exits: exits.length === 0 ? late : [...late, ...exits],
    account,
    reconciliation: reconciliationMessage(next, entry),
    strategies: next.account.strategies,
    management: messages,
    stop_moves: stopMoves(today.positions, next.positions),
    heat: heat.heat,
    heat_concentration: heat.concentration,
  };
  return { state: next, part: toldAgain(part) };
}

/** The bar of this entry where it told something new: then the symbol has a new mark. */
function newBarOf(entry: Entry, before: PortfolioState, after: PortfolioState): Bar | null {
  return before.marks === after.marks ? null : entry.bar;
}

const NO_POSITIONS: readonly Position[] = [];
const NONE_WORKING: readonly WorkingOrder[] = [];
const NONE_CLOSED: readonly ClosedTrade[] = [];
const NONE_MOVED: readonly never[] = [];

const isLive = ({ live }: PlannedOrder): boolean => live;

function booked(state: PortfolioState, entry: Entry): Bookings {
  const own = bookedEntry(state, entry);
  if (own === null && entry.bar !== null && state.account.early.length === 0) {
    const after = marked(state, entry.bar, entry.id);
    return { state: after, result: null, closed: NONE_CLOSED, moved: NONE_MOVED, contracts: 0 };
  }
  const bookings = own ?? {
    ...{ state: noted(state, entry), result: null, closed: NONE_CLOSED, moved: NONE_MOVED, contracts: 0 },
  };
  const released = bookings.state.account.early.length === 0 ? bookings : releasedEarly(bookings);
  return released.state === state ? released : { ...released, state: plainly(released.state) };
}

/** The state after an entry that books nothing. */
function noted(state: PortfolioState, entry: Entry): PortfolioState {
  if (entry.bar !== null) return marked(state, entry.bar, entry.id);
  if (entry.order !== null) return taken(state, entry.order);
  if (entry.order_ack !== null) return acknowledged(state, entry.order_ack);
  if (entry.order_end !== null) return ended(state, entry.order_end.intent_id);
  if (entry.kind === EntryKind.RELEASE) return { ...state, config: entry.release?.config ?? null };
  return state;
}

/**
 * The state in the trade date of this time. Profit and fees start at zero; positions stay, with the whole of
 * their open profit. A time in an earlier trade date does not turn the day back.
 */
function rolled(state: PortfolioState, event_us: number): PortfolioState {
  const trade_date = tradeDateAt(event_us);
  if (trade_date <= state.trade_date) return state;
  const orders = state.orders.filter(({ live }) => live);
  const [last] = state.seen;
  const seen = last === undefined ? [] : [last];
  return plainly({
    ...state,
    trade_date,
    realised_cents: 0,
    fees_cents: 0,
    orders,
    early_acks: [],
    seen: [{ trade_date, ids: [] }, ...seen],
    account: rolledAccount(state, last?.trade_date ?? 0),
  });
}

function taken(state: PortfolioState, intent: OrderIntent): PortfolioState {
  const { intent_id } = intent;
  if (state.orders.some((item) => item.intent.intent_id === intent_id)) return state;
  const early = state.early_acks.find((ack) => ack.intent_id === intent_id);
  const broker_order_id = early?.broker_order_id ?? '';
  const order: PlannedOrder = { intent, remaining: intent.quantity, live: true, broker_order_id };
  const orders = [...state.orders, order];
  if (early === undefined) return { ...state, orders };
  return { ...state, orders, early_acks: state.early_acks.filter((ack) => ack !== early) };
}

/**
 * The broker's own name of an order, for the reconciliation after a disconnect. The first one counts, also where it comes
 * before the entry by which execution takes the order on.
 */
function acknowledged(state: PortfolioState, { intent_id, broker_order_id }: OrderAck): PortfolioState {
  const order = state.orders.find(({ intent }) => intent.intent_id === intent_id);
  if (order === undefined) {
    if (state.early_acks.some((ack) => ack.intent_id === intent_id)) return state;
    const kept = state.early_acks.slice(-(EARLY_ACKS_MAX - 1));
    return { ...state, early_acks: [...kept, { intent_id, broker_order_id }] };
  }
  if (order.broker_order_id !== '') return state;
  return {
    ...state,
    orders: state.orders.map((item) => (item === order ? { ...item, broker_order_id } : item)),
  };
}

function ended(state: PortfolioState, intentId: string): PortfolioState {
  const order = state.orders.find(({ intent }) => intent.intent_id === intentId);
  if (order?.live !== true) return state;
  const marked = state.orders.map((item) => (item === order ? { ...item, live: false } : item));
  const surplus = marked.filter(({ live }) => !live).length - ENDED_PLANS_MAX;
  return { ...state, orders: surplus > 0 ? withoutOldestEnded(marked) : marked };
}

function withoutOldestEnded(orders: readonly PlannedOrder[]): readonly PlannedOrder[] {
  const oldest = orders.findIndex(({ live }) => !live);
  return orders.filter((_, i) => i !== oldest);
}

function marked(state: PortfolioState, bar: Bar, entryId: string): PortfolioState {
  const last = state.marks.find((mark) => mark.symbol === bar.symbol) ?? null;
  if (!isNewBar(bar, state.config, last?.open_us ?? null)) return state;
  const mark: Mark = {
    symbol: bar.symbol,
    close_ticks: bar.close_ticks,
    low_ticks: bar.low_ticks,
    high_ticks: bar.high_ticks,
    open_us: bar.open_us,
    interval_us: bar.interval_us,
    resumed_us: last !== null && isAfterHole(last, bar) ? bar.open_us : (last?.resumed_us ?? null),
  };
  const marks =
    last === null ? [...state.marks, mark] : state.marks.map((item) => (item === last ? mark : item));
  return touched(withMarks(state, marks), bar, entryId);
}

/** Field by field: this runs for every bar. */
function withMarks(state: PortfolioState, marks: readonly Mark[]): PortfolioState {
  return {
    config: state.config,
    trade_date: state.trade_date,
    realised_cents: state.realised_cents,
    fees_cents: state.fees_cents,
    positions: state.positions,
    orders: state.orders,
    early_acks: state.early_acks,
    marks,
    seen: state.seen,
    management: state.management,
    account: state.account,
  };
}

/** A trade of one contract takes no partial exit, but its stop still moves when the price touches TP1. */
function touched(state: PortfolioState, bar: Bar, entryId: string): PortfolioState {
  const position = state.positions.find((item) => item.symbol === bar.symbol);
  const instrument = instrumentOf(bar.symbol);
  if (position === undefined || instrument === null) return state;
  const { touch_r, initial_stop_ticks, side } = position;
  if (touch_r === null || initial_stop_ticks === null) return state;
  // Of a bar that an outside fill fell into, nobody knows which came first.
  if (bar.open_us < position.opened_us && position.cause_id !== entryId) return state;
  const level = tp1Ticks(side, entryTicks(position), initial_stop_ticks, touch_r);
  const reached = side === Side.SHORT ? bar.low_ticks <= level : bar.high_ticks >= level;
  if (!reached) return state;
  const moved = atBreakEven(position, state, instrument);
  return moved === position ? state : withPosition(state, position.symbol, moved);
}

function positionMessage(position: OpenPosition, state: PortfolioState): Position {
  const instrument = instrumentOf(position.symbol);
  const mark = state.marks.find((item) => item.symbol === position.symbol);
  const priced = mark !== undefined && instrument !== null;
  const excursion = state.account.excursions.find((item) => item.symbol === position.symbol);
  const extreme = excursion === undefined ? null : extremes(excursion, position.side, entryTicks(position));
  return {
    symbol: position.symbol,
    side: position.side,
    quantity: position.quantity,
    cost_ticks: position.cost_ticks,
    decision_id: position.decision_id,
    strategy: position.strategy,
    regime: position.regime,
    opened_us: position.opened_us,
    initial_quantity: position.initial_quantity,
    stop_ticks: position.stop_ticks,
    target_ticks: position.target_ticks,
    exit_by_us: exitByUs(position),
    open_pnl_cents: priced ? openPnlCents(position, mark.close_ticks, instrument) : null,
    worst_pnl_cents: worstPnlCents(position, state.marks),
    mae_ticks: extreme?.mae_ticks ?? 0,
    mfe_ticks: extreme?.mfe_ticks ?? 0,
    r: mark === undefined ? null : rMultiple(position, mark.close_ticks),
  };
}

function workingOrder({ intent, remaining, broker_order_id }: PlannedOrder): WorkingOrder {
  return {
    intent_id: intent.intent_id,
    decision_id: intent.decision_id,
    symbol: intent.symbol,
    side: intent.side,
    quantity: remaining,
    expires_us: intent.expires_us,
    broker_order_id,
  };
}

/** A position whose price was never seen has no open profit, so it adds none. */
function dayAccount(state: PortfolioState, positions: readonly Position[]): DayAccount {
  const open_pnl_cents = positions.reduce((sum, position) => sum + (position.open_pnl_cents ?? 0), 0);
  const { trade_date, realised_cents, fees_cents } = state;
  const pnl_cents = realised_cents + open_pnl_cents - fees_cents;
  return { trade_date, realised_cents, open_pnl_cents, fees_cents, pnl_cents };
}

function faulted(fault: Fault): PortfolioPart {
  return {
    logic_version: LOGIC_VERSION,
    fault,
    reason: ReasonCode.STAGE_FAULT,
    positions: [],
    working: [],
    day: { trade_date: 0, realised_cents: 0, open_pnl_cents: 0, fees_cents: 0, pnl_cents: 0 },
    closed: [],
    fill_result: null,
    exits: [],
    account: null,
    reconciliation: null,
    strategies: [],
    management: [],
    stop_moves: [],
    heat: null,
    heat_concentration: null,
  };
}
