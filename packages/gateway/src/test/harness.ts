import { request, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { MemoryBus, type Bus } from '@bellwether/bus';
import type { BookConfig } from '@bellwether/contracts';
import { createGateway, type Gateway } from '../gateway.js';
import type { GatewayMetrics, MetricLabels } from '../metrics.js';
import type { GatewayLimits, GatewayOptions } from '../options.js';
import { bookConfig } from './frames.js';
import { RunningAudit } from './running-audit.js';
import { ScriptedLine } from './scripted-line.js';

const nothing = (): void => undefined;

/** A logger that keeps its errors, so that a test can see that a defect was logged. */
export class RecordingLogger implements FastifyBaseLogger {
  level = 'info';
  readonly errors: unknown[] = [];
  readonly msgPrefix = '';
  fatal = nothing;
  warn = nothing;
  info = nothing;
  debug = nothing;
  trace = nothing;
  silent = nothing;
  error = (...args: unknown[]): void => {
    this.errors.push(args);
  };
  child(): FastifyBaseLogger {
    return this;
  }
}

/** Metrics as text lines: `name{labels} count`. */
export class RecordingMetrics implements GatewayMetrics {
  readonly #counts = new Map<string, number>();

  increment(name: string, labels: MetricLabels): void {
    const key = `${name}${JSON.stringify(labels)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  observe(name: string, _value: number, labels: MetricLabels): void {
    this.increment(`${name}_count`, labels);
  }

  count(name: string, labels: MetricLabels): number {
    return this.#counts.get(`${name}${JSON.stringify(labels)}`) ?? 0;
  }

  render(): Promise<string> {
    return Promise.resolve([...this.#counts].map(([key, count]) => `${key} ${count}\n`).join(''));
  }
}

export interface WorldOptions {
  readonly books?: readonly string[];
  readonly knownTime?: 'receive' | 'event';
  readonly limits?: Partial<GatewayLimits>;
  readonly config?: Partial<BookConfig>;
  /** Stands between the gateway and the bus that the line uses. */
  readonly gatewayBus?: (bus: Bus) => Bus;
  readonly operatorToken?: string;
  /** False: no audit runs beside it. */
  readonly audited?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, where it is a JSON object; else empty. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Monday 15 September 2025, 09:00 Chicago. */
export const NOW_US = Date.UTC(2025, 8, 15, 14, 0, 0) * 1_000;

/** A gateway, a bus in memory, a scripted line and an audit for each book. */
export class World {
  readonly bus = new MemoryBus();
  readonly metrics = new RecordingMetrics();
  readonly logger = new RecordingLogger();
  readonly lines = new Map<string, ScriptedLine>();
  readonly audits = new Map<string, RunningAudit>();
  readonly gateway: Gateway;
  now_us = NOW_US;
  port = 0;
  readonly #options: GatewayOptions;

  constructor(options: WorldOptions = {}) {
    const books = options.books ?? ['es'];
    for (const book of books) {
      this.lines.set(book, new ScriptedLine(this.bus, book));
      const audit = new RunningAudit(this.bus, book, () => this.now_us);
      this.audits.set(book, audit);
      if (options.audited !== false) audit.start();
    }
    this.#options = {
      bus: options.gatewayBus?.(this.bus) ?? this.bus,
      books: books.map((book) => ({
        book,
        config: bookConfig(book, options.config),
        knownTime: options.knownTime ?? 'receive',
      })),
      nowUs: () => this.now_us,
      logger: this.logger,
      metrics: this.metrics,
      version: '0.0.0-test',
      operatorToken: options.operatorToken ?? '',
      limits: { signalTimeoutMs: 5_000, tickTimeoutMs: 5_000, ...options.limits },
      port: 0,
    };
    this.gateway = createGateway(this.#options);
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    world.port = await world.gateway.start();
    await caughtUp(world.port);
    return world;
  }

  get line(): ScriptedLine {
    const [line] = this.lines.values();
    if (line === undefined) throw new Error('The world has no book');
    return line;
  }

  get audit(): RunningAudit {
    const [audit] = this.audits.values();
    if (audit === undefined) throw new Error('The world has no book');
    return audit;
  }

  /** Waits until the audit log of the first book holds this frame. */
  audited(seq: number): Promise<void> {
    return until(() => (this.audit.head?.seq ?? 0) >= seq, `frame ${seq} in the audit log`);
  }

  /** Another gateway over the same bus, as after a restart. */
  async restarted(limits: Partial<GatewayLimits> = {}): Promise<{ gateway: Gateway; port: number }> {
    const gateway = createGateway({ ...this.#options, limits: { ...this.#options.limits, ...limits } });
    const port = await gateway.start();
    await caughtUp(port);
    return { gateway, port };
  }

  get(path: string): Promise<Answer> {
    return send(this.port, { method: 'GET', path });
  }

  post(path: string, body: unknown): Promise<Answer> {
    return postTo(this.port, path, body);
  }

  async close(): Promise<void> {
    await this.gateway.close();
    for (const line of this.lines.values()) await line.stop();
    for (const audit of this.audits.values()) await audit.stop();
    await this.bus.close();
  }
}

async function caughtUp(port: number): Promise<void> {
  const starting = async () =>
    (await send(port, { method: 'GET', path: '/health' })).body['status'] === 'STARTING';
  await until(async () => !(await starting()), 'the gateway to catch up');
}

export function postTo(port: number, path: string, body: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return send(port, { method: 'POST', path, headers, body: JSON.stringify(body) });
}

/** Sends a request over a socket of its own. */
export function send(port: number, { method, path, headers, body }: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent: false, headers: headers ?? {} };
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          body: bodyOf(incoming, text),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function bodyOf(incoming: IncomingMessage, text: string): Answer['body'] {
  const json = incoming.headers['content-type']?.startsWith('application/json') === true && text !== '';
  return json ? (JSON.parse(text) as Answer['body']) : {};
}

/** Polls until a condition holds, or fails with what was waited for. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * A bar of ES that opened `minute` minutes after 08:00 Chicago on the day of {@link NOW_US}, in the form of
 * `/v1/tick`.
 */
export function barOf(
  minute: number,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const open_us = NOW_US - 3_600_000_000 + minute * 60_000_000;
  return {
    symbol: 'ES',
    ts: new Date(open_us / 1_000).toISOString(),
    o: 6604.75,
    h: 6606.25,
    l: 6604.25,
    c: 6605.5,
    v: 1_234,
    ...changes,
  };
}
