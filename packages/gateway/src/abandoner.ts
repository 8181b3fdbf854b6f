import type { FastifyBaseLogger } from 'fastify';
import {
  decodeEntry,
  encodeEntry,
  IntentKind,
  subjects,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { abandonEntryId } from '@bellwether/kernel';
import { SequenceConflict, type Bus } from '@bellwether/bus';
import type { Book } from './books.js';
import { journalSubject } from './entries/submit.js';
import { pause } from './feed/pause.js';
import { GATEWAY_METRICS, type GatewayMetrics } from './metrics.js';
import type { AbandonEffect } from './views/signal-answer.js';
import { decisionIdOf } from './views/decision.js';

const ATTEMPTS_MAX = 5;
const ATTEMPT_PAUSE_MS = 200;
/** All attempts and their pauses fit into it, where the bus answers. */
const STOP_WAIT_MS = 4_000;

export interface AbandonerOptions {
  readonly bus: Bus;
  readonly logger: FastifyBaseLogger;
  readonly metrics: GatewayMetrics;
  readonly waitMs: number;
}

/** Journals that nobody waits for a signal any more, and says later what came of it. */
export class Abandoner {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<boolean>>();

  constructor(private readonly options: AbandonerOptions) {}

  /**
   * True when the entry is stored. Null when that is not known within the wait: it is still being tried, for
   * the order behind it must not stay open.
   */
  async abandon(entry: Entry): Promise<true | null> {
    const storing = this.#store(entry);
    this.#running.add(storing);
    void storing.finally(() => this.#running.delete(storing));
    const late = new AbortController();
    const result = await Promise.race([storing, pause(this.options.waitMs, late.signal)]);
    late.abort();
    return result === true ? true : null;
  }

  /** What came of giving up on a signal; null when nobody did. */
  async effectOn(book: Book, signalId: string, decision: Frame): Promise<AbandonEffect> {
    const id = abandonEntryId(signalId);
    const stored = await this.options.bus.last(subjects.journal(book.name, 'abandon', id));
    if (stored === null) return null;
    const known = await book.lookup.byEntry(decodeEntry(stored.data));
    if (known === null) return 'pending';
    const intents = known.risk?.intents ?? [];
    const own = `${decisionIdOf(decision)}/`;
    const cancels = intents.some(
      (intent) => intent.kind === IntentKind.CANCEL && intent.cancel_intent_id?.startsWith(own) === true,
    );
    return cancels ? 'cancel_requested' : 'nothing_to_cancel';
  }

  /** Waits for the attempts that are under way, a bounded time, then gives them up. */
  async stop(): Promise<void> {
    await Promise.race([Promise.all(this.#running), pause(STOP_WAIT_MS, this.#stop.signal)]);
    this.#stop.abort();
  }

  async #store(entry: Entry): Promise<boolean> {
    const bytes = encodeEntry(entry);
    const subject = journalSubject(entry);
    for (let attempt = 1; attempt <= ATTEMPTS_MAX && !this.#stop.signal.aborted; attempt++) {
      try {
        await this.options.bus.append(subject, bytes, { expectedLastSequence: 0, durable: true });
        this.#count(entry.book, 'journaled');
        return true;
      } catch (cause) {
        // The id is taken: an earlier attempt or call has stored it.
        if (cause instanceof SequenceConflict) return true;
        this.options.logger.warn(
          { err: cause, entry: entry.id, attempt },
          'An abandon entry is not stored yet',
        );
      }
      await pause(ATTEMPT_PAUSE_MS * attempt, this.#stop.signal);
    }
    this.#count(entry.book, 'failed');
    this.options.logger.error({ entry: entry.id, book: entry.book }, 'An abandon entry could not be stored');
    return false;
  }

  #count(book: string, outcome: string): void {
    this.options.metrics.increment(GATEWAY_METRICS.abandoned.name, { book, outcome });
  }
}
