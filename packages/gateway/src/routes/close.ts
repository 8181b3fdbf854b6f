import type { FastifyInstance } from 'fastify';
import { BellwetherError, REASONS, ReasonCode, ReasonCodeName, type Frame } from '@bellwether/contracts';
import { decide, requireReady, type GatewayContext } from '../context.js';
import { checkClose, closeEntry, closeIdOf } from '../entries/close-entry.js';
import { journalSubject } from '../entries/submit.js';
import { acceptedAnswer } from '../schema/answer-fields.js';
import { closeForm, type CloseRequest } from '../schema/close.js';
import { closeAnswerSchema, type CloseAnswer } from '../schema/report-answers.js';
import { readRequest } from '../schema/request.js';
import { acceptedBody } from '../views/accepted.js';
import { isSynthetic, milliseconds, usd } from '../views/decision.js';
import { documented, takesNoQuery } from './documented.js';

const schema = documented({
  summary: 'A position was closed',
  description:
    'Names the position by the decision that opened it. 404 `no_position` where there' +
    ' is none. Without `close_id` the decision and the exit time are the id, so the ' +
    'same report again has no second effect.',
  tags: ['report'],
  body: closeForm.schema,
  response: { 200: closeAnswerSchema, 202: acceptedAnswer },
});

/** `POST /v1/close`. */
export function closeRoute(app: FastifyInstance, context: GatewayContext): void {
  const { books, limits } = context;
  app.post('/v1/close', { schema }, async (request, reply) => {
    const now_us = context.nowUs();
    takesNoQuery(request);
    const close = readRequest(closeForm, request.body, (given, problems) =>
      checkClose(books, given, now_us, limits.clockToleranceUs, problems),
    );
    const book = books.require(books.nameFor(close.book, close.decision_id));
    requireReady(book);
    const entry = closeEntry(book, close, now_us);
    const decided = await context.pending.run(() => decide(context, book, journalSubject(entry), entry));
    if (decided === null) return reply.code(202).send(acceptedBody(entry.id));
    return {
      ...closeAnswer(decided, close, entry.id, Math.max(0, context.nowUs() - now_us)),
      data: book.data,
    };
  });
}

function closeAnswer(
  frame: Frame,
  close: CloseRequest,
  entryId: string,
  latency_us: number,
): Omit<CloseAnswer, 'data'> {
  const { portfolio } = frame;
  const result = portfolio?.fill_result ?? null;
  const code = result?.reason ?? portfolio?.reason ?? ReasonCode.NOT_AVAILABLE;
  if (code === ReasonCode.NO_POSITION) {
    throw new BellwetherError('no_position', `The decision ${close.decision_id} has no open position`);
  }
  const closed = portfolio?.closed ?? [];
  const sum = (of: 'net_cents' | 'gross_cents'): number | null =>
    closed.length === 0 ? null : usd(closed.reduce((cents, trade) => cents + trade[of], 0));
  const pnl_usd = sum('net_cents');
  const daily_pnl_usd = portfolio?.day ? usd(portfolio.day.pnl_cents) : null;
  return {
    status: 'ok',
    message: 'Close processed',
    entry_id: entryId,
    close_id: closeIdOf(close),
    decision_id: close.decision_id,
    book: frame.book,
    seq: frame.seq,
    reason: ReasonCodeName[code],
    reason_text: REASONS[code].meaning,
    pnl: pnl_usd,
    pnl_usd,
    gross_usd: sum('gross_cents'),
    dailyPnl: daily_pnl_usd,
    daily_pnl_usd,
    net_contracts: result?.net_contracts ?? null,
    synthetic: isSynthetic(frame),
    final: true,
    latency_ms: milliseconds(latency_us),
  };
}
