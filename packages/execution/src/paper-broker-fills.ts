import {
  FillLeg,
  OrderOutcome,
  ReasonCode,
  Side,
  type Bar,
  type BookConfig,
  type Entry,
  type Position,
} from '@bellwether/contracts';
import { paperFillId } from '@bellwether/kernel';
import { instrumentOf, sessionAt, type Instrument } from '@bellwether/market';
import { breakEvenTicks, feePerSideCents, tp1Ticks } from '@bellwether/portfolio';
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
}

/** After 08:30 the market is thin for this long, as it is all night. */
const OPENING_US = 60_000_000;

/**
 * Slippage of a market or stop order in a bar, in ticks: doubled outside RTH and in its first minute
 * (domain.md 9.2).
 */
export function slippageTicks(config: BookConfig, instrument: Instrument, bar_open_us: number): number {
  const own = config.symbols.find((item) => item.symbol === instrument.symbol);
  const ticks = own?.slippage_ticks ?? instrument.slippage_ticks_default;
  const session = sessionAt(bar_open_us);
  const calm =
    session !== null && bar_open_us >= session.rth_open_us + OPENING_US && bar_open_us < session.rth_close_us;
  return calm ? ticks : 2 * ticks;
}

/**
 * Everything that a bar causes in a paper book: exits of what is open, then entry orders and their own exits.
 */
export function filledByBar(
  state: BrokerState,
  config: BookConfig,
  entry: Entry,
  bar: Bar,
): readonly Entry[] {
  const orders = workingOrders(state, bar);
  const position = state.positions.find((item) => item.symbol === bar.symbol) ?? null;
  const instrument = instrumentOf(bar.symbol);
  if (instrument === null || (orders.length === 0 && position === null)) return [];
  const market: Market = {
    ...{ entry, bar, instrument },
    slip: slippageTicks(config, instrument, bar.open_us),
    fee_cents: feePerSideCents(config, instrument),
  };
  const exits = position === null ? [] : positionExits(state, position, market);
  const due = [...expiredCloses(state, entry, bar), ...exits.map(({ due: item }) => item)];
  const closedAtOpen = exits.reduce((sum, { exit }) => sum + (exit.at === 'open' ? exit.quantity : 0), 0);
  let occupied = position !== null && closedAtOpen < position.quantity;
  for (const order of orders) {
    const made = orderInBar(order, market, occupied);
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
  const { entry, bar, slip } = market;
  const { intent } = order;
  if (bar.open_us >= intent.expires_us) {
    const end = ended(order, entry, bar, OrderOutcome.EXPIRED, ReasonCode.ORDER_EXPIRED);
    return { due: [end], filled: false };
  }
  const made = bar.open_us < intent.created_us ? null : entryInBar(intent, seenBar(bar, intent.side), slip);
  if (made === null) return { due: [], filled: false };
  if (occupied) {
    const end = ended(order, entry, bar, OrderOutcome.REJECTED, ReasonCode.POSITION_OPEN);
    return { due: [end], filled: false };
  }
  return { due: entryFills(order, market, made), filled: true };
}

/** The fill of an entry order and the exits that the same bar causes. */
function entryFills(order: PaperOrder, market: Market, made: BarEntry): readonly Entry[] {
  const { intent } = order;
  const quantity = intent.quantity - order.filled;
  const price_ticks = seenPrice(intent.side, made.price);
  const fill = filled(market, made.at, {
    ...{ fill_id: paperFillId(intent.intent_id, order.fills + 1), intent_id: intent.intent_id },
    ...{ decision_id: intent.decision_id, side: intent.side, quantity, price_ticks },
    ...{ leg: FillLeg.ENTRY, ambiguous: false },
  });
  const { bar } = market;
  const fill_us = made.at === 'open' ? bar.open_us : bar.open_us + bar.interval_us;
  const timeStop = intent.time_stop_us === null ? null : fill_us + intent.time_stop_us;
  const trade: BarTrade = {
    quantity,
    ...levels(order, market, price_ticks, intent.stop_ticks, intent.target_ticks),
    exit_by_us: earlier(timeStop, intent.flat_by_us),
    close_quantity: 0,
    entered: made.at,
  };
  const exits = exitsInBar(trade, seenBar(bar, intent.side), market.slip);
  return [fill, ...exits.map((exit, i) => exitFill(order, market, exit, order.fills + 2 + i))];
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
  const close = state.closes.find(
    ({ intent }) =>
      intent.symbol === position.symbol &&
      intent.decision_id === position.decision_id &&
      bar.open_us >= intent.created_us &&
      bar.open_us < intent.expires_us,
  );
  if (order === undefined && close === undefined) return [];
  const average = position.cost_ticks / position.quantity;
  const unplanned = { stop: null, target: null, tp1: null, break_even: 0 };
  const trade: BarTrade = {
    quantity: position.quantity,
    ...(order === undefined
      ? unplanned
      : levels(order, market, average, position.stop_ticks, position.target_ticks)),
    exit_by_us: order === undefined ? null : position.exit_by_us,
    close_quantity: close === undefined ? 0 : close.intent.quantity - close.filled,
    entered: null,
  };
  let n = order?.fills ?? 0;
  return exitsInBar(trade, seenBar(bar, position.side), market.slip).flatMap((exit) => {
    if (exit.leg === FillLeg.CLOSE) {
      return close === undefined ? [] : [{ exit, due: closeFill(close, position.side, market, exit) }];
    }
    n += 1;
    return order === undefined ? [] : [{ exit, due: exitFill(order, market, exit, n) }];
  });
}

function opposite(side: Side): Side {
  return side === Side.SHORT ? Side.LONG : Side.SHORT;
}

function exitFill({ intent }: PaperOrder, market: Market, exit: BarExit, n: number): Entry {
  return filled(market, exit.at, {
    ...{ fill_id: paperFillId(intent.intent_id, n), intent_id: intent.intent_id },
    ...{ decision_id: intent.decision_id, side: opposite(intent.side), quantity: exit.quantity },
    ...{ price_ticks: seenPrice(intent.side, exit.price), leg: exit.leg, ambiguous: exit.ambiguous },
  });
}

function closeFill({ intent, fills }: PaperClose, held: Side, market: Market, exit: BarExit): Entry {
  return filled(market, exit.at, {
    ...{ fill_id: paperFillId(intent.intent_id, fills + 1), intent_id: intent.intent_id },
    decision_id: intent.decision_id === '' ? null : intent.decision_id,
    ...{ side: opposite(held), quantity: exit.quantity, price_ticks: seenPrice(held, exit.price) },
    ...{ leg: FillLeg.CLOSE, ambiguous: false },
  });
}

function filled(market: Market, at: 'open' | 'close', paper: Omit<PaperFill, 'fee_cents'>): Entry {
  const fee_cents = market.fee_cents * paper.quantity;
  return fillEntry(market.entry, market.bar, at, { ...paper, fee_cents });
}
