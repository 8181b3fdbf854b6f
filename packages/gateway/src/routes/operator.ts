import type { FastifyInstance } from 'fastify';
import {
  DataOrigin,
  EntryKind,
  OperatorAction,
  OperatorActionName,
  REASONS,
  ReasonCode,
  ReasonCodeName,
  encodeEntry,
  subjects,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { flattens, makeEntry, operatorEntryId } from '@bellwether/kernel';
import type { Book } from '../books.js';
import { decide, requireReady, type GatewayContext } from '../context.js';
import { journalSubject } from '../entries/submit.js';
import { HTTP_SOURCE } from '../entries/signal-entry.js';
import { requireOperator } from '../operator-token.js';
import { acceptedAnswer } from '../schema/answer-fields.js';
import {
  operatorAnswerSchema,
  operatorForm,
  type OperatorAnswer,
  type OperatorRequest,
} from '../schema/operator.js';
import { readRequest } from '../schema/request.js';
import { acceptedBody } from '../views/accepted.js';
import { decisionIdOf } from '../views/decision.js';
import { documented, nothingToCheck, takesNoQuery } from './documented.js';

const ACTIONS = {
  kill: OperatorAction.KILL,
  resume: OperatorAction.RESUME,
  dry_run: OperatorAction.DRY_RUN,
  flatten: OperatorAction.FLATTEN,
} as const;

const schema = documented({
  summary: 'A person tells the book what to do',
  description:
    'Needs `Authorization: Bearer <token of the operator>`. The command becomes an entry of the journal: it is decided' +
    ' in its place, and recomputes with it. `flatten` and `kill` go to execution first, which closes a paper book without' +
    ' waiting for the stages.',
  tags: ['report'],
  body: operatorForm.schema,
  response: { 200: operatorAnswerSchema, 202: acceptedAnswer },
});

/** `POST /v1/operator`. */
export function operatorRoute(app: FastifyInstance, context: GatewayContext): void {
  const { books } = context;
  app.post('/v1/operator', { schema }, async (request, reply) => {
    requireOperator(context.operatorToken, request.headers.authorization);
    takesNoQuery(request);
    const command = readRequest(operatorForm, request.body, nothingToCheck);
    const book = books.require(command.book);
    requireReady(book);
    const entry = operatorEntry(book, command, context.nowUs());
    const { direct, decided } = await context.pending.run(async () => ({
      direct: flattens(entry) && (await toldExecution(context, entry)),
      decided: await decide(context, book, journalSubject(entry), entry),
    }));
    if (decided === null) return reply.code(202).send(acceptedBody(entry.id));
    return answerOf(decided, command, entry.id, direct);
  });
}

/** Execution needs no stage to close a paper book, so this is short: whoever does not answer is left to the journal. */
const CONTROL_TIMEOUT_MS = 1_000;

/** True where execution has done the command itself and journaled it (ADR 0022). */
async function toldExecution({ bus, logger }: GatewayContext, entry: Entry): Promise<boolean> {
  try {
    await bus.request(subjects.control(entry.book), encodeEntry(entry), CONTROL_TIMEOUT_MS);
    return true;
  } catch (cause) {
    logger.warn({ err: cause, book: entry.book, entry: entry.id }, 'Execution did not take a command itself');
    return false;
  }
}

/** In a book that is fed with the past, a command counts at the book's own time. */
function operatorEntry(book: Book, command: OperatorRequest, now_us: number): Entry {
  const at_us = book.knownTime === 'event' ? (book.feed.last?.frame.book_time_us ?? now_us) : now_us;
  return makeEntry(
    {
      book: book.name,
      id: operatorEntryId(command.command_id),
      kind: EntryKind.OPERATOR,
      ...{ event_us: at_us, known_us: at_us, source: HTTP_SOURCE, origin: DataOrigin.MARKET },
    },
    {
      operator: {
        command_id: command.command_id,
        action: ACTIONS[command.action],
        note: command.note,
      },
    },
  );
}

function answerOf(frame: Frame, command: OperatorRequest, entry_id: string, direct: boolean): OperatorAnswer {
  const result = frame.risk?.operator ?? null;
  const code = result?.reason ?? ReasonCode.NOT_AVAILABLE;
  return {
    status: 'ok',
    entry_id,
    command_id: command.command_id,
    book: frame.book,
    seq: frame.seq,
    decision_id: decisionIdOf(frame),
    action: OperatorActionName[result?.action ?? ACTIONS[command.action]],
    accepted: result?.accepted ?? false,
    reason: ReasonCodeName[code],
    reason_text: REASONS[code].meaning,
    dry_run: frame.risk?.dry_run ?? false,
    orders: frame.risk?.intents.length ?? 0,
    direct,
  };
}
