import type { FastifyInstance } from 'fastify';
import { REASONS, ReasonCode, ReasonCodeName, type Frame } from '@bellwether/contracts';
import { decide, requireReady, type GatewayContext } from '../context.js';
import { accountEntry, checkAccount } from '../entries/account-entry.js';
import { journalSubject } from '../entries/submit.js';
import {
  accountAnswerSchema,
  accountForm,
  type AccountAnswer,
  type AccountRequest,
} from '../schema/account.js';
import { acceptedAnswer } from '../schema/answer-fields.js';
import { readRequest } from '../schema/request.js';
import { acceptedBody } from '../views/accepted.js';
import { isSynthetic, usd } from '../views/decision.js';
import { documented, takesNoQuery } from './documented.js';

const schema = documented({
  summary: 'The account as the broker sees it',
  description:
    'Compared with the book. Where positions or the balance differ, both sides are shown and nothing is entered' +
    ' (`reconcile`) until they agree again, by later fills or another snapshot. Exits go on.',
  tags: ['report'],
  body: accountForm.schema,
  response: { 200: accountAnswerSchema, 202: acceptedAnswer },
});

/** `POST /v1/account`. */
export function accountRoute(app: FastifyInstance, context: GatewayContext): void {
  const { books, limits } = context;
  app.post('/v1/account', { schema }, async (request, reply) => {
    const now_us = context.nowUs();
    takesNoQuery(request);
    const snapshot = readRequest(accountForm, request.body, (given, problems) =>
      checkAccount(books, given, now_us, limits.clockToleranceUs, problems),
    );
    const book = books.require(snapshot.book);
    requireReady(book);
    const entry = accountEntry(book, snapshot, now_us);
    const decided = await context.pending.run(() => decide(context, book, journalSubject(entry), entry));
    if (decided === null) return reply.code(202).send(acceptedBody(entry.id));
    return { ...answerOf(decided, snapshot, entry.id), data: book.data };
  });
}

function answerOf(
  frame: Frame,
  { snapshot_id }: AccountRequest,
  entry_id: string,
): Omit<AccountAnswer, 'data'> {
  const compared = frame.portfolio?.reconciliation ?? null;
  const matched = compared?.matched ?? false;
  const code =
    compared === null
      ? (frame.portfolio?.reason ?? ReasonCode.NOT_AVAILABLE)
      : matched
        ? ReasonCode.OK
        : ReasonCode.RECONCILE;
  const dollars = (cents: number | null | undefined): number | null => (cents == null ? null : usd(cents));
  return {
    ...{ status: 'ok', entry_id, snapshot_id, book: frame.book, seq: frame.seq, matched },
    ...{ reason: ReasonCodeName[code], reason_text: REASONS[code].meaning },
    differences: (compared?.positions ?? []).map(({ symbol, our_contracts, their_contracts }) => ({
      symbol,
      our_contracts,
      their_contracts,
    })),
    our_balance_usd: dollars(compared?.our_balance_cents),
    their_balance_usd: dollars(compared?.their_balance_cents),
    synthetic: isSynthetic(frame),
  };
}
