import { decodeEntry, encodeFrame, subjects, type Entry, type Frame } from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, frameHead, openFrame, present, type FrameHead } from '@bellwether/kernel';
import type { Bus } from '@bellwether/bus';
import { SequenceConflict } from '@bellwether/bus';
import { quietFrame } from './frames.js';

/** Gives the finished frame for an opened one. */
export type Script = (frame: Frame) => Frame;

/** A door that can be shut: who comes waits until it is opened. */
export class Door {
  #open: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  shut(): void {
    this.#open = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  open(): void {
    this.#release();
  }

  pass(): Promise<void> {
    return this.#open;
  }
}

/** A broker and a line in one: journals bars, and answers each journal entry with the frames of a script. */
export class ScriptedLine {
  script: Script = quietFrame;
  /** Shut, no regime frame comes out. */
  readonly beforeRegime = new Door();
  /** Shut, no decision comes out. */
  readonly beforeDecision = new Door();
  readonly entries: Entry[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #head: FrameHead = FIRST_FRAME_HEAD;
  #regimeSequence = 0;
  #riskSequence = 0;

  constructor(
    private readonly bus: Bus,
    private readonly book: string,
  ) {
    this.#running = Promise.all([this.#journalBars(), this.#decide()]);
  }

  async stop(): Promise<void> {
    this.beforeRegime.open();
    this.beforeDecision.open();
    this.#stop.abort();
    await this.#running;
  }

  async #journalBars(): Promise<void> {
    const options = { from: 1, follow: true, signal: this.#stop.signal };
    for await (const message of this.bus.read(subjects.inputOf(this.book), options)) {
      const entry = decodeEntry(message.data);
      try {
        await this.bus.append(subjects.journal(this.book, 'bar', entry.id), message.data, {
          expectedLastSequence: 0,
        });
      } catch (cause) {
        if (!(cause instanceof SequenceConflict)) throw cause;
      }
    }
  }

  async #decide(): Promise<void> {
    const options = { from: 1, follow: true, signal: this.#stop.signal };
    for await (const message of this.bus.read(subjects.journalOf(this.book), options)) {
      const entry = decodeEntry(message.data);
      this.entries.push(entry);
      const opened = openFrame(this.#head, entry);
      const finished = this.script(opened);
      await this.beforeRegime.pass();
      const { features, regime } = finished;
      await this.#publish('regime', { ...opened, features, regime });
      await this.beforeDecision.pass();
      await this.#publish('risk', finished);
      this.#head = frameHead(finished);
    }
  }

  async #publish(stage: 'regime' | 'risk', frame: Frame): Promise<void> {
    const expected = stage === 'risk' ? this.#riskSequence : this.#regimeSequence;
    const sequence = await this.bus.append(subjects.line(stage, this.book), encodeFrame(frame), {
      expectedLastSequence: expected,
    });
    if (stage === 'risk') this.#riskSequence = sequence;
    else this.#regimeSequence = sequence;
  }

  /** The last entry that was journaled under this id. */
  entry(id: string): Entry {
    return present(
      this.entries.find((entry) => entry.id === id),
      `the entry ${id}`,
    );
  }
}
