import { jetstream, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
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
import { LEASE_TTL_MS_DEFAULT, checkFilter, checkPayload, checkSequence, checkSubject } from '../limits.js';
import { deliver } from '../live-hub.js';
import { planFor, refuseStored, routeFor, type ReadPlan } from '../routes.js';
import { NatsAppender } from './nats-appender.js';
import { NatsBlobs } from './nats-blobs.js';
import { NatsLeases } from './nats-leases.js';
import { NatsLink } from './nats-link.js';
import {
  ACK_TIMEOUT_MS,
  CALL_DEADLINE_MS,
  CONNECT_DEADLINE_MS,
  HEARTBEAT_MS,
  STREAM_BYTES_MAX,
  checkOptions,
  type NatsBusOptions,
} from './nats-options.js';
import { NatsRequests } from './nats-requests.js';
import { readMessages, type ReaderContext } from './nats-reader.js';
import { storedMessage } from './stored-message.js';
import { assertStream, wantedStreams } from './stream-config.js';

/** Header of a republished message: its sequence in the stream. */
const REPUBLISHED_SEQUENCE = 'Nats-Sequence';

interface Parts {
  readonly link: NatsLink;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly leases: NatsLeases;
  readonly blobs: NatsBlobs;
}

/**
 * Connects and makes sure that every stream of the contracts is there and as it must be.
 * Throws BusRefused (no server), BusMisconfigured (a stream or bucket is another).
 */
export async function connectNatsBus(options: NatsBusOptions): Promise<Bus> {
  checkOptions(options);
  const link = await NatsLink.connect(options);
  try {
    return new NatsBus(options, await openParts(link, options));
  } catch (error) {
    await link.close();
    throw error;
  }
}

async function openParts(link: NatsLink, options: NatsBusOptions): Promise<Parts> {
  const deadlineMs = options.callDeadlineMs ?? CALL_DEADLINE_MS;
  const startMs = options.connectDeadlineMs ?? CONNECT_DEADLINE_MS;
  const replicas = options.replicas ?? 1;
  const ttlMs = options.leaseTtlMs ?? LEASE_TTL_MS_DEFAULT;
  const client = jetstream(link.connection, { timeout: deadlineMs });
  const manager = await link.ask('JetStream', startMs, () => client.jetstreamManager());
  for (const wanted of wantedStreams(options.streamBytesMax ?? STREAM_BYTES_MAX, replicas)) {
    await link.ask(`stream ${wanted.name}`, startMs, () => assertStream(manager, wanted));
  }
  const leases = await link.ask('leases', startMs, () =>
    NatsLeases.open(link, client, manager, { ttlMs, deadlineMs, replicas }),
  );
  const blobs = await link.ask('blobs', startMs, () =>
    NatsBlobs.open(link, client, manager, { deadlineMs, replicas }),
  );
  return { link, client, manager, leases, blobs };
}

/** The bus of many processes. What it promises beyond one server depends on replicas and `sync_interval` (README). */
class NatsBus implements Bus {
  readonly leases: LeaseStore;
  readonly blobs: BlobStore;
  readonly #link: NatsLink;
  readonly #manager: JetStreamManager;
  readonly #appender: NatsAppender;
  readonly #reader: ReaderContext;
  readonly #requests: NatsRequests;
  readonly #deadlineMs: number;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #ending = new AbortController();
  #closing: Promise<void> | null = null;

  constructor(options: NatsBusOptions, parts: Parts) {
    const { link, client, manager } = parts;
    this.#deadlineMs = options.callDeadlineMs ?? CALL_DEADLINE_MS;
    this.leases = parts.leases;
    this.blobs = parts.blobs;
    this.#link = link;
    this.#manager = manager;
    const ackTimeoutMs = options.ackTimeoutMs ?? ACK_TIMEOUT_MS;
    this.#appender = new NatsAppender(link, client, manager, this.#deadlineMs, ackTimeoutMs);
    this.#reader = { link, client, manager, heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS };
    this.#requests = new NatsRequests(link, this.#deadlineMs, this.#ending.signal);
  }

  get connected(): boolean {
    return this.#closing === null && this.#link.connected;
  }

  #open(): void {
    if (this.#closing !== null) throw new BusRefused('The bus is closed');
  }

  async append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    this.#open();
    checkSubject(subject);
    checkPayload(subject, data, options.headers);
    checkSequence(subject, options.expectedLastSequence, 0);
    routeFor(subject);
    const work = this.#appender.append(subject, data, options);
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  async last(filter: string): Promise<StoredMessage | null> {
    this.#open();
    return this.#message(planFor(filter), { last_by_subj: filter });
  }

  async get(filter: string, sequence: number): Promise<StoredMessage | null> {
    this.#open();
    checkSequence(filter, sequence, 1);
    return this.#message(planFor(filter), { seq: sequence });
  }

  async #message(
    { route, filter }: ReadPlan,
    query: { readonly seq: number } | { readonly last_by_subj: string },
  ): Promise<StoredMessage | null> {
    const found = await this.#link.ask(filter, this.#deadlineMs, () =>
      this.#manager.streams.getMessage(route.name, query),
    );
    return found === null ? null : storedMessage(found.subject, found.seq, found.data, found.header);
  }

  read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage> {
    this.#open();
    checkSequence(filter, options.from, 1);
    const plan = planFor(filter);
    return { [Symbol.asyncIterator]: () => this.#read(plan, options) };
  }

  async *#read(plan: ReadPlan, options: ReadOptions): AsyncGenerator<StoredMessage, undefined> {
    this.#open();
    const stop = new AbortController();
    const onEnd = (): void => stop.abort();
    const signals = [this.#ending.signal, ...(options.signal === undefined ? [] : [options.signal])];
    for (const signal of signals) {
      if (signal.aborted) onEnd();
      signal.addEventListener('abort', onEnd, { once: true });
    }
    try {
      let through: number | null = null;
      if (!options.follow) {
        through = (await this.last(plan.filter))?.sequence ?? 0;
        if (through < options.from) return;
      }
      yield* readMessages(this.#reader, plan, options.from, through, stop.signal);
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', onEnd);
    }
  }

  async subscribe(filter: string, onMessage: (message: LiveMessage) => void): Promise<() => void> {
    this.#open();
    checkFilter(filter);
    const subscription = this.#link.connection.subscribe(filter, {
      callback: (error, message) => {
        if (error !== null) return;
        const sequence = message.headers?.get(REPUBLISHED_SEQUENCE) ?? '';
        const { subject, data } = message;
        deliver(onMessage, { subject, data, sequence: sequence === '' ? null : Number(sequence) });
      },
    });
    try {
      // From here on the server knows of the subscription.
      await this.#link.ask(`subscription ${filter}`, this.#deadlineMs, () => this.#link.connection.flush());
    } catch (error) {
      subscription.unsubscribe();
      throw error;
    }
    return () => subscription.unsubscribe();
  }

  async publish(subject: string, data: Uint8Array): Promise<void> {
    this.#open();
    checkSubject(subject);
    checkPayload(subject, data, undefined);
    refuseStored(subject);
    // Without a connection the client would keep it for later, without a bound.
    if (!this.#link.connected) throw new BusRefused(`${subject}: Not connected`);
    this.#link.connection.publish(subject, data);
  }

  async request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    this.#open();
    return this.#requests.request(subject, data, timeoutMs);
  }

  async respond(subject: string, answer: Answer): Promise<() => void> {
    this.#open();
    return this.#requests.respond(subject, answer);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled([...this.#underWay, this.#requests.settled()]);
    await this.#link.close();
  }
}
