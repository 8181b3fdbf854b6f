import { BusRefused, type Answer } from './bus.js';
import { ANSWERS_UNDER_WAY_MAX, REQUEST_TIMEOUT_MS_MAX, checkPayload, checkSubject } from './limits.js';
import { refuseStored } from './routes.js';

/** What goes back to the asker: the bytes, or why there are none. */
export type Reply =
  { readonly refused: null; readonly data: Uint8Array } | { readonly refused: string; readonly data: null };

/** Longest reason that is sent to an asker, in UTF-16 units. */
const REASON_LENGTH_MAX = 500;

export function refusal(reason: string): Reply {
  return { refused: reason.slice(0, REASON_LENGTH_MAX), data: null };
}

/** Throws {@link BusRefused} unless a question can be asked, or answered, on the subject. */
export function checkQuestionSubject(subject: string): void {
  checkSubject(subject);
  refuseStored(subject);
}

/** Throws {@link BusRefused} on a question that is out of bounds. */
export function checkQuestion(subject: string, data: Uint8Array, timeoutMs: number): void {
  checkQuestionSubject(subject);
  checkPayload(subject, data, undefined);
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > REQUEST_TIMEOUT_MS_MAX) {
    throw new BusRefused(
      `${subject}: Expected a timeout of 1 to ${REQUEST_TIMEOUT_MS_MAX} ms, was ${timeoutMs}`,
    );
  }
}

/** One who answers on a subject, within bounds. */
export class Responder {
  #underWay = 0;

  constructor(
    private readonly subject: string,
    private readonly answer: Answer,
  ) {}

  /** Never rejects: what goes wrong here is the asker's to know. */
  async reply(data: Uint8Array): Promise<Reply> {
    if (this.#underWay >= ANSWERS_UNDER_WAY_MAX) {
      return refusal(`${this.subject}: ${ANSWERS_UNDER_WAY_MAX} questions are under way`);
    }
    this.#underWay += 1;
    try {
      const answer = await this.answer(data);
      checkPayload(this.subject, answer, undefined);
      return { refused: null, data: answer };
    } catch (error) {
      return refusal(error instanceof Error ? error.message : String(error));
    } finally {
      this.#underWay -= 1;
    }
  }
}
