/**
 * Goal: each promise about the journal is really checked. Method: a book as it should be, and the same with one thing
 * wrong.
 */
import { describe, expect, it } from '@jest/globals';
import {
  EntryKind,
  Side,
  Strategy,
  encodeEntry,
  encodeFrame,
  subjects,
  type Entry,
} from '@bellwether/contracts';
import { initialBroker, onDecision, onInput } from '@bellwether/execution';
import { StageUnit } from '@bellwether/host';
import { FIRST_FRAME_HEAD, frameHead, openFrame } from '@bellwether/kernel';
import { aSignalEntry } from '@bellwether/testkit';
import { Coverage } from './coverage.js';
import { checkGate } from './audit-check.js';
import { checkJournal } from './journal-check.js';
import { Ledger, journalSubject } from './ledger.js';
import { BOOK, bookOf, rawInputs } from './market.js';
import { ASKING_LINE, MODEL } from './model-stage.js';
import { Observer } from './observer.js';
import { recompute } from './recompute.js';
import { Violation } from './violation.js';

const TERMS = { softLossUsd: 60, killLossUsd: 180, execution: 'paper', learned: false } as const;
const INPUTS = 90;
/** Somebody asks behind every third bar from here on, when the regime is known. */
const SIGNALS_FROM = 54;

interface Book {
  readonly inputs: readonly Entry[];
  readonly signals: readonly Entry[];
  readonly journal: readonly Entry[];
}

function asked(n: number, at_us: number): Entry {
  const wish = { strategy: Strategy.S1, side: Side.LONG, stop_distance_ticks: 8 };
  return aSignalEntry({ signal_id: `s${n}`, ts_us: at_us, ...wish }, { book: BOOK });
}

/** A journal as the broker writes it, with signals in it that lead to trades. */
async function aBook(): Promise<Book> {
  const inputs = (await rawInputs(0, 1, bookOf(TERMS))).slice(0, INPUTS);
  const signals: Entry[] = [];
  const decide = line();
  const journal: Entry[] = [];
  let state = initialBroker();
  const write = async (entry: Entry): Promise<void> => {
    journal.push(entry);
    const folded = onDecision(state, (await decide(entry)).frame);
    state = folded.state;
    for (const due of folded.due) await write(due);
  };
  for (const [i, input] of inputs.entries()) {
    for (const caused of onInput(state, input)) await write(caused);
    await write(input);
    if (i < SIGNALS_FROM || i % 3 > 0) continue;
    const signal = asked(i, input.known_us);
    signals.push(signal);
    await write(signal);
  }
  return { inputs, signals, journal };
}

function line() {
  const unit = new StageUnit(ASKING_LINE, () =>
    Promise.resolve([{ model: MODEL, version: '1', sha256: '0'.repeat(64), outputs: [0.5] }]),
  );
  let head = FIRST_FRAME_HEAD;
  let states = unit.initialStates();
  return async (entry: Entry) => {
    const step = await unit.step(states, openFrame(head, entry), null);
    states = step.states;
    head = frameHead(step.frame);
    return { frame: step.frame, bytes: encodeFrame(step.frame) };
  };
}

/** What an observer has seen of a book with this journal, decided without faults. */
async function observed(journal: readonly Entry[]): Promise<Observer> {
  const observer = new Observer({
    ...{ coverage: new Coverage(), nowMs: () => 0, raw: new Set<string>() },
    ...{ softLossCents: 6_000, killLossCents: 18_000 },
    fail: (violation) => {
      throw violation;
    },
  });
  const decide = line();
  for (const [i, entry] of journal.entries()) {
    const place = { sequence: i + 1, headers: {} };
    observer.stored({ ...place, subject: journalSubject(entry), data: encodeEntry(entry) });
    observer.stored({ ...place, subject: subjects.line('risk', BOOK), data: (await decide(entry)).bytes });
  }
  return observer;
}

const book = await aBook();
const signal = book.signals[0]!;

/** Which promise this journal breaks, or "none". */
async function broken(journal: readonly Entry[], acknowledged: readonly Entry[] = []): Promise<string> {
  const ledger = new Ledger();
  for (const entry of book.signals) ledger.sent(entry);
  for (const entry of acknowledged) ledger.acknowledged(entry);
  try {
    checkJournal(await observed(journal), book.inputs, ledger);
    return 'none';
  } catch (cause) {
    if (cause instanceof Violation) return cause.invariant;
    throw cause;
  }
}

const without = (index: number): Entry[] => book.journal.filter((_, i) => i !== index);
const indexOf = (entry: Entry): number => book.journal.findIndex(({ id }) => id === entry.id);

describe('the check of a journal', () => {
  it('finds nothing in one that is as it should be', async () => {
    expect(await broken(book.journal, [signal])).toBe('none');
  });

  it('finds an input that is missing, one out of place, one that was changed', async () => {
    const at = indexOf(book.inputs[30]!);
    expect(await broken(without(at))).toBe('inputs');
    const swapped = [...book.journal];
    [swapped[at], swapped[at + 1]] = [book.journal[at + 1]!, book.journal[at]!];
    expect(await broken(swapped)).toBe('inputs');
    const changed = book.journal.map((entry, i) => (i === at ? { ...entry, source: 'elsewhere' } : entry));
    expect(await broken(changed)).toBe('inputs');
  });

  it('finds that what was acknowledged is missing, doubled, or other than it was', async () => {
    const at = indexOf(signal);
    expect(await broken(without(at), [signal])).toBe('kept');
    expect(await broken([...book.journal, signal])).toBe('kept');
    const other = { ...signal, event_us: signal.event_us + 1 };
    expect(await broken(book.journal, [other])).toBe('kept');
  });

  it('finds an entry that nobody sent, and one that nothing demanded', async () => {
    const stranger = aSignalEntry({ signal_id: 'nobody', ts_us: signal.known_us }, { book: BOOK });
    expect(await broken([...book.journal, stranger])).toBe('caused');
    const order = book.journal.find((entry) => entry.order !== null);
    if (order?.order == null) throw new Error('Expected an order in the book');
    const { order: intent } = order;
    const larger = { ...order, order: { ...intent, quantity: intent.quantity + 1 } };
    expect(await broken(book.journal.map((entry) => (entry === order ? larger : entry)))).toBe('caused');
  });

  it('finds that what a bar causes is missing, or stands behind it', async () => {
    const at = book.journal.findIndex((entry) => (entry.fill?.cause_id ?? '') !== '');
    expect(at).toBeGreaterThan(0);
    expect(await broken(without(at))).toBe('caused');
    const late = without(at);
    late.splice(at + 1, 0, book.journal[at]!);
    expect(await broken(late)).toBe('caused');
  });
});

describe('the pass over the journal', () => {
  const pass = async (change: (observer: Observer) => void): Promise<string> => {
    const observer = await observed(book.journal);
    change(observer);
    try {
      await recompute(observer, 0, 'of a test');
      return 'none';
    } catch (cause) {
      if (cause instanceof Violation) return cause.invariant;
      throw cause;
    }
  };

  it('finds nothing in decisions as they should be', async () => {
    expect(await pass(() => undefined)).toBe('none');
  });

  it('finds a decision that is missing, one too many, and one that is another', async () => {
    expect(await pass(({ decisions }) => decisions.pop())).toBe('decided');
    expect(await pass(({ decisions }) => decisions.push(decisions.at(-1)!))).toBe('decided');
    const another = ({ decisions }: Observer): void => {
      const { frame } = decisions[40]!;
      const changed = { ...frame, book_time_us: frame.book_time_us + 1 };
      decisions[40] = { frame: changed, bytes: encodeFrame(changed) };
    };
    expect(await pass(another)).toBe('recomputed');
  });
});

describe('the check of the gate', () => {
  it('finds a journal that says to the end that the audit log is behind', async () => {
    const audit = { behind: true, decided_seq: 3, audited_seq: 1 };
    const entry: Entry = { ...signal, id: 'audit:3', kind: EntryKind.AUDIT, signal: null, audit };
    const observer = await observed(book.journal);
    expect(() => checkGate(observer)).not.toThrow();
    observer.journal.push({ subject: '', bytes: new Uint8Array(0), entry });
    expect(() => checkGate(observer)).toThrow(Violation);
  });
});
