import { BusRefused, OutcomeUnknown, type Answer } from './bus.js';
import { REQUESTS_UNDER_WAY_MAX } from './limits.js';
import { Responder, checkQuestion, checkQuestionSubject } from './responder.js';

/** Calls back once after the time. Returns how to stop that. */
export type After = (ms: number, call: () => void) => () => void;

const afterOnClock: After = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

/** Questions and answers within one process. */
export class RequestHub {
  readonly #responders = new Map<string, Responder[]>();
  readonly #asking = new Set<(error: Error) => void>();

  constructor(private readonly after: After = afterOnClock) {}

  respond(subject: string, answer: Answer): () => void {
    checkQuestionSubject(subject);
    const responder = new Responder(subject, answer);
    this.#responders.set(subject, [...(this.#responders.get(subject) ?? []), responder]);
    return () => {
      const left = (this.#responders.get(subject) ?? []).filter((one) => one !== responder);
      if (left.length === 0) this.#responders.delete(subject);
      else this.#responders.set(subject, left);
    };
  }

  request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    checkQuestion(subject, data, timeoutMs);
    const responder = this.#responders.get(subject)?.[0];
    if (responder === undefined) throw new BusRefused(`${subject}: Nobody answers there`);
    if (this.#asking.size >= REQUESTS_UNDER_WAY_MAX) {
      throw new BusRefused(`${subject}: ${REQUESTS_UNDER_WAY_MAX} questions wait for their answers`);
    }
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        if (end()) reject(error);
      };
      const stopTimer = this.after(timeoutMs, () =>
        fail(new OutcomeUnknown(`${subject}: No answer within ${timeoutMs} ms`)),
      );
      /** True for the first who ends it. */
      const end = (): boolean => {
        stopTimer();
        return this.#asking.delete(fail);
      };
      this.#asking.add(fail);
      void responder.reply(data).then((reply) => {
        if (reply.refused !== null) fail(new BusRefused(reply.refused));
        else if (end()) resolve(reply.data);
      });
    });
  }

  close(): void {
    this.#responders.clear();
    for (const fail of [...this.#asking]) fail(new BusRefused('The bus is closed'));
  }
}
