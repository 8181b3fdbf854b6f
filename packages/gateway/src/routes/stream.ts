import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseDecisionId } from '@bellwether/kernel';
import { BellwetherError } from '@bellwether/contracts';
import type { Book } from '../books.js';
import { requireReady, type GatewayContext } from '../context.js';
import { streamForm } from '../schema/queries.js';
import { readRequest } from '../schema/request.js';
import { SECURITY_HEADERS } from '../security.js';
import type { StreamSink } from '../stream/stream-client.js';
import type { StreamHub } from '../stream/stream-hub.js';
import { documented, nothingToCheck } from './documented.js';

const eventStream = z.string().meta({
  description:
    'Server-sent events. `decision`: as an item of /v1/decisions, its id the decision' +
    ' id. `open`: once, at the start. `gap`: too much was missed to be sent again. ' +
    '`closed`: with the reason, before the gateway ends the connection.',
  examples: [
    'id: es-412\nevent: decision\ndata: {"decision_id":"es-412","action":"HOLD","reason":"no_setup"}\n\n',
  ],
});

const schema = documented({
  summary: 'Decisions as they come',
  description:
    'A client that comes back with `Last-Event-ID` gets what it missed. Decide ' +
    'nothing twice: an event can come again after a reconnect, with the same id.',
  tags: ['audit'],
  querystring: streamForm.schema,
  response: {
    200: {
      description: 'Events until one side ends it.',
      content: { 'text/event-stream': { schema: eventStream } },
    },
  },
});

/** `GET /v1/stream`. */
export function streamRoute(app: FastifyInstance, context: GatewayContext, hub: StreamHub): void {
  app.get('/v1/stream', { schema, exposeHeadRoute: false }, (request, reply) => {
    const query = readRequest(streamForm, request.query, nothingToCheck);
    const books = query.book === undefined ? context.books.all : [context.books.require(query.book)];
    for (const book of books) requireReady(book);
    const resumed = resumedFrom(request.headers['last-event-id'] ?? query.last_event_id, books);
    hub.requireRoom();
    reply.hijack();
    const client = hub.open(openSink(reply), books, resumed);
    reply.raw.on('close', () => hub.leave(client));
    reply.raw.on('error', () => hub.leave(client));
  });
}

/**
 * The last frame seen of each book, or null where the client does not resume. Throws on an id that is none of
 * ours.
 */
function resumedFrom(
  header: string | string[] | undefined,
  books: readonly Book[],
): ReadonlyMap<string, number> | null {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  if (text === '') return null;
  const positions = new Map<string, number>();
  for (const part of text.split(',')) {
    const id = parseDecisionId(part.trim());
    if (id === null || !books.some((book) => book.name === id.book)) {
      const problem = { path: 'last-event-id', message: 'Expected the id of an event of this stream' };
      throw new BellwetherError('invalid_request', 'The stream cannot be resumed from there', [problem]);
    }
    positions.set(id.book, id.seq);
  }
  return positions;
}

function openSink(reply: FastifyReply): StreamSink {
  const { raw } = reply;
  raw.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    // Proxies that gather answers would hold events back.
    'x-accel-buffering': 'no',
  });
  return {
    write: (text) => {
      raw.write(text);
    },
    end: () => {
      raw.end();
    },
    destroy: () => {
      raw.destroy();
    },
    get writableLength() {
      return raw.writableLength;
    },
    get needsDrain() {
      return raw.writableNeedDrain;
    },
    onDrain: (callback) => {
      raw.once('drain', callback);
    },
  };
}
