import type { StoredMessage } from '@bellwether/bus';
import {
  Action,
  FillLeg,
  ReasonCode,
  ServiceState,
  decodeEntry,
  decodeStatus,
  subjects,
  type Entry,
  type Frame,
  type Latches,
  type ServiceStatus,
  Side,
  type PortfolioPart,
  type Position,
} from '@bellwether/contracts';
import { decodeSnapshot, type Covering } from '@bellwether/host';
import { AccountCheck } from './account-check.js';
import type { Coverage } from './coverage.js';
import { frameOf } from './decoded-frames.js';
import { frameNumber } from './frame-number.js';
import type { SimProcess } from './sim-process.js';
import type { StoreWatcher } from './sim-server.js';
import { Violation } from './violation.js';

export interface Journaled {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly entry: Entry;
}

export interface ObserverOptions {
  readonly coverage: Coverage;
  readonly nowMs: () => number;
  readonly fail: (violation: Violation) => void;
  /** Ids of the raw inputs. */
  readonly raw: ReadonlySet<string>;
  readonly softLossCents: number;
  readonly killLossCents: number;
}

const LINE = 'bw.line.';
const JOURNAL = 'bw.journal.';
const INPUT = 'bw.input.';

/** Sees everything in the moment in which it is stored, and holds it to what must be true at every moment. */
export class Observer implements StoreWatcher {
  /** Everything stored, in order. */
  readonly journal: Journaled[] = [];
  /** What stands behind the name of the stream in the subjects of the raw inputs, in order. */
  readonly inputs: string[] = [];
  readonly decisions: { readonly bytes: Uint8Array; readonly frame: Frame }[] = [];
  /** Bytes of the frames of each stage. */
  readonly lines = new Map<string, Uint8Array[]>();
  /** Snapshots that have been saved, by name. */
  readonly snapshots = new Set<string>();
  /** Last frame that a signed head covers. */
  auditedSeq = 0;
  /** When something was last stored. */
  storedAt_ms = 0;
  /** The same of the journal: kind and id. */
  readonly #journalIds = new Set<string>();
  readonly #running = new Map<string, string>();
  readonly #account = new AccountCheck();
  #positions: readonly Position[] = [];
  #latches: Latches = { soft_trade_date: 0, kill_trade_date: 0 };

  /** Raw inputs that are decided. */
  inputsDecided = 0;

  constructor(private readonly options: ObserverOptions) {}

  stored(message: StoredMessage): void {
    const { subject, data } = message;
    this.storedAt_ms = this.options.nowMs();
    if (subject.startsWith(LINE)) this.#frame(subject.split('.')[2] ?? '', data);
    else if (subject.startsWith(JOURNAL)) this.#journaled(subject, data);
    else this.inputs.push(subject.slice(INPUT.length));
  }

  #journaled(subject: string, bytes: Uint8Array): void {
    const entry = decodeEntry(bytes);
    this.journal.push({ subject, bytes, entry });
    this.#journalIds.add(subject.slice(JOURNAL.length));
    if (entry.audit?.behind === true) this.options.coverage.count('audit_behind');
    if (entry.fill === null) return;
    this.options.coverage.count('fill');
    if (entry.fill.leg === FillLeg.STOP) this.options.coverage.count('stopped_out');
  }

  #frame(stage: string, bytes: Uint8Array): void {
    const stored = this.lines.get(stage) ?? [];
    this.lines.set(stage, stored);
    const seq = frameNumber(bytes);
    if (seq !== stored.length + 1) {
      this.options.fail(
        new Violation('numbered', `${stage} stored frame ${seq}, expected ${stored.length + 1}`),
      );
    }
    stored.push(bytes);
    if (stage === 'risk') this.#decision(bytes);
  }

  #checkAccount(frame: Frame): void {
    try {
      this.#account.add(frame);
    } catch (cause) {
      if (!(cause instanceof Violation)) throw cause;
      this.options.fail(cause);
    }
  }

  #decision(bytes: Uint8Array): void {
    const frame = frameOf(bytes);
    this.decisions.push({ bytes, frame });
    if (this.options.raw.has(frame.entry?.id ?? '')) this.inputsDecided += 1;
    const { risk, portfolio } = frame;
    this.#checkAccount(frame);
    if (risk === null) return;
    if (portfolio !== null) this.#holdStops(portfolio, frame.seq);
    if (risk.reason === ReasonCode.AUDIT_BEHIND) this.options.coverage.count('audit_refused');
    if (risk.action === Action.BUY || risk.action === Action.SELL) this.options.coverage.count('entry');
    if (frame.entry?.order_end !== null) this.options.coverage.count('order_cancelled');
    const next = risk.latches;
    if (next === null) return;
    this.#holdLatches(this.#latches, next, frame.seq, portfolio?.day?.trade_date ?? 0);
    this.#latches = next;
  }

  /** A stop never goes away from the market, as long as its position is open. */
  #holdStops({ positions, stop_moves }: PortfolioPart, seq: number): void {
    if (stop_moves.length > 0) this.options.coverage.count('stop_moved');
    for (const position of positions) {
      const { symbol, decision_id, side, stop_ticks } = position;
      const before = this.#positions.find(
        (item) => item.symbol === symbol && item.decision_id === decision_id,
      );
      if (before === undefined || before.side !== side || before.stop_ticks === null) continue;
      const nearer =
        stop_ticks !== null && (side === Side.SHORT ? -1 : 1) * (stop_ticks - before.stop_ticks) >= 0;
      if (!nearer)
        this.options.fail(new Violation('stop', `frame ${seq} loosens the stop of ${decision_id}`));
    }
    this.#positions = positions;
  }

  /** A latch may be set at any time, and goes only with its trade date. */
  #holdLatches(before: Latches, next: Latches, seq: number, trade_date: number): void {
    for (const [name, was, is] of [
      ['soft', before.soft_trade_date, next.soft_trade_date],
      ['kill', before.kill_trade_date, next.kill_trade_date],
    ] as const) {
      if (was === 0 && is !== 0)
        this.options.coverage.count(name === 'soft' ? 'soft_latched' : 'kill_latched');
      if (was !== 0 && is !== was && trade_date === was) {
        this.options.fail(new Violation('latched', `frame ${seq} forgets the ${name} latch of ${was}`));
      }
    }
  }

  saved(name: string, bytes: Uint8Array): void {
    this.snapshots.add(name);
    // Its store vouches for the bytes, and every snapshot says what it covers.
    const snapshot = decodeSnapshot(bytes) as Covering & {
      readonly stages?: readonly { readonly stage: string }[];
    };
    const last = snapshot.stages?.at(-1)?.stage ?? 'risk';
    const stored = this.lines.get(last)?.length ?? 0;
    if (snapshot.head.seq > stored) {
      this.options.fail(
        new Violation('covered', `${name} covers frame ${snapshot.head.seq}, stored are ${stored}`),
      );
    }
    if ('inputSequence' in snapshot && 'decisionSequence' in snapshot) {
      this.#coversInputs(name, Number(snapshot.inputSequence));
    }
  }

  /** The broker passes over the inputs that its snapshot covers: they must be in the journal. */
  #coversInputs(name: string, inputSequence: number): void {
    const missing = this.inputs.slice(0, inputSequence).find((id) => !this.#journalIds.has(id));
    if (missing === undefined) return;
    this.options.fail(
      new Violation('covered', `${name} covers the input ${missing}, which is not in the journal`),
    );
  }

  told(subject: string, data: Uint8Array): void {
    if (subject.startsWith('bw.status.')) this.#status(decodeStatus(data));
  }

  #status({ service, owner, state, seq, detail }: ServiceStatus): void {
    if (service === 'execution' && detail.startsWith('waiting for the audit log')) {
      this.options.coverage.count('audit_held');
    }
    if (service === 'audit') return;
    // The broker has no such state, and says that it runs more than once.
    if (state === ServiceState.RECOVERING && seq > 0) {
      this.options.coverage.count('snapshot_restored');
      if (service === 'risk' || service === 'line') this.#carried();
    }
    if (state !== ServiceState.RUNNING) return;
    // Owners are named after their role, instance and life: features/a#3.
    const instance = owner.replace(/#.*$/, '');
    const before = this.#running.get(service);
    if (before !== undefined && before !== instance) this.options.coverage.count('takeover');
    this.#running.set(service, instance);
  }

  /** A restart in the middle of a latched day whose loss is back inside the limit: memory alone keeps the latch. */
  #carried(): void {
    const newest = this.decisions.at(-1)?.frame.portfolio?.day;
    if (newest === null || newest === undefined) return;
    const { soft_trade_date, kill_trade_date } = this.#latches;
    const { softLossCents, killLossCents } = this.options;
    const soft = soft_trade_date === newest.trade_date && newest.pnl_cents > -softLossCents;
    const kill = kill_trade_date === newest.trade_date && newest.pnl_cents > -killLossCents;
    if (soft || kill) this.options.coverage.count('latch_carried');
  }

  conflict(subject: string, process: SimProcess): void {
    if (subject.startsWith(LINE)) this.options.coverage.count('conflict');
    else if (subject.startsWith('bw.input.')) this.options.coverage.count('repeat_absorbed');
    else if (process.name.startsWith('execution') || process.name.startsWith('desk')) {
      this.options.coverage.count('conflict');
    }
  }

  /** The first raw input that is not in the journal, or null. */
  get waitingInput(): string | null {
    return this.inputs.find((id) => !this.#journalIds.has(id)) ?? null;
  }

  /** The book's time. */
  get bookUs(): number {
    return this.decisions.at(-1)?.frame.book_time_us ?? 0;
  }

  /** Frames of a stage. */
  frames(stage: string): readonly Uint8Array[] {
    return this.lines.get(stage) ?? [];
  }
}

/** Which stream the decisions are in. */
export const decisionSubject = (book: string): string => subjects.line('risk', book);
