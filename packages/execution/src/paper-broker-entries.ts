import {
  EntryKind,
  OrderOutcome,
  ReasonCode,
  type Bar,
  type DataOrigin,
  type Entry,
  type Fill,
  type OrderEnd,
  type OrderIntent,
} from '@bellwether/contracts';
import { fillEntryId, makeEntry, orderEndEntryId, orderEntryId } from '@bellwether/kernel';
import type { StrayOrder } from './paper-broker-state.js';

/** Who writes the entries of the paper broker. */
export const PAPER_SOURCE = 'paper';

/**
 * Times and origin of the frame that led to an order, so that its entries are the same whenever they are
 * made.
 */
export interface Stamp {
  readonly book: string;
  readonly event_us: number;
  readonly known_us: number;
  readonly origin: DataOrigin;
}

/** Execution takes on an entry order: its whole plan goes into the journal. */
export function orderEntry(intent: OrderIntent, stamp: Stamp): Entry {
  const base = { ...stamp, id: orderEntryId(intent.intent_id), source: PAPER_SOURCE };
  return makeEntry({ ...base, kind: EntryKind.ORDER }, { order: intent });
}

/** An order ends without a further fill. `cause_id` is the bar that caused it, empty where a decision did. */
export function orderEndEntry(
  intent: OrderIntent,
  stamp: Stamp,
  outcome: OrderOutcome,
  reason: ReasonCode,
  cause_id: string,
): Entry {
  const { intent_id, decision_id, symbol } = intent;
  const order_end: OrderEnd = {
    intent_id,
    decision_id,
    symbol,
    outcome,
    reason,
    cause_id,
    broker_order_id: '',
  };
  const base = { ...stamp, id: orderEndEntryId(intent_id), source: PAPER_SOURCE };
  return makeEntry({ ...base, kind: EntryKind.ORDER_END }, { order_end });
}

export type PaperFill = Pick<
  Fill,
  | 'fill_id'
  | 'decision_id'
  | 'intent_id'
  | 'side'
  | 'quantity'
  | 'price_ticks'
  | 'fee_cents'
  | 'leg'
  | 'ambiguous'
>;

/**
 * A stray order ends, so that its contracts are not reserved for ever. It may have ended before it was taken on, under
 * its usual id, so this end has one of its own; it is needed at most once, for an order is taken on once.
 */
export function strayEndEntry(stray: StrayOrder): Entry {
  const { intent_id, decision_id, symbol, stamp } = stray;
  const reason = ReasonCode.ORDER_OVER;
  const order_end: OrderEnd = {
    ...{ intent_id, decision_id, symbol, outcome: OrderOutcome.CANCELLED },
    ...{ reason, cause_id: '', broker_order_id: '' },
  };
  const base = { ...stamp, id: `${orderEndEntryId(intent_id)}:over`, source: PAPER_SOURCE };
  return makeEntry({ ...base, kind: EntryKind.ORDER_END }, { order_end });
}

/** A fill that a bar causes: when its order was there and at the open, or, where the time inside is unknown, at its close. */
export function fillEntry(cause: Entry, bar: Bar, fill_us: number, paper: PaperFill): Entry {
  const fill: Fill = {
    ...paper,
    symbol: bar.symbol,
    tick_size_e4: bar.tick_size_e4,
    fill_us,
    cause_id: cause.id,
    strategy: null,
    corrects_fill_id: null,
  };
  const { book, known_us, origin } = cause;
  const base = { book, known_us, origin, event_us: fill_us, source: PAPER_SOURCE };
  return makeEntry({ ...base, id: fillEntryId(fill.fill_id), kind: EntryKind.FILL }, { fill });
}
