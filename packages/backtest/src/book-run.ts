import { BellwetherError, type Entry, type Frame } from '@bellwether/contracts';
import {
  initialBroker,
  onDecision,
  onInput,
  type BrokerState,
  type IntrabarOrder,
} from '@bellwether/execution';
import { DecisionDigest, StageUnit, type Infer, type UnitStep } from '@bellwether/host';
import {
  FIRST_FRAME_HEAD,
  assert,
  compareEntries,
  frameHead,
  openFrame,
  type AnyStage,
  type FrameHead,
} from '@bellwether/kernel';

/** Is given each decision in order. What it returns is waited for, where it is a promise. */
export type FrameReceiver = (frame: Frame, bytes: Uint8Array) => void | Promise<void>;

/** Rounds of entries that decisions demand, and decisions on those, before something is plainly wrong. */
const ROUNDS_MAX = 1_000;

const NO_ENTRIES: readonly Entry[] = [];

/** A book between two inputs: plain data, never changed, so that many runs may go on from the same place. */
export interface BookMemory {
  readonly states: readonly unknown[];
  readonly head: FrameHead;
  readonly broker: BrokerState;
  /** What the last decision demands. */
  readonly due: readonly Entry[];
  readonly last: Entry | null;
}

/**
 * One book from its first input on: the paper broker and the stages of the line, called one after the other. What a bus
 * does between them over time is done here at once, in the same order: an entry is decided before the broker takes the
 * next input, and the entries that a decision demands come before it (architecture.md section 6).
 *
 * Nothing here waits, unless a stage asks a model or the receiver of frames asks for time.
 */
export class BookRun {
  readonly #book: string;
  readonly #unit: StageUnit;
  readonly #onFrame: FrameReceiver;
  readonly #order: IntrabarOrder;
  readonly #digest = new DecisionDigest();
  #states: readonly unknown[];
  #head: FrameHead = FIRST_FRAME_HEAD;
  #broker: BrokerState = initialBroker();
  /** What decisions demand, to be journaled before the next input. */
  #due: readonly Entry[] = NO_ENTRIES;
  /** Entries that are journaled and not decided yet. */
  #journal: readonly Entry[] = NO_ENTRIES;
  #next = 0;
  #rounds = 0;
  #input: Entry | null = null;
  /** From an input on until it is decided; for good after a failure. */
  #busy = false;
  #lastInput: Entry | null = null;

  /**
   * `order`: of stop and profit inside one bar; any but the default is for looking at how much hangs on it. `from`: another run's
   * {@link BookRun.memory} to go on from; the digest begins anew.
   */
  constructor(
    book: string,
    stages: readonly AnyStage[],
    infer: Infer,
    onFrame: FrameReceiver,
    order: IntrabarOrder = 'stop_first',
    from: BookMemory | null = null,
  ) {
    this.#order = order;
    this.#book = book;
    this.#unit = new StageUnit(stages, infer);
    this.#onFrame = onFrame;
    this.#states = from?.states ?? this.#unit.initialStates();
    if (from === null) return;
    this.#head = from.head;
    this.#broker = from.broker;
    this.#due = from.due;
    this.#lastInput = from.last;
  }

  /** Where the book stands. Only between two inputs. */
  memory(): BookMemory {
    assert(!this.#busy, 'A book is remembered between two inputs');
    return {
      states: this.#states,
      head: this.#head,
      broker: this.#broker,
      due: this.#due,
      last: this.#lastInput,
    };
  }

  /** Decisions so far. */
  get frames(): number {
    return this.#head.seq;
  }

  /** What the stages know after the last decision, in the order of the line. */
  get states(): readonly unknown[] {
    return this.#states;
  }

  /** SHA-256 over the canonical bytes of all decisions so far, in hex. */
  digest(): string {
    return this.#digest.hex();
  }

  /**
   * Takes the next raw input: first what earlier decisions demand, then what the input causes, then the input itself,
   * each decided in turn. A promise only where something has to be waited for; no second input before it is settled.
   * What the last decision demands waits for the input after it.
   */
  accept(input: Entry): Promise<void> | null {
    assert(!this.#busy, 'One input at a time, and none after a failure');
    this.#busy = true;
    this.#check(input);
    this.#input = input;
    const pending = this.#goOn();
    if (pending !== null) return this.#whenDone(pending);
    this.#busy = false;
    return null;
  }

  async #whenDone(pending: Promise<void>): Promise<void> {
    await pending;
    this.#busy = false;
  }

  #check(input: Entry): void {
    if (input.book !== this.#book) {
      assert(false, `Input ${input.id}: Expected book ${this.#book}, was ${input.book}`);
    }
    const last = this.#lastInput;
    this.#lastInput = input;
    if (last === null || compareEntries(last, input) < 0) return;
    if (last.id === input.id) {
      throw new BellwetherError('id_reused', `The journal holds another entry as ${input.id}`);
    }
    assert(false, `Input ${input.id} stands behind ${last.id}, which comes after it`);
  }

  #goOn(): Promise<void> | null {
    for (;;) {
      while (this.#next < this.#journal.length) {
        const pending = this.#decide(this.#journal[this.#next++]!);
        if (pending !== null) return pending.then(() => this.#goOn() ?? undefined);
      }
      const input = this.#input;
      if (input === null) return null;
      this.#next = 0;
      if (this.#due.length > 0) {
        this.#rounds += 1;
        if (this.#rounds > ROUNDS_MAX) assert(false, `Entries before ${input.id} lead to ever more entries`);
        this.#journal = this.#due;
        continue;
      }
      this.#rounds = 0;
      this.#input = null;
      const causes = onInput(this.#broker, input, this.#order);
      this.#journal = causes.length === 0 ? [input] : [...causes, input];
    }
  }

  #decide(entry: Entry): Promise<void> | null {
    const step = this.#unit.step(this.#states, openFrame(this.#head, entry), null);
    return step instanceof Promise ? step.then((done) => this.#fold(done) ?? undefined) : this.#fold(step);
  }

  #fold({ frame, bytes, states }: UnitStep): Promise<void> | null {
    this.#states = states;
    this.#head = frameHead(frame);
    const { state, due } = onDecision(this.#broker, frame);
    this.#broker = state;
    this.#due = due;
    this.#digest.add(bytes);
    return this.#onFrame(frame, bytes) ?? null;
  }
}
