import type { FastifyInstance } from 'fastify';
import { REASONS, ReasonCode, ReasonCodeName, type Frame } from '@bellwether/contracts';
import { decide, requireReady, type GatewayContext } from '../context.js';
import { checkFill, fillEntry } from '../entries/fill-entry.js';
import { journalSubject } from '../entries/submit.js';
import { acceptedAnswer } from '../schema/answer-fields.js';
import { fillForm, type FillRequest } from '../schema/fill.js';
import { fillAnswerSchema, type FillAnswer } from '../schema/report-answers.js';
import { readRequest } from '../schema/request.js';
import { acceptedBody } from '../views/accepted.js';
import { instrumentOfFrame, isSynthetic, milliseconds, usd } from '../views/decision.js';
import { plainMessage } from '../views/plain.js';
import { totalContracts } from '../views/standing.js';
import { documented, takesNoQuery } from './documented.js';

const schema = documented({
  summary: 'A broker has executed',
  description:
    'Counts toward position and caps whether or not it belongs to a decision. The ' +
    'same `fill_id` again has no second effect. A paper book fills its own orders; a ' +
    'fill reported there is a trade made by hand.',
  tags: ['report'],
  body: fillForm.schema,
  response: { 200: fillAnswerSchema, 202: acceptedAnswer },
});

/** `POST /v1/fill`. */
export function fillRoute(app: FastifyInstance, context: GatewayContext): void {
  const { books, limits } = context;
  app.post('/v1/fill', { schema }, async (request, reply) => {
    const now_us = context.nowUs();
    takesNoQuery(request);
    const fill = readRequest(fillForm, request.body, (given, problems) =>
      checkFill(books, given, now_us, limits.clockToleranceUs, problems),
    );
    const book = books.require(books.nameFor(fill.book, fill.decision_id));
    requireReady(book);
    const entry = fillEntry(book, fill, now_us);
    const decided = await context.pending.run(() => decide(context, book, journalSubject(entry), entry));
    if (decided === null) return reply.code(202).send(acceptedBody(entry.id));
    return { ...fillAnswer(decided, fill, entry.id, Math.max(0, context.nowUs() - now_us)), data: book.data };
  });
}

function fillAnswer(
  frame: Frame,
  fill: FillRequest,
  entryId: string,
  latency_us: number,
): Omit<FillAnswer, 'data'> {
  const { portfolio } = frame;
  const result = portfolio?.fill_result ?? null;
  const code = result?.reason ?? portfolio?.reason ?? ReasonCode.NOT_AVAILABLE;
  const position = portfolio?.positions.find((item) => item.symbol === fill.symbol);
  const tick = instrumentOfFrame(frame)?.tick_size_e4 ?? null;
  return {
    status: 'ok',
    message: 'Fill processed',
    entry_id: entryId,
    fill_id: fill.fill_id,
    book: frame.book,
    seq: frame.seq,
    matched: result?.matched ?? null,
    reason: ReasonCodeName[code],
    reason_text: REASONS[code].meaning,
    symbol: fill.symbol,
    net_contracts: result?.net_contracts ?? null,
    position: position === undefined ? null : plainMessage(position, 'positions', tick),
    total_contracts: portfolio === null ? null : totalContracts(portfolio),
    realised_usd: result?.realised_cents == null ? null : usd(result.realised_cents),
    daily_pnl_usd: portfolio?.day ? usd(portfolio.day.pnl_cents) : null,
    synthetic: isSynthetic(frame),
    latency_ms: milliseconds(latency_us),
  };
}
