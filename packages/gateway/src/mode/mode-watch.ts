import type { FastifyBaseLogger } from 'fastify';
import { SequenceConflict, type Bus } from '@bellwether/bus';
import { DataOrigin, EntryKind, encodeEntry, type Entry } from '@bellwether/contracts';
import { asksForDecision, makeEntry, modeEntryId } from '@bellwether/kernel';
import type { Book } from '../books.js';
import { journalSubject } from '../entries/submit.js';
import { HTTP_SOURCE } from '../entries/signal-entry.js';
import type { SeenFrame } from '../feed/decision-feed.js';
import { GATEWAY_METRICS, type GatewayMetrics } from '../metrics.js';
import { SpeedMeter, type Measured } from './speed-meter.js';

export interface ModeWatchOptions {
  readonly bus: Bus;
  readonly book: Book;
  readonly nowUs: () => number;
  readonly logger: FastifyBaseLogger;
  readonly metrics: GatewayMetrics;
}

/**
 * Measures how long the decisions of one book take, and journals when it becomes slow and when it no longer is. What
 * mode it is in says the book itself, in its frames: another gateway, or the one before this, may have changed it.
 * A book in event time is not measured: its decisions must not depend on the speed of a machine.
 */
export class ModeWatch {
  readonly #meter = new SpeedMeter();
  #unlisten: () => void = () => undefined;
  /** An entry is on its way: nothing is judged until it is decided, or refused. */
  #storing: Promise<void> | null = null;
  #awaited: string | null = null;

  constructor(private readonly options: ModeWatchOptions) {}

  start(): void {
    const { book } = this.options;
    if (book.knownTime !== 'receive') return;
    this.#unlisten = book.feed.listen((seen) => this.#see(seen));
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#storing;
  }

  #see({ frame, latency_us }: SeenFrame): void {
    const { book, nowUs } = this.options;
    this.#meter.entered(frame.risk?.degraded ?? false);
    if (frame.entry?.id === this.#awaited) this.#awaited = null;
    const config = book.config.degraded;
    if (config === null || latency_us === null) return;
    if (!asksForDecision(frame, book.config.decide_on_bar_close)) return;
    const now_us = nowUs();
    const change = this.#meter.add(now_us, latency_us, config);
    if (change === null || this.#awaited !== null) return;
    const entry = this.#entry(change, frame.seq, now_us);
    this.#awaited = entry.id;
    this.#storing = this.#store(entry, change);
  }

  #entry(change: Measured, seq: number, now_us: number): Entry {
    const { name } = this.options.book;
    return makeEntry(
      {
        book: name,
        id: modeEntryId(seq),
        kind: EntryKind.MODE,
        event_us: now_us,
        known_us: now_us,
        source: HTTP_SOURCE,
        origin: DataOrigin.UNSPECIFIED,
      },
      { mode: change },
    );
  }

  async #store(entry: Entry, change: Measured): Promise<void> {
    const { bus, logger, metrics, book } = this.options;
    try {
      await bus.append(journalSubject(entry), encodeEntry(entry), { expectedLastSequence: 0, durable: true });
      metrics.increment(GATEWAY_METRICS.modes.name, {
        book: book.name,
        mode: change.degraded ? 'degraded' : 'usual',
      });
      logger.warn({ book: book.name, ...change }, 'The mode of the book changes');
    } catch (cause) {
      // Taken: another gateway has said so at the same frame, and the frame of its entry comes. Else the next decision
      // is judged again.
      if (!(cause instanceof SequenceConflict)) this.#awaited = null;
      logger.warn({ err: cause, book: book.name, entry: entry.id }, 'A mode entry was not stored');
    }
  }
}
