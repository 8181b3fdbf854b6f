import { z } from 'zod';
import { Action, ReasonCode, Strategy } from '@bellwether/contracts';
import { TIME_US_MAX, TIME_US_MIN } from '@bellwether/events';
import { bookName, enumNames, isoTime, lowerNames, symbolName } from './fields.js';
import type { RequestForm, RequestOf } from './request.js';

/** Most decisions on one page. */
export const PAGE_SIZE_MAX = 200;
const PAGE_SIZE = 50;

/** A whole number in a query string. */
function wholeText(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,16}$/, 'Expected a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}

const noQuery = {};

/** Routes that take no query. */
export const noQueryForm: RequestForm<typeof noQuery> = { schema: z.strictObject(noQuery), aliases: {} };

const bookQuery = { book: bookName.optional() };
export const bookQueryForm: RequestForm<typeof bookQuery> = {
  schema: z.strictObject(bookQuery),
  aliases: {},
};

const instant = 'Compared with the time of the book (`book_time_us`).';

const decisionsQuery = {
  book: bookName.optional(),
  action: z
    .string()
    .max(20)
    .toLowerCase()
    .pipe(z.enum(lowerNames(Action)))
    .optional()
    .describe(`One of ${lowerNames(Action).join(', ')}.`),
  reason: z
    .string()
    .max(60)
    .toLowerCase()
    .pipe(z.enum(lowerNames(ReasonCode)))
    .optional()
    .describe('Binding reason, such as no_setup.'),
  symbol: symbolName.optional(),
  strategy: z
    .string()
    .max(4)
    .toUpperCase()
    .pipe(z.enum(enumNames(Strategy)))
    .optional()
    .describe('The chosen strategy, S1 to S12.'),
  from: isoTime.optional().describe(`Not before. ${instant}`),
  to: isoTime.optional().describe(`Before this time. ${instant}`),
  from_us: wholeText(TIME_US_MIN, TIME_US_MAX).optional().describe('The same in microseconds UTC.'),
  to_us: wholeText(TIME_US_MIN, TIME_US_MAX).optional().describe('The same in microseconds UTC.'),
  asked: z
    .enum(['true', 'false'])
    .default('true')
    .describe('true: only frames that decided something. false: every frame, also bars and clock entries.'),
  limit: wholeText(1, PAGE_SIZE_MAX)
    .default(PAGE_SIZE)
    .describe(`1 to ${PAGE_SIZE_MAX}; default ${PAGE_SIZE}.`),
  before: z
    .string()
    .max(64)
    .optional()
    .describe('`next` of the page before: goes on with what is older than this decision id.'),
};

/** `GET /v1/decisions`. */
export const decisionsForm: RequestForm<typeof decisionsQuery> = {
  schema: z.strictObject(decisionsQuery),
  aliases: {},
};
export type DecisionsQuery = RequestOf<typeof decisionsQuery>;

const streamQuery = {
  book: bookName.optional().describe('Only this book. Missing: all books.'),
  last_event_id: z
    .string()
    .max(4_096)
    .optional()
    .describe('As the header `Last-Event-ID`, for clients that cannot set it.'),
};
export const streamForm: RequestForm<typeof streamQuery> = {
  schema: z.strictObject(streamQuery),
  aliases: {},
};
