import {
  BusRefused,
  OutcomeUnknown,
  SequenceConflict,
  type Answer,
  type AppendOptions,
  type BlobStore,
  type Bus,
  type LeaseStore,
  type LiveMessage,
  type ReadOptions,
  type StoredMessage,
} from '@bellwether/bus';
import type { SimProcess } from './sim-process.js';
import { SimReader } from './sim-reader.js';
import type { SimServer } from './sim-server.js';

/** Writes can have an unknown outcome; looking and telling cannot. */
type CallKind = 'append' | 'save' | 'lease' | 'look' | 'tell';

interface Call<T> {
  readonly kind: CallKind;
  readonly what: string;
  /** What it does in the store when it arrives there. */
  readonly effect: () => Promise<T>;
  /** What it leaves there where the process dies in the middle of it; null where it is whole or not at all. */
  readonly torn: (() => Promise<void>) | null;
}

/** How long a caller waits for an answer that does not come. */
const CALL_DEADLINE_MS = 1_000;
/** A write that its caller has given up on arrives within this time after that. */
const LATE_MAX_MS = 3_000;
/** Chance that what a process had sent when it died still arrives. */
const ARRIVES_AFTER_DEATH = 0.5;

/**
 * One process's connection to the {@link SimServer}. Keeps the promises of `Bus` (the contract suite runs against it)
 * and uses every freedom that they leave: acknowledgements are lost, writes arrive late, calls are refused.
 */
export class SimBus implements Bus {
  readonly leases: LeaseStore;
  readonly blobs: BlobStore;
  readonly #readers = new Set<SimReader>();
  readonly #underWay = new Set<Promise<unknown>>();
  /** Questions of ours, and questions that we work on, each with how to refuse it. */
  readonly #asking = new Set<(cause: Error) => void>();
  readonly #answering = new Set<(cause: Error) => void>();
  readonly #unsubscribers = new Set<() => void>();
  #lastArrival_ms = 0;
  #lastLive_ms = 0;
  #closed = false;

  /** @param faultyReads false for observers of the simulation, whose reading is not what is tested */
  constructor(
    private readonly server: SimServer,
    private readonly process: SimProcess,
    private readonly faultyReads = true,
  ) {
    const { store } = server;
    this.leases = {
      ttlMs: store.leases.ttlMs,
      acquire: (name, owner) => this.#call('lease', `lease ${name}`, () => store.leases.acquire(name, owner)),
      release: (name, owner) =>
        this.#call('lease', `release ${name}`, () => store.leases.release(name, owner)),
    };
    this.blobs = {
      put: (name, bytes) => this.#put(name, bytes),
      get: (name) => this.#call('look', `load ${name}`, () => store.blobs.get(name)),
    };
  }

  get connected(): boolean {
    return !this.#closed && this.server.outFor(this.process) === 0;
  }

  append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    return this.#call('append', `append ${subject} after ${options.expectedLastSequence}`, () =>
      this.server.append(subject, data, options),
    );
  }

  last(filter: string): Promise<StoredMessage | null> {
    return this.#call('look', `last ${filter}`, () => this.server.store.last(filter));
  }

  get(filter: string, sequence: number): Promise<StoredMessage | null> {
    return this.#call('look', `get ${filter} ${sequence}`, () => this.server.store.get(filter, sequence));
  }

  read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage> {
    if (this.#closed) throw new BusRefused('The bus is closed');
    // Throws at once on what cannot be read.
    this.server.store.read(filter, options);
    return {
      [Symbol.asyncIterator]: () => {
        if (this.#closed) throw new BusRefused('The bus is closed');
        const reader = new SimReader(this.server, this.process, filter, options, this.faultyReads, (ended) =>
          this.#readers.delete(ended),
        );
        this.#readers.add(reader);
        return reader;
      },
    };
  }

  async subscribe(filter: string, onMessage: (message: LiveMessage) => void): Promise<() => void> {
    let subscribed = true;
    const unsubscribe = await this.#call('tell', `subscribe ${filter}`, () =>
      this.server.store.subscribe(filter, (message) => this.#hear(message, onMessage, () => subscribed)),
    );
    const end = (): void => {
      subscribed = false;
      unsubscribe();
      this.#unsubscribers.delete(end);
    };
    this.#unsubscribers.add(end);
    return end;
  }

  /** Live messages come in their order, where they come. */
  #hear(message: LiveMessage, onMessage: (message: LiveMessage) => void, wanted: () => boolean): void {
    const { server, process } = this;
    if (server.outFor(process) > 0 || server.faults.draw('live_lost')) return;
    this.#lastLive_ms = Math.max(this.#lastLive_ms, server.time.now_ms + server.way());
    server.time.after(this.#lastLive_ms - server.time.now_ms, () =>
      process.deliver(() => {
        if (wanted()) onMessage(message);
      }),
    );
  }

  publish(subject: string, data: Uint8Array): Promise<void> {
    return this.#call('tell', `publish ${subject}`, () => {
      this.server.told(subject, data);
      return this.server.store.publish(subject, data);
    });
  }

  request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#asking.add(reject);
      const answered = this.#call('tell', `ask ${subject}`, () =>
        this.server.store.request(subject, data, timeoutMs),
      );
      void answered.then(resolve, reject).finally(() => this.#asking.delete(reject));
    });
  }

  async respond(subject: string, answer: Answer): Promise<() => void> {
    const end = await this.#call('tell', `answer ${subject}`, () =>
      this.server.store.respond(subject, (data) => this.#answered(answer, data)),
    );
    this.#unsubscribers.add(end);
    return () => {
      end();
      this.#unsubscribers.delete(end);
    };
  }

  #answered(answer: Answer, data: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#answering.add(reject);
      this.process.deliver(() => {
        const answered = new Promise<Uint8Array>((given) => {
          given(answer(data));
        });
        void answered.then(resolve, reject).finally(() => this.#answering.delete(reject));
      });
    });
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.disconnected();
    }
    await Promise.allSettled([...this.#underWay]);
  }

  /** The connection is gone, because the process is or because it closed it. */
  disconnected(): void {
    for (const end of [...this.#unsubscribers]) end();
    for (const refuse of [...this.#answering]) refuse(new BusRefused('The bus is closed'));
    // A dead process hears of nothing, not even of an end.
    if (!this.process.alive) return;
    for (const reader of [...this.#readers]) reader.end();
    for (const refuse of [...this.#asking]) refuse(new BusRefused('The bus is closed'));
  }

  #put(name: string, bytes: Uint8Array): Promise<void> {
    const { server } = this;
    const effect = (): Promise<void> => {
      server.saved(name, bytes);
      return server.store.blobs.put(name, bytes);
    };
    const torn = async (): Promise<void> => {
      // A share, not a number: V8 writes equal values in bytes of unequal number.
      const share = server.chance.next();
      await server.store.blobs.put(name, bytes.slice(0, Math.floor(share * bytes.length)));
      server.note('disk', `holds ${(share * 100).toFixed(1)} % of ${name}`);
    };
    return this.#call('save', `save ${name}`, effect, torn);
  }

  #call<T>(kind: CallKind, what: string, effect: () => Promise<T>, torn: Call<T>['torn'] = null): Promise<T> {
    if (this.#closed) return Promise.reject(new BusRefused('The bus is closed'));
    const { process } = this;
    // What a dead process asks for has no effect, and it never hears of it.
    if (!process.alive) return new Promise(() => undefined);
    const answer = new Promise<T>((resolve, reject) => {
      const settle = (ms: number, action: () => void): void => {
        this.server.time.after(ms, () => process.deliver(action));
      };
      this.#send({ kind, what, effect, torn }, (ms, outcome) =>
        settle(ms, () => {
          if ('value' in outcome) resolve(outcome.value);
          else reject(outcome.error);
        }),
      );
    });
    this.#underWay.add(answer);
    answer.then(
      () => this.#underWay.delete(answer),
      () => this.#underWay.delete(answer),
    );
    return answer;
  }

  /** Decides what becomes of a call, and lets it happen. */
  #send<T>(call: Call<T>, answer: (ms: number, outcome: { value: T } | { error: Error }) => void): void {
    const { server, process } = this;
    const { faults } = server;
    const fail = (ms: number, error: Error, why: string): void => {
      server.note(process.name, `${call.what}: ${why}`);
      answer(ms, { error });
    };
    const isWrite = call.kind === 'append' || call.kind === 'save';
    if (isWrite && faults.draw('crash_before')) {
      process.kill(`before ${call.what}`);
      return;
    }
    if (server.outFor(process) > 0) {
      if (isWrite) fail(CALL_DEADLINE_MS, new OutcomeUnknown(`${call.what}: No answer`), 'no bus');
      else fail(CALL_DEADLINE_MS, new BusRefused(`${call.what}: No answer`), 'no bus');
      return;
    }
    if (call.kind !== 'tell' && faults.draw('refused')) {
      fail(server.way(), new BusRefused(`${call.what}: Refused for a test`), 'refused');
      return;
    }
    if (isWrite && faults.draw('lost_request')) {
      fail(CALL_DEADLINE_MS, new OutcomeUnknown(`${call.what}: Lost`), 'lost on the way');
      return;
    }
    if (call.kind === 'append' && faults.draw('late_write')) {
      fail(CALL_DEADLINE_MS, new OutcomeUnknown(`${call.what}: Late`), 'late');
      const late_ms = CALL_DEADLINE_MS + server.chance.between(0, LATE_MAX_MS);
      server.time.after(late_ms, () => void this.#arrive(call, () => undefined));
      return;
    }
    this.#lastArrival_ms = Math.max(this.#lastArrival_ms, server.time.now_ms + server.way());
    server.time.after(this.#lastArrival_ms - server.time.now_ms, () => void this.#arrive(call, answer));
  }

  /** The call is in the store. */
  async #arrive<T>(
    call: Call<T>,
    answer: (ms: number, outcome: { value: T } | { error: Error }) => void,
  ): Promise<void> {
    const { server, process } = this;
    const { faults } = server;
    const note = (outcome: string): void => server.note(process.name, `${call.what}: ${outcome}`);
    if (!process.alive && !server.chance.happens(ARRIVES_AFTER_DEATH)) {
      note('died with its process');
      return;
    }
    if (call.torn !== null && process.alive && faults.draw('torn_blob')) {
      await call.torn();
      process.kill(`in the middle of ${call.what}`);
      return;
    }
    let outcome: { value: T } | { error: Error };
    try {
      outcome = { value: await call.effect() };
      note(
        typeof outcome.value === 'number' || typeof outcome.value === 'boolean'
          ? String(outcome.value)
          : 'done',
      );
    } catch (error) {
      outcome = { error: error instanceof Error ? error : new Error(String(error)) };
      if (error instanceof SequenceConflict) server.conflict(error.subject, process);
      note(outcome.error.name);
    }
    const isWrite = call.kind === 'append' || call.kind === 'save';
    if (isWrite && process.wakesAsZombie()) server.coverage.count('zombie_write');
    if (isWrite && process.alive && faults.draw('crash_after')) {
      process.kill(`after ${call.what}`);
      return;
    }
    if ('value' in outcome && (isWrite || call.kind === 'lease') && faults.draw('lost_ack')) {
      note('acknowledgement lost');
      const lost = isWrite ? OutcomeUnknown : BusRefused;
      answer(CALL_DEADLINE_MS, { error: new lost(`${call.what}: No acknowledgement`) });
      return;
    }
    answer(server.way(), outcome);
  }
}
