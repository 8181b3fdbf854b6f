import { BusRefused, OutcomeUnknown, SequenceConflict, type Bus, type StoredMessage } from '@bellwether/bus';
import {
  STAGES,
  ServiceState,
  decodeEntry,
  decodeFrame,
  encodeStatus,
  equalBytes,
  subjects,
  type Frame,
  type StageName,
} from '@bellwether/contracts';
import {
  FIRST_FRAME_HEAD,
  assert,
  frameHead,
  openFrame,
  present,
  type AnyStage,
  type FrameHead,
} from '@bellwether/kernel';
import { Diverged, firstDifference } from './divergence.js';
import { keepLease } from './lease.js';
import type { HostMetrics } from './metrics.js';
import { SnapshotStore, type Snapshot } from './snapshot.js';
import { StageUnit, messageOf, type Infer, type UnitStep } from './stage-unit.js';

export interface HostLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface BookHostOptions {
  readonly bus: Bus;
  readonly book: string;
  /** Name of the service, for leases, snapshots and status. */
  readonly service: string;
  /** Consecutive stages of the line, run as one unit. */
  readonly stages: readonly AnyStage[];
  readonly infer: Infer;
  /** Tells this process from others that want the same book. */
  readonly owner: string;
  /** Off only to prove that the sequence check alone is safe. */
  readonly lease: boolean;
  readonly snapshotEveryFrames: number;
  readonly log: HostLog;
  readonly metrics: HostMetrics;
  /** Waits before a new start; injected so that tests need no real time. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Re-reads after a gap in the input, before the book is given up: a gap that stays is a broken stream. */
const GAPS_MAX = 5;
const RESTART_PAUSE_MS = 200;
const RESTART_PAUSE_MS_MAX = 5_000;

/** The input skipped a frame. Never guessed over: read again. */
export class InputGap extends Error {
  override readonly name = 'InputGap';
  readonly code = 'input_gap';
}

/** Where a unit stands between two inputs. */
interface Position {
  readonly head: FrameHead;
  readonly states: readonly unknown[];
  readonly inputSequence: number;
  readonly outputSequence: number;
}

/**
 * Runs consecutive stages for one book: start and takeover, replay with comparison, one output in flight under the
 * expected sequence, snapshots (architecture.md section 5).
 */
export class BookHost {
  private readonly unit: StageUnit;
  private readonly snapshots: SnapshotStore<Snapshot>;
  private readonly first: StageName;
  private readonly output: string;
  private readonly input: string;
  private position: Position | null = null;
  private savedSeq = 0;
  /** Frames that this host has stored, over all its starts. */
  private stored = 0;

  constructor(private readonly options: BookHostOptions) {
    const { book, stages, service, bus, log } = options;
    this.unit = new StageUnit(stages, options.infer);
    const names = this.unit.names;
    this.first = present(names[0], 'a first stage');
    const last = present(names.at(-1), 'a last stage');
    const at = STAGES.indexOf(this.first);
    assert(
      names.every((name, i) => STAGES[at + i] === name),
      `Stages ${names.join(', ')} do not follow one another in the line`,
    );
    this.input =
      at === 0 ? subjects.journalOf(book) : subjects.line(present(STAGES[at - 1], 'a stage before'), book);
    this.output = subjects.line(last, book);
    this.snapshots = new SnapshotStore(bus.blobs, `${book}/${service}`, (slot, cause) => {
      options.metrics.snapshotCorrupt(service, book);
      log.warn(
        { book, slot, cause: messageOf(cause) },
        'snapshot refused, an older one or the journal takes its place',
      );
    });
  }

  /**
   * Runs until the signal. Starts again after a lost ownership, a lost acknowledgement or a bus that refuses.
   * Throws {@link Diverged}, {@link StageDown} and {@link InputGap}: the book is stopped and somebody must look.
   */
  async run(signal: AbortSignal): Promise<void> {
    let gaps = 0;
    let pauseMs = RESTART_PAUSE_MS;
    while (!signal.aborted) {
      const before = this.stored;
      try {
        await this.own(signal);
      } catch (cause) {
        // Only what goes wrong without anything new stored in between counts as one trouble that stays.
        if (this.stored > before) {
          gaps = 0;
          pauseMs = RESTART_PAUSE_MS;
        }
        if (cause instanceof InputGap && ++gaps > GAPS_MAX) await this.stop(ServiceState.STAGE_DOWN, cause);
        await this.afterFailure(cause);
        this.position = null;
        await this.options.pause(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, RESTART_PAUSE_MS_MAX);
      }
    }
    await this.status(ServiceState.STOPPED, 'ended on request');
  }

  private async afterFailure(cause: unknown): Promise<void> {
    const { book, log, metrics, service } = this.options;
    if (cause instanceof SequenceConflict) {
      metrics.conflict(service, book);
      await this.status(ServiceState.LOST_OWNERSHIP, cause.message);
    } else if (cause instanceof OutcomeUnknown || cause instanceof BusRefused) {
      await this.status(ServiceState.BUS_DOWN, cause.message);
    } else if (cause instanceof InputGap) {
      log.warn({ book, cause: cause.message }, 'gap in the input, reading again');
    } else if (cause instanceof Diverged) {
      await this.stop(ServiceState.DIVERGED, cause);
    } else {
      await this.stop(ServiceState.STAGE_DOWN, cause);
    }
    log.warn({ book, cause: messageOf(cause) }, 'starting the book again');
  }

  private async stop(state: ServiceState, cause: unknown): Promise<never> {
    this.options.log.error({ book: this.options.book, cause: messageOf(cause) }, 'book stopped');
    await this.status(state, messageOf(cause));
    throw cause;
  }

  private async own(signal: AbortSignal): Promise<void> {
    const { bus, book, service, owner, lease } = this.options;
    if (!lease) return this.session(signal);
    return keepLease(
      { leases: bus.leases, name: `${service}/${book}`, owner, signal, pause: this.options.pause },
      () => this.status(ServiceState.STANDBY, 'another owner has the book'),
      (held) => this.session(held),
    );
  }

  /** One ownership: recover to my own head, then go on. Ends when the signal does. */
  private async session(signal: AbortSignal): Promise<void> {
    const { bus, book, log } = this.options;
    const last = await bus.last(this.output);
    const headSeq = last === null ? 0 : decodeFrame(last.data).seq;
    await this.restore(headSeq, last);
    const start = present(this.position, 'a position');
    await this.status(ServiceState.RECOVERING, `from frame ${start.head.seq} to ${headSeq}`);
    const own = bus.read(this.output, { from: start.outputSequence + 1, follow: false, signal });
    const recorded = own[Symbol.asyncIterator]();
    let running = start.head.seq >= headSeq;
    if (running) await this.status(ServiceState.RUNNING, '');
    try {
      for await (const message of bus.read(this.input, {
        from: start.inputSequence + 1,
        follow: true,
        signal,
      })) {
        const frame = this.accept(message);
        if (frame === null) continue;
        if (frame.seq <= headSeq) {
          const next = await recorded.next();
          if (next.done === true) throw new InputGap(`Own output ends before frame ${frame.seq}`);
          await this.replay(frame, message, next.value);
          continue;
        }
        if (!running) {
          running = true;
          // Nothing of it is needed any more, and it would stay open as long as the session runs.
          await recorded.return?.();
          log.info({ book, seq: headSeq }, 'recovered');
          await this.status(ServiceState.RUNNING, '');
        }
        await this.advance(frame, message);
      }
    } finally {
      await recorded.return?.();
    }
    await this.saveSnapshot();
  }

  private async restore(headSeq: number, last: StoredMessage | null): Promise<void> {
    const snapshot = await this.snapshots.newest(headSeq);
    const usable = snapshot !== null && this.unit.fits(snapshot.stages);
    const lastSequence = last?.sequence ?? 0;
    if (usable) {
      assert(snapshot.outputSequence <= lastSequence, 'A snapshot covers more than was stored');
      const { head, states, inputSequence, outputSequence } = snapshot;
      this.position = { head, states, inputSequence, outputSequence };
      this.savedSeq = head.seq;
      return;
    }
    const states = this.unit.initialStates();
    this.position = { head: FIRST_FRAME_HEAD, states, inputSequence: 0, outputSequence: 0 };
    this.savedSeq = 0;
  }

  /** The frame of an input, or null for a repeat. Throws {@link InputGap} for one that is too new. */
  private accept(message: StoredMessage): Frame | null {
    const { head, inputSequence } = present(this.position, 'a position');
    // Entries are not numbered as frames are: only its place in the stream shows that one came before.
    if (message.sequence <= inputSequence) return null;
    if (this.first === STAGES[0]) return openFrame(head, decodeEntry(message.data));
    const frame = decodeFrame(message.data);
    if (frame.seq <= head.seq) return null;
    if (frame.seq > head.seq + 1) {
      throw new InputGap(`Expected frame ${head.seq + 1}, was ${frame.seq}`);
    }
    return frame;
  }

  private async replay(frame: Frame, input: StoredMessage, own: StoredMessage): Promise<void> {
    const stored = decodeFrame(own.data);
    const step = await this.step(frame, stored);
    if (!equalBytes(step.bytes, own.data)) {
      const difference = firstDifference(stored, step.frame);
      throw new Diverged(present(difference, 'a difference'));
    }
    this.moveTo(step, input.sequence, own.sequence);
  }

  private async advance(frame: Frame, input: StoredMessage): Promise<void> {
    const { bus, metrics, service, book } = this.options;
    const before = present(this.position, 'a position');
    const step = await this.step(frame, null);
    const sequence = await bus.append(this.output, step.bytes, {
      expectedLastSequence: before.outputSequence,
    });
    this.moveTo(step, input.sequence, sequence);
    this.stored += 1;
    metrics.frame(service, book, step.frame.seq);
    for (const stage of step.faults) metrics.fault(stage, book);
    if (step.frame.seq - this.savedSeq >= this.options.snapshotEveryFrames) await this.saveSnapshot();
  }

  private step(frame: Frame, recorded: Frame | null): UnitStep | Promise<UnitStep> {
    return this.unit.step(present(this.position, 'a position').states, frame, recorded);
  }

  private moveTo(step: UnitStep, inputSequence: number, outputSequence: number): void {
    this.position = { head: frameHead(step.frame), states: step.states, inputSequence, outputSequence };
  }

  /** Only ever called when all that it covers is stored. */
  private async saveSnapshot(): Promise<void> {
    const position = present(this.position, 'a position');
    if (position.head.seq === this.savedSeq) return;
    await this.snapshots.save({ ...position, stages: this.unit.logicVersions() });
    this.savedSeq = position.head.seq;
    this.options.metrics.snapshotSaved(this.options.service, this.options.book);
  }

  private async status(state: ServiceState, detail: string): Promise<void> {
    const { bus, book, service, owner, metrics } = this.options;
    metrics.state(service, book, state);
    const seq = this.position?.head.seq ?? 0;
    const bytes = encodeStatus({ service, book, owner, state, seq, detail: detail.slice(0, 500) });
    // Status is for whoever listens now; a bus that is down must not hide what happened.
    await bus.publish(subjects.status(service, book), bytes).catch(() => undefined);
  }
}
