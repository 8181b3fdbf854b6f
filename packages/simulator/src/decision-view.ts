import type { Bus } from '@bellwether/bus';
import { subjects, type Frame } from '@bellwether/contracts';
import { frameOf } from './decoded-frames.js';
import type { SimProcess } from './sim-process.js';

/** What a program knows that follows the decisions of a book from the beginning. */
export class DecisionView {
  readonly #decided = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  #newest: Frame | null = null;
  #bars = 0;
  #lastClose_ticks = 0;

  get newest(): Frame | null {
    return this.#newest;
  }

  /** Bars decided. */
  get bars(): number {
    return this.#bars;
  }

  get lastClose_ticks(): number {
    return this.#lastClose_ticks;
  }

  /** Follows until the signal; `onFrame` gets each frame once. */
  async follow(
    bus: Bus,
    book: string,
    signal: AbortSignal,
    onFrame: (frame: Frame) => void = () => undefined,
  ): Promise<void> {
    for await (const message of bus.read(subjects.line('risk', book), { from: 1, follow: true, signal })) {
      const frame = frameOf(message.data);
      this.#newest = frame;
      const { entry } = frame;
      if (entry === null) continue;
      if (entry.bar !== null) {
        this.#bars += 1;
        this.#lastClose_ticks = entry.bar.close_ticks;
      }
      this.#decided.add(entry.id);
      this.#waiting.get(entry.id)?.();
      onFrame(frame);
    }
  }

  /** True when the decision about an entry is there, or comes within the time. */
  async decided(entryId: string, ms: number, process: SimProcess): Promise<boolean> {
    if (this.#decided.has(entryId)) return true;
    const waiting = new AbortController();
    const until = AbortSignal.any([waiting.signal, process.signal]);
    this.#waiting.set(entryId, () => waiting.abort());
    await process.pause(ms, until);
    this.#waiting.delete(entryId);
    return this.#decided.has(entryId);
  }
}
