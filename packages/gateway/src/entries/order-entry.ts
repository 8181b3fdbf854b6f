import {
  DataOrigin,
  EntryKind,
  IntentKind,
  OrderOutcome,
  ReasonCode,
  type Entry,
  type OrderIntent,
} from '@bellwether/contracts';
import { makeEntry, orderAckEntryId, orderEndEntryId, parseDecisionId } from '@bellwether/kernel';
import type { Book, Books } from '../books.js';
import type { OrderRequest } from '../schema/order.js';
import type { ProblemSink } from '../schema/request.js';
import { checkNotAhead } from './checks.js';
import { HTTP_SOURCE } from './signal-entry.js';

/** The decision that an intent belongs to: its id up to the slash. */
export function decisionOfIntent(intentId: string): string {
  return intentId.slice(0, Math.max(0, intentId.lastIndexOf('/')));
}

export function checkOrder(
  books: Books,
  given: Partial<OrderRequest>,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  const decision = given.intent_id === undefined ? undefined : decisionOfIntent(given.intent_id);
  if (decision !== undefined && parseDecisionId(decision) === null) {
    problems.add('intent_id', 'Expected a decision id, a slash and a number, such as es-12/1');
  }
  const book = books.check(books.nameFor(given.book, decision), problems);
  if (book !== null) checkNotAhead(book, 'ts', given.ts, now_us, tolerance_us, problems);
}

/** The intent of this id, or null where its decision has none. MOVE_STOP and CANCEL ask for a change: they are no orders. */
export async function orderIntentOf(book: Book, intentId: string): Promise<OrderIntent | null> {
  const decision = parseDecisionId(decisionOfIntent(intentId));
  if (decision === null || decision.book !== book.name) return null;
  const found = await book.feed.bySeq(decision.seq);
  const intents = found?.frame.risk?.intents ?? [];
  const intent = intents.find((item) => item.intent_id === intentId);
  const isOrder = intent?.kind === IntentKind.ENTER || intent?.kind === IntentKind.CLOSE;
  return isOrder ? intent : null;
}

const OUTCOMES = {
  cancelled: OrderOutcome.CANCELLED,
  rejected: OrderOutcome.REJECTED,
  expired: OrderOutcome.EXPIRED,
} as const;

/** The entry of what a broker says of an order. One acknowledgement and one end for each intent. */
export function orderStatusEntry(
  book: Book,
  request: OrderRequest,
  intent: OrderIntent,
  now_us: number,
): Entry {
  const { status, broker_order_id, ts } = request;
  const { intent_id, decision_id, symbol } = intent;
  const base = {
    book: book.name,
    event_us: ts,
    known_us: book.knownTime === 'event' ? ts : now_us,
    source: HTTP_SOURCE,
    origin: request.synthetic ? DataOrigin.SYNTHETIC : DataOrigin.MARKET,
  };
  if (status === 'acknowledged') {
    const order_ack = { intent_id, decision_id, symbol, broker_order_id, ack_us: ts };
    return makeEntry({ ...base, id: orderAckEntryId(intent_id), kind: EntryKind.ORDER_ACK }, { order_ack });
  }
  const order_end = {
    ...{ intent_id, decision_id, symbol, outcome: OUTCOMES[status] },
    ...{ reason: ReasonCode.BROKER_SAID, cause_id: '', broker_order_id },
  };
  return makeEntry({ ...base, id: orderEndEntryId(intent_id), kind: EntryKind.ORDER_END }, { order_end });
}
