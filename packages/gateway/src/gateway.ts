import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { DEFAULT_SCORER } from '@bellwether/events';
import { BOOK_NAME, BellwetherError, type Problem } from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';
import { Abandoner } from './abandoner.js';
import { buildApp } from './app.js';
import { AuditReader } from './audit/audit-reader.js';
import { DecisionLookup } from './audit/decision-lookup.js';
import { Book, Books } from './books.js';
import type { GatewayContext } from './context.js';
import { DecisionFeed } from './feed/decision-feed.js';
import { ModeWatch } from './mode/mode-watch.js';
import { DEFAULT_LIMITS, type GatewayBook, type GatewayLimits, type GatewayOptions } from './options.js';
import { Pending } from './pending.js';
import { allowedNames } from './security.js';
import { StreamHub } from './stream/stream-hub.js';

const HOST_DEFAULT = '127.0.0.1';
const PORT_DEFAULT = 7_080;

export interface Gateway {
  readonly app: FastifyInstance;
  /** Follows the books' decisions and listens; gives the port. `/health` says when it has caught up. */
  start(): Promise<number>;
  /** Stops listening, tells stream readers, lets abandon entries end. The bus stays open: it is not ours. */
  close(): Promise<void>;
}

function checkBooks(books: readonly GatewayBook[]): void {
  const problems: Problem[] = [];
  if (books.length === 0) problems.push({ path: 'books', message: 'Expected at least one' });
  const names = new Set<string>();
  for (const { book, config } of books) {
    if (!BOOK_NAME.test(book)) problems.push({ path: 'books', message: `Not a book name: ${book}` });
    if (names.has(book)) problems.push({ path: book, message: 'Given twice' });
    names.add(book);
    if (config.symbols.length === 0)
      problems.push({ path: `${book}.symbols`, message: 'Expected at least one' });
    for (const { symbol } of config.symbols) {
      if (instrumentOf(symbol) !== null) continue;
      problems.push({ path: `${book}.symbols`, message: `Unknown symbol: ${symbol}` });
    }
  }
  if (problems.length > 0) throw new BellwetherError('config_invalid', 'The books of the gateway', problems);
}

function checkLimits(limits: GatewayLimits): void {
  const problems = Object.entries(limits)
    .filter(([, value]) => !Number.isSafeInteger(value) || (value as number) < 0)
    .map(([path]) => ({ path, message: 'Expected a whole number from 0 on' }));
  if (problems.length > 0) throw new BellwetherError('config_invalid', 'The limits of the gateway', problems);
}

/** The HTTP side of one or more books. Throws {@link BellwetherError} `config_invalid`. */
export function createGateway(options: GatewayOptions): Gateway {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  checkBooks(options.books);
  checkLimits(limits);
  const { bus, nowUs, logger, metrics, version } = options;
  const audit = new AuditReader({
    ...{ bus, logger, metrics, timeoutMs: limits.auditTimeoutMs, questionsMax: limits.auditQuestions },
  });
  const books = new Books(
    options.books.map((given) => {
      const feed = feedOf(given, options, limits);
      return new Book(given, feed, new DecisionLookup(given.book, feed, audit));
    }),
  );
  const abandoner = new Abandoner({ bus, logger, metrics, waitMs: limits.abandonWaitMs });
  const pending = new Pending(limits.maxPending);
  const operatorToken = options.operatorToken ?? '';
  const context: GatewayContext = {
    operatorToken,
    bus,
    books,
    limits,
    nowUs,
    metrics,
    logger,
    version,
    pending,
    scorer: options.scorer ?? DEFAULT_SCORER,
    abandoner,
  };
  const modes = books.all.map((book) => new ModeWatch({ bus, book, nowUs, logger, metrics }));
  const hub = new StreamHub(books, limits, metrics);
  const host = options.host ?? HOST_DEFAULT;
  const app = buildApp(context, hub, allowedNames(host, options.names));
  return {
    app,
    start: async () => {
      for (const mode of modes) mode.start();
      for (const book of books.all) book.feed.start();
      const port = options.port ?? PORT_DEFAULT;
      await app.listen({ host, port }).catch((cause: unknown) => {
        const taken = cause instanceof Error && (cause as { code?: unknown }).code === 'EADDRINUSE';
        throw taken ? new BellwetherError('port_in_use', `${host}:${port}`, [], { cause }) : cause;
      });
      const address = app.server.address() as AddressInfo;
      logger.info(
        { host, port: address.port, books: books.all.map((book) => book.name) },
        'The gateway listens',
      );
      return address.port;
    },
    close: async () => {
      hub.close();
      await app.close();
      await abandoner.stop();
      await Promise.all(modes.map((mode) => mode.stop()));
      await Promise.all(books.all.map((book) => book.feed.stop()));
    },
  };
}

function feedOf(given: GatewayBook, options: GatewayOptions, limits: GatewayLimits): DecisionFeed {
  return new DecisionFeed({
    bus: options.bus,
    book: given.book,
    nowUs: options.nowUs,
    logger: options.logger,
    metrics: options.metrics,
    indexEntries: limits.indexEntries,
    measureLatency: given.knownTime === 'receive',
  });
}
