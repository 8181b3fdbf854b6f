import type { Bus, StoredMessage } from '@bellwether/bus';
import { BookRun } from '@bellwether/backtest';
import { EntryKind, STAGES, decodeEntry, decodeFrame, subjects, type Entry } from '@bellwether/contracts';
import { DecisionDigest, noModels, pause } from '@bellwether/host';
import { appendInput } from '@bellwether/ingestion';
import { LINE } from '@bellwether/line';
import { CheckFailed, check } from '../bench.js';
import type { BenchCase } from '../cases.js';
import { inTime } from './deadline.js';

/** From the input of a bar to its decision: execution and each stage store one message. */
export const LINE_HOPS = 1 + STAGES.length;

/** The way of one bar: how long it took, and what it weighed on each part of the way. */
export interface BarPassage {
  readonly ms: number;
  /** Of the input, the journal entry, and the frame behind each stage. */
  readonly sizes_bytes: readonly number[];
}

/**
 * Drives a book over NATS in a closed loop: one input, then its decision, then the next. Next to it the same inputs go
 * through the line in memory: both must come to the same digest.
 */
export class LineDriver {
  readonly #inputs: AsyncIterator<Entry>;
  readonly #decisions: AsyncIterator<StoredMessage>;
  readonly #digest = new DecisionDigest();
  readonly #reference: BookRun;
  readonly #streams: readonly WeighedStream[];

  constructor(
    private readonly bus: Bus,
    of: BenchCase,
    private readonly signal: AbortSignal,
  ) {
    const { book } = of;
    this.#inputs = entriesOf(of)[Symbol.asyncIterator]();
    const line = bus.read(subjects.line('risk', book), { from: 1, follow: true, signal });
    this.#decisions = line[Symbol.asyncIterator]();
    this.#reference = new BookRun(book, LINE, noModels, () => undefined);
    this.#streams = [
      new WeighedStream(bus, subjects.inputOf(book), (data) => decodeEntry(data).id),
      new WeighedStream(bus, subjects.journalOf(book), (data) => decodeEntry(data).id),
      ...STAGES.map(
        (stage) =>
          new WeighedStream(bus, subjects.line(stage, book), (data) => decodeFrame(data).entry?.id ?? ''),
      ),
    ];
  }

  /** Takes so many bars through, with the inputs between them. */
  async bars(count: number): Promise<readonly BarPassage[]> {
    const passed: { readonly id: string; readonly ms: number }[] = [];
    while (passed.length < count) {
      const next = await this.#inputs.next();
      if (next.done === true) throw new CheckFailed('There are bars enough');
      const entry = next.value;
      const ms = await this.#one(entry);
      if (entry.kind === EntryKind.BAR) passed.push({ id: entry.id, ms });
    }
    const weights = await Promise.all(this.#streams.map((stream) => stream.weigh()));
    return passed.map(({ id, ms }) => ({ ms, sizes_bytes: weights.map((sizes) => sizes.get(id) ?? NaN) }));
  }

  async #one(entry: Entry): Promise<number> {
    const { bus, signal } = this;
    const started = performance.now();
    const appended = appendInput({ bus, signal, wait: pause }, entry);
    for (;;) {
      const next = await inTime('An input is decided', this.#decisions.next());
      if (next.done === true) throw new CheckFailed('Each input is decided');
      const { data } = next.value;
      const ms = performance.now() - started;
      this.#digest.add(data);
      if (decodeFrame(data).entry?.id !== entry.id) continue;
      await appended;
      const pending = this.#reference.accept(entry);
      if (pending !== null) await pending;
      return ms;
    }
  }

  /** That the decisions over NATS are those of the line in memory, to the byte. */
  checkDigest(): number {
    check(this.#digest.hex() === this.#reference.digest(), 'Over NATS and in memory the digest is the same');
    return this.#reference.frames;
  }
}

async function* entriesOf(of: BenchCase): AsyncGenerator<Entry> {
  for await (const batch of of.batches()) yield* batch;
}

/** What each entry weighs in one stream, looked up behind the measuring. */
class WeighedStream {
  #from = 1;

  constructor(
    private readonly bus: Bus,
    private readonly filter: string,
    private readonly idOf: (data: Uint8Array) => string,
  ) {}

  async weigh(): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    for await (const { data, sequence } of this.bus.read(this.filter, { from: this.#from, follow: false })) {
      this.#from = sequence + 1;
      sizes.set(this.idOf(data), data.length);
    }
    return sizes;
  }
}
