import type { ReadOptions, StoredMessage } from '@bellwether/bus';
import { InvariantError } from '@bellwether/kernel';
import type { SimProcess } from './sim-process.js';
import type { SimServer, Sleeper, StoreView } from './sim-server.js';

type Result = IteratorResult<StoredMessage, undefined>;

const DONE: Result = { done: true, value: undefined };

/** A message that was lost on the way comes again after this, if no newer one shows the gap first. */
const REDELIVERY_MS = 1_500;

/** Messages that can be delivered again after newer ones. */
const RECENT = 5;

/**
 * Streams whose readers can see a gap: frames are numbered. In the journal and in the inputs nothing shows one, so there
 * the bus alone keeps that promise.
 */
const NUMBERED = 'bw.line.';

/** One reading of a stream by one process, over a network that delays, repeats, reorders and loses. */
export class SimReader implements AsyncIterator<StoredMessage, undefined> {
  readonly #server: SimServer;
  readonly #process: SimProcess;
  readonly #filter: string;
  readonly #view: StoreView;
  readonly #follow: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #faulty: boolean;
  readonly #onEnd: (reader: SimReader) => void;
  readonly #onAbort = (): void => this.end();
  readonly #sleeper: Sleeper;
  #from: number;
  #through: number | null = null;
  /** To be delivered before anything else: repeats, and what was overtaken. */
  readonly #extra: StoredMessage[] = [];
  readonly #recent: StoredMessage[] = [];
  /** Taken in the store, and not arrived. */
  #lost: { readonly message: StoredMessage; readonly again_ms: number } | null = null;
  #waiting: { resolve: (result: Result) => void } | null = null;
  #ended = false;

  constructor(
    server: SimServer,
    process: SimProcess,
    filter: string,
    options: ReadOptions,
    faulty: boolean,
    onEnd: (reader: SimReader) => void,
  ) {
    this.#server = server;
    this.#process = process;
    this.#filter = filter;
    this.#follow = options.follow;
    this.#signal = options.signal;
    this.#from = options.from;
    this.#faulty = faulty && options.follow;
    this.#onEnd = onEnd;
    this.#view = server.view(filter);
    this.#sleeper = { view: this.#view, wake: () => this.#ask() };
    if (this.#signal?.aborted === true) this.end();
    else this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  next(): Promise<Result> {
    if (this.#waiting !== null) {
      return Promise.reject(new InvariantError('A reader has one next() under way at a time'));
    }
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#waiting = { resolve };
      this.#ask();
    });
  }

  #ask(): void {
    this.#later(this.#server.way(), () => this.#look());
  }

  #later(ms: number, action: () => void): void {
    this.#server.time.after(ms, () => {
      if (!this.#ended && this.#waiting !== null && this.#process.alive) action();
    });
  }

  /** The next message is taken in the store and sent on its way. */
  #look(): void {
    const out_ms = this.#server.outFor(this.#process);
    if (out_ms > 0) {
      this.#later(out_ms + this.#server.way(), () => this.#look());
      return;
    }
    const extra = this.#extra.shift();
    if (extra !== undefined) {
      this.#deliver(extra);
      return;
    }
    if (!this.#follow && this.#through === null) {
      this.#through = this.#server.view(wholeOf(this.#filter)).lastSequence;
    }
    const message = this.#view.nextFrom(this.#from);
    if (message === null || (this.#through !== null && message.sequence > this.#through)) {
      if (this.#follow) this.#sleep();
      else this.#process.deliver(() => this.end());
      return;
    }
    this.#overtake();
    if (!this.#faulty || !this.#goesAstray(message)) this.#take(message);
    else this.#look();
  }

  /** Repeats to come, and whether this message is lost on the way for now. */
  #goesAstray(message: StoredMessage): boolean {
    const { faults } = this.#server;
    const older = this.#recent[0];
    if (faults.draw('duplicated')) this.#extra.push(message);
    else if (older !== undefined && faults.draw('redelivered')) this.#extra.push(older);
    if (!this.#filter.startsWith(NUMBERED) || !faults.draw('dropped')) return false;
    this.#note(`loses ${message.sequence}`);
    this.#lost = { message, again_ms: this.#server.time.now_ms + REDELIVERY_MS };
    this.#from = message.sequence + 1;
    return true;
  }

  /** Waits for the next append; a lost message comes again if none is there in time. */
  #sleep(): void {
    const lost = this.#lost;
    const { time } = this.#server;
    if (lost !== null && lost.again_ms <= time.now_ms) {
      this.#lost = null;
      this.#server.coverage.count('redelivered_late');
      this.#take(lost.message);
      return;
    }
    this.#server.sleep(this.#sleeper);
    if (lost === null) return;
    this.#later(lost.again_ms - time.now_ms, () => {
      if (this.#lost !== lost) return;
      this.#server.leave(this.#sleeper);
      this.#look();
    });
  }

  /** A newer message came before a lost one was sent again: the reader sees a gap. */
  #overtake(): void {
    const lost = this.#lost;
    if (lost === null) return;
    this.#lost = null;
    this.#server.coverage.count('gap_delivered');
    if (!this.#server.chance.happens(0.5)) return;
    this.#server.coverage.count('reordered');
    this.#extra.push(lost.message);
  }

  #take(message: StoredMessage): void {
    this.#from = message.sequence + 1;
    this.#recent.push(message);
    if (this.#recent.length > RECENT) this.#recent.shift();
    this.#deliver(message);
  }

  #deliver(message: StoredMessage): void {
    this.#process.deliver(() => {
      const waiting = this.#waiting;
      if (waiting === null || this.#ended) return;
      this.#waiting = null;
      this.#note(`reads ${message.sequence}`);
      waiting.resolve({ done: false, value: message });
    });
  }

  #note(what: string): void {
    this.#server.note(this.#process.name, `${this.#filter} ${what}`);
  }

  /** Ends the reading; a pending `next` is answered with the end. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#server.leave(this.#sleeper);
    this.#onEnd(this);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(DONE);
  }

  return(): Promise<Result> {
    this.end();
    return Promise.resolve(DONE);
  }
}

/** The filter of the whole stream that stores a filter: line streams end in the book, others in a tail. */
function wholeOf(filter: string): string {
  const tokens = filter.split('.');
  return tokens[1] === 'line' ? `bw.line.${tokens[2] ?? ''}.*` : `bw.${tokens[1] ?? ''}.>`;
}
