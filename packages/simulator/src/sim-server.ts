import { MemoryBus, type After, type AppendOptions, type StoredMessage } from '@bellwether/bus';
import { subjectMatches } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { Chance } from './chance.js';
import type { Coverage } from './coverage.js';
import type { Faults } from './faults.js';
import type { SimProcess } from './sim-process.js';
import type { Trace } from './trace.js';
import type { VirtualTime } from './virtual-time.js';

/** Sees everything at the moment in which it happens in the store, whoever did it. */
export interface StoreWatcher {
  stored(message: StoredMessage): void;
  /** A blob is about to be stored whole. */
  saved(name: string, bytes: Uint8Array): void;
  /** Something was published, heard or not. */
  told(subject: string, data: Uint8Array): void;
  /** A write was refused: somebody else had written to the subject. */
  conflict(subject: string, process: SimProcess): void;
}

export interface SimServerOptions {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly coverage: Coverage;
  readonly watcher: StoreWatcher | null;
  readonly leaseTtlMs: number;
  /** Timer of the questions; default: virtual time. */
  readonly after?: After;
  /** Most messages that one stream holds; the next append is refused. */
  readonly streamMessagesMax?: number;
}

/** A reader that waits for the next message of its view. */
export interface Sleeper {
  readonly view: StoreView;
  wake(): void;
}

/** The stored messages that match one filter, in their order: what a reader walks along. */
export class StoreView {
  readonly #wants: (subject: string) => boolean;
  readonly #messages: StoredMessage[] = [];

  constructor(filter: string, stored: readonly StoredMessage[]) {
    this.#wants = wantedBy(filter);
    for (const message of stored) this.take(message);
  }

  wants(subject: string): boolean {
    return this.#wants(subject);
  }

  take(message: StoredMessage): void {
    if (this.#wants(message.subject)) this.#messages.push(message);
  }

  /** The first message at or after a sequence, or null. Readers are near the end, so it is looked for from there. */
  nextFrom(sequence: number): StoredMessage | null {
    const messages = this.#messages;
    let at = messages.length;
    while (at > 0 && messages[at - 1]!.sequence >= sequence) at -= 1;
    return messages[at] ?? null;
  }

  get lastSequence(): number {
    return this.#messages.at(-1)?.sequence ?? 0;
  }
}

/** Almost every filter is one subject or all below one, and is asked at every append. */
function wantedBy(filter: string): (subject: string) => boolean {
  const wild = filter.search(/[*>]/);
  if (wild === -1) return (subject) => subject === filter;
  if (wild !== filter.length - 1 || !filter.endsWith('.>'))
    return (subject) => subjectMatches(filter, subject);
  const prefix = filter.slice(0, -1);
  return (subject) => subject.startsWith(prefix);
}

interface Outage {
  readonly until_ms: number;
  /** Null: nobody reaches the server. */
  readonly only: SimProcess | null;
}

/** One way over the network: at least, and on top of it in the mean, in milliseconds. */
const WAY_MS = 0.1;
const WAY_MEAN_MS = 0.6;
/** On top of that where a call or a delivery is delayed, at most. */
const DELAY_MAX_MS = 1_500;

/** What all processes share: the streams, leases and blobs of the bus, and the network in front of them. */
export class SimServer {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly coverage: Coverage;
  /** The store itself keeps the promises of the bus; it is the network that fails. */
  readonly store: MemoryBus;
  readonly #watcher: StoreWatcher | null;
  readonly #stored: StoredMessage[] = [];
  readonly #views = new Map<string, StoreView>();
  readonly #sleepers = new Set<Sleeper>();
  #outages: Outage[] = [];

  constructor(options: SimServerOptions) {
    const { time, chance, faults, trace, coverage, watcher, leaseTtlMs, streamMessagesMax } = options;
    this.time = time;
    this.chance = chance;
    this.faults = faults;
    this.trace = trace;
    this.coverage = coverage;
    this.#watcher = watcher;
    this.store = new MemoryBus({
      leaseTtlMs,
      nowMs: () => time.now_ms,
      after: options.after ?? ((ms, call) => time.after(ms, call)),
      ...(streamMessagesMax === undefined ? {} : { streamMessagesMax }),
    });
  }

  note(who: string, what: string): void {
    this.trace.add(this.time.now_ms, who, what);
  }

  /** How long one way takes. */
  way(): number {
    const delay = this.faults.draw('delayed') ? this.chance.between(0, DELAY_MAX_MS) : 0;
    return WAY_MS + this.chance.around(WAY_MEAN_MS) + delay;
  }

  async append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    const sequence = await this.store.append(subject, data, options);
    const message = { subject, sequence, data, headers: { ...options.headers } };
    this.#stored.push(message);
    for (const view of this.#views.values()) view.take(message);
    this.#watcher?.stored(message);
    for (const sleeper of this.#sleepers) {
      if (!sleeper.view.wants(subject)) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    return sequence;
  }

  conflict(subject: string, process: SimProcess): void {
    this.#watcher?.conflict(subject, process);
  }

  saved(name: string, bytes: Uint8Array): void {
    this.#watcher?.saved(name, bytes);
  }

  told(subject: string, data: Uint8Array): void {
    this.#watcher?.told(subject, data);
  }

  /** What is stored under a filter, now and later. All that is stored came through here. */
  view(filter: string): StoreView {
    let view = this.#views.get(filter);
    if (view === undefined) {
      view = new StoreView(filter, this.#stored);
      this.#views.set(filter, view);
    }
    return view;
  }

  /** Wakes the reader, once, at the next append that it can want. */
  sleep(sleeper: Sleeper): void {
    this.#sleepers.add(sleeper);
  }

  leave(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
  }

  /** From now on nobody, or not this process, reaches the server. */
  goOut(ms: number, only: SimProcess | null): void {
    this.#outages.push({ until_ms: this.time.now_ms + ms, only });
    this.note('bus', `out for ${only?.name ?? 'everybody'} for ${ms.toFixed(0)} ms`);
  }

  /** How long this process will not reach the server; 0 where it does now. */
  outFor(process: SimProcess): number {
    if (this.#outages.length === 0) return 0;
    const now = this.time.now_ms;
    this.#outages = this.#outages.filter(({ until_ms }) => until_ms > now);
    const left = this.#outages
      .filter(({ only }) => only === null || only === process)
      .map(({ until_ms }) => until_ms - now);
    return Math.max(0, ...left);
  }

  /** Everybody reaches the server again. */
  comeBack(): void {
    this.#outages = [];
  }

  /** Flips one bit of a stored blob, as a failing disk does. */
  async flipBit(name: string): Promise<void> {
    const bytes = present(await this.store.blobs.get(name), 'a blob to damage');
    const share = this.chance.next();
    const bit = 1 << this.chance.below(8);
    const at = Math.floor(share * bytes.length);
    // One that was torn to nothing has no bit.
    if (bytes.length > 0) bytes[at] = bytes[at]! ^ bit;
    await this.store.blobs.put(name, bytes);
    this.note('disk', `flips a bit of ${name} at ${(share * 100).toFixed(1)} %`);
  }
}
