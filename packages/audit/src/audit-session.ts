import { BusRefused, type StoredMessage } from '@bellwether/bus';
import {
  BellwetherError,
  ServiceState,
  encodeAuditHead,
  subjects,
  type AuditHead,
} from '@bellwether/contracts';
import { InputGap } from '@bellwether/host';
import { answerBytes } from './answer.js';
import { AuditLog } from './audit-log.js';
import { outlineOf } from './frame-outline.js';
import { replayInBackground } from './background-replay.js';
import { GroupCommit, type CommitDone } from './group-commit.js';
import type { AuditIndex } from './index/audit-index.js';
import { RecordedFrames } from './recorded-frames.js';
import type { AuditOptions } from './run-audit.js';
import { savePosition, startPosition, type StreamPosition } from './stream-position.js';

/** Frames between two savings of the place in the stream. Only a hint: it saves reading them again. */
const POSITION_EVERY_FRAMES = 10_000;

/** Publishes the state of the service for the book. */
type Tell = (state: ServiceState, detail: string) => Promise<void>;

/** One ownership of a book's log, from opening it to the end. */
export class AuditSession {
  /** Frames that this session has signed. */
  signed = 0;
  #log: AuditLog | null = null;
  /** Newest head that the index was told of. */
  #indexed: AuditHead | null = null;
  /** Last frame appended that a comparison can begin with, and its place in the stream. */
  #last: StreamPosition | null = null;
  #idle = false;
  /** A place to keep once its frame is signed. */
  #due: StreamPosition | null = null;
  #dueSeq = 0;
  #keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: AuditOptions,
    /** False: the kept place in the stream is not used. */
    private readonly useHint: boolean,
  ) {}

  get head(): AuditHead | null {
    return this.#log?.head ?? null;
  }

  /** Follows the decisions until the signal. */
  async run(signal: AbortSignal, status: Tell): Promise<void> {
    const { files, book, key, segmentBytesMax } = this.options;
    const sized = segmentBytesMax === undefined ? {} : { segmentBytesMax };
    const log = await AuditLog.open({ files, book, key, ...sized });
    this.#log = log;
    try {
      this.#report(log);
      await status(ServiceState.RECOVERING, `from frame ${log.seq}`);
      const index = this.options.index();
      try {
        await this.#work(log, index, signal, status);
      } finally {
        await index.close();
      }
    } finally {
      await log.close();
    }
  }

  #report(log: AuditLog): void {
    const { book, metrics } = this.options;
    const { cut_bytes } = log.resumed;
    metrics.seen(book, log.seq, log.seq);
    if (cut_bytes === 0) return;
    metrics.tornTailCut(book);
    this.options.log.warn(
      { book, cut_bytes, seq: log.seq },
      'an unfinished commit was cut; its frames are read again from the decision stream',
    );
  }

  async #work(log: AuditLog, index: AuditIndex, signal: AbortSignal, status: Tell): Promise<void> {
    const { bus, book, nowUs, pause, commitMs = 100, commitFrames = 1_000 } = this.options;
    const stop = new AbortController();
    const until = AbortSignal.any([signal, stop.signal]);
    const commits = new GroupCommit({
      ...{ log, commitMs, commitFrames, pause, nowUs, signal: until },
      onCommit: (done) => this.#committed(done, index),
      onFailure: () => stop.abort(),
    });
    if (log.head !== null) index.extend(log.head.record);
    this.#indexed = log.head;
    const endAnswers = await bus.respond(subjects.auditQuery(book), (question) =>
      this.#answer(question, index),
    );
    const repeating = Promise.all([
      this.#repeatHead(log, until).catch(() => stop.abort()),
      this.#replay(until, status),
    ]);
    try {
      await this.#follow(log, commits, until, () => status(ServiceState.RUNNING, ''));
      // A bus that ended the reading has not ended the run; what was read is signed all the same.
      await commits.flush();
      if (!signal.aborted) throw new BusRefused('The bus ended the reading');
      this.#keep(this.#last);
      await this.#keeping;
    } finally {
      endAnswers();
      stop.abort();
      await repeating;
      // What was read before a failure is in order and gets signed, if a commit was not what failed.
      await commits.flush().catch(() => undefined);
    }
  }

  async #follow(
    log: AuditLog,
    commits: GroupCommit,
    signal: AbortSignal,
    onRunning: () => Promise<void>,
  ): Promise<void> {
    const { bus, files, book } = this.options;
    const from = this.useHint ? await startPosition(bus, files, book, log.resumed.last_record_seq) : 1;
    const recorded = log.seq === 0 ? null : new RecordedFrames({ files, book }, log.head?.record ?? 0);
    const { seq: known } = log;
    await onRunning();
    const subject = subjects.line('risk', book);
    let reached = 0;
    for await (const message of bus.read(subject, { from, follow: true, signal })) {
      commits.check();
      // The same message once more is a repeat; another one with its number is not.
      if (message.sequence <= reached) continue;
      reached = message.sequence;
      const outline = outlineOf(message.data);
      if (outline.seq > log.seq + 1) {
        throw new InputGap(`Book ${book}: Expected frame ${log.seq + 1}, was ${outline.seq}`);
      }
      if (outline.seq <= known) {
        await recorded?.check(outline.seq, message.data);
        continue;
      }
      if (outline.seq <= log.seq) {
        throw new BellwetherError(
          'diverged',
          `Book ${book}: The decision stream holds frame ${outline.seq} twice`,
        );
      }
      this.#append(log, message, outline);
      const wait = commits.appended();
      if (wait !== null) await wait;
    }
    commits.check();
  }

  #append(log: AuditLog, message: StoredMessage, outline: ReturnType<typeof outlineOf>): void {
    const { nowUs, measureLatency } = this.options;
    const received_us = nowUs();
    log.append(message.data, {
      seq: outline.seq,
      received_us,
      latency_us: measureLatency ? received_us - outline.known_us : null,
      idle: outline.idle,
    });
    // In a run of idle frames its first one: the run can only be compared as a whole.
    if (!outline.idle || !this.#idle) this.#last = { seq: outline.seq, sequence: message.sequence };
    this.#idle = outline.idle;
    if (outline.seq - this.#dueSeq < POSITION_EVERY_FRAMES) return;
    this.#due = this.#last;
    this.#dueSeq = outline.seq;
  }

  #committed(done: CommitDone, index: AuditIndex): void {
    const { book, metrics, onHead } = this.options;
    const { head, frames } = done;
    this.signed += frames;
    metrics.committed(book, done);
    metrics.seen(book, this.#log?.seq ?? head.seq, head.seq);
    index.extend(head.record);
    this.#indexed = head;
    this.#publish(head);
    onHead?.(head);
    if (this.#due === null || head.seq < this.#due.seq) return;
    this.#keep(this.#due);
    this.#due = null;
  }

  /** Beside the log, until the signal. */
  async #replay(signal: AbortSignal, status: Tell): Promise<void> {
    const { bus, book, pause, log, metrics, replay } = this.options;
    if (replay === undefined) return;
    try {
      await replayInBackground({ ...replay, bus, book, pause, log, metrics, status }, signal);
    } catch (cause) {
      // What only looks on must not end the log.
      log.error({ book, cause: String(cause) }, 'the replay beside the log has ended');
    }
  }

  /** Without it more is read again after the next start; nothing else depends on it. */
  #keep(position: StreamPosition | null): void {
    if (position === null) return;
    const { files, book, log } = this.options;
    this.#keeping = this.#keeping
      .then(() => savePosition(files, book, position))
      .catch((cause: unknown) => {
        log.warn({ book, cause: String(cause) }, 'the place in the stream was not kept');
      });
  }

  async #answer(question: Uint8Array, index: AuditIndex): Promise<Uint8Array> {
    const { files, book, metrics } = this.options;
    const { bytes, error } = await answerBytes({ files, book, index, head: () => this.#indexed }, question);
    metrics.answered(book, error);
    metrics.indexRebuilds(book, index.rebuilds);
    return bytes;
  }

  /**
   * Whoever watches the heads learns in this way that the log is there, also while nothing is decided; and the claim of
   * the log is renewed. Throws where somebody else has it.
   */
  async #repeatHead(log: AuditLog, signal: AbortSignal): Promise<void> {
    const { pause, repeatHeadMs = 5_000 } = this.options;
    while (!signal.aborted) {
      await log.keepClaim();
      if (log.head !== null) this.#publish(log.head);
      await pause(repeatHeadMs, signal);
    }
  }

  #publish(head: AuditHead): void {
    const { bus, book, log } = this.options;
    // It is in the file; the next one, or the next repetition, tells those who missed it.
    bus.publish(subjects.audit(book), encodeAuditHead(head)).catch((cause: unknown) => {
      log.warn({ book, cause: String(cause) }, 'the head was not published');
    });
  }
}
