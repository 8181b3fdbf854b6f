import type { FastifyInstance } from 'fastify';
import {
  BellwetherError,
  ActionName,
  ReasonCodeName,
  type ErrorCode,
  type Frame,
} from '@bellwether/contracts';
import { decisionId, parseDecisionId, parseFeatureId, present } from '@bellwether/kernel';
import type { Book } from '../books.js';
import { requireReady, type GatewayContext } from '../context.js';
import type { PlacedFrame } from '../feed/history.js';
import {
  decisionDetailSchema,
  decisionPageSchema,
  type DecisionPage,
  type DecisionSummary,
} from '../schema/decision-answer.js';
import { featureAnswerSchema } from '../schema/feature-answer.js';
import { decisionsForm, type DecisionsQuery } from '../schema/queries.js';
import { readRequest, type ProblemSink } from '../schema/request.js';
import { chosenCandidate, isDecision, strategyLabel, symbolOf } from '../views/decision.js';
import { decisionDetail, decisionSummary } from '../views/decision-view.js';
import { featureView } from '../views/feature-view.js';
import { documented, idParams, takesNoQuery } from './documented.js';

const pageSchema = documented({
  summary: 'Decisions, newest first',
  description: 'A page ends at `limit`, or after a bounded number of frames looked at; `next` then goes on.',
  tags: ['audit'],
  querystring: decisionsForm.schema,
  response: { 200: decisionPageSchema },
});

const detailSchema = documented({
  summary: 'Everything about one decision',
  tags: ['audit'],
  params: idParams,
  response: { 200: decisionDetailSchema },
});

const featureSchema = documented({
  summary: 'The 43 numbers behind a decision',
  tags: ['audit'],
  params: idParams,
  response: { 200: featureAnswerSchema },
});

/** `GET /v1/decisions`, `/v1/decisions/:id` and `/v1/features/:id`. */
export function decisionRoutes(app: FastifyInstance, context: GatewayContext): void {
  app.get('/v1/decisions', { schema: pageSchema }, async (request) => {
    const query = readRequest(decisionsForm, request.query, checkQuery);
    const book = context.books.require(query.book);
    requireReady(book);
    return page(book, query, context.limits.pageScanFrames);
  });
  app.get<{ Params: { id: string } }>('/v1/decisions/:id', { schema: detailSchema }, async (request) => {
    takesNoQuery(request);
    const { book, found } = await lookUp(context, parseDecisionId(request.params.id), 'decision_not_found');
    return decisionDetail(found.frame, book.feed.indexedSeq(found.frame.seq)?.latency_us ?? null);
  });
  app.get<{ Params: { id: string } }>('/v1/features/:id', { schema: featureSchema }, async (request) => {
    takesNoQuery(request);
    const { found } = await lookUp(context, parseFeatureId(request.params.id), 'features_not_found');
    return featureView(found.frame);
  });
}

async function lookUp(
  context: GatewayContext,
  id: { readonly book: string; readonly seq: number } | null,
  missing: ErrorCode,
): Promise<{ readonly book: Book; readonly found: PlacedFrame }> {
  const book = id === null ? null : context.books.get(id.book);
  if (id === null || book === null) throw new BellwetherError(missing, '');
  requireReady(book);
  const found = await book.feed.bySeq(id.seq);
  if (found === null) throw new BellwetherError(missing, '');
  return { book, found };
}

function checkQuery(given: Partial<DecisionsQuery>, problems: ProblemSink): void {
  for (const end of ['from', 'to'] as const) {
    if (given[end] !== undefined && given[`${end}_us`] !== undefined) {
      problems.add(`${end}_us`, `The same field as ${end}: give one of the two`);
    }
  }
  const [from, to] = [given.from ?? given.from_us, given.to ?? given.to_us];
  if (from !== undefined && to !== undefined && from >= to) problems.add('to', 'Not after `from`');
  if (given.before !== undefined && parseDecisionId(given.before) === null) {
    problems.add('before', 'Expected the `next` of another page');
  }
}

/** Stream sequence before which a page begins. */
async function startOf(book: Book, query: DecisionsQuery): Promise<number> {
  const head = book.feed.last?.sequence ?? 0;
  let before = head + 1;
  const to_us = query.to ?? query.to_us;
  if (to_us !== undefined) {
    const first = await book.feed.history.firstThat(head, (frame) => frame.book_time_us >= to_us);
    before = first?.sequence ?? before;
  }
  if (query.before !== undefined) {
    const { seq } = present(parseDecisionId(query.before), 'a decision id');
    const found = await book.feed.bySeq(seq);
    before = Math.min(before, found?.sequence ?? before);
  }
  return before;
}

function wanted(frame: Frame, query: DecisionsQuery): boolean {
  const { risk } = frame;
  if (risk === null || (query.asked === 'true' && !isDecision(risk))) return false;
  if (query.action !== undefined && ActionName[risk.action] !== query.action) return false;
  if (query.reason !== undefined && ReasonCodeName[risk.reason] !== query.reason) return false;
  if (query.symbol !== undefined && symbolOf(frame) !== query.symbol) return false;
  const strategy = strategyLabel(chosenCandidate(frame)?.setup?.strategy);
  return query.strategy === undefined || strategy === query.strategy;
}

async function page(book: Book, query: DecisionsQuery, scanMax: number): Promise<DecisionPage> {
  const decisions: DecisionSummary[] = [];
  const from_us = query.from ?? query.from_us ?? 0;
  let scanned = 0;
  const answer = (next: string | null): DecisionPage => ({ book: book.name, decisions, next, scanned });
  for await (const { frame } of book.feed.history.backward(await startOf(book, query))) {
    if (frame.book_time_us < from_us) return answer(null);
    scanned += 1;
    if (wanted(frame, query)) {
      decisions.push(decisionSummary(frame, book.feed.indexedSeq(frame.seq)?.latency_us ?? null));
    }
    const more = frame.seq > 1;
    if (decisions.length === query.limit || scanned === scanMax) {
      return answer(more ? decisionId(book.name, frame.seq) : null);
    }
  }
  return answer(null);
}
