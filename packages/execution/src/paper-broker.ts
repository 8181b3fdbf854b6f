import {
  ExecutionMode,
  FillLeg,
  IntentKind,
  OrderOutcome,
  ReasonCode,
  type Bar,
  type Entry,
  type Frame,
  type OrderIntent,
} from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { orderEndEntry, orderEntry, strayEndEntry, type Stamp } from './paper-broker-entries.js';
import type { IntrabarOrder } from './intrabar-order.js';
import { expiredByBar, filledByBar } from './paper-broker-fills.js';
import {
  lastBar,
  type BrokerState,
  type LastBar,
  type PaperClose,
  type PaperOrder,
  type StrayOrder,
} from './paper-broker-state.js';
import { isNewBar } from '@bellwether/portfolio';
import { withCalendar } from '@bellwether/streams';

const NO_STRAYS: readonly StrayOrder[] = [];

/** The state after a decision, and the entries that are due now because of decisions. */
export interface Folded {
  readonly state: BrokerState;
  readonly due: readonly Entry[];
}

/**
 * Folds one decision of the book, in their order. `due` is everything that decisions so far demand and the
 * journal does not show yet, not only what this one added: after a restart the answer to the last decision is
 * complete. While a bar is half done nothing is due: it comes first.
 */
export function onDecision(state: BrokerState, frame: Frame): Folded {
  if (frame.seq <= state.seq) return { state, due: dueByDecisions(state) };
  const entry = present(frame.entry, 'an entry');
  const positions = frame.portfolio?.positions ?? state.positions;
  const orders = withIntents(afterEntry(state.orders, entry), frame, entry);
  const needed = orders.every((order) => isNeeded(order, positions))
    ? orders
    : orders.filter((order) => isNeeded(order, positions));
  const next: BrokerState = {
    seq: frame.seq,
    entry_id: entry.id,
    config: entry.release === null ? state.config : entry.release.config,
    market_us: Math.max(state.market_us, entry.event_us),
    bars: entry.bar === null ? state.bars : withBar(state, entry.bar),
    positions,
    orders: needed,
    closes: withCloses(state.closes, frame, entry),
    strays: straysOf(state, needed, frame, entry),
    calendar: calendarAfter(state, entry),
    base: baseAfter(state, entry),
  };
  return { state: next, due: dueByDecisions(next) };
}

/**
 * Everything that must be in the journal before this raw input, in order. For the same bar the answer is the
 * same before and after any of it has been journaled and decided. Empty for what is not a new bar.
 */
export function onInput(
  state: BrokerState,
  entry: Entry,
  order: IntrabarOrder = 'stop_first',
): readonly Entry[] {
  const { bar } = entry;
  const from = state.base?.cause === entry.id ? state.base.state : state;
  if (bar === null || from.config === null) return [];
  const last = from.bars.find(({ symbol }) => symbol === bar.symbol);
  if (!isNewBar(bar, from.config, last?.open_us ?? null)) return [];
  const paper = from.config.execution === ExecutionMode.PAPER;
  return paper ? filledByBar(from, from.config, entry, bar, order) : expiredByBar(from, entry, bar);
}

function calendarAfter({ calendar }: BrokerState, { aux, known_us }: Entry): BrokerState['calendar'] {
  const economic = aux?.economic ?? null;
  return economic === null ? calendar : withCalendar(calendar, economic, known_us);
}

/** The bar entry that caused this one, or an empty text. */
function causeOf(entry: Entry): string {
  return entry.fill?.cause_id ?? entry.order_end?.cause_id ?? '';
}

function baseAfter(state: BrokerState, entry: Entry): BrokerState['base'] {
  const { base } = state;
  if (base !== null && base.cause === entry.id) return null;
  const cause = causeOf(entry);
  if (cause === '' || base?.cause === cause) return base;
  return { cause, state: { ...state, base: null } };
}

function withBar(state: BrokerState, bar: Bar): readonly LastBar[] {
  const last = state.bars.find(({ symbol }) => symbol === bar.symbol);
  if (!isNewBar(bar, state.config, last?.open_us ?? null)) return state.bars;
  const next = lastBar(bar, last ?? null);
  if (last === undefined) return [...state.bars, next];
  return state.bars.map((item) => (item === last ? next : item));
}

/** A plan is needed while its order can be filled or its position is open. */
function isNeeded(order: PaperOrder, positions: BrokerState['positions']): boolean {
  const { decision_id, symbol } = order.intent;
  return order.live || positions.some((item) => item.decision_id === decision_id && item.symbol === symbol);
}

function afterEntry(orders: readonly PaperOrder[], entry: Entry): readonly PaperOrder[] {
  const { order, fill, order_end } = entry;
  const intentId = order?.intent_id ?? fill?.intent_id ?? order_end?.intent_id ?? null;
  if (intentId === null || !orders.some(({ intent }) => intent.intent_id === intentId)) return orders;
  return orders.map((item) => {
    if (item.intent.intent_id !== intentId) return item;
    if (order !== null) return { ...item, journaled: true };
    if (order_end !== null) return { ...item, live: false };
    return fill === null ? item : afterFill(item, fill);
  });
}

function afterFill(order: PaperOrder, fill: NonNullable<Entry['fill']>): PaperOrder {
  const filled = order.filled + (fill.side === order.intent.side ? fill.quantity : 0);
  return {
    ...order,
    filled,
    live: order.live && filled < order.intent.quantity,
    fills: order.fills + 1,
    tp1_done: order.tp1_done || fill.leg === FillLeg.TP1,
  };
}

function stampOf(frame: Frame, entry: Entry): Stamp {
  const { book, origin, book_time_us } = frame;
  return { book, origin, event_us: entry.event_us, known_us: book_time_us };
}

/** New entry orders, and cancels written down at the orders they end. */
function withIntents(orders: readonly PaperOrder[], frame: Frame, entry: Entry): readonly PaperOrder[] {
  const intents = frame.risk?.intents ?? [];
  if (intents.length === 0) return orders;
  let next = orders;
  for (const intent of intents) {
    const stamp = stampOf(frame, entry);
    if (intent.kind === IntentKind.ENTER) next = [...next, newOrder(intent, stamp)];
    if (intent.kind === IntentKind.CANCEL) {
      const cancel = { stamp, reason: intent.reason };
      const wanted = intent.cancel_intent_id;
      next = next.map((item) => (item.intent.intent_id === wanted ? { ...item, cancel } : item));
    }
  }
  return next;
}

function newOrder(intent: OrderIntent, stamp: Stamp): PaperOrder {
  const fresh = { journaled: false, live: true, filled: 0, fills: 0, tp1_done: false, cancel: null };
  return { intent, stamp, ...fresh };
}

function withCloses(closes: readonly PaperClose[], frame: Frame, entry: Entry): readonly PaperClose[] {
  const { fill, order_end } = entry;
  let next = closes;
  if (order_end !== null) next = next.filter(({ intent }) => intent.intent_id !== order_end.intent_id);
  if (fill !== null && next.some(({ intent }) => intent.intent_id === fill.intent_id)) {
    next = next.flatMap((close) => {
      if (close.intent.intent_id !== fill.intent_id) return [close];
      const filled = close.filled + fill.quantity;
      return filled < close.intent.quantity ? [{ ...close, filled, fills: close.fills + 1 }] : [];
    });
  }
  const added = (frame.risk?.intents ?? []).filter(({ kind }) => kind === IntentKind.CLOSE);
  if (added.length === 0) return next;
  const stamp = stampOf(frame, entry);
  return [...next, ...added.map((intent) => ({ intent, stamp, filled: 0, fills: 0 }))];
}

function straysOf(
  before: BrokerState,
  orders: readonly PaperOrder[],
  frame: Frame,
  entry: Entry,
): readonly StrayOrder[] {
  const working = frame.portfolio?.working ?? [];
  if (working.length === 0) return NO_STRAYS;
  const strays = working.filter(
    ({ intent_id }) => !orders.some((order) => order.live && order.intent.intent_id === intent_id),
  );
  return strays.map(({ intent_id, decision_id, symbol }) => {
    const known = before.strays.find((stray) => stray.intent_id === intent_id);
    return known ?? { intent_id, decision_id, symbol, stamp: stampOf(frame, entry) };
  });
}

/** What decisions demand and the journal does not show yet. */
export function dueByDecisions(state: BrokerState): readonly Entry[] {
  if (state.base !== null) return [];
  const due: Entry[] = [];
  for (const order of state.orders) {
    const entry = order.live ? dueOfOrder(order, state) : null;
    if (entry !== null) due.push(entry);
  }
  for (const { intent, stamp } of state.closes) {
    const open = state.positions.some(
      (item) => item.symbol === intent.symbol && item.decision_id === intent.decision_id,
    );
    if (open) continue;
    due.push(orderEndEntry(intent, stamp, OrderOutcome.CANCELLED, ReasonCode.NO_POSITION, ''));
  }
  for (const stray of state.strays) due.push(strayEndEntry(stray));
  return due;
}

/**
 * An order that came too late is rejected, one that was called back is cancelled. In an external book only
 * the trader's own machine knows what became of an order that it was told to cancel: it ends by its fill or
 * its expiry.
 */
function dueOfOrder(order: PaperOrder, state: BrokerState): Entry | null {
  const { intent, stamp, cancel, journaled } = order;
  const external = state.config?.execution === ExecutionMode.EXTERNAL;
  if (cancel !== null && !(journaled && external)) {
    return orderEndEntry(intent, cancel.stamp, OrderOutcome.CANCELLED, cancel.reason, '');
  }
  if (journaled) return null;
  if (state.market_us >= intent.expires_us) {
    return orderEndEntry(intent, stamp, OrderOutcome.REJECTED, ReasonCode.ORDER_EXPIRED, '');
  }
  return orderEntry(intent, stamp);
}
