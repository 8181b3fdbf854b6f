import { InvariantError } from '@bellwether/kernel';
import type { StoredMessage } from './bus.js';
import type { ReadPlan, StreamRoute } from './routes.js';

/** Walks over the stored messages of one plan, in stream order. */
export interface Cursor {
  /** The next matching message, or null where there is none now. */
  take(): StoredMessage | null;
}

const DONE: IteratorResult<StoredMessage, undefined> = { done: true, value: undefined };

/**
 * Messages that are there come without waiting, one promise each and no turn of the event loop. After this many in a
 * row the loop gets a turn, so that a long replay does not silence health checks and abort signals.
 */
const MESSAGES_PER_TURN = 1_024;

interface Waiting {
  readonly resolve: (result: IteratorResult<StoredMessage, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** Readers at the end of a stream, woken by the append itself: nothing polls. */
export class FollowHub {
  readonly #waiting = new Map<StreamRoute, Set<FollowReader>>();
  readonly #open = new Set<FollowReader>();

  /** Wakes the readers of this stream that wait for such a subject. */
  stored(route: StreamRoute, subject: string): void {
    const waiting = this.#waiting.get(route);
    if (waiting === undefined || waiting.size === 0) return;
    for (const reader of waiting) {
      if (reader.wants(subject) && reader.wake()) waiting.delete(reader);
    }
  }

  /** Ends all readers. */
  close(): void {
    for (const reader of [...this.#open]) reader.end();
  }

  opened(reader: FollowReader): void {
    this.#open.add(reader);
  }

  ended(reader: FollowReader, route: StreamRoute): void {
    this.#open.delete(reader);
    this.#waiting.get(route)?.delete(reader);
  }

  wait(reader: FollowReader, route: StreamRoute): void {
    let waiting = this.#waiting.get(route);
    if (waiting === undefined) {
      waiting = new Set();
      this.#waiting.set(route, waiting);
    }
    waiting.add(reader);
  }
}

/** One reading of a stream: what the cursor has, then, when following, what is stored later. */
export class FollowReader implements AsyncIterator<StoredMessage, undefined> {
  readonly #hub: FollowHub;
  readonly #plan: ReadPlan;
  readonly #cursor: Cursor;
  readonly #follow: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.end();
  #ended = false;
  #taken = 0;
  #waiting: Waiting | null = null;

  constructor(
    hub: FollowHub,
    plan: ReadPlan,
    cursor: Cursor,
    follow: boolean,
    signal: AbortSignal | undefined,
  ) {
    this.#hub = hub;
    this.#plan = plan;
    this.#cursor = cursor;
    this.#follow = follow;
    this.#signal = signal;
    hub.opened(this);
    if (signal?.aborted === true) this.end();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** True when the message under this subject can be the one waited for. */
  wants(subject: string): boolean {
    const { group, test, route } = this.#plan;
    if (test !== null) return test(subject);
    return group === null || route.groupOf(subject) === group;
  }

  next(): Promise<IteratorResult<StoredMessage, undefined>> {
    if (this.#waiting !== null) {
      return Promise.reject(new InvariantError('A reader has one next() under way at a time'));
    }
    if (this.#ended) return Promise.resolve(DONE);
    this.#taken += 1;
    if (this.#taken % MESSAGES_PER_TURN === 0) return this.#nextInLaterTurn();
    try {
      const message = this.#cursor.take();
      if (message !== null) return Promise.resolve({ done: false, value: message });
    } catch (error) {
      this.end();
      return Promise.reject(error);
    }
    if (!this.#follow) {
      this.end();
      return Promise.resolve(DONE);
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#hub.wait(this, this.#plan.route);
    });
  }

  #nextInLaterTurn(): Promise<IteratorResult<StoredMessage, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      setImmediate(() => {
        if (!this.wake()) this.#hub.wait(this, this.#plan.route);
      });
    });
  }

  /** Called when there may be something new. False when the pending `next` has to go on waiting. */
  wake(): boolean {
    const waiting = this.#waiting;
    if (waiting === null) return true;
    let message: StoredMessage | null;
    try {
      message = this.#cursor.take();
    } catch (error) {
      this.#waiting = null;
      this.end();
      waiting.reject(error);
      return true;
    }
    if (message === null && this.#follow) return false;
    this.#waiting = null;
    if (message === null) this.end();
    waiting.resolve(message === null ? DONE : { done: false, value: message });
    return true;
  }

  /** Ends the reading; a pending `next` is answered with the end. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#hub.ended(this, this.#plan.route);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(DONE);
  }

  return(): Promise<IteratorResult<StoredMessage, undefined>> {
    this.end();
    return Promise.resolve(DONE);
  }
}
