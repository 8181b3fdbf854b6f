import type { FastifyInstance } from 'fastify';
import { DataOrigin, type Entry, type Frame } from '@bellwether/contracts';
import { decisionId } from '@bellwether/kernel';
import type { Book } from '../books.js';
import { requireReady, type GatewayContext } from '../context.js';
import { Deadline } from '../deadline.js';
import { checkEvents, receivedEvent, requireFreeIds } from '../entries/event-entries.js';
import { inputSubject, submit } from '../entries/submit.js';
import { eventsAcceptedSchema, eventsAnswerSchema, eventsForm, type EventsAnswer } from '../schema/events.js';
import { readRequest } from '../schema/request.js';
import { documented, takesNoQuery } from './documented.js';

const schema = documented({
  summary: 'Events of auxiliary streams: news, options flow, economic calendar',
  description:
    'Like bars they wait for the broker of the book, which journals them in the right order. The same event again has no ' +
    'second effect. In a live book an event is known when it is received, whatever it says of itself.',
  tags: ['decide'],
  body: eventsForm.schema,
  response: { 200: eventsAnswerSchema, 202: eventsAcceptedSchema },
});

/** `POST /v1/events`. */
export function eventsRoute(app: FastifyInstance, context: GatewayContext): void {
  const { books, limits } = context;
  app.post('/v1/events', { schema }, async (request, reply) => {
    const now_us = context.nowUs();
    takesNoQuery(request);
    const given = readRequest(eventsForm, request.body, (found, problems) =>
      checkEvents(books, found, now_us, limits.clockToleranceUs, problems),
    );
    const book = books.require(given.book);
    requireReady(book);
    const entries = given.events.map((event) => receivedEvent(book, event, now_us, context.scorer));
    const answer = await context.pending.run(() => take(context, book, entries));
    return reply.code(answer.status === 'ok' ? 200 : 202).send(answer);
  });
}

/** Stores all events in order, then waits for what the line says of them. */
async function take(context: GatewayContext, book: Book, entries: readonly Entry[]): Promise<EventsAnswer> {
  const deadline = new Deadline(context.limits.tickTimeoutMs);
  await requireFreeIds(context.bus, entries);
  const sent = [];
  for (const entry of entries) {
    sent.push(await submit(context.bus, inputSubject(entry), entry, context.limits.tickTimeoutMs));
  }
  const events = [];
  for (const { entry, repeated } of sent) {
    const known: Frame | null = repeated ? await book.lookup.byEntry(entry) : null;
    const frame = known ?? (await book.feed.decisionOf(entry.id, deadline.left))?.frame ?? null;
    events.push({
      ...{ entry_id: entry.id, repeated, score: entry.aux?.news?.score ?? null },
      decision_id: frame === null ? null : decisionId(frame.book, frame.seq),
    });
  }
  const status = events.every(({ decision_id }) => decision_id !== null) ? 'ok' : 'accepted';
  return { status, events, synthetic: entries.some(({ origin }) => origin === DataOrigin.SYNTHETIC) };
}
