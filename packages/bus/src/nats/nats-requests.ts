import { RequestError, TimeoutError, headers, type Msg } from '@nats-io/nats-core';
import { BusRefused, OutcomeUnknown, type Answer } from '../bus.js';
import { REQUESTS_UNDER_WAY_MAX } from '../limits.js';
import { Responder, checkQuestion, checkQuestionSubject, refusal, type Reply } from '../responder.js';
import { Dropped, type NatsLink } from './nats-link.js';
import { unlessAborted } from './pause.js';

/** Of those who answer on a subject the server chooses one for each question. */
const QUEUE = 'bw-answers';
/** Header of a reply that is a refusal; its data is the reason. */
const REFUSED = 'Bw-Refused';
const CLOSED = 'The bus is closed';

/** Questions and answers over the server. */
export class NatsRequests {
  #asking = 0;
  readonly #replying = new Set<Promise<void>>();

  constructor(
    private readonly link: NatsLink,
    private readonly deadlineMs: number,
    /** Aborts when the bus closes. */
    private readonly ending: AbortSignal,
  ) {}

  async request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    checkQuestion(subject, data, timeoutMs);
    if (this.#asking >= REQUESTS_UNDER_WAY_MAX) {
      throw new BusRefused(`${subject}: ${REQUESTS_UNDER_WAY_MAX} questions wait for their answers`);
    }
    this.#asking += 1;
    try {
      return dataOf(await this.#ask(subject, data, timeoutMs));
    } finally {
      this.#asking -= 1;
    }
  }

  async #ask(subject: string, data: Uint8Array, timeoutMs: number): Promise<Msg> {
    const until = performance.now() + timeoutMs;
    // Without a connection the client would keep the question for later.
    const connected = await this.link.whenConnected(timeoutMs, this.ending);
    if (this.ending.aborted) throw new BusRefused(CLOSED);
    if (!connected) throw new BusRefused(`${subject}: Not connected within ${timeoutMs} ms`);
    const timeout = Math.max(1, Math.ceil(until - performance.now()));
    let reply: Msg | null;
    try {
      reply = await unlessAborted(
        this.link.unlessDropped(this.link.connection.request(subject, data, { timeout })),
        this.ending,
      );
    } catch (cause) {
      throw failure(subject, timeoutMs, cause);
    }
    if (reply === null) throw new BusRefused(CLOSED);
    return reply;
  }

  async respond(subject: string, answer: Answer): Promise<() => void> {
    checkQuestionSubject(subject);
    const responder = new Responder(subject, answer);
    const { connection } = this.link;
    const subscription = connection.subscribe(subject, {
      queue: QUEUE,
      callback: (error, message) => {
        if (error === null) this.#reply(responder, message);
      },
    });
    try {
      // From here on the server knows of it.
      await this.link.ask(`answers on ${subject}`, this.deadlineMs, () => connection.flush());
    } catch (error) {
      subscription.unsubscribe();
      throw error;
    }
    return () => {
      // A question that the server has sent us before it knows of the end is answered still: else nobody would, and the
      // asker would wait for its whole time.
      if (!subscription.isClosed() && !subscription.isDraining()) subscription.drain().catch(() => undefined);
    };
  }

  #reply(responder: Responder, message: Msg): void {
    const replying = unlessAborted(responder.reply(message.data), this.ending).then((reply) => {
      // Over another connection the asker waits for it no longer, and a client without one keeps what it is given.
      if (this.link.connected) send(message, reply ?? refusal(CLOSED));
    });
    this.#replying.add(replying);
    void replying.finally(() => this.#replying.delete(replying));
  }

  /** Resolves when every question that came has its reply, once the bus is closing. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#replying]);
  }
}

function send(message: Msg, reply: Reply): void {
  if (reply.refused === null) {
    message.respond(reply.data);
    return;
  }
  const marked = headers();
  marked.set(REFUSED, '1');
  message.respond(new TextEncoder().encode(reply.refused), { headers: marked });
}

function dataOf(reply: Msg): Uint8Array {
  if (reply.headers?.has(REFUSED) !== true) return reply.data;
  throw new BusRefused(new TextDecoder().decode(reply.data));
}

function failure(subject: string, timeoutMs: number, cause: unknown): Error {
  if (cause instanceof TimeoutError) {
    return new OutcomeUnknown(`${subject}: No answer within ${timeoutMs} ms`, { cause });
  }
  if (cause instanceof Dropped) {
    return new OutcomeUnknown(`${subject}: The connection broke before the answer`, { cause });
  }
  if (cause instanceof RequestError && cause.isNoResponders()) {
    return new BusRefused(`${subject}: Nobody answers there`, { cause });
  }
  return new BusRefused(`${subject}: The question could not be asked`, { cause });
}
