import type { FastifyInstance } from 'fastify';
import { REASONS, ReasonCode, ReasonCodeName, type Entry, type Frame } from '@bellwether/contracts';
import { featureId } from '@bellwether/kernel';
import type { Book } from '../books.js';
import { requireReady, type GatewayContext } from '../context.js';
import { barEntry, checkBar } from '../entries/bar-entry.js';
import { inputSubject, submit } from '../entries/submit.js';
import { acceptedAnswer } from '../schema/answer-fields.js';
import { tickAnswerSchema, type TickAnswer } from '../schema/report-answers.js';
import { readRequest } from '../schema/request.js';
import { tickForm } from '../schema/tick.js';
import { acceptedBody } from '../views/accepted.js';
import { isSynthetic, milliseconds, originName, regimeName } from '../views/decision.js';
import { documented, takesNoQuery } from './documented.js';

const schema = documented({
  summary: 'One completed bar',
  description:
    'The bar waits for the broker of the book, which journals it in the right order. ' +
    'The answer comes when the regime has spoken. The same bar again has no second ' +
    'effect and gives the same answer.',
  tags: ['decide'],
  body: tickForm.schema,
  response: { 200: tickAnswerSchema, 202: acceptedAnswer },
});

/** `POST /v1/tick`. */
export function tickRoute(app: FastifyInstance, context: GatewayContext): void {
  const { books, limits } = context;
  app.post('/v1/tick', { schema }, async (request, reply) => {
    const now_us = context.nowUs();
    takesNoQuery(request);
    const bar = readRequest(tickForm, request.body, (given, problems) =>
      checkBar(books, given, now_us, limits.clockToleranceUs, problems),
    );
    const book = books.require(bar.book);
    requireReady(book);
    const entry = barEntry(book, bar, now_us);
    const frame = await context.pending.run(() => firstWord(context, book, entry));
    if (frame === null) return reply.code(202).send(acceptedBody(entry.id));
    return tickAnswer(frame, entry.id, context.nowUs() - now_us);
  });
}

/** Sends a bar and waits for its regime; null when that has not come in time. */
async function firstWord(context: GatewayContext, book: Book, entry: Entry): Promise<Frame | null> {
  const waitMs = context.limits.tickTimeoutMs;
  const first = book.feed.firstWordOf(entry.id, waitMs);
  try {
    const sent = await submit(context.bus, inputSubject(entry), entry, waitMs);
    const known = sent.repeated ? await book.lookup.byEntry(sent.entry) : null;
    return known ?? (await first.result);
  } finally {
    first.cancel();
  }
}

function tickAnswer(frame: Frame, entryId: string, latency_us: number): TickAnswer {
  const code = answerReason(frame);
  const id = featureId(frame.book, frame.seq);
  return {
    status: 'ok',
    entry_id: entryId,
    book: frame.book,
    seq: frame.seq,
    regime: regimeName(frame.regime),
    gate: frame.regime?.gate_open ?? false,
    reason: ReasonCodeName[code],
    reason_text: REASONS[code].meaning,
    feature_id: id,
    featureSnapshotId: id,
    synthetic: isSynthetic(frame),
    data_origin: originName(frame.origin),
    latency_ms: milliseconds(latency_us),
  };
}

/** What was wrong with the bar comes before what the regime says of it. */
function answerReason(frame: Frame): ReasonCode {
  const { features, regime } = frame;
  if (features !== null && features.reason !== ReasonCode.OK) return features.reason;
  return regime?.reason ?? ReasonCode.NOT_AVAILABLE;
}
