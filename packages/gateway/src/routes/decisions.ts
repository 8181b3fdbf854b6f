import type { FastifyInstance } from 'fastify';
import { Action, BellwetherError, ReasonCode, Strategy, type ErrorCode } from '@bellwether/contracts';
import { decisionId, parseDecisionId, parseFeatureId, present } from '@bellwether/kernel';
import type { Book } from '../books.js';
import { requireReady, type GatewayContext } from '../context.js';
import type { FoundOne } from '../audit/decision-lookup.js';
import type { FrameFilter } from '../feed/frame-outline.js';
import { decisionDetailSchema, decisionPageSchema, type DecisionPage } from '../schema/decision-answer.js';
import { featureAnswerSchema } from '../schema/feature-answer.js';
import { decisionsForm, type DecisionsQuery } from '../schema/queries.js';
import { readRequest, type ProblemSink } from '../schema/request.js';
import { auditedView, headView } from '../views/audited.js';
import { decisionDetail, decisionSummary } from '../views/decision-view.js';
import { featureView } from '../views/feature-view.js';
import { documented, idParams, takesNoQuery } from './documented.js';

const pageSchema = documented({
  summary: 'Decisions, newest first',
  description:
    'Read from the audit log; decisions that are not there yet come from the gateway itself. Where the log does not ' +
    'answer, those of the last two trade dates are given with `audited` false, and older ones are 503 `audit_unavailable`.',
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
    return page(book, query);
  });
  app.get<{ Params: { id: string } }>('/v1/decisions/:id', { schema: detailSchema }, async (request) => {
    takesNoQuery(request);
    return decisionDetail(await lookUp(context, parseDecisionId(request.params.id), 'decision_not_found'));
  });
  app.get<{ Params: { id: string } }>('/v1/features/:id', { schema: featureSchema }, async (request) => {
    takesNoQuery(request);
    return featureView(await lookUp(context, parseFeatureId(request.params.id), 'features_not_found'));
  });
}

async function lookUp(
  context: GatewayContext,
  id: { readonly book: string; readonly seq: number } | null,
  missing: ErrorCode,
): Promise<FoundOne> {
  const book = id === null ? null : context.books.get(id.book);
  if (id === null || book === null) throw new BellwetherError(missing, '');
  requireReady(book);
  const found = await book.lookup.bySeq(id.seq);
  if (found === null) throw new BellwetherError(missing, '');
  return found;
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

const valueOf = <T extends number>(
  values: Readonly<Record<string, T>>,
  name: string | undefined,
): T | null => (name === undefined ? null : present(values[name.toUpperCase()], name));

function filterOf(query: DecisionsQuery): FrameFilter {
  return {
    from_us: query.from ?? query.from_us ?? null,
    to_us: query.to ?? query.to_us ?? null,
    action: valueOf<Action>(Action, query.action),
    reason: valueOf<ReasonCode>(ReasonCode, query.reason),
    symbol: query.symbol ?? null,
    strategy: valueOf<Strategy>(Strategy, query.strategy),
    asked_only: query.asked === 'true',
  };
}

async function page(book: Book, query: DecisionsQuery): Promise<DecisionPage> {
  const before = query.before === undefined ? null : parseDecisionId(query.before);
  const { found, next_before_seq, head } = await book.lookup.page({
    filter: filterOf(query),
    before_seq: before === null ? null : before.seq,
    limit: query.limit,
  });
  return {
    book: book.name,
    decisions: found.map((item) => ({
      ...decisionSummary(item.frame, item.latency_us),
      ...auditedView(item),
    })),
    next: next_before_seq === null ? null : decisionId(book.name, next_before_seq),
    audit_head: headView(head),
  };
}
