import { BusRefused } from '../bus.js';

/** Most appends that wait for their commit at one time. */
export const PENDING_APPENDS_MAX = 20_000;
/** Bounds of one transaction, so that one commit stays short. */
const APPENDS_PER_COMMIT = 1_000;
const BYTES_PER_COMMIT = 16 * 1024 * 1024;

interface Pending<T> {
  readonly item: T;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

/** What became of one append of a commit. */
export type Outcome = { readonly sequence: number } | { readonly error: unknown };

/**
 * Group commit: the appends of one turn of the event loop, of all books, share one transaction and one flush. They are
 * written in the order in which they were asked for.
 */
export class AppendQueue<T extends { readonly bytes: number }> {
  #waiting: Pending<T>[] = [];
  #scheduled: NodeJS.Immediate | null = null;

  constructor(
    /** Writes all in one transaction; throws where none was written. */
    private readonly commit: (items: readonly T[]) => readonly Outcome[],
    /** Called for each stored item, in order, before its promise resolves. */
    private readonly stored: (item: T, sequence: number) => void,
  ) {}

  push(item: T): Promise<number> {
    if (this.#waiting.length >= PENDING_APPENDS_MAX) {
      return Promise.reject(new BusRefused(`${PENDING_APPENDS_MAX} appends wait already`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#scheduled ??= setImmediate(() => {
        this.#scheduled = null;
        this.#commitNext();
      });
    });
  }

  /** Commits all that waits, now. */
  flush(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    this.#scheduled = null;
    while (this.#waiting.length > 0) this.#commitNext();
  }

  #commitNext(): void {
    const batch = this.#nextBatch();
    let outcomes: readonly Outcome[];
    try {
      outcomes = this.commit(batch.map(({ item }) => item));
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    } finally {
      if (this.#waiting.length > 0) {
        this.#scheduled ??= setImmediate(() => {
          this.#scheduled = null;
          this.#commitNext();
        });
      }
    }
    batch.forEach(({ item, resolve, reject }, index) => {
      const outcome = outcomes[index]!;
      if ('error' in outcome) {
        reject(outcome.error);
        return;
      }
      this.stored(item, outcome.sequence);
      resolve(outcome.sequence);
    });
  }

  #nextBatch(): readonly Pending<T>[] {
    let bytes = 0;
    let count = 0;
    for (const { item } of this.#waiting) {
      if (count === APPENDS_PER_COMMIT || (count > 0 && bytes + item.bytes > BYTES_PER_COMMIT)) break;
      bytes += item.bytes;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
