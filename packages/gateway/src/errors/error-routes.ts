import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { GATEWAY_METRICS, type GatewayMetrics } from '../metrics.js';
import { DATA_HEADERS, SECURITY_HEADERS } from '../security.js';
import { errorAnswer, errorBody, type ErrorAnswer } from './error-answer.js';

/** Codes for which the same call may succeed a moment later. */
const RETRY_SOON: ReadonlySet<string> = new Set([
  'too_busy',
  'not_ready',
  'outcome_unknown',
  'bus_refused',
  'audit_unavailable',
]);
const RETRY_AFTER_S = '1';

function send(reply: FastifyReply, { status, body }: ErrorAnswer, metrics: GatewayMetrics): FastifyReply {
  metrics.increment(GATEWAY_METRICS.refused.name, { code: body.error.code });
  if (RETRY_SOON.has(body.error.code)) reply.header('retry-after', RETRY_AFTER_S);
  // A path that cannot be decoded is refused before any hook runs.
  reply.headers({ ...SECURITY_HEADERS, ...DATA_HEADERS });
  return reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);
}

/** Answers whatever was thrown. A defect is logged here, and nothing of it is told. */
export function refuse(
  cause: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  metrics: GatewayMetrics,
): FastifyReply {
  const answer = errorAnswer(cause);
  if (answer.defect) request.log.error({ err: cause, route: request.routeOptions.url }, 'A request failed');
  return send(reply, answer, metrics);
}

/** Segments of a path match those of a route, where `:id` stands for any. */
function matches(route: string, path: string): boolean {
  const wanted = route.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length && wanted.every((part, i) => part.startsWith(':') || part === given[i])
  );
}

/**
 * One form for every refusal: what routes throw, unknown paths, and methods that a path does not have. Call
 * it before the routes are registered.
 */
export function handleErrors(app: FastifyInstance, metrics: GatewayMetrics): void {
  const methodsOf = new Map<string, Set<HTTPMethods>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set();
    methodsOf.set(url, methods);
    for (const name of Array.isArray(method) ? method : [method]) methods.add(name);
  });
  app.setErrorHandler((cause, request, reply) => refuse(cause, request, reply, metrics));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = [...methodsOf]
      .filter(([url]) => matches(url, path))
      .flatMap(([, methods]) => [...methods]);
    if (allowed.length === 0)
      return send(reply, { status: 404, body: errorBody('not_found'), defect: false }, metrics);
    reply.header('allow', [...new Set(allowed)].sort().join(', '));
    return send(reply, { status: 405, body: errorBody('method_not_allowed'), defect: false }, metrics);
  });
}
