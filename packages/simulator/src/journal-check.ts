import {
  EntryKind,
  ExecutionMode,
  encodeEntry,
  equalBytes,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { initialBroker, onDecision, onInput, type BrokerState } from '@bellwether/execution';
import type { Ledger } from './ledger.js';
import type { Journaled, Observer } from './observer.js';
import { Violation } from './violation.js';

/** Kinds of entries that the broker makes; a reported fill has the same kind and another source. */
const MADE: ReadonlySet<EntryKind> = new Set([EntryKind.ORDER, EntryKind.FILL, EntryKind.ORDER_END]);

/**
 * Holds the journal of a settled run to what went into it. Gives where the broker stands at its end. Throws
 * {@link Violation}.
 */
export function checkJournal(observer: Observer, inputs: readonly Entry[], ledger: Ledger): BrokerState {
  const { journal } = observer;
  checkKept(journal, ledger);
  checkInputs(journal, inputs);
  const raw = new Set(inputs.map(({ id }) => id));
  const made = new Set<string>();
  for (const { subject, bytes, entry } of journal) {
    if (raw.has(entry.id) || ledger.knows(subject, bytes) || entry.kind === EntryKind.AUDIT) continue;
    if (!MADE.has(entry.kind)) throw new Violation('caused', `nobody sent ${entry.id}`);
    made.add(entry.id);
  }
  return checkMade(
    journal,
    observer.decisions.map(({ frame }) => frame),
    raw,
    made,
  );
}

function checkKept(journal: readonly Journaled[], ledger: Ledger): void {
  const bySubject = new Map<string, Uint8Array>();
  for (const { subject, bytes, entry } of journal) {
    if (bySubject.has(subject)) throw new Violation('kept', `${entry.id} is in the journal twice`);
    bySubject.set(subject, bytes);
  }
  for (const [subject, bytes] of ledger.acknowledgements) {
    const stored = bySubject.get(subject);
    if (stored === undefined) throw new Violation('kept', `${subject} was acknowledged and is not there`);
    if (!equalBytes(stored, bytes))
      throw new Violation('kept', `${subject} was acknowledged with other content`);
  }
}

function checkInputs(journal: readonly Journaled[], inputs: readonly Entry[]): void {
  const raw = new Set(inputs.map(({ id }) => id));
  const found = journal.filter(({ entry }) => raw.has(entry.id));
  for (const [i, entry] of inputs.entries()) {
    const stored = found[i];
    if (stored === undefined) throw new Violation('inputs', `${entry.id} is missing`);
    if (stored.entry.id !== entry.id) {
      throw new Violation('inputs', `${stored.entry.id} stands where ${entry.id} belongs`);
    }
    if (!equalBytes(stored.bytes, encodeEntry(entry)))
      throw new Violation('inputs', `${entry.id} was changed`);
  }
}

/** The broker, folded over the journal again: what it demanded at each point. */
class Demands {
  #state: BrokerState = initialBroker();
  #due: readonly Entry[] = [];
  readonly #byId = new Map<string, Uint8Array[]>();
  /** For the next raw input: what it would cause, as seen at each point since the last one. */
  #causes: (readonly string[])[] = [];

  constructor(private readonly raw: readonly Entry[]) {
    this.#look();
  }

  #next = 0;

  decided(frame: Frame): void {
    const { state, due } = onDecision(this.#state, frame);
    this.#state = state;
    this.#due = due;
    for (const entry of due) this.#demand(entry);
    if (frame.entry?.id === this.raw[this.#next]?.id) {
      this.#next += 1;
      this.#causes = [];
    }
    this.#look();
  }

  #look(): void {
    const input = this.raw[this.#next];
    if (input === undefined) return;
    const causes = onInput(this.#state, input);
    for (const entry of causes) this.#demand(entry);
    this.#causes.push(causes.map(({ id }) => id));
  }

  #demand(entry: Entry): void {
    const contents = this.#byId.get(entry.id) ?? [];
    const bytes = encodeEntry(entry);
    if (contents.some((content) => equalBytes(content, bytes))) return;
    contents.push(bytes);
    this.#byId.set(entry.id, contents);
  }

  asked(id: string, bytes: Uint8Array): boolean {
    return (this.#byId.get(id) ?? []).some((content) => equalBytes(content, bytes));
  }

  /**
   * True when everything that the next raw input causes is there, by any state since the last one: between the look at
   * the journal and the write of the input somebody else may have written.
   */
  complete(there: ReadonlySet<string>): boolean {
    return this.#causes.some((ids) => ids.every((id) => there.has(id)));
  }

  get due(): readonly Entry[] {
    return this.#due;
  }

  /** A decision whose position is open in a paper book without a plan at the broker: its stop would never be filled. */
  get unguarded(): string | null {
    const { config, positions, orders } = this.#state;
    if (config?.execution !== ExecutionMode.PAPER) return null;
    const guarded = (id: string): boolean => orders.some(({ intent }) => intent.decision_id === id);
    const open = positions.find(({ decision_id }) => decision_id !== '' && !guarded(decision_id));
    return open?.decision_id ?? null;
  }

  get state(): BrokerState {
    return this.#state;
  }
}

function checkMade(
  journal: readonly Journaled[],
  frames: readonly Frame[],
  raw: ReadonlySet<string>,
  made: ReadonlySet<string>,
): BrokerState {
  const demands = new Demands(journal.flatMap(({ entry }) => (raw.has(entry.id) ? [entry] : [])));
  const there = new Set<string>();
  for (const [i, { entry, bytes }] of journal.entries()) {
    if (made.has(entry.id)) {
      if (!demands.asked(entry.id, bytes)) throw new Violation('caused', `nothing demanded ${entry.id}`);
      const cause = entry.fill?.cause_id ?? entry.order_end?.cause_id ?? '';
      if (there.has(cause)) throw new Violation('caused', `${entry.id} stands behind its cause ${cause}`);
    }
    if (raw.has(entry.id) && !demands.complete(there)) {
      throw new Violation('caused', `${entry.id} stands before what it causes`);
    }
    there.add(entry.id);
    const frame = frames[i];
    if (frame === undefined) continue;
    demands.decided(frame);
    if (demands.unguarded !== null) {
      throw new Violation(
        'caused',
        `after frame ${frame.seq} nobody guards the position of ${demands.unguarded}`,
      );
    }
  }
  const [missing] = demands.due;
  if (missing !== undefined) throw new Violation('caused', `${missing.id} was demanded and never came`);
  return demands.state;
}
