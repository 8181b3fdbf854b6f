import type { Bus } from '@bellwether/bus';
import {
  BellwetherError,
  EntryKind,
  decodeFrame,
  sameRequest,
  subjects,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { DecisionDigest } from '@bellwether/host';
import { SummaryCollector, type RunSummary } from './summary.js';

export interface FollowOptions {
  readonly bus: Bus;
  readonly book: string;
  /** The run ends with the decision of this entry. */
  readonly lastId: string;
  /** The inputs of the run from its beginning. A journal that holds others is none of this run. */
  readonly inputs: AsyncIterable<Entry>;
  readonly signal: AbortSignal;
  readonly onFrame?: (frame: Frame, bytes: Uint8Array) => void | Promise<void>;
}

export interface FollowResult {
  readonly summary: RunSummary;
  readonly digest: string;
  /** False where the signal ended it before the last entry's decision. */
  readonly finished: boolean;
}

/** Reads a book's decisions in order up to that of the last input, adds them up and hashes them. */
export async function followDecisions(options: FollowOptions): Promise<FollowResult> {
  const { bus, book, lastId, signal, onFrame } = options;
  const expected = new ExpectedInputs(options.inputs);
  const collector = new SummaryCollector();
  const digest = new DecisionDigest();
  let finished = false;
  for await (const message of bus.read(subjects.line('risk', book), { from: 1, follow: true, signal })) {
    const frame = decodeFrame(message.data);
    if (isInput(frame.entry)) await expected.check(frame);
    collector.add(frame);
    digest.add(message.data);
    await onFrame?.(frame, message.data);
    if (frame.entry?.id === lastId) {
      finished = true;
      break;
    }
  }
  return { summary: collector.summary(), digest: digest.hex(), finished };
}

/** Kinds that come from the data; orders, fills and questions come on top of them. */
function isInput(entry: Entry | null): entry is Entry {
  const kind = entry?.kind;
  return (
    kind === EntryKind.RELEASE ||
    kind === EntryKind.MODEL ||
    kind === EntryKind.WARMUP ||
    kind === EntryKind.BAR ||
    kind === EntryKind.AUX ||
    kind === EntryKind.CLOCK
  );
}

/** The inputs of this run, of which each has to come in its turn. */
class ExpectedInputs {
  readonly #inputs: AsyncIterator<Entry>;
  #next: IteratorResult<Entry> | null = null;

  constructor(inputs: AsyncIterable<Entry>) {
    this.#inputs = inputs[Symbol.asyncIterator]();
  }

  /** Throws `other_inputs` unless the frame is about the next input of this run, or an event that came in over HTTP. */
  async check(frame: Frame): Promise<void> {
    const next = (this.#next ??= await this.#inputs.next());
    const expected = next.done === true ? null : next.value;
    const { entry } = frame;
    if (entry !== null && expected !== null && sameRequest(entry, expected)) {
      this.#next = null;
      return;
    }
    if (entry?.kind === EntryKind.AUX && entry.id !== expected?.id) return;
    throw new BellwetherError(
      'other_inputs',
      `Book ${frame.book}, frame ${frame.seq}: The journal holds ${entry?.id ?? 'nothing'}, this run has ` +
        (expected?.id ?? 'nothing more'),
    );
  }
}
