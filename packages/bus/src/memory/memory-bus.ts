import { assert } from '@bellwether/kernel';
import {
  BusRefused,
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
import {
  BLOB_BYTES_MAX,
  LEASE_TTL_MS_DEFAULT,
  checkFilter,
  checkName,
  checkPayload,
  checkSequence,
  checkSubject,
} from '../limits.js';
import { LiveHub } from '../live-hub.js';
import { RequestHub, type After } from '../request-hub.js';
import { ROUTES, planFor, refuseStored, routeFor, type StreamRoute } from '../routes.js';
import { MemoryStream } from './memory-stream.js';

export interface MemoryBusOptions {
  /** Most messages that one stream holds; the next append is refused. Default 8,000,000. */
  readonly streamMessagesMax?: number;
  /** Clock of the leases, in milliseconds. Default: the system's. */
  readonly nowMs?: () => number;
  readonly leaseTtlMs?: number;
  /** Timer of the questions. Default: the system's. */
  readonly after?: After;
}

const STREAM_MESSAGES_MAX = 8_000_000;
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

class MemoryLeases implements LeaseStore {
  readonly #held = new Map<string, { readonly owner: string; readonly until_ms: number }>();

  constructor(
    readonly ttlMs: number,
    private readonly nowMs: () => number,
    private readonly checkOpen: () => void,
  ) {}

  acquire(name: string, owner: string): Promise<boolean> {
    return settled(() => {
      this.checkOpen();
      checkName('lease', name);
      const now = this.nowMs();
      const held = this.#held.get(name);
      if (held !== undefined && held.owner !== owner && held.until_ms > now) return false;
      this.#held.set(name, { owner, until_ms: now + this.ttlMs });
      return true;
    });
  }

  release(name: string, owner: string): Promise<void> {
    return settled(() => {
      this.checkOpen();
      if (this.#held.get(name)?.owner === owner) this.#held.delete(name);
    });
  }
}

class MemoryBlobs implements BlobStore {
  readonly #blobs = new Map<string, Uint8Array>();

  constructor(private readonly checkOpen: () => void) {}

  put(name: string, bytes: Uint8Array): Promise<void> {
    return settled(() => {
      this.checkOpen();
      checkName('blob', name);
      if (bytes.length > BLOB_BYTES_MAX)
        throw new BusRefused(`${name}: Expected at most ${BLOB_BYTES_MAX} bytes`);
      this.#blobs.set(name, bytes.slice());
    });
  }

  get(name: string): Promise<Uint8Array | null> {
    return settled(() => {
      this.checkOpen();
      return this.#blobs.get(name)?.slice() ?? null;
    });
  }
}

/** What the function returns or throws, as a promise that is settled already. */
function settled<T>(action: () => T): Promise<T> {
  try {
    return Promise.resolve(action());
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * The bus of a backtest and of tests: everything in this process, nothing survives it. An append is done, and its
 * followers woken, when the call returns; the promise only carries the answer. Data is not copied: who appends it
 * must not change it afterwards, and who reads it must not change it at all.
 */
export class MemoryBus implements Bus {
  readonly leases: LeaseStore;
  readonly blobs: BlobStore;
  readonly #streams = new Map<StreamRoute, MemoryStream>();
  readonly #follow = new FollowHub();
  readonly #live = new LiveHub();
  readonly #requests: RequestHub;
  #closed = false;

  constructor(options: MemoryBusOptions = {}) {
    const messagesMax = options.streamMessagesMax ?? STREAM_MESSAGES_MAX;
    for (const route of ROUTES) this.#streams.set(route, new MemoryStream(route, messagesMax));
    const checkOpen = (): void => this.#open();
    const ttlMs = options.leaseTtlMs ?? LEASE_TTL_MS_DEFAULT;
    this.leases = new MemoryLeases(ttlMs, options.nowMs ?? Date.now, checkOpen);
    this.blobs = new MemoryBlobs(checkOpen);
    this.#requests = new RequestHub(options.after);
  }

  get connected(): boolean {
    return !this.#closed;
  }

  #open(): void {
    if (this.#closed) throw new BusRefused('The bus is closed');
  }

  #stream(route: StreamRoute): MemoryStream {
    const stream = this.#streams.get(route);
    assert(stream !== undefined, `${route.name}: No stream`);
    return stream;
  }

  append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    try {
      this.#open();
      checkSubject(subject);
      checkPayload(subject, data, options.headers);
      checkSequence(subject, options.expectedLastSequence, 0);
      const route = routeFor(subject);
      const headers = options.headers === undefined ? NO_HEADERS : { ...options.headers };
      const message = this.#stream(route).append(subject, data, options.expectedLastSequence, headers);
      this.#stored(route, message);
      return Promise.resolve(message.sequence);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #stored(route: StreamRoute, message: StoredMessage): void {
    this.#follow.stored(route, message.subject);
    if (!this.#live.heard) return;
    this.#live.publish({ subject: message.subject, data: message.data, sequence: null });
    const again = route.republished(message.subject);
    if (again !== null)
      this.#live.publish({ subject: again, data: message.data, sequence: message.sequence });
  }

  last(filter: string): Promise<StoredMessage | null> {
    return settled(() => {
      this.#open();
      const plan = planFor(filter);
      return this.#stream(plan.route).last(plan);
    });
  }

  get(filter: string, sequence: number): Promise<StoredMessage | null> {
    return settled(() => {
      this.#open();
      checkSequence(filter, sequence, 1);
      return this.#stream(planFor(filter).route).get(sequence);
    });
  }

  read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage> {
    this.#open();
    checkSequence(filter, options.from, 1);
    const plan = planFor(filter);
    const stream = this.#stream(plan.route);
    return {
      [Symbol.asyncIterator]: () => {
        this.#open();
        const through = options.follow ? Number.POSITIVE_INFINITY : stream.lastSequence;
        const cursor = stream.cursor(plan, options.from, through);
        return new FollowReader(this.#follow, plan, cursor, options.follow, options.signal);
      },
    };
  }

  subscribe(filter: string, onMessage: (message: LiveMessage) => void): Promise<() => void> {
    return settled(() => {
      this.#open();
      checkFilter(filter);
      return this.#live.subscribe(filter, onMessage);
    });
  }

  publish(subject: string, data: Uint8Array): Promise<void> {
    return settled(() => {
      this.#open();
      checkSubject(subject);
      checkPayload(subject, data, undefined);
      refuseStored(subject);
      this.#live.publish({ subject, data, sequence: null });
    });
  }

  async request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    this.#open();
    return this.#requests.request(subject, data, timeoutMs);
  }

  respond(subject: string, answer: Answer): Promise<() => void> {
    return settled(() => {
      this.#open();
      return this.#requests.respond(subject, answer);
    });
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#follow.close();
      this.#live.close();
      this.#requests.close();
    }
    return Promise.resolve();
  }
}
