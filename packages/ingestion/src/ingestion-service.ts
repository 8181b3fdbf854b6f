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
import { pause } from '@bellwether/host';
import { assert } from '@bellwether/kernel';

/** Appends of one entry before its outcome is given up as unknown, and the pauses between them. */
const ATTEMPTS_MAX = 10;
const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 2_000;

/** Entries between two reports of progress. */
const PROGRESS_EVERY = 500;

export interface IngestionProgress {
  /** Entries that this run wrote. */
  readonly appended: number;
  /** Entries that were there already, from a run before. */
  readonly repeated: number;
  /** `known_us` of the last entry; 0 before the first. */
  readonly known_us: number;
}

export interface IngestionResult extends IngestionProgress {
  /** False where the signal ended it before the last entry. */
  readonly finished: boolean;
}

export interface AppendInputOptions {
  readonly bus: Bus;
  readonly signal: AbortSignal;
  /** Default: the system's timer. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface IngestionOptions extends AppendInputOptions {
  readonly book: string;
  /** In journal order. */
  readonly inputs: Iterable<Entry> | AsyncIterable<Entry>;
  readonly onProgress?: (progress: IngestionProgress) => void;
}

async function attempt(bus: Bus, subject: string, entry: Entry): Promise<'appended' | 'repeated'> {
  try {
    await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
    return 'appended';
  } catch (error) {
    if (!(error instanceof SequenceConflict)) throw error;
    const stored = await bus.last(subject);
    // A stream that knows the subject and does not show it is not in order yet: as good as no answer.
    if (stored === null)
      throw new OutcomeUnknown(`${subject}: Taken, but not to be read yet`, { cause: error });
    if (sameRequest(decodeEntry(stored.data), entry)) return 'repeated';
    throw new BellwetherError(
      'id_reused',
      `The id ${entry.id} of book ${entry.book} is taken by another entry`,
      [],
      {
        cause: error,
      },
    );
  }
}

/**
 * Appends one input under its id, so that a second time has no effect. Repeats it while the outcome is unknown.
 * Null where the signal ended it first.
 *
 * @throws BellwetherError `id_reused`, `outcome_unknown`; BusRefused
 */
export async function appendInput(
  options: AppendInputOptions,
  entry: Entry,
): Promise<'appended' | 'repeated' | null> {
  const { bus, signal, wait = pause } = options;
  const subject = subjects.input(entry.book, EntryKindName[entry.kind], entry.id);
  let pause_ms = PAUSE_FIRST_MS;
  for (let attempts = 1; !signal.aborted; attempts++) {
    try {
      return await attempt(bus, subject, entry);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      if (attempts >= ATTEMPTS_MAX) {
        throw new BellwetherError(
          'outcome_unknown',
          `${entry.id}: No acknowledgement in ${attempts} attempts`,
          [],
          {
            cause: error,
          },
        );
      }
      await wait(pause_ms, signal);
      pause_ms = Math.min(PAUSE_MAX_MS, pause_ms * 2);
    }
  }
  return null;
}

/**
 * Appends the inputs of a book in order, one at a time. Entries that a run before has written are passed over, so a run
 * that died goes on where it was by starting again.
 *
 * @throws what {@link appendInput} and the inputs throw
 */
export async function runIngestion(options: IngestionOptions): Promise<IngestionResult> {
  const { book, inputs, signal, onProgress } = options;
  let appended = 0;
  let repeated = 0;
  let known_us = 0;
  let finished = true;
  for await (const entry of inputs) {
    assert(entry.book === book, `Expected an input of ${book}, was one of ${entry.book}`);
    const outcome = await appendInput(options, entry);
    if (outcome === null || signal.aborted) finished = false;
    if (outcome === 'appended') appended++;
    if (outcome === 'repeated') repeated++;
    if (outcome !== null) known_us = entry.known_us;
    if ((appended + repeated) % PROGRESS_EVERY === 0) onProgress?.({ appended, repeated, known_us });
    if (!finished) break;
  }
  onProgress?.({ appended, repeated, known_us });
  return { appended, repeated, known_us, finished };
}
