import type { FastifyInstance } from 'fastify';
import { BellwetherError, type Frame } from '@bellwether/contracts';
import type { Book } from '../books.js';
import { decide, requireReady, type GatewayContext } from '../context.js';
import { checkOrder, decisionOfIntent, orderIntentOf, orderStatusEntry } from '../entries/order-entry.js';
import { journalSubject } from '../entries/submit.js';
import { acceptedAnswer } from '../schema/answer-fields.js';
import {
  orderAnswerSchema,
  orderForm,
  ordersAnswerSchema,
  type OrderAnswer,
  type OrdersAnswer,
} from '../schema/order.js';
import { bookQueryForm } from '../schema/queries.js';
import { readRequest } from '../schema/request.js';
import { isoText } from '@bellwether/events';
import { acceptedBody } from '../views/accepted.js';
import { isSynthetic, milliseconds } from '../views/decision.js';
import { plainMessage } from '../views/plain.js';
import { documented, nothingToCheck, takesNoQuery } from './documented.js';

const reportSchema = documented({
  summary: 'What became of an order, apart from its fills',
  description:
    'For books whose orders are placed by a program on the trader’s own machine. One acknowledgement and one end for each' +
    ' order intent: the same report again has no second effect. 404 `unknown_order` where no decision of the book ordered it.',
  tags: ['report'],
  body: orderForm.schema,
  response: { 200: orderAnswerSchema, 202: acceptedAnswer },
});

const readSchema = documented({
  summary: 'What the book believes to be open',
  description:
    'Positions with their stops, and entry orders that are not over. To be compared with the broker.',
  tags: ['report'],
  querystring: bookQueryForm.schema,
  response: { 200: ordersAnswerSchema },
});

/** `POST /v1/order` and `GET /v1/orders`. */
export function orderRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { books, limits } = context;
  app.post('/v1/order', { schema: reportSchema }, async (request, reply) => {
    const now_us = context.nowUs();
    takesNoQuery(request);
    const order = readRequest(orderForm, request.body, (given, problems) =>
      checkOrder(books, given, now_us, limits.clockToleranceUs, problems),
    );
    const book = books.require(books.nameFor(order.book, decisionOfIntent(order.intent_id)));
    requireReady(book);
    const intent = await orderIntentOf(book, order.intent_id);
    if (intent === null) {
      throw new BellwetherError(
        'unknown_order',
        `No decision of ${book.name} has the order ${order.intent_id}`,
      );
    }
    const entry = orderStatusEntry(book, order, intent, now_us);
    const decided = await context.pending.run(() => decide(context, book, journalSubject(entry), entry));
    if (decided === null) return reply.code(202).send(acceptedBody(entry.id));
    return orderAnswer(decided, order.intent_id, entry.id, Math.max(0, context.nowUs() - now_us));
  });
  app.get('/v1/orders', { schema: readSchema }, (request) => {
    const { book } = readRequest(bookQueryForm, request.query, nothingToCheck);
    const wanted = books.require(book);
    requireReady(wanted);
    return ordersAnswer(wanted);
  });
}

function orderAnswer(frame: Frame, intentId: string, entryId: string, latency_us: number): OrderAnswer {
  const working = frame.portfolio?.working.find((item) => item.intent_id === intentId);
  return {
    status: 'ok',
    entry_id: entryId,
    intent_id: intentId,
    book: frame.book,
    seq: frame.seq,
    working: working !== undefined,
    order: working === undefined ? null : plainMessage(working, 'working', null),
    synthetic: isSynthetic(frame),
    latency_ms: milliseconds(latency_us),
  };
}

function ordersAnswer(book: Book): OrdersAnswer {
  const frame = book.feed.last?.frame ?? null;
  return {
    book: book.name,
    seq: frame?.seq ?? 0,
    book_time: frame === null ? null : isoText(frame.book_time_us),
    degraded: frame?.risk?.degraded ?? false,
    positions: (frame?.portfolio?.positions ?? []).map((item) => plainMessage(item, 'positions', null)),
    working: (frame?.portfolio?.working ?? []).map((item) => plainMessage(item, 'working', null)),
    synthetic: frame !== null && isSynthetic(frame),
  };
}
