import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsPage } from './metrics.js';

export interface HealthState {
  /** The process works at all. */
  alive(): boolean;
  /** It can do its job now. The text says what is missing, '' for nothing. */
  notReady(): string;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/healthz`, `/readyz` and `/metrics`, for services without an HTTP side of their own. */
export async function startHealthServer(
  host: string,
  port: number,
  state: HealthState,
  metrics: MetricsPage,
): Promise<HealthServer> {
  const server: Server = createServer((request, response) => {
    answer(request, response, state, metrics).catch((cause: unknown) => {
      response.destroy(cause instanceof Error ? cause : new Error(String(cause)));
    });
  });
  server.requestTimeout = 5_000;
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: HealthState,
  metrics: MetricsPage,
): Promise<void> {
  const send = (status: number, type: string, body: string): void => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };
  const json = (ok: boolean, reason: string): void => {
    send(ok ? 200 : 503, 'application/json', JSON.stringify({ ok, reason }));
  };
  switch (request.url) {
    case '/healthz':
      json(state.alive(), state.alive() ? '' : 'stopped');
      return;
    case '/readyz':
      json(state.notReady() === '', state.notReady());
      return;
    case '/metrics':
      send(200, metrics.contentType, await metrics.render());
      return;
    default:
      send(
        404,
        'application/json',
        JSON.stringify({ ok: false, reason: 'Try /healthz, /readyz or /metrics' }),
      );
  }
}
