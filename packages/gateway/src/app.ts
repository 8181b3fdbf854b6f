import fastify, { LogController, type FastifyInstance } from 'fastify';
import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { BellwetherError } from '@bellwether/contracts';
import type { GatewayContext } from './context.js';
import { answerClientError } from './errors/client-error.js';
import { handleErrors, refuse } from './errors/error-routes.js';
import { parseStrictJson } from './json/strict-json.js';
import { GATEWAY_METRICS } from './metrics.js';
import { accountRoute } from './routes/account.js';
import { closeRoute } from './routes/close.js';
import { decisionRoutes } from './routes/decisions.js';
import { docsRoutes } from './routes/docs.js';
import { eventsRoute } from './routes/events.js';
import { fillRoute } from './routes/fill.js';
import { operatorRoute } from './routes/operator.js';
import { orderRoutes } from './routes/order.js';
import { signalRoute } from './routes/signal.js';
import { statusRoutes } from './routes/status.js';
import { streamRoute } from './routes/stream.js';
import { tickRoute } from './routes/tick.js';
import { DATA_HEADERS, SECURITY_HEADERS, namesOneOf } from './security.js';
import type { StreamHub } from './stream/stream-hub.js';

/**
 * A request that is not complete after this long is given up on: header and body of 64 KiB take no longer.
 */
const REQUEST_TIMEOUT_MS = 10_000;
const PATH_PARAM_LENGTH_MAX = 200;
/** Far above what one machine's programs open; more are not accepted. */
const CONNECTIONS_MAX = 2_000;

/** Builds the HTTP side. Requests that name another host than one of `names` are refused; null takes any. */
export function buildApp(
  context: GatewayContext,
  hub: StreamHub,
  names: ReadonlySet<string> | null,
): FastifyInstance {
  const app: FastifyInstance = fastify({
    loggerInstance: context.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: context.limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Calls under way are answered before the server closes; each ends by its own deadline.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAM_LENGTH_MAX },
    frameworkErrors: (cause, request, reply) => {
      void refuse(cause, request, reply, context.metrics);
    },
    clientErrorHandler: answerClientError,
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  handleErrors(app, context.metrics);
  acceptOnlyJson(app);
  secure(app, names);
  measure(app, context);
  // Requests are read by the routes themselves, which see more than a schema does; see readRequest.
  app.setValidatorCompiler(() => (data: unknown) => ({ value: data }));
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  document(app, context.version);
  // After the plugin: it sees only routes that are made later.
  void app.register(async (scope: FastifyInstance) => registerRoutes(scope, context, hub));
  return app;
}

function registerRoutes(app: FastifyInstance, context: GatewayContext, hub: StreamHub): void {
  statusRoutes(app, context);
  tickRoute(app, context);
  signalRoute(app, context);
  fillRoute(app, context);
  closeRoute(app, context);
  accountRoute(app, context);
  eventsRoute(app, context);
  operatorRoute(app, context);
  orderRoutes(app, context);
  decisionRoutes(app, context);
  streamRoute(app, context, hub);
  docsRoutes(app);
}

function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseStrictJson(typeof body === 'string' ? Buffer.from(body) : body));
    } catch (cause) {
      done(cause instanceof Error ? cause : new Error('The body cannot be parsed'));
    }
  });
}

function secure(app: FastifyInstance, names: ReadonlySet<string> | null): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...SECURITY_HEADERS, ...DATA_HEADERS });
    if (names !== null && !namesOneOf(request.headers.host, names)) {
      const problem = { path: 'host', message: `Expected one of ${[...names].join(', ')}` };
      throw new BellwetherError('invalid_request', 'This gateway is not called by that name', [problem]);
    }
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new BellwetherError('unsupported_media_type', 'A compressed body is not taken');
    }
  });
}

function measure(app: FastifyInstance, { metrics }: GatewayContext): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    metrics.increment(GATEWAY_METRICS.requests.name, { route, method, status: String(reply.statusCode) });
    metrics.observe(GATEWAY_METRICS.seconds.name, reply.elapsedTime / 1_000, { route });
  });
}

function document(app: FastifyInstance, version: string): void {
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bellwether',
        version,
        description:
          'A call becomes an entry of a book’s journal; the answer is the decision that ' +
          'comes out. Every refusal has a stable code.',
      },
      tags: [
        { name: 'decide', description: 'Send bars, ask for decisions' },
        { name: 'report', description: 'Say what was executed' },
        { name: 'audit', description: 'Read what was decided, and why' },
        { name: 'status', description: 'How the gateway and its books stand' },
      ],
    },
    transform: jsonSchemaTransform,
  });
}
