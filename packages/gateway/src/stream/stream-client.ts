import { HEARTBEAT, eventText, positionText } from './events.js';

/** What a stream client writes to: an HTTP response, seen narrowly. */
export interface StreamSink {
  write(text: string): void;
  end(): void;
  destroy(): void;
  /** Bytes that wait to be sent. */
  readonly writableLength: number;
  /** True where enough waits that `onDrain` will call back. */
  readonly needsDrain: boolean;
  /** Calls back once, when everything that waited has been sent. */
  onDrain(callback: () => void): void;
}

/** A decision of one book, ready to be sent to any number of clients. */
export interface StreamEvent {
  readonly book: string;
  readonly seq: number;
  readonly text: string;
}

/** Time in which a client that is dropped may still read why. */
const FAREWELL_MS = 1_000;

/**
 * One reader of `/v1/stream`. While the events that it missed are still being read, new ones wait in a queue
 * of its own. A reader who falls behind by more than `bytesMax` is told so and disconnected.
 */
export class StreamClient {
  #queue: StreamEvent[] | null = [];
  #queued = 0;
  #closed = false;

  constructor(
    private readonly sink: StreamSink,
    /** Last frame of each book that this client follows; tells it where to resume. */
    private readonly positions: Map<string, number>,
    private readonly bytesMax: number,
    private readonly onDropped: (reason: string) => void,
  ) {}

  get closed(): boolean {
    return this.#closed;
  }

  follows(book: string): boolean {
    return this.positions.has(book);
  }

  positionOf(book: string): number {
    return this.positions.get(book) ?? 0;
  }

  /** Moves on without an event: what lies between is not sent. */
  skipTo(book: string, seq: number): void {
    this.positions.set(book, seq);
  }

  /** Sends something that is no decision, with the present position. */
  tell(event: string, data: unknown): void {
    this.#write(eventText(event, data));
  }

  /** Sends a decision that is part of catching up. */
  replay(event: StreamEvent): void {
    this.#deliver(event);
  }

  /** Sends a new decision, or keeps it until the client has caught up. */
  send(event: StreamEvent): void {
    if (this.#closed) return;
    if (this.#queue === null) {
      this.#deliver(event);
      return;
    }
    this.#queued += event.text.length;
    if (this.#queued > this.bytesMax) this.drop('too_slow');
    else this.#queue.push(event);
  }

  /** Everything that was missed has been sent: from here on events go out as they come. */
  caughtUp(): void {
    const queue = this.#queue ?? [];
    this.#queue = null;
    for (const event of queue) this.#deliver(event);
  }

  /**
   * Resolves with true when there is room for more of what was missed, with false when it stays full too
   * long.
   */
  async room(withinMs: number): Promise<boolean> {
    if (this.sink.writableLength < this.bytesMax / 2 || !this.sink.needsDrain) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs);
      this.sink.onDrain(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  heartbeat(): void {
    if (!this.#closed && this.#queue === null) this.sink.write(HEARTBEAT);
  }

  /** Ends the connection and says why. */
  drop(reason: string): void {
    if (this.#closed) return;
    this.gone();
    this.onDropped(reason);
    this.sink.write(eventText('closed', { reason }));
    this.sink.end();
    setTimeout(() => this.sink.destroy(), FAREWELL_MS).unref();
  }

  /** The other side has gone. */
  gone(): void {
    this.#closed = true;
    this.#queue = null;
  }

  #deliver(event: StreamEvent): void {
    // What was replayed already can come a second time from the queue.
    if (event.seq <= this.positionOf(event.book)) return;
    this.positions.set(event.book, event.seq);
    this.#write(event.text);
  }

  #write(text: string): void {
    if (this.#closed) return;
    if (this.sink.writableLength > this.bytesMax) {
      this.drop('too_slow');
      return;
    }
    const position = positionText(this.positions);
    this.sink.write(position === '' ? text : `id: ${position}\n${text}`);
  }
}
