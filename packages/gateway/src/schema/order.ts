import { z } from 'zod';
import { openObject, syntheticField } from './answer-fields.js';
import { bookName, callerId, isoTime, synthetic } from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

/** What a broker says of an order without executing it. */
export const ORDER_STATUSES = ['acknowledged', 'cancelled', 'rejected', 'expired'] as const;

const shape = {
  book: bookName.optional(),
  intent_id: z
    .string()
    .regex(/^[A-Za-z0-9_.:/-]{1,160}$/, 'Expected an intent id such as es-12/1')
    .describe('The order intent that it is about.'),
  status: z
    .enum(ORDER_STATUSES)
    .describe('acknowledged: it stands at the broker. The others end it: no more of it will be filled.'),
  broker_order_id: callerId.describe('The broker’s own name of the order.'),
  ts: isoTime.describe('When the broker said so.'),
  synthetic,
};

const EXAMPLE = {
  intent_id: 'es-412/1',
  status: 'acknowledged',
  broker_order_id: 'px-90125',
  ts: '2025-09-15T13:31:00Z',
};

/** `POST /v1/order`: what became of an order, apart from its fills. */
export const orderForm: RequestForm<typeof shape> = {
  schema: z.strictObject(shape).meta(requestExamples(EXAMPLE, EXAMPLE)),
  aliases: { '': {} },
};
export type OrderRequest = RequestOf<typeof shape>;

/** `200` of `POST /v1/order`. */
export const orderAnswerSchema = z
  .object({
    status: z.literal('ok'),
    entry_id: z.string(),
    intent_id: z.string(),
    book: z.string(),
    seq: z.int().min(0),
    working: z.boolean().describe('The book still counts the order as working.'),
    order: openObject.nullable().describe('As the book sees it; null once it is over.'),
    synthetic: syntheticField,
    latency_ms: z.number(),
  })
  .meta({
    description: 'The portfolio has noted it.',
    examples: [
      {
        status: 'ok',
        entry_id: 'order_ack:es-412/1',
        intent_id: 'es-412/1',
        book: 'es',
        seq: 414,
        working: true,
        order: {
          intent_id: 'es-412/1',
          symbol: 'ES',
          side: 'long',
          quantity: 1,
          broker_order_id: 'px-90125',
        },
        synthetic: false,
        latency_ms: 2.1,
      },
    ],
  });
export type OrderAnswer = z.output<typeof orderAnswerSchema>;

/** `200` of `GET /v1/orders`. */
export const ordersAnswerSchema = z
  .object({
    book: z.string(),
    seq: z.int().min(0).describe('The newest decision; what follows stands as of it.'),
    book_time: z.string().nullable(),
    degraded: z.boolean().describe('Decisions take too long: sizes are halved.'),
    positions: z
      .array(openObject)
      .describe('Open positions, each with the stop that must stand at the broker.'),
    working: z
      .array(openObject)
      .describe('Entry orders that are not over, with the broker’s name once known.'),
    synthetic: syntheticField,
  })
  .meta({
    description: 'What the book believes to be open: to be compared with the broker after a disconnect.',
    examples: [
      {
        book: 'es',
        seq: 414,
        book_time: '2025-09-15T13:31:00.000Z',
        degraded: false,
        positions: [{ symbol: 'ES', side: 'long', quantity: 1, decision_id: 'es-412', stop_ticks: 26_410 }],
        working: [],
        synthetic: false,
      },
    ],
  });
export type OrdersAnswer = z.output<typeof ordersAnswerSchema>;
