import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type ConsumerConfig,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { BusRefused, type StoredMessage } from '../bus.js';
import type { ReadPlan } from '../routes.js';
import { isClosed, type NatsLink } from './nats-link.js';
import { backoff, pause, unlessAborted } from './pause.js';
import { storedMessage } from './stored-message.js';

/** Messages fetched ahead of the caller. */
const FETCHED_MAX = 100;
const PULL_EXPIRES_MS = 30_000;
/** The server forgets a consumer that nobody pulls from for this long. */
const CONSUMER_IDLE_MS = 60_000;
const REOPEN_FIRST_MS = 20;
const REOPEN_MAX_MS = 1_000;
/** A stream that is missing for this long is gone, not restarting. */
const STREAM_MISSING_MS = 10_000;

export interface ReaderContext {
  readonly link: NatsLink;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly heartbeatMs: number;
}

/**
 * One consumer of the server, good until something goes wrong: the connection is lost, a delivery is missing, the
 * server forgot it or stays silent. Then `next` gives null, and whoever reads opens another from where it stands.
 */
class Session {
  readonly #messages: ConsumerMessages;
  readonly #iterator: AsyncIterator<JsMsg>;
  readonly #stopDrop: () => void;
  #delivered = 0;
  #waiting = false;

  constructor(
    link: NatsLink,
    messages: ConsumerMessages,
    /** Matching messages that were stored when the consumer was made. */
    readonly pending: number,
  ) {
    this.#messages = messages;
    this.#iterator = messages[Symbol.asyncIterator]();
    this.#stopDrop = link.onDrop(() => this.stop());
    void this.#watch();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#messages.status()) {
      // While the caller works, nothing is asked of the server, so its silence means nothing.
      const silent = type === 'heartbeats_missed' && this.#waiting;
      if (
        silent ||
        type === 'consumer_not_found' ||
        type === 'stream_not_found' ||
        type === 'consumer_deleted'
      ) {
        this.stop();
      }
    }
  }

  async next(): Promise<JsMsg | null> {
    this.#waiting = true;
    try {
      const result = await this.#iterator.next();
      if (result.done === true) return null;
      this.#delivered += 1;
      // The server counts its deliveries: another number means that one was lost on the way.
      return result.value.info.deliverySequence === this.#delivered ? result.value : null;
    } catch {
      return null;
    } finally {
      this.#waiting = false;
    }
  }

  /** Never awaited: to wait for the end of an iteration from within it would be to wait for ever. */
  stop(): void {
    this.#stopDrop();
    this.#messages.close().catch(() => undefined);
  }
}

function consumerConfig(plan: ReadPlan, from: number): Partial<ConsumerConfig> {
  const whole = plan.group === null && plan.test === null;
  return {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    inactive_threshold: nanos(CONSUMER_IDLE_MS),
    mem_storage: true,
    num_replicas: 1,
    max_deliver: 1,
    ...(whole ? {} : { filter_subject: plan.filter }),
  };
}

async function openOnce(context: ReaderContext, plan: ReadPlan, from: number): Promise<Session> {
  const { link, client, manager, heartbeatMs } = context;
  const info = await manager.consumers.add(plan.route.name, consumerConfig(plan, from));
  const consumer = client.consumers.getConsumerFromInfo(info);
  const messages = await consumer.consume({
    max_messages: FETCHED_MAX,
    expires: PULL_EXPIRES_MS,
    idle_heartbeat: heartbeatMs,
  });
  return new Session(link, messages, info.num_pending);
}

/**
 * A session from a sequence on, however long the server is away; null when the signal aborts. Throws BusRefused where
 * the stream is gone, or the connection for good.
 */
async function openSession(
  context: ReaderContext,
  plan: ReadPlan,
  from: number,
  signal: AbortSignal,
): Promise<Session | null> {
  const wait = backoff(REOPEN_FIRST_MS, REOPEN_MAX_MS);
  let missingSince: number | null = null;
  while (!signal.aborted) {
    if (context.link.closed) throw new BusRefused('The bus is closed');
    if (!(await context.link.whenConnected(REOPEN_MAX_MS, signal))) continue;
    const opening = openOnce(context, plan, from);
    try {
      const session = await unlessAborted(opening, signal);
      // An opening that is overtaken by the end still has to be closed when it is done.
      if (session === null) opening.then((late) => late.stop()).catch(() => undefined);
      return session;
    } catch (error) {
      if (isClosed(error)) continue;
      const missing = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
      missingSince = missing ? (missingSince ?? performance.now()) : null;
      if (missingSince !== null && performance.now() - missingSince > STREAM_MISSING_MS) {
        throw new BusRefused(`${plan.route.name}: The stream is gone`, { cause: error });
      }
    }
    await pause(wait(), signal);
  }
  return null;
}

/**
 * Stored messages from a sequence on, each exactly once and in order, over any number of consumers. `through`: the last
 * sequence to give where the reading does not follow; it must be stored and match.
 */
export async function* readMessages(
  context: ReaderContext,
  plan: ReadPlan,
  from: number,
  through: number | null,
  signal: AbortSignal,
): AsyncGenerator<StoredMessage, undefined> {
  let position = from - 1;
  while (!signal.aborted) {
    const session = await openSession(context, plan, position + 1, signal);
    if (session === null) return;
    const stop = (): void => session.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      if (through !== null && session.pending === 0) return;
      for (let message = await session.next(); message !== null; message = await session.next()) {
        if (signal.aborted) return;
        // A start behind the end is taken for the next sequence by the server: what comes before it is not asked for.
        if (message.seq <= position) continue;
        position = message.seq;
        yield storedMessage(message.subject, message.seq, message.data, message.headers);
        if (through !== null && (position >= through || message.info.pending === 0)) return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
    await pause(REOPEN_FIRST_MS, signal);
  }
}
