import type { FastifyBaseLogger } from 'fastify';
import {
  ActionName,
  ReasonCodeName,
  ServiceState,
  ServiceStateName,
  decodeEntry,
  decodeFrame,
  decodeStatus,
  subjects,
  type BookConfig,
  type Entry,
  type Frame,
  type PortfolioPart,
  type RegimePart,
  type StreamState,
  type RiskPart,
} from '@bellwether/contracts';
import { isDecision } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import type { Bus, LiveMessage, StoredMessage } from '@bellwether/bus';
import { GATEWAY_METRICS, type GatewayMetrics } from '../metrics.js';
import { DayCounts } from './day-counts.js';
import { FrameHistory, placed, type PlacedFrame } from './history.js';
import { FrameIndex, type IndexMatches, type IndexRange, type IndexedFrame } from './frame-index.js';
import { outlineOf, type FrameFilter } from './frame-outline.js';
import { Latencies } from './latencies.js';
import { pause, turn } from './pause.js';
import { Waiters, type Waiting } from './waiters.js';

export interface DecisionFeedOptions {
  readonly bus: Bus;
  readonly book: string;
  readonly nowUs: () => number;
  readonly logger: FastifyBaseLogger;
  readonly metrics: GatewayMetrics;
  readonly indexEntries: number;
  /**
   * False in a book whose entries are known at their own time: the difference to a clock would mean nothing.
   */
  readonly measureLatency: boolean;
}

/** A frame as it came, for those who follow the feed. */
export interface SeenFrame extends PlacedFrame {
  readonly latency_us: number | null;
}

/** Two trade dates lie within this span, the longest holiday weekend included. */
const WINDOW_US = 6 * 86_400_000_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;
const FRAMES_PER_TURN = 16;

/** States in which a service cannot go on with the book. */
const BROKEN: ReadonlySet<ServiceState> = new Set([
  ServiceState.DIVERGED,
  ServiceState.STAGE_DOWN,
  ServiceState.BUS_DOWN,
]);

/**
 * Follows the decision stream of one book: where each id is, who waits for it, how the book stands. It is
 * rebuilt from the last days of the stream at each start.
 */
export class DecisionFeed {
  readonly history: FrameHistory;
  readonly counts = new DayCounts();
  readonly latencies = new Latencies();
  readonly #subject: string;
  readonly #index: FrameIndex;
  readonly #decisions = new Waiters<PlacedFrame>();
  readonly #firstWords = new Waiters<Frame>();
  readonly #listeners = new Set<(seen: SeenFrame) => void>();
  readonly #regimes = new Map<string, RegimePart>();
  readonly #streams = new Map<string, readonly StreamState[]>();
  readonly #statuses = new Map<string, ServiceState>();
  readonly #stop = new AbortController();
  readonly #unsubscribe: (() => void)[] = [];
  #running: Promise<void> = Promise.resolve();
  #last: PlacedFrame | null = null;
  #next = 0;
  #catchUpTo = Number.POSITIVE_INFINITY;
  #failure = '';
  #release: BookConfig | null = null;

  constructor(private readonly options: DecisionFeedOptions) {
    this.#subject = subjects.line('risk', options.book);
    this.#index = new FrameIndex(options.indexEntries);
    this.history = new FrameHistory(options.bus, this.#subject);
  }

  /** The newest frame seen. */
  get last(): PlacedFrame | null {
    return this.#last;
  }

  /** Configuration of the last release entry seen; null before one. */
  get release(): BookConfig | null {
    return this.#release;
  }

  get portfolio(): PortfolioPart | null {
    return this.#last?.frame.portfolio ?? null;
  }

  /** The newest regime of each symbol. */
  get regimes(): ReadonlyMap<string, RegimePart> {
    return this.#regimes;
  }

  /** What the streams beside bars said at the newest bar or signal of each symbol. */
  get streams(): ReadonlyMap<string, readonly StreamState[]> {
    return this.#streams;
  }

  /** True once everything that was stored at the start has been read. */
  get caughtUp(): boolean {
    return this.#next > this.#catchUpTo;
  }

  /** What stands in the way of answers, each as one text; empty when nothing does. */
  missing(): readonly string[] {
    const out: string[] = [];
    if (!this.options.bus.connected) out.push('bus: not connected');
    if (this.#failure !== '') out.push(`decisions: ${this.#failure}`);
    for (const [service, state] of this.#statuses) {
      if (BROKEN.has(state)) out.push(`${service}: ${ServiceStateName[state]}`);
    }
    return out;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#decisions.giveUp();
    this.#firstWords.giveUp();
    await this.#running;
  }

  /** The decision about an entry, or null when it has not come within the time. */
  async decisionOf(entryId: string, ms: number): Promise<PlacedFrame | null> {
    const known = this.indexed(entryId);
    return known === null ? this.#decisions.wait(entryId, ms).result : this.history.at(known.sequence);
  }

  /**
   * Waits for the first frame about an entry that holds its regime: that of the regime stage, or the
   * decision. Begin before the entry is sent: a live frame is heard once.
   */
  firstWordOf(entryId: string, ms: number): Waiting<Frame> {
    return this.#firstWords.wait(entryId, ms);
  }

  indexed(entryId: string): IndexedFrame | null {
    return this.#index.byEntry(entryId);
  }

  indexedSeq(seq: number): IndexedFrame | null {
    return this.#index.bySeq(seq);
  }

  /** The oldest frame whose place is known; null before the first. */
  get oldest(): IndexedFrame | null {
    return this.#index.oldest;
  }

  /** Frames of the last two trade dates that match, by what was noted of them when they came. */
  matching(filter: FrameFilter, range: IndexRange): IndexMatches {
    return this.#index.matching(filter, range);
  }

  /** The frame with this number, also where it is older than the index. */
  async bySeq(seq: number): Promise<PlacedFrame | null> {
    const known = this.indexedSeq(seq);
    if (known !== null) return this.history.at(known.sequence);
    const newest = this.#last;
    if (newest === null || seq > newest.frame.seq) return null;
    return this.history.bySeq(seq, newest.sequence);
  }

  /** Calls back for every frame from now on, in order. Returns the way to end it. */
  listen(listener: (seen: SeenFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let wait_ms = RETRY_MS_MIN;
    let noted = 0;
    while (!signal.aborted) {
      try {
        await this.#open();
        const from = this.#next;
        for await (const message of this.options.bus.read(this.#subject, { from, follow: true, signal })) {
          this.#note(message);
          this.#failure = '';
          wait_ms = RETRY_MS_MIN;
          // A long run of stored frames must not keep sockets from being written, or every stream reader
          // looks slow.
          if (++noted % FRAMES_PER_TURN === 0) await turn();
        }
        if (!signal.aborted) throw new Error('The decision stream ended');
      } catch (cause) {
        if (signal.aborted) return;
        this.#failure = 'cannot be followed';
        this.options.metrics.increment(GATEWAY_METRICS.feedFailures.name, { book: this.options.book });
        this.options.logger.error(
          { err: cause, book: this.options.book },
          'The decision stream cannot be followed',
        );
        await pause(wait_ms, signal);
        wait_ms = Math.min(wait_ms * 2, RETRY_MS_MAX);
      }
    }
  }

  /** Subscribes to live messages and finds where to begin. What is done already is not repeated. */
  async #open(): Promise<void> {
    const { bus, book } = this.options;
    if (this.#unsubscribe.length === 0) {
      this.#unsubscribe.push(
        await bus.subscribe(subjects.line('regime', book), (message) => this.#hear(message)),
      );
      this.#unsubscribe.push(
        await bus.subscribe(subjects.status('*', book), (message) => this.#heed(message)),
      );
    }
    const newest = await this.history.newest();
    if (this.#next === 0) {
      const since_us = (newest?.frame.book_time_us ?? 0) - WINDOW_US;
      const head = newest?.sequence ?? 0;
      const first = await this.history.firstThat(head, (frame) => frame.book_time_us >= since_us);
      this.#catchUpTo = head;
      this.#next = first?.sequence ?? 1;
      // The frame of the newest release may lie before the days that are read again.
      const release = newest === null ? null : await bus.last(subjects.journalKind(book, 'release'));
      if (release !== null) this.#release ??= decodeEntry(release.data).release?.config ?? null;
    }
    // Behind the newest frame, only reading it shows that the failure is over.
    if (newest === null || newest.sequence < this.#next) this.#failure = '';
  }

  #note(message: StoredMessage): void {
    const item = placed(message);
    const { frame, sequence } = item;
    const expected = this.#last === null ? frame.seq : this.#last.frame.seq + 1;
    if (frame.seq !== expected || frame.entry === null) {
      throw new Error(`Expected frame ${expected} with its entry, was ${frame.seq}`);
    }
    const trade_date = tradeDateAt(frame.book_time_us);
    const latency_us = this.#latencyOf(frame.entry);
    const { id: entry_id } = frame.entry;
    this.#index.add({
      entry_id,
      seq: frame.seq,
      sequence,
      trade_date,
      latency_us,
      outline: outlineOf(frame),
    });
    if (isDecision(frame.risk)) {
      this.counts.add(trade_date, frame.risk);
      this.#countDecision(frame.risk);
      if (latency_us !== null) this.latencies.add(latency_us);
    }
    if (frame.regime !== null && frame.features !== null && frame.features.symbol !== '') {
      this.#regimes.set(frame.features.symbol, frame.regime);
      if (frame.features.streams.length > 0) {
        this.#streams.set(frame.features.symbol, frame.features.streams);
      }
    }
    this.#release = frame.entry.release?.config ?? this.#release;
    this.#last = item;
    this.#next = sequence + 1;
    this.options.metrics.increment(GATEWAY_METRICS.frames.name, { book: this.options.book });
    this.#decisions.settle(frame.entry.id, item);
    this.#firstWords.settle(frame.entry.id, frame);
    for (const listener of this.#listeners) listener({ ...item, latency_us });
  }

  /** What is read again at a start was counted before it: a rate over it would show decisions that nobody took now. */
  #countDecision({ action, reason }: RiskPart): void {
    if (!this.caughtUp) return;
    const { book, metrics } = this.options;
    const labels = { book, action: ActionName[action], reason: ReasonCodeName[reason] };
    metrics.increment(GATEWAY_METRICS.decisions.name, labels);
  }

  /** Only for frames that came while we were following: of earlier ones nobody knows when they came. */
  #latencyOf(entry: Entry): number | null {
    if (!this.options.measureLatency || !this.caughtUp) return null;
    const us = this.options.nowUs() - entry.known_us;
    return us >= 0 ? us : null;
  }

  #hear(message: LiveMessage): void {
    if (!this.#firstWords.any) return;
    try {
      const frame = decodeFrame(message.data);
      if (frame.entry !== null) this.#firstWords.settle(frame.entry.id, frame);
    } catch (cause) {
      // The decision stream brings the same frame; a broken live copy costs time, not an answer.
      this.options.logger.warn(
        { err: cause, book: this.options.book },
        'A live regime frame is not readable',
      );
    }
  }

  #heed(message: LiveMessage): void {
    try {
      const status = decodeStatus(message.data);
      this.#statuses.set(status.service, status.state);
    } catch (cause) {
      this.options.logger.warn({ err: cause, book: this.options.book }, 'A service status is not readable');
    }
  }
}
