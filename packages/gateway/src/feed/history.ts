import { decodeFrame, type Frame } from '@bellwether/contracts';
import type { Bus, StoredMessage } from '@bellwether/bus';

/** A frame and where the decision stream stores it. */
export interface PlacedFrame {
  readonly frame: Frame;
  readonly sequence: number;
}

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

  /** Frames from sequence `from` to `to`, both included, oldest first. */
  async *forward(from: number, to: number): AsyncGenerator<PlacedFrame, void, undefined> {
    if (from > to) return;
    for await (const message of this.bus.read(this.subject, { from, follow: false })) {
      if (message.sequence > to) return;
      yield placed(message);
    }
  }
}

export function placed(message: StoredMessage): PlacedFrame {
  return { frame: decodeFrame(message.data), sequence: message.sequence };
}
