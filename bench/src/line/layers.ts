import { encodeFrame, type Entry, type Frame, type StageName } from '@bellwether/contracts';
import { PAPER_SOURCE, initialBroker, onDecision, onInput } from '@bellwether/execution';
import { DecisionDigest, noModels } from '@bellwether/host';
import {
  FIRST_FRAME_HEAD,
  frameHead,
  openFrame,
  withPart,
  type AnyStage,
  type StagePart,
} from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { runBacktest } from '@bellwether/backtest';
import { check } from '../bench.js';
import type { BenchCase } from '../cases.js';
import { AuditSink } from './audit-sink.js';

/** What one layer costs in microseconds a bar, where nothing disturbs it. */
export interface LayerCost {
  readonly layer: string;
  readonly us_per_bar: number;
}

/** Frames that a layer works on in a row: long enough that the timer costs nothing, short enough for the cache. */
const CHUNK = 256;

/**
 * Measures the layers one by one over the journal of a run: the same code as the line calls, one layer after the other
 * instead of one frame after the other. Checks that the frames come to the digest of the run.
 *
 * Of each thousand frames the quickest of all rounds counts: other work on the machine, and the collection of garbage,
 * are then mostly left out. The whole run has them in it.
 */
export async function measureLayers(of: BenchCase, rounds: number): Promise<readonly LayerCost[]> {
  const journal: Entry[] = [];
  const { signal } = new AbortController();
  const { digest } = await runBacktest({
    ...{ book: of.book, stages: LINE, infer: noModels, inputs: of.batches(), signal },
    onFrame: ({ entry }) => {
      if (entry !== null) journal.push(entry);
    },
  });
  const best = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const sink = await AuditSink.open(of.book);
    const pass = new LayerPass(sink, best);
    await pass.inputs(of);
    for (let at = 0; at < journal.length; at += CHUNK) {
      await pass.chunk(at / CHUNK, journal.slice(at, at + CHUNK));
    }
    check(pass.digest() === digest, 'The layers one by one come to the digest of the line');
    await sink.end();
    await sink.remove();
  }
  return [...best].map(([layer, times]) => {
    const ms = times.reduce((sum, one) => sum + one, 0);
    return { layer, us_per_bar: (1_000 * ms) / of.bars };
  });
}

type Part = StagePart<StageName>;

/** One pass over a journal. */
class LayerPass {
  readonly #digest = new DecisionDigest();
  #head = FIRST_FRAME_HEAD;
  #states: unknown[] = LINE.map((stage) => stage.initialState());
  #broker = initialBroker();
  #at = 0;

  constructor(
    private readonly sink: AuditSink,
    /** By layer and chunk. */
    private readonly best: Map<string, number[]>,
  ) {}

  digest(): string {
    return this.#digest.hex();
  }

  /** Makes all inputs once, and counts them. */
  async inputs(of: BenchCase): Promise<void> {
    let count = 0;
    this.#at = 0;
    let started = performance.now();
    for await (const batch of of.batches()) {
      this.#keep('inputs', performance.now() - started);
      count += batch.length;
      this.#at += 1;
      started = performance.now();
    }
    check(count >= of.bars, 'Every bar is an input');
  }

  async chunk(at: number, entries: readonly Entry[]): Promise<void> {
    this.#at = at;
    let frames: Frame[] = [];
    this.#time('open', () => {
      frames = entries.map((entry) => {
        const frame = openFrame(this.#head, entry);
        this.#head = frameHead(frame);
        return frame;
      });
    });
    const parts = LINE.map((stage, i) => this.#stage(stage, i, frames));
    this.#time('parts into frames', () => {
      for (let n = 0; n < frames.length; n++) {
        let frame = frames[n]!;
        for (let i = 0; i < LINE.length; i++) frame = withPart(frame, LINE[i]!.name, parts[i]![n]!);
        frames[n] = frame;
      }
    });
    const bytes: Uint8Array[] = [];
    this.#time('encode', () => {
      for (const frame of frames) bytes.push(encodeFrame(frame));
    });
    this.#time('broker', () => {
      for (const frame of frames) this.#broke(frame);
    });
    this.#time('hash', () => {
      for (const one of bytes) this.#digest.add(one);
    });
    const started = performance.now();
    for (const [i, frame] of frames.entries()) {
      const pending = this.sink.add(frame, bytes[i]!);
      if (pending !== null) await pending;
    }
    this.#keep('audit (not in the sum)', performance.now() - started);
  }

  /** The parts that a stage gives; the frames have them then, for the stages after it. */
  #stage(stage: AnyStage, i: number, frames: Frame[]): readonly Part[] {
    const parts: Part[] = [];
    this.#time(stage.name, () => {
      let state = this.#states[i];
      for (const frame of frames) {
        const applied = stage.apply(state, frame, []);
        state = applied.state;
        parts.push(applied.part);
      }
      this.#states[i] = state;
    });
    for (let n = 0; n < frames.length; n++) frames[n] = withPart(frames[n]!, stage.name, parts[n]!);
    return parts;
  }

  #broke(frame: Frame): void {
    const { entry } = frame;
    if (entry !== null && entry.source !== PAPER_SOURCE) onInput(this.#broker, entry);
    this.#broker = onDecision(this.#broker, frame).state;
  }

  #time(layer: string, work: () => void): void {
    const started = performance.now();
    work();
    this.#keep(layer, performance.now() - started);
  }

  #keep(layer: string, ms: number): void {
    const times = this.best.get(layer) ?? [];
    this.best.set(layer, times);
    times[this.#at] = Math.min(ms, times[this.#at] ?? Infinity);
  }
}
