import { BusRefused, type StoredMessage } from '@bellwether/bus';
import { BellwetherError, decodeEntry, decodeFrame, subjects, type Entry } from '@bellwether/contracts';
import { InputGap } from '@bellwether/host';
import { assert } from '@bellwether/kernel';
import { AuditWatch } from './audit-watch.js';
import { BrokerSnapshots, EXECUTION_SERVICE } from './broker-snapshots.js';
import type { ExecutionOptions } from './execution-service.js';
import { controlFills } from './control.js';
import { ControlDesk } from './control-desk.js';
import { Journal } from './journal.js';
import { initialBroker, type BrokerState } from './paper-broker-state.js';
import { dueByDecisions, onDecision, onInput } from './paper-broker.js';
import { Bell, Source } from './source.js';

/** Rounds of entries that decisions demand, and decisions on those, before something is plainly wrong. */
const ROUNDS_MAX = 1_000;

export interface SessionSummary {
  /** Decisions folded in. */
  readonly decisions: number;
  /** Entries written. */
  readonly journaled: number;
  /** Raw inputs that the journal held already. */
  readonly repeated: number;
}

/** A raw input and where it stands in its stream; 0 where it was given. */
interface RawInput {
  readonly entry: Entry;
  readonly sequence: number;
}

/** One ownership of a book, from recovery to the end. All it knows beyond the streams is a cache of them. */
export class ExecutionSession {
  readonly #options: ExecutionOptions;
  readonly #bell = new Bell();
  readonly #snapshots: BrokerSnapshots;
  readonly #watch: AuditWatch;
  readonly #control: ControlDesk;
  #state: BrokerState = initialBroker();
  #due: readonly Entry[] = [];
  #decisionSequence = 0;
  #inputSequence = 0;
  #savedSeq = 0;
  #rounds = 0;
  /** Entry whose decision has to come before anything else is written. */
  #awaited: string | null = null;
  /** The end of the journal has to be read, and its decision to come, before anything is written. */
  #behind = true;
  /** The journal held an input before us, so there may be more in it than we know. */
  #overtaken = false;
  #held: RawInput | null = null;
  /** Says in the status what it waits for, or nothing. */
  #tell: (detail: string) => Promise<void> = () => Promise.resolve();
  #told = '';
  #decisions = 0;
  #journaled = 0;
  #repeated = 0;
  #finished = false;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    const { bus, book, log, metrics, pause } = options;
    this.#watch = new AuditWatch(options.audit, { bus, book, log, pause });
    this.#control = new ControlDesk(bus, book);
    this.#snapshots = new BrokerSnapshots({ bus, book, log, metrics });
  }

  get summary(): SessionSummary {
    return { decisions: this.#decisions, journaled: this.#journaled, repeated: this.#repeated };
  }

  /** Last decision folded in. */
  get seq(): number {
    return this.#state.seq;
  }

  /** All given inputs are in the journal and decided. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Runs until the signal, or to the end of given inputs. */
  async run(signal: AbortSignal, onRunning: (detail: string) => Promise<void>): Promise<void> {
    const { bus, book, durable, pause } = this.#options;
    await this.#restore();
    const stop = new AbortController();
    const until = AbortSignal.any([signal, stop.signal]);
    until.addEventListener('abort', this.#bell.ring);
    const from = this.#decisionSequence + 1;
    const line = bus.read(subjects.line('risk', book), { from, follow: true, signal: until });
    const decisions = new Source(line, this.#bell.ring);
    const inputs = new Source(this.#inputs(until), this.#bell.ring);
    const journal = new Journal({ bus, book, durable, pause, signal: until });
    this.#tell = onRunning;
    try {
      await this.#watch.follow(until, this.#bell.ring);
      await this.#control.open(this.#bell.ring);
      await onRunning('');
      await this.#loop(decisions, inputs, journal, until);
      await this.#save();
    } finally {
      this.#control.close();
      stop.abort();
      decisions.close();
      inputs.close();
    }
  }

  async *#inputs(signal: AbortSignal): AsyncGenerator<RawInput> {
    const { bus, book, inputs } = this.#options;
    if (inputs !== null) {
      for await (const entry of inputs) yield { entry, sequence: 0 };
      return;
    }
    const from = this.#inputSequence + 1;
    for await (const message of bus.read(subjects.inputOf(book), { from, follow: true, signal })) {
      yield { entry: decodeEntry(message.data), sequence: message.sequence };
    }
  }

  async #loop(
    decisions: Source<StoredMessage>,
    inputs: Source<RawInput>,
    journal: Journal,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      if (await this.#obey(journal)) continue;
      const decision = decisions.take();
      if (decision !== null) {
        await this.#fold(decision);
        continue;
      }
      if (this.#awaited === null && (await this.#advance(inputs, journal))) continue;
      if (this.#finished || signal.aborted) return;
      if (decisions.ended || (inputs.ended && this.#options.inputs === null)) {
        throw new BusRefused('The bus ended the reading');
      }
      await this.#bell.wait();
    }
  }

  /**
   * Closes what is open on the word of an operator, whether or not the stages answer, and journals the command behind
   * it. False where there is none, or where nobody can say yet what is open.
   */
  async #obey(journal: Journal): Promise<boolean> {
    const asked = this.#control.next;
    if (asked === null) return false;
    const found = await journal.look(asked.entry);
    if (found === 'other') {
      asked.refused(reused(asked.entry));
      return true;
    }
    if (found === 'free') {
      const [undecided, waiting] = [await journal.after(this.#state.entry_id), await journal.newestBar()];
      const fills = controlFills(this.#state, undecided, waiting, asked.entry);
      if (fills === null) return false;
      for (const fill of fills) await this.#write(fill, journal);
      await this.#write(asked.entry, journal);
      this.#awaited = asked.entry.id;
    }
    asked.done();
    return true;
  }

  /** Does the next thing there is to do; false where there is nothing now. */
  async #advance(inputs: Source<RawInput>, journal: Journal): Promise<boolean> {
    if (this.#behind) {
      this.#behind = false;
      const last = await journal.lastId();
      if (last !== null && last !== this.#state.entry_id) this.#awaited = last;
      return true;
    }
    if (this.#due.length > 0) {
      await this.#writeDue(journal);
      return true;
    }
    this.#rounds = 0;
    await this.#tellChange();
    const audit = this.#watch.dueEntry();
    if (audit !== null) {
      await this.#write(audit, journal);
      this.#awaited = audit.id;
      return true;
    }
    if (this.#watch.holds) return false;
    const input = this.#held ?? inputs.take();
    if (input !== null) {
      this.#held = null;
      await this.#accept(input, journal);
      return true;
    }
    this.#finished = inputs.ended && this.#options.inputs !== null;
    return false;
  }

  /** The status says what is waited for when that begins, and that it is over. */
  async #tellChange(): Promise<void> {
    const { detail } = this.#watch;
    if ((detail === '') === (this.#told === '')) return;
    this.#told = detail;
    await this.#tell(detail);
  }

  /** Writes what decisions demand. It is done with once the decisions on it have come. */
  async #writeDue(journal: Journal): Promise<void> {
    this.#rounds += 1;
    assert(this.#rounds <= ROUNDS_MAX, `Entries of ${this.#state.entry_id} lead to ever more entries`);
    for (const entry of this.#due) {
      await this.#write(entry, journal);
      this.#awaited = entry.id;
    }
  }

  /**
   * Writes an entry of our own making. One that is there already was written before a crash or by another
   * owner: the one in the journal counts.
   */
  async #write(entry: Entry, journal: Journal): Promise<void> {
    if (await journal.append(entry)) {
      this.#journaled += 1;
      return;
    }
    this.#options.metrics.conflict(EXECUTION_SERVICE, this.#options.book);
    if ((await journal.look(entry)) === 'same') return;
    this.#options.log.warn(
      { book: entry.book, id: entry.id },
      'the journal holds another version, which counts',
    );
  }

  /** One raw input: what it causes, then itself. Throws `id_reused` where other content has its id. */
  async #accept(input: RawInput, journal: Journal): Promise<void> {
    const { entry, sequence } = input;
    const { book } = this.#options;
    assert(entry.book === book, `Input ${entry.id}: Expected book ${book}, was ${entry.book}`);
    const causes = this.#overtaken ? null : onInput(this.#state, entry);
    // Nearly every input is new and causes nothing. To store it is then also to ask whether it is there.
    const refused = causes?.length === 0 && !(await journal.append(entry));
    if (causes?.length === 0 && !refused) {
      this.#journaled += 1;
      this.#accepted(input);
      return;
    }
    const found = await journal.look(entry);
    if (found === 'other') throw reused(entry);
    if (found === 'same') {
      this.#repeated += 1;
      this.#inputSequence = sequence;
      this.#overtaken = true;
      // It may be our own, whose acknowledgement was lost: then it is not decided yet.
      this.#behind ||= refused;
      return;
    }
    if (causes === null) {
      this.#overtaken = false;
      this.#behind = true;
      this.#held = input;
      return;
    }
    if (causes.length > 0 && (await journal.lastId()) !== this.#state.entry_id) {
      // Somebody else wrote meanwhile: a reported close, an abandon. What the bar causes depends on its decision.
      this.#behind = true;
      this.#held = input;
      return;
    }
    for (const caused of causes) await this.#write(caused, journal);
    if (await journal.append(entry)) this.#journaled += 1;
    else if ((await journal.look(entry)) !== 'same') throw reused(entry);
    this.#accepted(input);
  }

  /** The input is in the journal: its decision comes before anything else is written. */
  #accepted({ entry, sequence }: RawInput): void {
    this.#inputSequence = sequence;
    this.#awaited = entry.id;
  }

  async #fold(message: StoredMessage): Promise<void> {
    const frame = decodeFrame(message.data);
    const { seq } = this.#state;
    this.#decisionSequence = message.sequence;
    if (frame.seq <= seq) return;
    if (frame.seq > seq + 1) throw new InputGap(`Expected decision ${seq + 1}, was ${frame.seq}`);
    const { state, due } = onDecision(this.#state, frame);
    this.#state = state;
    this.#due = due;
    this.#decisions += 1;
    this.#watch.decided(frame);
    if (this.#awaited === state.entry_id) this.#awaited = null;
    const { snapshotEveryDecisions: every } = this.#options;
    if (every > 0 && state.seq - this.#savedSeq >= every) await this.#save();
  }

  async #restore(): Promise<void> {
    const snapshot = await this.#snapshots.newest();
    if (snapshot === null) return;
    this.#state = snapshot.state;
    this.#due = dueByDecisions(snapshot.state);
    this.#decisionSequence = snapshot.decisionSequence;
    this.#inputSequence = snapshot.inputSequence;
    this.#savedSeq = snapshot.state.seq;
    this.#watch.restore(snapshot.state.seq, snapshot.auditBehind);
  }

  /** Only covers what is stored: decisions that were read, inputs whose append was answered. */
  async #save(): Promise<void> {
    const state = this.#state;
    if (this.#options.snapshotEveryDecisions === 0 || state.seq === this.#savedSeq) return;
    await this.#snapshots.save({
      state,
      auditBehind: this.#watch.behind,
      decisionSequence: this.#decisionSequence,
      inputSequence: this.#inputSequence,
    });
    this.#savedSeq = state.seq;
  }
}

function reused(entry: Entry): BellwetherError {
  return new BellwetherError('id_reused', `The journal holds another entry as ${entry.id}`);
}
