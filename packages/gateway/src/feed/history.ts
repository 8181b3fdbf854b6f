import { decodeFrame, type Entry, type Frame } from '@bellwether/contracts';
import type { Bus, StoredMessage } from '@bellwether/bus';

/** A frame and where the decision stream stores it. */
export interface PlacedFrame {
  readonly frame: Frame;
  readonly sequence: number;
}

/** Stream sequences read at once when going back; grows where other books lie between. */
const CHUNK = 256;
const CHUNK_MAX = 16_384;

/**
 * Frames looked at, from the first that can hold an entry. More than this lie between only with a broken
 * clock.
 */
const ENTRY_SCAN_MAX = 2_000;

/**
 * The stored decision stream of one book, read where the index does not reach. Stream sequences are shared
 * with other books.
 */
export class FrameHistory {
  constructor(
    private readonly bus: Bus,
    private readonly subject: string,
  ) {}

  /** The newest frame, or null in an empty stream. */
  async newest(): Promise<PlacedFrame | null> {
    const message = await this.bus.last(this.subject);
    return message === null ? null : placed(message);
  }

  /** The frame at this very sequence, or null where the book has none there. */
  async at(sequence: number): Promise<PlacedFrame | null> {
    const message = await this.bus.get(this.subject, sequence);
    return message?.subject === this.subject ? placed(message) : null;
  }

  /** The first frame at or after a sequence. */
  async firstFrom(sequence: number): Promise<PlacedFrame | null> {
    for await (const message of this.bus.read(this.subject, { from: sequence, follow: false })) {
      return placed(message);
    }
    return null;
  }

  /**
   * The first frame up to sequence `head` for which `reached` holds, by halving: it must hold for all later
   * ones too.
   */
  async firstThat(head: number, reached: (frame: Frame) => boolean): Promise<PlacedFrame | null> {
    let low = 1;
    let high = head + 1;
    let best: PlacedFrame | null = null;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = await this.firstFrom(middle);
      if (found === null || found.sequence > head) {
        high = middle;
      } else if (reached(found.frame)) {
        best = found;
        high = middle;
      } else {
        low = found.sequence + 1;
      }
    }
    return best;
  }

  /** The frame with this number of the book, or null. */
  async bySeq(seq: number, head: number): Promise<PlacedFrame | null> {
    const found = await this.firstThat(head, (frame) => frame.seq >= seq);
    return found?.frame.seq === seq ? found : null;
  }

  /** The frame of an entry that was journaled before, or null where none is found near its time. */
  async byEntry(entry: Entry, head: number): Promise<PlacedFrame | null> {
    const start = await this.firstThat(head, (frame) => frame.book_time_us >= entry.known_us);
    if (start === null) return null;
    let left = ENTRY_SCAN_MAX;
    for await (const item of this.forward(start.sequence, head)) {
      if (item.frame.entry?.id === entry.id) return item;
      left -= 1;
      if (left === 0) return null;
    }
    return null;
  }

  /** Frames from sequence `from` to `to`, both included, oldest first. */
  async *forward(from: number, to: number): AsyncGenerator<PlacedFrame, void, undefined> {
    if (from > to) return;
    for await (const message of this.bus.read(this.subject, { from, follow: false })) {
      if (message.sequence > to) return;
      yield placed(message);
    }
  }

  /** Frames before a sequence, newest first, to the beginning of the stream. */
  async *backward(before: number): AsyncGenerator<PlacedFrame, void, undefined> {
    const oldest = await this.firstFrom(1);
    if (oldest === null) return;
    let size = CHUNK;
    for (let end = before - 1; end >= oldest.sequence;) {
      const start = Math.max(oldest.sequence, end - size + 1);
      const found: PlacedFrame[] = [];
      for await (const item of this.forward(start, end)) found.push(item);
      for (let i = found.length - 1; i >= 0; i--) yield found[i]!;
      if (found.length < CHUNK / 4) size = Math.min(size * 2, CHUNK_MAX);
      end = start - 1;
    }
  }
}

export function placed(message: StoredMessage): PlacedFrame {
  return { frame: decodeFrame(message.data), sequence: message.sequence };
}
