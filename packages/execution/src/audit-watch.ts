import type { Bus } from '@bellwether/bus';
import {
  DataOrigin,
  EntryKind,
  decodeAuditAnswer,
  decodeAuditHead,
  encodeAuditQuery,
  subjects,
  type AuditHead,
  type AuditQuery,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import type { HostLog } from '@bellwether/host';
import { auditEntryId, makeEntry } from '@bellwether/kernel';
import { AuditLag, type AuditBounds } from './audit-lag.js';

/** What execution does when the audit log of its book falls behind. */
export type AuditWatchOptions =
  /** Nothing: no audit log runs. */
  | { readonly mode: 'off' }
  | (AuditBounds & {
      /**
       * `journal`, for books that are live: an `audit` entry says so, and risk takes no new risk until another one says
       * that it is over. `hold`, for books in event time: the next raw input waits. An entry there would depend on the
       * speed of the machine, and so would every decision after it.
       */
      readonly mode: 'journal' | 'hold';
      /** Microseconds UTC: stamps the entries. */
      readonly nowUs: () => number;
      /** Milliseconds of a clock that never jumps: measures how long a frame waits. */
      readonly elapsedMs: () => number;
    });

/** Looks at the clock this often within the bound, but not more than once in {@link TICK_MS_MIN}. */
const TICKS_PER_BOUND = 5;
const TICK_MS_MIN = 20;
const TICK_MS_MAX = 1_000;
const ASK_TIMEOUT_MS = 2_000;

export interface AuditWatchPlaces {
  readonly bus: Bus;
  readonly book: string;
  readonly log: HostLog;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Compares what is decided with what the audit log says it holds. Heads come by themselves; where none comes while frames
 * wait, the log is asked, for a head can be lost on the way.
 */
export class AuditWatch {
  readonly #lag: AuditLag;
  /** What the journal said last. */
  #behind = false;
  #heads = 0;

  constructor(
    private readonly options: AuditWatchOptions,
    private readonly places: AuditWatchPlaces,
  ) {
    this.#lag = new AuditLag(options.mode === 'off' ? { behindFrames: 0, behindMs: 0 } : options);
  }

  /** What the journal said last, for the snapshot. */
  get behind(): boolean {
    return this.#behind;
  }

  restore(seq: number, behind: boolean): void {
    this.#behind = behind;
    if (this.options.mode !== 'off' && seq > 0) this.#lag.addDecided(seq, this.options.elapsedMs());
  }

  decided({ seq, entry }: Frame): void {
    if (entry !== null && entry.audit !== null) this.#behind = entry.audit.behind;
    if (this.options.mode !== 'off') this.#lag.addDecided(seq, this.options.elapsedMs());
  }

  /** The entry that has to be journaled now; null for none. */
  dueEntry(): Entry | null {
    if (this.options.mode !== 'journal') return null;
    const nowMs = this.options.elapsedMs();
    const changed = this.#behind ? this.#lag.hasCaughtUp(nowMs) : this.#lag.isBehind(nowMs);
    return changed ? this.#entry(!this.#behind, this.options.nowUs()) : null;
  }

  /** True while no raw input may be journaled. */
  get holds(): boolean {
    return this.options.mode === 'hold' && this.#lag.tooMany;
  }

  /** What it waits for, in words; empty where nothing is wrong. */
  get detail(): string {
    if (!this.#behind && !this.holds) return '';
    const { decided, audited } = this.#lag;
    return `waiting for the audit log: decided ${decided}, audited ${audited ?? 'unknown'}`;
  }

  #entry(behind: boolean, at_us: number): Entry {
    const { decided, audited } = this.#lag;
    return makeEntry(
      {
        ...{ book: this.places.book, id: auditEntryId(decided), kind: EntryKind.AUDIT, source: 'execution' },
        // Says nothing about the numbers of the book, so it does not change where they come from.
        ...{ event_us: at_us, known_us: at_us, origin: DataOrigin.UNSPECIFIED },
      },
      { audit: { behind, decided_seq: decided, audited_seq: audited ?? 0 } },
    );
  }

  /** Follows the heads until the signal, and rings at whatever may change an answer. Resolves when it listens. */
  async follow(signal: AbortSignal, ring: () => void): Promise<void> {
    const { options, places } = this;
    if (options.mode === 'off') return;
    const unsubscribe = await places.bus.subscribe(subjects.audit(places.book), ({ data }) => {
      this.#hear(data);
      ring();
    });
    signal.addEventListener('abort', unsubscribe, { once: true });
    if (signal.aborted) unsubscribe();
    void this.#lookAgain(options, signal, ring);
  }

  #hear(data: Uint8Array): void {
    const { book, log } = this.places;
    try {
      this.#take(decodeAuditHead(data));
    } catch (cause) {
      log.warn({ book, cause: String(cause) }, 'a head of the audit log is not readable');
    }
  }

  #take({ book, record, seq }: AuditHead): void {
    if (book !== this.places.book || record < 1 || seq < 1) {
      throw new Error(
        `Expected a head of ${this.places.book}, was record ${record}, frame ${seq} of ${book}`,
      );
    }
    this.#heads += 1;
    this.#lag.setAudited(seq);
  }

  /** Until the signal: asks where frames wait and no head came, and lets time that has passed count. */
  async #lookAgain(bounds: AuditBounds, signal: AbortSignal, ring: () => void): Promise<void> {
    const tickMs = Math.min(TICK_MS_MAX, Math.max(TICK_MS_MIN, bounds.behindMs / TICKS_PER_BOUND));
    let heads = this.#heads;
    await this.#ask();
    while (!signal.aborted) {
      ring();
      await this.places.pause(tickMs, signal);
      if (!signal.aborted && this.#lag.frames > 0 && this.#heads === heads) await this.#ask();
      heads = this.#heads;
    }
  }

  async #ask(): Promise<void> {
    const { bus, book, log } = this.places;
    const heads = this.#heads;
    try {
      const question = encodeAuditQuery(newestOf(book));
      const bytes = await bus.request(subjects.auditQuery(book), question, ASK_TIMEOUT_MS);
      const { head } = decodeAuditAnswer(bytes);
      // One that came meanwhile is newer than the answer.
      if (head !== null && this.#heads === heads) this.#take(head);
    } catch (cause) {
      // Nobody there is what this watch is for. It shows in the journal, or in the status.
      log.info({ book, cause: String(cause) }, 'the audit log does not answer');
    }
  }
}

function newestOf(book: string): AuditQuery {
  return {
    ...{ book, seq: null, entry_id: null, before_seq: null, from_us: null, to_us: null, action: null },
    ...{ reason: null, symbol: null, strategy: null, asked_only: false, limit: 1 },
  };
}
