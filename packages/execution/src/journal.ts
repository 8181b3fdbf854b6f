import { OutcomeUnknown, SequenceConflict, type Bus } from '@bellwether/bus';
import {
  EntryKind,
  EntryKindName,
  decodeEntry,
  encodeEntry,
  sameRequest,
  subjects,
  type Entry,
} from '@bellwether/contracts';

/** Attempts after a lost acknowledgement before the whole session starts again. */
const ATTEMPTS_MAX = 5;
const RETRY_PAUSE_MS = 50;

export interface JournalOptions {
  readonly bus: Bus;
  readonly book: string;
  /** Wait for power-loss safety of each entry. */
  readonly durable: boolean;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The book's journal as execution writes it: an id is taken once, and a repeat is no error. */
export class Journal {
  constructor(private readonly options: JournalOptions) {}

  private subject(entry: Entry): string {
    return subjects.journal(entry.book, EntryKindName[entry.kind], entry.id);
  }

  /** Whether the id is free, taken by the same request, or taken by another one. */
  async look(entry: Entry): Promise<'free' | 'same' | 'other'> {
    const message = await this.options.bus.last(this.subject(entry));
    if (message === null) return 'free';
    return sameRequest(decodeEntry(message.data), entry) ? 'same' : 'other';
  }

  /** Id of the last entry of the book, or null while there is none. */
  async lastId(): Promise<string | null> {
    const message = await this.options.bus.last(subjects.journalOf(this.options.book));
    return message === null ? null : decodeEntry(message.data).id;
  }

  /** Entries behind the one of this id, in order; all of them where the id is empty or not there. */
  async after(id: string): Promise<readonly Entry[]> {
    const { bus, book } = this.options;
    let from = 1;
    for (const kind of id === '' ? [] : Object.values(EntryKindName)) {
      const message = await bus.last(subjects.journal(book, kind, id));
      if (message !== null) from = message.sequence + 1;
    }
    const entries: Entry[] = [];
    for await (const message of bus.read(subjects.journalOf(book), { from, follow: false })) {
      entries.push(decodeEntry(message.data));
    }
    return entries;
  }

  /** The newest raw bar, in the journal or not; null while there is none. */
  async newestBar(): Promise<Entry | null> {
    const { bus, book } = this.options;
    const message = await bus.last(subjects.inputKind(book, EntryKindName[EntryKind.BAR]));
    return message === null ? null : decodeEntry(message.data);
  }

  /**
   * Stores the entry; false where its id is taken: by an earlier attempt, an earlier life of this process or
   * another owner. Throws {@link OutcomeUnknown} when the acknowledgement stays away, and what else the bus
   * throws.
   */
  async append(entry: Entry): Promise<boolean> {
    const { bus, durable, pause, signal } = this.options;
    const bytes = encodeEntry(entry);
    for (let attempt = 1; ; attempt++) {
      try {
        await bus.append(this.subject(entry), bytes, { expectedLastSequence: 0, durable });
        return true;
      } catch (cause) {
        if (cause instanceof SequenceConflict) return false;
        if (!(cause instanceof OutcomeUnknown) || attempt >= ATTEMPTS_MAX || signal.aborted) throw cause;
        await pause(RETRY_PAUSE_MS * attempt, signal);
      }
    }
  }
}
