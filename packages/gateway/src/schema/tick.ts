import { z } from 'zod';
import { bookName, isoTime, price, symbolName, synthetic, wholeCount } from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

const shape = {
  book: bookName.optional(),
  symbol: symbolName,
  ts: isoTime.describe('When the bar opened. Not its close: a bar stamped by its close must be moved first.'),
  o: price,
  h: price,
  l: price,
  c: price,
  v: wholeCount
    .nullable()
    .default(null)
    .describe('Volume. null: the source does not know it; never send 0 for that.'),
  interval: z.enum(['1m', '5m']).optional().describe('Length of the bar. Default: that of the book.'),
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'Expected lower case, digits, _ and -')
    .default('http')
    .describe('Who sends the bar. Part of its id.'),
  revision: z.int().min(0).max(1_000_000).default(0).describe('Raised for a corrected bar. Part of its id.'),
  bid_size: wholeCount.optional().describe('Also `bidSize`.'),
  ask_size: wholeCount.optional().describe('Also `askSize`.'),
  last_trade_dir: z
    .union([z.literal(1), z.literal(-1)])
    .optional()
    .describe('1: the last trade was at the ask; -1: at the bid. Also `lastTradeDir`.'),
  session: z
    .string()
    .max(16)
    .optional()
    .describe('Taken for compatibility and not used: the calendar decides.'),
  synthetic,
};

const EXAMPLE = {
  symbol: 'ES',
  ts: '2025-09-15T13:30:00Z',
  o: 6604.75,
  h: 6606.25,
  l: 6604.25,
  c: 6605.5,
  v: 1234,
};
const ORIGINAL_EXAMPLE = {
  ...EXAMPLE,
  ts: '2025-09-15T13:31:00Z',
  bidSize: 120,
  askSize: 100,
  lastTradeDir: 1,
  session: 'RTH',
};

/** `POST /v1/tick`: one completed bar. */
export const tickForm: RequestForm<typeof shape> = {
  schema: z.strictObject(shape).meta(requestExamples(EXAMPLE, ORIGINAL_EXAMPLE)),
  aliases: { '': { bidSize: 'bid_size', askSize: 'ask_size', lastTradeDir: 'last_trade_dir' } },
};
export type TickRequest = RequestOf<typeof shape>;
