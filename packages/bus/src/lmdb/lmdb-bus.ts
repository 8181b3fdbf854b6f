import { assert } from '@bellwether/kernel';
import {
  BusRefused,
  SequenceConflict,
  type Answer,
  type AppendOptions,
  type BlobStore,
  type Bus,
  type LeaseStore,
  type LiveMessage,
  type ReadOptions,
  type StoredMessage,
} from '../bus.js';
import { FollowHub, FollowReader } from '../follow-reader.js';
import { LEASE_TTL_MS_DEFAULT, checkFilter, checkPayload, checkSequence, checkSubject } from '../limits.js';
import { LiveHub } from '../live-hub.js';
import { RequestHub } from '../request-hub.js';
import { ROUTES, planFor, refuseStored, routeFor, type StreamRoute } from '../routes.js';
import { AppendQueue, type Outcome } from './append-queue.js';
import { LmdbBlobs } from './lmdb-blobs.js';
import { LmdbLeases } from './lmdb-leases.js';
import { LmdbStore } from './lmdb-store.js';
import { LmdbStream } from './lmdb-stream.js';
import { encodeRecord } from './message-record.js';

export interface LmdbBusOptions {
  /** Folder of the store; made where it is missing. */
  readonly folder: string;
  /** Most bytes that the records of one stream take; the next append is refused. Default 64 GiB. */
  readonly streamBytesMax?: number;
  /** Clock of the leases, in milliseconds. Default: the system's. */
  readonly nowMs?: () => number;
  readonly leaseTtlMs?: number;
}

const STREAM_BYTES_MAX = 64 * 1024 ** 3;

interface Item {
  readonly route: StreamRoute;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly record: Buffer;
  readonly expected: number;
  readonly bytes: number;
}

/**
 * The bus of one process with its journal in a folder. Every resolved append is on disk: `durable` asks for no more
 * than all get. Appends of one turn of the event loop share a commit. Subscribers and followers of this process are
 * woken by the append; another process may read and append too, but is not woken (README).
 */
export class LmdbBus implements Bus {
  readonly leases: LeaseStore;
  readonly blobs: BlobStore;
  readonly #store: LmdbStore;
  readonly #streams = new Map<StreamRoute, LmdbStream>();
  readonly #queue: AppendQueue<Item>;
  readonly #follow = new FollowHub();
  readonly #live = new LiveHub();
  readonly #requests = new RequestHub();
  #closed = false;

  private constructor(store: LmdbStore, options: LmdbBusOptions) {
    this.#store = store;
    const bytesMax = options.streamBytesMax ?? STREAM_BYTES_MAX;
    for (const route of ROUTES) this.#streams.set(route, new LmdbStream(store, route, bytesMax));
    this.leases = new LmdbLeases(
      store,
      options.leaseTtlMs ?? LEASE_TTL_MS_DEFAULT,
      options.nowMs ?? Date.now,
    );
    this.blobs = new LmdbBlobs(store);
    this.#queue = new AppendQueue(
      (items) => this.#commit(items),
      (item, sequence) => this.#stored(item, sequence),
    );
  }

  /** Throws StoreCorrupt where the folder holds no whole store, BusRefused where it cannot be opened. */
  static async open(options: LmdbBusOptions): Promise<LmdbBus> {
    const store = LmdbStore.open(options.folder);
    try {
      return new LmdbBus(store, options);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get connected(): boolean {
    return !this.#closed;
  }

  #open(): void {
    if (this.#closed) throw new BusRefused('The bus is closed');
  }

  #stream(route: StreamRoute): LmdbStream {
    const stream = this.#streams.get(route);
    assert(stream !== undefined, `${route.name}: No stream`);
    return stream;
  }

  async append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    this.#open();
    checkSubject(subject);
    checkPayload(subject, data, options.headers);
    checkSequence(subject, options.expectedLastSequence, 0);
    const record = encodeRecord(subject, options.headers ?? {}, data);
    const expected = options.expectedLastSequence;
    return this.#queue.push({
      route: routeFor(subject),
      subject,
      data,
      record,
      expected,
      bytes: record.length,
    });
  }

  #commit(items: readonly Item[]): readonly Outcome[] {
    return this.#store.write(() =>
      items.map(({ route, subject, record, expected }): Outcome => {
        try {
          return { sequence: this.#stream(route).append(subject, record, expected) };
        } catch (error) {
          if (error instanceof SequenceConflict || error instanceof BusRefused) return { error };
          throw error;
        }
      }),
    );
  }

  #stored({ route, subject, data }: Item, sequence: number): void {
    this.#follow.stored(route, subject);
    if (!this.#live.heard) return;
    this.#live.publish({ subject, data, sequence: null });
    const again = route.republished(subject);
    if (again !== null) this.#live.publish({ subject: again, data, sequence });
  }

  async last(filter: string): Promise<StoredMessage | null> {
    this.#open();
    const plan = planFor(filter);
    this.#store.refresh();
    return this.#stream(plan.route).last(plan);
  }

  async get(filter: string, sequence: number): Promise<StoredMessage | null> {
    this.#open();
    checkSequence(filter, sequence, 1);
    const { route } = planFor(filter);
    this.#store.refresh();
    return this.#stream(route).get(sequence);
  }

  read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage> {
    this.#open();
    checkSequence(filter, options.from, 1);
    const plan = planFor(filter);
    const stream = this.#stream(plan.route);
    return {
      [Symbol.asyncIterator]: () => {
        this.#open();
        this.#store.refresh();
        const through = options.follow ? Number.POSITIVE_INFINITY : stream.head().sequence;
        const cursor = stream.cursor(plan, options.from, through);
        return new FollowReader(this.#follow, plan, cursor, options.follow, options.signal);
      },
    };
  }

  async subscribe(filter: string, onMessage: (message: LiveMessage) => void): Promise<() => void> {
    this.#open();
    checkFilter(filter);
    return this.#live.subscribe(filter, onMessage);
  }

  async publish(subject: string, data: Uint8Array): Promise<void> {
    this.#open();
    checkSubject(subject);
    checkPayload(subject, data, undefined);
    refuseStored(subject);
    this.#live.publish({ subject, data, sequence: null });
  }

  async request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    this.#open();
    return this.#requests.request(subject, data, timeoutMs);
  }

  async respond(subject: string, answer: Answer): Promise<() => void> {
    this.#open();
    return this.#requests.respond(subject, answer);
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#queue.flush();
      this.#follow.close();
      this.#live.close();
      this.#requests.close();
    }
    await this.#store.close();
  }
}
