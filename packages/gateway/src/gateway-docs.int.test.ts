import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { z } from 'zod';
import { acceptedAnswer, errorAnswerSchema } from './schema/answer-fields.js';
import { decisionDetailSchema, decisionPageSchema } from './schema/decision-answer.js';
import { featureAnswerSchema } from './schema/feature-answer.js';
import {
  closeAnswerSchema,
  fillAnswerSchema,
  healthAnswerSchema,
  statsAnswerSchema,
  tickAnswerSchema,
} from './schema/report-answers.js';
import { signalAnswerSchema } from './schema/signal-answer.js';
import { World } from './test/harness.js';

const ROUTES = [
  'GET /',
  'GET /health',
  'GET /metrics',
  'GET /v1/decisions',
  'GET /v1/decisions/{id}',
  'GET /v1/features/{id}',
  'GET /v1/orders',
  'GET /v1/stats',
  'GET /v1/stream',
  'POST /v1/account',
  'POST /v1/close',
  'POST /v1/events',
  'POST /v1/fill',
  'POST /v1/operator',
  'POST /v1/order',
  'POST /v1/signal',
  'POST /v1/tick',
];

const media = z.looseObject({
  schema: z.looseObject({ examples: z.array(z.unknown()).optional() }),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
});
const operation = z.looseObject({
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  parameters: z.array(z.looseObject({ name: z.string() })).optional(),
  requestBody: z.object({ required: z.literal(true), content: z.record(z.string(), media) }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ description: z.string().min(1), content: z.record(z.string(), media) }),
  ),
});
const openApi = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.literal('Bellwether'), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
});

type Operation = z.output<typeof operation>;

let world: World;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
  world = await World.start();
  const answer = await world.get('/docs/json');
  expect(answer.status).toBe(200);
  const document = openApi.parse(answer.body);
  operations = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, item]) => [`${method.toUpperCase()} ${path}`, item] as const),
    ),
  );
});

afterAll(async () => {
  await world.close();
});

describe('the OpenAPI document', () => {
  it('has every route and no other', () => {
    expect([...operations.keys()].sort()).toEqual(ROUTES);
  });

  test.each(ROUTES)('%s has an example of each answer', (route) => {
    const responses = Object.entries(operations.get(route)?.responses ?? {});
    expect(responses.map(([status]) => status)).toEqual(expect.arrayContaining(['200', '4XX', '5XX']));
    for (const [, response] of responses) {
      for (const item of Object.values(response.content)) {
        expect(item.example ?? item.schema.examples?.[0]).toBeDefined();
      }
    }
  });

  it('takes the request that POST /v1/order shows, though no decision here ordered it', async () => {
    const examples =
      operations.get('POST /v1/order')?.requestBody?.content['application/json']?.examples ?? {};
    const answer = await world.post('/v1/order', examples['bellwether']?.value);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'unknown_order' } } });
  });

  const OTHERWISE = ['POST /v1/order', 'POST /v1/operator'];

  test.each(ROUTES.filter((route) => route.startsWith('POST') && !OTHERWISE.includes(route)))(
    '%s takes the requests that it shows',
    async (route) => {
      const examples = operations.get(route)?.requestBody?.content['application/json']?.examples ?? {};
      expect(Object.keys(examples)).toEqual(['bellwether', 'original']);
      for (const { value } of Object.values(examples)) {
        const answer = await world.post(route.slice('POST '.length), value);
        expect({ status: answer.status, error: answer.body['error'] }).toEqual({
          status: 200,
          error: undefined,
        });
      }
    },
  );

  it('tells the parameters of a query', () => {
    const names = operations.get('GET /v1/decisions')?.parameters?.map((parameter) => parameter.name);
    expect(names).toEqual([
      ...[
        'book',
        'action',
        'reason',
        'symbol',
        'strategy',
        'from',
        'to',
        'from_us',
        'to_us',
        'asked',
        'limit',
      ],
      'before',
    ]);
  });

  it('shows answers that have the form it describes', () => {
    const schemas = [
      acceptedAnswer,
      errorAnswerSchema,
      decisionPageSchema,
      decisionDetailSchema,
      featureAnswerSchema,
      tickAnswerSchema,
      fillAnswerSchema,
      closeAnswerSchema,
      statsAnswerSchema,
      healthAnswerSchema,
      signalAnswerSchema,
    ];
    for (const schema of schemas) {
      const examples = z.globalRegistry.get(schema)?.['examples'];
      expect(examples).toHaveLength(1);
      for (const example of examples as unknown[]) expect(schema.parse(example)).toEqual(example);
    }
  });
});

describe('the reference page', () => {
  it.each(['/docs', '/docs/'])('%s loads nothing from elsewhere', async (path) => {
    const page = await world.get(path);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain(`script-src 'self'`);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
    expect(sources).toEqual([
      '/docs/swagger-ui.css',
      '/docs/json',
      '/docs/swagger-ui-bundle.js',
      '/docs/start.js',
    ]);
    for (const source of sources) expect((await world.get(String(source))).status).toBe(200);
  });
});
