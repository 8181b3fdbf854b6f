import { MemoryBus, type After, type AppendOptions, type StoredMessage } from '@bellwether/bus';
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

/** A reader that waits for the next message. */
export interface Sleeper {
  wants(subject: string): boolean;
  wake(): void;
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
    this.#watcher?.stored({ subject, sequence, data, headers: options.headers ?? {} });
    for (const sleeper of this.#sleepers) {
      if (!sleeper.wants(subject)) continue;
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

  /** The first message at or after a sequence that matches, or null. */
  async nextOf(filter: string, from: number): Promise<StoredMessage | null> {
    const reading = this.store.read(filter, { from, follow: false })[Symbol.asyncIterator]();
    const next = await reading.next();
    void reading.return?.();
    return next.done === true ? null : next.value;
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
