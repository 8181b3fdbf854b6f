import {
  FillLeg,
  OrderOutcome,
  OrderType,
  ReasonCode,
  Side,
  type Bar,
  type BookConfig,
  type PaperConfig,
  type Entry,
  type Position,
} from '@bellwether/contracts';
import { paperFillId } from '@bellwether/kernel';
import { instrumentOf, type Instrument } from '@bellwether/market';
import { breakEvenTicks, feePerSideCents, timeStopAtUs, tp1Ticks } from '@bellwether/portfolio';
import { profitFirst, type IntrabarOrder } from './intrabar-order.js';
import { earliestFillUs, paperOf, slippageTicks, withinVolume } from './paper-assumptions.js';
import {
  entryInBar,
  exitsInBar,
  seenBar,
  seenPrice,
  type BarEntry,
  type BarExit,
  type BarTrade,
} from './paper-broker-bar.js';
import { fillEntry, orderEndEntry, type PaperFill } from './paper-broker-entries.js';
import type { BrokerState, PaperClose, PaperOrder } from './paper-broker-state.js';

/** The bar and what a fill in it costs. */
interface Market {
  readonly entry: Entry;
  readonly bar: Bar;
  readonly instrument: Instrument;
  readonly slip: number;
  readonly fee_cents: number;
  readonly paper: PaperConfig;
  readonly order: IntrabarOrder;
}

/**
 * Everything that a bar causes in a paper book: exits of what is open, then entry orders and their own exits.
 */
export function filledByBar(
  state: BrokerState,
  config: BookConfig,
  entry: Entry,
  bar: Bar,
  order: IntrabarOrder,
): readonly Entry[] {
  const orders = workingOrders(state, bar);
  const position = state.positions.find((item) => item.symbol === bar.symbol) ?? null;
  const instrument = instrumentOf(bar.symbol);
  if (instrument === null || (orders.length === 0 && position === null)) return [];
  const last = state.bars.find(({ symbol }) => symbol === bar.symbol) ?? null;
  // Field by field, here and below: this runs for every bar of a position.
  const market: Market = {
    entry,
    bar,
    instrument,
    order,
    slip: slippageTicks(config, instrument, bar, { last, calendar: state.calendar }),
    paper: paperOf(config),
    fee_cents: feePerSideCents(config, instrument),
  };
  const exits = position === null ? [] : positionExits(state, position, market);
  const due = [...expiredCloses(state, entry, bar), ...exits.map(({ due: item }) => item)];
  const closedAtOpen = exits.reduce((sum, { exit }) => sum + (exit.at === 'open' ? exit.quantity : 0), 0);
  let occupied = position !== null && closedAtOpen < position.quantity;
  for (const working of orders) {
    const made = orderInBar(working, market, occupied);
    due.push(...made.due);
    occupied = occupied || made.filled;
  }
  return due;
}

/**
 * What a bar ends in an external book: nothing is filled here, but an order that expired may not count for
 * ever.
 */
export function expiredByBar(state: BrokerState, entry: Entry, bar: Bar): readonly Entry[] {
  const entries = workingOrders(state, bar).filter(({ intent }) => bar.open_us >= intent.expires_us);
  return [
    ...entries.map((order) => ended(order, entry, bar, OrderOutcome.EXPIRED, ReasonCode.ORDER_EXPIRED)),
    ...expiredCloses(state, entry, bar),
  ];
}

/** CLOSE orders that nothing has executed in time. They end, so that risk sends new ones while there is a need. */
function expiredCloses(state: BrokerState, entry: Entry, bar: Bar): readonly Entry[] {
  return state.closes
    .filter(({ intent }) => intent.symbol === bar.symbol && bar.open_us >= intent.expires_us)
    .map((close) => ended(close, entry, bar, OrderOutcome.EXPIRED, ReasonCode.ORDER_EXPIRED));
}

/** Entry orders of the bar's symbol that the journal shows and nothing has ended. */
function workingOrders(state: BrokerState, bar: Bar): readonly PaperOrder[] {
  return state.orders.filter(
    ({ live, journaled, intent }) => live && journaled && intent.symbol === bar.symbol,
  );
}

function ended(
  { intent }: Pick<PaperOrder, 'intent'>,
  cause: Entry,
  bar: Bar,
  outcome: OrderOutcome,
  reason: ReasonCode,
): Entry {
  const { book, known_us, origin, id } = cause;
  return orderEndEntry(intent, { book, known_us, origin, event_us: bar.open_us }, outcome, reason, id);
}

/** One position at a time in a symbol: an order that triggers while one is open is rejected. */
function orderInBar(
  order: PaperOrder,
  market: Market,
  occupied: boolean,
): { readonly due: readonly Entry[]; readonly filled: boolean } {
  const { entry, bar, slip, paper } = market;
  const { intent } = order;
  if (bar.open_us >= intent.expires_us) {
    const end = ended(order, entry, bar, OrderOutcome.EXPIRED, ReasonCode.ORDER_EXPIRED);
    return { due: [end], filled: false };
  }
  const from_us = earliestFillUs(intent.created_us, bar, paper);
  const made =
    from_us === null ? null : entryInBar(intent, seenBar(bar, intent.side), slip, paper.limit_through_ticks);
  if (made === null || from_us === null) return { due: [], filled: false };
  const rejected = rejection(order, market, occupied);
  if (rejected !== null) {
    const end = ended(order, entry, bar, OrderOutcome.REJECTED, rejected);
    return { due: [end], filled: false };
  }
  return { due: entryFills(order, market, made, from_us), filled: true };
}

/** Why an order that would fill is rejected instead, or null. */
function rejection(order: PaperOrder, { bar, paper }: Market, occupied: boolean): ReasonCode | null {
  if (occupied) return ReasonCode.POSITION_OPEN;
  return withinVolume(order.intent.quantity - order.filled, bar, paper) ? null : ReasonCode.VOLUME_CAP;
}

/** The fill of an entry order and the exits that the same bar causes. */
function entryFills(order: PaperOrder, market: Market, made: BarEntry, from_us: number): readonly Entry[] {
  const { intent } = order;
  const quantity = intent.quantity - order.filled;
  const price_ticks = seenPrice(intent.side, made.price);
  const { bar } = market;
  const fill_us = made.at === 'open' ? from_us : bar.open_us + bar.interval_us;
  const fill = filled(market, fill_us, {
    ...{ fill_id: paperFillId(intent.intent_id, order.fills + 1), intent_id: intent.intent_id },
    ...{ decision_id: intent.decision_id, side: intent.side, quantity, price_ticks },
    ...{ leg: FillLeg.ENTRY, ambiguous: false },
  });
  const timeStop = intent.time_stop_us === null ? null : timeStopAtUs(fill_us, intent.time_stop_us);
  const trade: BarTrade = {
    quantity,
    ...levels(order, market, price_ticks, intent.stop_ticks, intent.target_ticks),
    exit_by_us: earlier(timeStop, intent.flat_by_us),
    close_quantity: 0,
    entered: made.at,
    by_limit: intent.order_type === OrderType.LIMIT,
    through: market.paper.limit_through_ticks,
    profit_first: isProfitFirst(market, intent.decision_id),
  };
  const exits = exitsInBar(trade, seenBar(bar, intent.side), market.slip);
  return [fill, ...exits.map((exit, i) => exitFill(order, market, exit, order.fills + 2 + i, from_us))];
}

function isProfitFirst({ order, entry }: Market, decision_id: string): boolean {
  return profitFirst(order, `${entry.id} ${decision_id}`);
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** Stop, target, TP1 and break-even as the trade's side sees them. */
function levels(
  order: PaperOrder,
  market: Market,
  entry_ticks: number,
  stop_ticks: number | null,
  target_ticks: number | null,
): Pick<BarTrade, 'stop' | 'target' | 'tp1' | 'break_even'> {
  const { side, tp1_r, tp1_quantity, stop_ticks: initial } = order.intent;
  const seen = (ticks: number): number => seenPrice(side, ticks);
  const break_even = seen(breakEvenTicks(side, entry_ticks, market.fee_cents, market.instrument));
  const stop = stop_ticks === null ? null : seen(stop_ticks);
  const quantity = tp1_quantity ?? 0;
  // A touch that has moved the stop already has nothing left to do.
  const done = order.tp1_done || (quantity === 0 && stop !== null && stop >= break_even);
  const target = target_ticks === null ? null : seen(target_ticks);
  const tp1 =
    tp1_r === null || initial === null || done
      ? null
      : { price: seen(tp1Ticks(side, entry_ticks, initial, tp1_r)), quantity };
  // A target that is nearer than TP1 takes the whole trade: nobody is paid a price beyond his own order.
  const beyond = tp1 !== null && target !== null && target < tp1.price;
  return { stop, target, tp1: beyond ? null : tp1, break_even };
}

/** A position without a plan of ours. */
const UNPLANNED = { stop: null, target: null, tp1: null, break_even: 0 };

interface MadeExit {
  readonly exit: BarExit;
  readonly due: Entry;
}

/** Exits of an open position. Without a plan of ours it has no stop here, and only a CLOSE order ends it. */
function positionExits(state: BrokerState, position: Position, market: Market): readonly MadeExit[] {
  const { bar } = market;
  const order = state.orders.find(
    ({ intent }) => intent.decision_id === position.decision_id && intent.symbol === position.symbol,
  );
  const closes = closesIn(state, position, market);
  if (order === undefined && closes.length === 0) return [];
  const average = position.cost_ticks / position.quantity;
  const { stop, target, tp1, break_even } =
    order === undefined
      ? UNPLANNED
      : levels(order, market, average, position.stop_ticks, position.target_ticks);
  const trade: BarTrade = {
    quantity: position.quantity,
    stop,
    target,
    tp1,
    break_even,
    exit_by_us: order === undefined ? null : position.exit_by_us,
    close_quantity: closes.reduce((sum, close) => sum + close.left, 0),
    entered: null,
    by_limit: false,
    through: market.paper.limit_through_ticks,
    profit_first: isProfitFirst(market, position.decision_id),
  };
  let n = order?.fills ?? 0;
  return exitsInBar(trade, seenBar(bar, position.side), market.slip).flatMap((exit) => {
    if (exit.leg === FillLeg.CLOSE) return closeFills(closes, position.side, market, exit);
    n += 1;
    return order === undefined ? [] : [{ exit, due: exitFill(order, market, exit, n, bar.open_us) }];
  });
}

function opposite(side: Side): Side {
  return side === Side.SHORT ? Side.LONG : Side.SHORT;
}

/** At the open, not before `from_us`: what an entry brought about comes after it. */
function exitFill({ intent }: PaperOrder, market: Market, exit: BarExit, n: number, from_us: number): Entry {
  const { bar } = market;
  const fill_us = exit.at === 'open' ? from_us : bar.open_us + bar.interval_us;
  return filled(market, fill_us, {
    ...{ fill_id: paperFillId(intent.intent_id, n), intent_id: intent.intent_id },
    ...{ decision_id: intent.decision_id, side: opposite(intent.side), quantity: exit.quantity },
    ...{ price_ticks: seenPrice(intent.side, exit.price), leg: exit.leg, ambiguous: exit.ambiguous },
  });
}

/** A CLOSE order that this bar can fill. */
interface DueClose {
  readonly close: PaperClose;
  readonly left: number;
  readonly from_us: number;
}

/** CLOSE orders of the position in the order of their decisions. */
function closesIn(state: BrokerState, position: Position, { bar, paper }: Market): readonly DueClose[] {
  const found: DueClose[] = [];
  for (const close of state.closes) {
    const { intent } = close;
    if (intent.symbol !== position.symbol || intent.decision_id !== position.decision_id) continue;
    const from_us = earliestFillUs(intent.created_us, bar, paper);
    if (from_us === null || bar.open_us >= intent.expires_us) continue;
    found.push({ close, left: intent.quantity - close.filled, from_us });
  }
  return found;
}

/** What leaves at the open, shared among the CLOSE orders. */
function closeFills(
  closes: readonly DueClose[],
  held: Side,
  market: Market,
  exit: BarExit,
): readonly MadeExit[] {
  const made: MadeExit[] = [];
  let rest = exit.quantity;
  for (const { close, left, from_us } of closes) {
    const quantity = Math.min(left, rest);
    if (quantity === 0) break;
    rest -= quantity;
    const part = { ...exit, quantity };
    made.push({ exit: part, due: closeFill(close, held, market, part, from_us) });
  }
  return made;
}

function closeFill(
  { intent, fills }: PaperClose,
  held: Side,
  market: Market,
  exit: BarExit,
  from_us: number,
): Entry {
  return filled(market, from_us, {
    ...{ fill_id: paperFillId(intent.intent_id, fills + 1), intent_id: intent.intent_id },
    decision_id: intent.decision_id === '' ? null : intent.decision_id,
    ...{ side: opposite(held), quantity: exit.quantity, price_ticks: seenPrice(held, exit.price) },
    ...{ leg: FillLeg.CLOSE, ambiguous: false },
  });
}

function filled(market: Market, fill_us: number, paper: Omit<PaperFill, 'fee_cents'>): Entry {
  const fee_cents = market.fee_cents * paper.quantity;
  return fillEntry(market.entry, market.bar, fill_us, { ...paper, fee_cents });
}
