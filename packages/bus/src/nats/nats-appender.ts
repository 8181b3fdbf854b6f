import { randomUUID } from 'node:crypto';
import { equalBytes } from '@bellwether/contracts';
import {
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type PubAck,
  type StoredMsg,
} from '@nats-io/jetstream';
import { headers as newHeaders, RequestError, TimeoutError } from '@nats-io/nats-core';
import { BusRefused, OutcomeUnknown, SequenceConflict, type AppendOptions } from '../bus.js';
import { routeFor } from '../routes.js';
import { isClosed, isPassing, type NatsLink } from './nats-link.js';
import { pause } from './pause.js';

/** Server codes: the last sequence is another one; the same of a replica that cannot name it. */
const WRONG_LAST_SEQUENCE: ReadonlySet<number> = new Set([10071, 10164]);
const MESSAGE_ID = 'Nats-Msg-Id';
const RETRY_PAUSE_MS = 50;

type Attempt =
  | { readonly kind: 'acknowledged'; readonly ack: PubAck }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'lost'; readonly error: unknown };

/** False where the server, or its absence, answered: then nothing was stored. */
function mayHaveArrived(error: unknown): boolean {
  return error instanceof TimeoutError || error instanceof RequestError;
}

interface Append {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly options: AppendOptions;
  /** Names this call and nothing else, so the server's duplicate check absorbs its retries and no one else's. */
  readonly id: string;
}

/**
 * Appends with acknowledgement. An attempt whose acknowledgement is lost (time, connection) is sent again under the
 * same message id until the deadline; then the outcome is unknown. A refusal by the server is final.
 */
export class NatsAppender {
  readonly #origin = randomUUID();
  #count = 0;

  constructor(
    private readonly link: NatsLink,
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly deadlineMs: number,
    private readonly ackTimeoutMs: number,
  ) {}

  async append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    this.#count += 1;
    const append: Append = { subject, data, options, id: `${this.#origin}.${this.#count}` };
    const until = performance.now() + this.deadlineMs;
    let sent = false;
    let cause: unknown = null;
    for (;;) {
      const leftMs = until - performance.now();
      if (leftMs <= 0 || !(await this.link.whenConnected(leftMs))) {
        throw new OutcomeUnknown(
          sent
            ? `${subject}: No acknowledgement within ${this.deadlineMs} ms`
            : `${subject}: No connection within ${this.deadlineMs} ms, nothing was sent`,
          { cause },
        );
      }
      const attempt = await this.#attempt(append, Math.min(leftMs, this.ackTimeoutMs));
      if (attempt.kind === 'acknowledged') return this.#settle(append, attempt.ack);
      if (attempt.kind === 'refused') return this.#refused(append, attempt.error, sent);
      cause = attempt.error;
      // A server that is not ready has stored nothing, yet an attempt before may have reached it.
      sent ||= attempt.error === null || mayHaveArrived(attempt.error);
      await pause(Math.min(RETRY_PAUSE_MS, Math.max(0, until - performance.now())));
    }
  }

  #attempt({ subject, data, options, id }: Append, timeoutMs: number): Promise<Attempt> {
    return new Promise((resolve) => {
      const stop = this.link.onDrop(() => resolve({ kind: 'lost', error: null }));
      const headers = newHeaders();
      for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
      this.client
        .publish(subject, data, {
          msgID: id,
          headers,
          timeout: Math.max(1, Math.ceil(timeoutMs)),
          expect: { lastSubjectSequence: options.expectedLastSequence },
        })
        .then(
          (ack) => resolve({ kind: 'acknowledged', ack }),
          (error: unknown) => resolve({ kind: isPassing(error) ? 'lost' : 'refused', error }),
        )
        .finally(stop);
    });
  }

  /** A duplicate is an earlier attempt of this very append; what the stream holds must be it. */
  async #settle(append: Append, ack: PubAck): Promise<number> {
    if (!ack.duplicate) return ack.seq;
    const { subject, data, options } = append;
    const stored = await this.#stored(append, { seq: ack.seq });
    if (stored === null || stored.subject !== subject || !equalBytes(stored.data, data)) {
      throw new SequenceConflict(subject, options.expectedLastSequence);
    }
    return ack.seq;
  }

  async #refused(append: Append, error: unknown, sentBefore: boolean): Promise<number> {
    const { subject, data, options } = append;
    if (error instanceof JetStreamApiError && WRONG_LAST_SEQUENCE.has(error.code)) {
      // Servers from 2.15 on check the sequence before the message id (2.9 and 2.10 do it the other way round), so the
      // conflict may be with an earlier attempt of this append: then that is what follows the expected message.
      const seq = options.expectedLastSequence + 1;
      const own = sentBefore ? await this.#stored(append, { next_by_subj: subject, seq }) : null;
      if (own !== null && own.header.get(MESSAGE_ID) === append.id && equalBytes(own.data, data)) {
        return own.seq;
      }
      throw new SequenceConflict(subject, options.expectedLastSequence);
    }
    const reason = error instanceof Error ? error.message : String(error);
    if (sentBefore) throw new OutcomeUnknown(`${subject}: ${reason}`, { cause: error });
    if (isClosed(error)) throw new BusRefused('The bus is closed', { cause: error });
    throw new BusRefused(`${subject}: ${reason}`, { cause: error });
  }

  /** The message at a sequence; with `next_by_subj`, the first on that subject from the sequence on. */
  async #stored(
    { subject }: Append,
    query: { readonly seq: number; readonly next_by_subj?: string },
  ): Promise<StoredMsg | null> {
    const { name } = routeFor(subject);
    try {
      return await this.link.ask(subject, this.deadlineMs, () =>
        this.manager.streams.getMessage(name, query),
      );
    } catch (cause) {
      throw new OutcomeUnknown(`${subject}: An earlier attempt may be stored, and cannot be read`, { cause });
    }
  }
}
