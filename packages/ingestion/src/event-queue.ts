import { BellwetherError, encodeEntry, equalBytes, type Entry } from '@bellwether/contracts';
import { assert, compareEntries } from '@bellwether/kernel';

/** Entries of auxiliary streams in the order of `known_us`, batch by batch. */
export type EventSeries = AsyncIterable<readonly Entry[]>;

/** Events of one run: their ids are held, so that one that comes twice is taken once. */
export const RUN_EVENTS_MAX = 1_000_000;

/** Events that are known so long before the first bar that is decided on still come before it. */
export const EVENT_LOOKBACK_US = 35 * 86_400_000_000;
/** Of those, the newest; calendars that reach into the run are all kept. */
const LOOKBACK_EVENTS_MAX = 50_000;

class Cursor {
  readonly #batches: AsyncIterator<readonly Entry[]>;
  #batch: readonly Entry[] = [];
  #at = 0;
  #last_us = -Infinity;

  constructor(series: EventSeries) {
    this.#batches = series[Symbol.asyncIterator]();
  }

  /** The next event; null at the end. */
  async peek(): Promise<Entry | null> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done === true) return null;
      this.#batch = next.value;
      this.#at = 0;
    }
    const entry = this.#batch[this.#at]!;
    if (entry.known_us < this.#last_us)
      assert(false, `Expected events in the order of known_us at ${entry.id}`);
    return entry;
  }

  take(entry: Entry): void {
    this.#at += 1;
    this.#last_us = entry.known_us;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

/** What two entries of one id must have in common. */
function contentOf(entry: Entry): Uint8Array {
  return encodeEntry({ ...entry, known_us: 0, event_us: 0 });
}

/** The events of all series, merged; one batch of each is held. */
export class EventQueue {
  readonly #cursors: readonly Cursor[];
  readonly #ids = new Set<string>();
  #ready: Entry[] = [];
  #next = 0;

  constructor(series: readonly EventSeries[]) {
    this.#cursors = series.map((one) => new Cursor(one));
  }

  /** Loads what is known before this time, so that {@link takeBefore} has it. */
  async load(before_us: number): Promise<void> {
    for (;;) {
      let first: { readonly cursor: Cursor; readonly entry: Entry } | null = null;
      for (const cursor of this.#cursors) {
        const entry = await cursor.peek();
        if (entry === null || entry.known_us >= before_us) continue;
        if (first === null || compareEntries(entry, first.entry) < 0) first = { cursor, entry };
      }
      if (first === null) {
        this.#sortReady();
        return;
      }
      first.cursor.take(first.entry);
      this.#add(first.entry);
    }
  }

  #add(entry: Entry): void {
    if (this.#ids.has(entry.id)) {
      const waiting = this.#ready.find(({ id }) => id === entry.id);
      if (waiting !== undefined && !equalBytes(contentOf(waiting), contentOf(entry)))
        throw new BellwetherError('id_reused', `The event ${entry.id} is there twice with different content`);
      return;
    }
    if (this.#ids.size >= RUN_EVENTS_MAX)
      throw new BellwetherError(
        'data_unreadable',
        `More than ${RUN_EVENTS_MAX} events in one run: choose fewer`,
      );
    this.#ids.add(entry.id);
    this.#ready.push(entry);
  }

  /** Lines of one file that are known at the same time stand in any order. */
  #sortReady(): void {
    this.#ready = this.#ready.slice(this.#next).sort(compareEntries);
    this.#next = 0;
  }

  /** Loaded events known before this time, in journal order. */
  takeBefore(us: number): readonly Entry[] {
    const from = this.#next;
    while (this.#next < this.#ready.length && this.#ready[this.#next]!.known_us < us) this.#next += 1;
    return from === this.#next ? NONE : this.#ready.slice(from, this.#next);
  }

  async close(): Promise<void> {
    for (const cursor of this.#cursors) await cursor.close();
  }
}

const NONE: readonly Entry[] = [];

/** Events that are known before the first bar that is decided on. */
export class EventLookback {
  #events: Entry[] = [];

  add(events: readonly Entry[]): void {
    for (const entry of events) this.#events.push(entry);
    if (this.#events.length < 2 * LOOKBACK_EVENTS_MAX) return;
    const cut = this.#events.length - LOOKBACK_EVENTS_MAX;
    this.#events = this.#events.filter(({ aux }, i) => i >= cut || (aux?.economic ?? null) !== null);
  }

  /** Those that still say something at this time: calendars that reach beyond it, and what is recent. */
  at(us: number): readonly Entry[] {
    return this.#events.filter(({ aux, known_us }) => {
      const calendar = aux?.economic ?? null;
      return calendar === null ? known_us >= us - EVENT_LOOKBACK_US : calendar.to_us > us;
    });
  }
}
