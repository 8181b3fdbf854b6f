import { decodeFrame, subjects, type Frame } from '@bellwether/contracts';
import type { Bus } from '@bellwether/bus';

export interface FollowOptions {
  readonly bus: Bus;
  readonly book: string;
  /** Last decision that is done with; 0 to begin with the first. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** How often to look whether a decision was missed while the connection was away. */
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 2_000;

/**
 * The decisions of a book in their order, each once, without a gap: live from `bw.decision.<book>`, and from the stream
 * behind it whatever was missed (a start, a lost connection). Ends with the signal; throws what the bus throws.
 */
export async function* followDecisions(options: FollowOptions): AsyncGenerator<Frame> {
  const { bus, book, signal } = options;
  const live: Frame[] = [];
  const bell = new Bell();
  const unsubscribe = await bus.subscribe(subjects.decision(book), (message) => {
    live.push(decodeFrame(message.data));
    bell.ring();
  });
  const timer = setInterval(bell.ring, options.lookEveryMs ?? LOOK_EVERY_MS);
  signal.addEventListener('abort', bell.ring);
  const stored = new StoredDecisions(bus, book);
  let last = options.after;
  try {
    while (!signal.aborted) {
      const next = live.shift();
      const missed = next === undefined ? await stored.newestSeq(signal) : next.seq - 1;
      if (missed > last) {
        for await (const frame of stored.after(last, missed, signal)) {
          yield frame;
          last = frame.seq;
        }
      }
      if (next === undefined) await bell.wait();
      else if (next.seq === last + 1) {
        yield next;
        last = next.seq;
      }
    }
  } finally {
    unsubscribe();
    clearInterval(timer);
    signal.removeEventListener('abort', bell.ring);
  }
}

/** The stream behind the topic. It remembers where it stopped, so that nothing is read twice. */
class StoredDecisions {
  readonly #subject: string;
  #sequence = 0;

  constructor(
    private readonly bus: Bus,
    book: string,
  ) {
    this.#subject = subjects.line('risk', book);
  }

  /** Number of the newest stored decision; 0 before the first, or while the bus is out of reach. */
  async newestSeq(signal: AbortSignal): Promise<number> {
    if (signal.aborted || !this.bus.connected) return 0;
    const newest = await this.bus.last(this.#subject);
    return newest === null ? 0 : decodeFrame(newest.data).seq;
  }

  async *after(seq: number, until: number, signal: AbortSignal): AsyncGenerator<Frame> {
    const from = this.#sequence + 1;
    for await (const message of this.bus.read(this.#subject, { from, follow: false, signal })) {
      const frame = decodeFrame(message.data);
      if (frame.seq > until) return;
      this.#sequence = message.sequence;
      if (frame.seq > seq) yield frame;
    }
  }
}

/** Wakes whoever waits; a ring before the wait counts. */
class Bell {
  #rung = false;
  #wake: () => void = () => undefined;

  readonly ring = (): void => {
    this.#rung = true;
    this.#wake();
  };

  async wait(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#rung = false;
  }
}
