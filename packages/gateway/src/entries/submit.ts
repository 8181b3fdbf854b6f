import {
  BellwetherError,
  EntryKindName,
  decodeEntry,
  encodeEntry,
  sameRequest,
  subjects,
  type Entry,
} from '@bellwether/contracts';
import { OutcomeUnknown, SequenceConflict, type Bus } from '@bellwether/bus';

/** What became of an entry that was sent. */
export interface Submitted {
  /** As it is stored: that of the first attempt, where this one repeats it. */
  readonly entry: Entry;
  readonly repeated: boolean;
}

/** The journal subject of an entry. Its id is taken for the life of the stream. */
export function journalSubject(entry: Entry): string {
  return subjects.journal(entry.book, EntryKindName[entry.kind], entry.id);
}

/** Where bars wait for the broker, which journals them in the right order. */
export function inputSubject(entry: Entry): string {
  return subjects.input(entry.book, EntryKindName[entry.kind], entry.id);
}

/**
 * Stores an entry under its id, once. The same id with the same content is a repeat; with other content it
 * throws {@link BellwetherError} `id_reused`. Throws OutcomeUnknown where no acknowledgement came in time,
 * and what the bus throws.
 */
export async function submit(bus: Bus, subject: string, entry: Entry, withinMs: number): Promise<Submitted> {
  const append = bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0, durable: true });
  try {
    await acknowledged(append, withinMs);
    return { entry, repeated: false };
  } catch (cause) {
    if (!(cause instanceof SequenceConflict)) throw cause;
  }
  const stored = await bus.last(subject);
  if (stored === null) throw new OutcomeUnknown('The entry that holds the id cannot be read');
  const first = decodeEntry(stored.data);
  if (!sameRequest(first, entry)) {
    throw new BellwetherError('id_reused', `The id ${entry.id} was used before with other content`);
  }
  return { entry: first, repeated: true };
}

/** The append, or OutcomeUnknown where its acknowledgement takes too long. */
async function acknowledged(append: Promise<number>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutcomeUnknown('No acknowledgement in time')), withinMs);
  });
  // The late outcome of an append that was given up on is nobody's concern: the retry finds it.
  append.catch(() => undefined);
  try {
    await Promise.race([append, late]);
  } finally {
    clearTimeout(timer);
  }
}
