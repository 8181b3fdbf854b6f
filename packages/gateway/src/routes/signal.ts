import type { FastifyInstance } from 'fastify';
import type { Book } from '../books.js';
import { requireReady, type GatewayContext } from '../context.js';
import { Deadline } from '../deadline.js';
import { abandonEntry, checkSignal, signalEntry } from '../entries/signal-entry.js';
import { journalSubject, submit } from '../entries/submit.js';
import { readRequest } from '../schema/request.js';
import { signalAnswerSchema, type SignalAnswer } from '../schema/signal-answer.js';
import { signalForm, type SignalRequest } from '../schema/signal.js';
import { signalAnswer, timeoutAnswer, type SignalCall } from '../views/signal-answer.js';
import { documented, takesNoQuery } from './documented.js';

const schema = documented({
  summary: 'Ask for a decision',
  description:
    'Name strategy and side to have them scored or refused; name neither to have one ' +
    'chosen. At the deadline the answer is HOLD with `final: false`, and an order of ' +
    'the late decision is cancelled if it is unfilled. The same `signal_id` again ' +
    'gives the final decision.',
  tags: ['decide'],
  body: signalForm.schema,
  response: { 200: signalAnswerSchema },
});

/** `POST /v1/signal`. */
export function signalRoute(app: FastifyInstance, context: GatewayContext): void {
  app.post('/v1/signal', { schema }, async (request) => {
    const now_us = context.nowUs();
    takesNoQuery(request);
    const signal = readRequest(signalForm, request.body, (given, problems) =>
      checkSignal(context.books, given, now_us, context.limits.clockToleranceUs, problems),
    );
    const book = context.books.require(signal.book);
    requireReady(book);
    return context.pending.run(() => answer(context, book, signal, now_us));
  });
}

async function answer(
  context: GatewayContext,
  book: Book,
  signal: SignalRequest,
  now_us: number,
): Promise<SignalAnswer> {
  const deadline = new Deadline(context.limits.signalTimeoutMs);
  const entry = signalEntry(book, signal, now_us);
  const sent = await submit(context.bus, journalSubject(entry), entry, deadline.left);
  const known = sent.repeated ? await book.lookup.byEntry(sent.entry) : null;
  const decision = known ?? (await book.feed.decisionOf(entry.id, deadline.left))?.frame ?? null;
  const call = (): SignalCall => ({
    book: book.name,
    signal_id: signal.signal_id,
    symbol: signal.symbol,
    latency_us: Math.max(0, context.nowUs() - now_us),
  });
  if (decision === null) {
    const journaled = await context.abandoner.abandon(
      abandonEntry(book, sent.entry, signal.signal_id, context.nowUs()),
    );
    return timeoutAnswer(call(), journaled);
  }
  // Only a repeat can meet a signal that was given up on.
  const effect = sent.repeated ? await context.abandoner.effectOn(book, signal.signal_id, decision) : null;
  return signalAnswer(call(), decision, book.config, effect);
}
