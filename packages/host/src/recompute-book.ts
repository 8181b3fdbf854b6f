import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Bus, StoredMessage } from '@bellwether/bus';
import {
  decodeEntry,
  decodeFrame,
  equalBytes,
  subjects,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, frameHead, openFrame, type AnyStage, type FrameHead } from '@bellwether/kernel';
import { firstDifference, type Difference } from './divergence.js';
import { ModelUnavailable, StageDown, StageUnit, messageOf, noModels, type Infer } from './stage-unit.js';

/** Frames after which timers and signals of this process are heard. */
const TURN_EVERY_FRAMES = 64;

/** Where a recomputation stands between two entries; what a snapshot of it holds. */
export interface RecomputePosition {
  readonly head: FrameHead;
  readonly states: readonly unknown[];
  /** Stream sequences of the last entry and of its decision. */
  readonly inputSequence: number;
  readonly outputSequence: number;
}

/** The first entry whose decision comes out otherwise. */
export interface Divergence {
  readonly entry: Entry;
  readonly book_time_us: number;
  readonly difference: Difference;
}

export interface RecomputeOptions {
  readonly bus: Bus;
  readonly book: string;
  /** The whole line. */
  readonly stages: readonly AnyStage[];
  /** Asks the models again. Null: their answers, and the faults, are taken from the recorded decisions. */
  readonly infer: Infer | null;
}

/** Is given each frame that came out as it was recorded. False ends the pass before the next one. */
export type SameFrame = (frame: Frame, bytes: Uint8Array) => boolean;

/**
 * Takes the journal of a book through the line again and compares every frame with the decision that was recorded, byte for
 * byte. It publishes nothing. Mutable: one pass goes on where the last one ended.
 */
export class BookRecomputation {
  private readonly unit: StageUnit;
  private at: RecomputePosition;

  constructor(
    private readonly options: RecomputeOptions,
    from: RecomputePosition | null = null,
  ) {
    this.unit = new StageUnit(options.stages, options.infer ?? noModels);
    this.at = from ?? {
      ...{ head: FIRST_FRAME_HEAD, states: this.unit.initialStates(), inputSequence: 0, outputSequence: 0 },
    };
  }

  get position(): RecomputePosition {
    return this.at;
  }

  logicVersions(): ReturnType<StageUnit['logicVersions']> {
    return this.unit.logicVersions();
  }

  /** True where states of these stages are states of this line. */
  fits(stages: Parameters<StageUnit['fits']>[0]): boolean {
    return this.unit.fits(stages);
  }

  /**
   * Goes on to the newest decision, to the bound, to where `onSame` ends it or to the signal. Null where all that was compared is the
   * same. A release that names other logic than this build has differs in that stage's `logic_version`.
   *
   * @throws BellwetherError, BusRefused of the bus; {@link ModelUnavailable} where a model cannot be had
   */
  async pass(
    limits: { readonly framesMax: number; readonly signal: AbortSignal },
    onSame: SameFrame = () => true,
  ): Promise<Divergence | null> {
    const { bus, book } = this.options;
    const { signal, framesMax } = limits;
    const { inputSequence, outputSequence } = this.at;
    const journal = bus.read(subjects.journalOf(book), { from: inputSequence + 1, follow: false, signal });
    const entries = journal[Symbol.asyncIterator]();
    let frames = 0;
    try {
      const decided = bus.read(subjects.line('risk', book), {
        from: outputSequence + 1,
        follow: false,
        signal,
      });
      for await (const decision of decided) {
        const input = await entries.next();
        if (signal.aborted) return null;
        if (input.done === true) return this.noEntry(decision);
        const found = await this.one(input.value, decision, onSame);
        if (found === 'end') return null;
        if (found !== null) return found;
        frames += 1;
        if (frames >= framesMax) return null;
        if (frames % TURN_EVERY_FRAMES === 0) await turnOfTheLoop();
      }
      return null;
    } finally {
      await entries.return?.();
    }
  }

  private async one(
    input: StoredMessage,
    decision: StoredMessage,
    onSame: SameFrame,
  ): Promise<Divergence | 'end' | null> {
    const entry = decodeEntry(input.data);
    const opened = openFrame(this.at.head, entry);
    const recorded = this.options.infer === null ? decodeFrame(decision.data) : null;
    const other = this.otherLogic(opened);
    if (other !== null) return { entry, book_time_us: opened.book_time_us, difference: other };
    let step: Awaited<ReturnType<StageUnit['step']>>;
    try {
      step = await this.unit.step(this.at.states, opened, recorded);
    } catch (cause) {
      if (!(cause instanceof StageDown)) throw cause;
      if (cause.cause instanceof ModelUnavailable) throw cause.cause;
      const { stage, seq } = cause;
      const difference = { seq, stage, field: '', stored: 'a part', computed: messageOf(cause) };
      return { entry, book_time_us: opened.book_time_us, difference };
    }
    if (!equalBytes(step.bytes, decision.data)) {
      const stored = recorded ?? decodeFrame(decision.data);
      const difference = firstDifference(stored, step.frame) ?? {
        ...{ seq: stored.seq, stage: 'frame', field: '', stored: 'other bytes', computed: 'canonical bytes' },
      };
      return { entry, book_time_us: opened.book_time_us, difference };
    }
    if (!onSame(step.frame, step.bytes)) return 'end';
    this.at = {
      ...{ head: frameHead(step.frame), states: step.states },
      ...{ inputSequence: input.sequence, outputSequence: decision.sequence },
    };
    return null;
  }

  /** A build with other logic cannot make these decisions again: that is told by its name, not by its first other number. */
  private otherLogic({ seq, entry }: Frame): Difference | null {
    const release = entry?.release ?? null;
    if (release === null) return null;
    for (const { stage, logicVersion } of this.unit.logicVersions()) {
      const wanted = release.stages.find((one) => one.stage === stage)?.logic_version ?? null;
      if (wanted === logicVersion) continue;
      return { seq, stage, field: '.logic_version', stored: String(wanted), computed: String(logicVersion) };
    }
    return null;
  }

  private noEntry(decision: StoredMessage): Divergence | null {
    const { seq, entry, book_time_us } = decodeFrame(decision.data);
    if (entry === null) return null;
    const difference = {
      seq,
      stage: 'frame',
      field: '.entry',
      stored: entry.id,
      computed: 'no journal entry',
    };
    return { entry, book_time_us, difference };
  }
}
