import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { GatewayContext } from '../context.js';
import { bookQueryForm } from '../schema/queries.js';
import { healthAnswerSchema, statsAnswerSchema } from '../schema/report-answers.js';
import { readRequest } from '../schema/request.js';
import { healthAnswer, statsAnswer } from '../views/standing.js';
import { documented, nothingToCheck, takesNoQuery } from './documented.js';

const rootAnswer = z
  .object({
    service: z.literal('bellwether'),
    ready: z.boolean(),
    version: z.string(),
    docs: z.literal('/docs'),
  })
  .meta({
    description: 'What this is.',
    examples: [{ service: 'bellwether', ready: true, version: '0.1.0', docs: '/docs' }],
  });

const metricsText = z.string().meta({
  description: 'Prometheus text.',
  examples: ['bw_gateway_requests_total{route="/v1/signal",method="POST",status="200"} 12'],
});

const METRICS_MEDIA = 'text/plain';
const METRICS_TYPE = `${METRICS_MEDIA}; version=0.0.4; charset=utf-8`;

/** `GET /`, `/health`, `/v1/stats` and `/metrics`. */
export function statusRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { books, version } = context;
  app.get(
    '/',
    { schema: documented({ summary: 'What this is', tags: ['status'], response: { 200: rootAnswer } }) },
    (request) => {
      takesNoQuery(request);
      const ready = healthAnswer(books.all, version).status === 'READY';
      return { service: 'bellwether', ready, version, docs: '/docs' };
    },
  );
  app.get(
    '/health',
    {
      schema: documented({
        summary: 'Whether it can do its job now',
        description:
          '200 when READY: every stored decision has been read, and the bus is connected. Else 503.',
        tags: ['status'],
        response: { 200: healthAnswerSchema, 503: healthAnswerSchema },
      }),
    },
    (request, reply) => {
      takesNoQuery(request);
      const answer = healthAnswer(books.all, version);
      return reply.code(answer.status === 'READY' ? 200 : 503).send(answer);
    },
  );
  app.get(
    '/v1/stats',
    {
      schema: documented({
        summary: 'How a book stands',
        tags: ['status'],
        querystring: bookQueryForm.schema,
        response: { 200: statsAnswerSchema },
      }),
    },
    (request) => {
      const { book } = readRequest(bookQueryForm, request.query, nothingToCheck);
      return statsAnswer(books.require(book));
    },
  );
  app.get(
    '/metrics',
    {
      schema: documented({
        summary: 'Counters for Prometheus',
        tags: ['status'],
        response: {
          200: { description: 'Prometheus text.', content: { [METRICS_MEDIA]: { schema: metricsText } } },
        },
      }),
    },
    async (request, reply) => {
      takesNoQuery(request);
      return reply
        .type(METRICS_TYPE)
        .serializer((text: string) => text)
        .send(await context.metrics.render());
    },
  );
}
