import {
  ClosedConnectionError,
  DrainingConnectionError,
  RequestError,
  TimeoutError,
  type NatsConnection,
} from '@nats-io/nats-core';
import { JetStreamApiError } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { BusRefused, OutcomeUnknown } from '../bus.js';
import { CONNECT_DEADLINE_MS, type NatsBusOptions } from './nats-options.js';
import { backoff, pause } from './pause.js';

const RECONNECT_FIRST_MS = 50;
const RECONNECT_MAX_MS = 2_000;
const DIAL_TIMEOUT_MS = 5_000;
/** A dead peer that closes nothing is noticed after two of these. */
const PING_INTERVAL_MS = 5_000;

/**
 * Server codes of a cluster that is there but not ready: incomplete (10004), unavailable (10008), without a leader
 * (10009), stream or consumer offline (10118, 10119). The status 503 would not do: a full stream has it too.
 */
const NOT_READY: ReadonlySet<number> = new Set([10004, 10008, 10009, 10118, 10119]);

/** True for failures that a later attempt may not have: nobody answers yet. */
export function isPassing(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return NOT_READY.has(error.code);
  if (error instanceof TimeoutError || error instanceof RequestError) return true;
  return error instanceof Error && error.name === 'JetStreamNotEnabled';
}

export function isClosed(error: unknown): boolean {
  return error instanceof ClosedConnectionError || error instanceof DrainingConnectionError;
}

/** One connection that comes back by itself for ever, and what others need to know of its ups and downs. */
export class NatsLink {
  readonly #onDrop = new Set<() => void>();
  readonly #onUp = new Set<() => void>();
  #connected = true;

  private constructor(
    readonly connection: NatsConnection,
    private readonly delays: ReconnectDelays,
  ) {
    void this.#watch();
  }

  static async connect(options: NatsBusOptions): Promise<NatsLink> {
    const until = performance.now() + (options.connectDeadlineMs ?? CONNECT_DEADLINE_MS);
    const wait = backoff(RECONNECT_FIRST_MS, RECONNECT_MAX_MS);
    for (;;) {
      try {
        const delays = new ReconnectDelays();
        return new NatsLink(await dial(options, delays), delays);
      } catch (cause) {
        const ms = wait();
        if (performance.now() + ms >= until) {
          throw new BusRefused(`No NATS server at ${String(options.servers)}`, { cause });
        }
        await pause(ms);
      }
    }
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect' || status.type === 'close') {
        this.#connected = false;
        for (const notify of [...this.#onDrop]) notify();
        // Whoever waits for the connection need not wait any longer.
        if (status.type === 'close') for (const notify of [...this.#onUp]) notify();
      } else if (status.type === 'reconnect') {
        this.#connected = true;
        this.delays.reset();
        for (const notify of [...this.#onUp]) notify();
      }
    }
  }

  get connected(): boolean {
    return this.#connected && !this.closed;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /** True when it will not come back: closed by us, or given up by the client. */
  get closed(): boolean {
    return this.connection.isClosed();
  }

  /** Calls back at every loss of the connection. Returns how to stop that. */
  onDrop(notify: () => void): () => void {
    this.#onDrop.add(notify);
    return () => {
      this.#onDrop.delete(notify);
    };
  }

  /** True once the connection is up; false where the time or the signal ends first. */
  async whenConnected(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.connected) return true;
    if (this.closed) return false;
    const up = new AbortController();
    const wake = (): void => up.abort();
    this.#onUp.add(wake);
    signal?.addEventListener('abort', wake, { once: true });
    try {
      if (signal?.aborted !== true) await pause(withinMs, up.signal);
    } finally {
      this.#onUp.delete(wake);
      signal?.removeEventListener('abort', wake);
    }
    return this.connected;
  }

  /** Makes a call that only reads, again and again until it is answered. Throws {@link BusRefused}. */
  ask<T>(what: string, withinMs: number, call: () => Promise<T>): Promise<T> {
    return this.#ask(what, withinMs, call, BusRefused);
  }

  /** The same for a call that writes and may be made twice. Without an answer it throws {@link OutcomeUnknown}. */
  askToWrite<T>(what: string, withinMs: number, call: () => Promise<T>): Promise<T> {
    return this.#ask(what, withinMs, call, OutcomeUnknown);
  }

  async #ask<T>(
    what: string,
    withinMs: number,
    call: () => Promise<T>,
    Unanswered: typeof BusRefused | typeof OutcomeUnknown,
  ): Promise<T> {
    const until = performance.now() + withinMs;
    const wait = backoff(RECONNECT_FIRST_MS, RECONNECT_MAX_MS);
    let cause: unknown = null;
    for (;;) {
      const leftMs = until - performance.now();
      const connected = leftMs > 0 && (await this.whenConnected(leftMs));
      if (this.closed) throw new BusRefused('The bus is closed', { cause });
      if (!connected) throw new Unanswered(`${what}: No answer within ${withinMs} ms`, { cause });
      try {
        return await this.unlessDropped(call());
      } catch (error) {
        if (isClosed(error)) throw new BusRefused('The bus is closed', { cause: error });
        if (!isPassing(error) && !(error instanceof Dropped)) throw error;
        cause = error;
      }
      await pause(Math.min(wait(), Math.max(0, until - performance.now())));
    }
  }

  /**
   * What was asked over a connection that is lost meanwhile is never answered, for the client does not ask again:
   * rejects with {@link Dropped}.
   */
  async unlessDropped<T>(work: Promise<T>): Promise<T> {
    let stop = (): void => undefined;
    const dropped = new Promise<never>((_, reject) => {
      stop = this.onDrop(() => reject(new Dropped()));
    });
    dropped.catch(() => undefined);
    work.catch(() => undefined);
    try {
      return await Promise.race([work, dropped]);
    } finally {
      stop();
    }
  }
}

/** The connection was lost while somebody waited for an answer. */
export class Dropped extends Error {}

/** How long to wait before each attempt to connect again: doubled up to a bound, spread, and short again after one. */
class ReconnectDelays {
  #nextMs = RECONNECT_FIRST_MS;

  next(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(RECONNECT_MAX_MS, ms * 2);
    // Clients that lost one server should not all come back in one moment.
    return ms / 2 + Math.random() * (ms / 2);
  }

  reset(): void {
    this.#nextMs = RECONNECT_FIRST_MS;
  }
}

function dial(options: NatsBusOptions, delays: ReconnectDelays): Promise<NatsConnection> {
  const { token, user, pass } = options;
  return connect({
    servers: typeof options.servers === 'string' ? options.servers : [...options.servers],
    name: options.name,
    timeout: DIAL_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    // Credentials may be refused for a while, for example while a server starts anew.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => delays.next(),
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    noAsyncTraces: true,
    ...(token === undefined ? {} : { token }),
    ...(user === undefined ? {} : { user }),
    ...(pass === undefined ? {} : { pass }),
  });
}
