import type { FastifyBaseLogger } from 'fastify';
import type { Bus } from '@bellwether/bus';
import { BellwetherError, type Entry, type Frame } from '@bellwether/contracts';
import type { NewsScorer } from '@bellwether/events';
import type { Abandoner } from './abandoner.js';
import type { Book, Books } from './books.js';
import { Deadline } from './deadline.js';
import { submit } from './entries/submit.js';
import type { GatewayMetrics } from './metrics.js';
import type { GatewayLimits } from './options.js';
import type { Pending } from './pending.js';

/** What the routes share. */
export interface GatewayContext {
  readonly bus: Bus;
  readonly books: Books;
  readonly limits: GatewayLimits;
  readonly nowUs: () => number;
  readonly metrics: GatewayMetrics;
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** Empty where operator commands are off. */
  readonly operatorToken: string;
  /** Scores headlines that come without a score. */
  readonly scorer: NewsScorer;
  readonly pending: Pending;
  readonly abandoner: Abandoner;
}

/** Throws {@link BellwetherError} `not_ready` until the feed of the book knows which ids were used. */
export function requireReady(book: Book): void {
  if (book.feed.caughtUp) return;
  throw new BellwetherError('not_ready', `The decisions of the book ${book.name} are still being read`);
}

/** Stores an entry and waits for the decision about it; null when that has not come in time. */
export async function decide(
  context: GatewayContext,
  book: Book,
  subject: string,
  entry: Entry,
): Promise<Frame | null> {
  const deadline = new Deadline(context.limits.tickTimeoutMs);
  const sent = await submit(context.bus, subject, entry, deadline.left);
  const known = sent.repeated ? await book.lookup.byEntry(sent.entry) : null;
  return known ?? (await book.feed.decisionOf(entry.id, deadline.left))?.frame ?? null;
}
