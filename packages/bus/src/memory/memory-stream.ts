import type { StoredMessage } from '../bus.js';
import { BusRefused, SequenceConflict } from '../bus.js';
import type { Cursor } from '../follow-reader.js';
import type { ReadPlan, StreamRoute } from '../routes.js';

/** First index whose message has at least this sequence. */
function indexOfSequence(list: readonly StoredMessage[], sequence: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]!.sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One stream in memory: the messages in order, each group's messages in order, and the last of each subject. */
export class MemoryStream {
  readonly #messages: StoredMessage[] = [];
  readonly #groups = new Map<string, StoredMessage[]>();
  readonly #lastOf = new Map<string, number>();

  constructor(
    readonly route: StreamRoute,
    private readonly messagesMax: number,
  ) {}

  get lastSequence(): number {
    return this.#messages.length;
  }

  /** Throws SequenceConflict or BusRefused; then nothing was stored. */
  append(
    subject: string,
    data: Uint8Array,
    expected: number,
    headers: Readonly<Record<string, string>>,
  ): StoredMessage {
    if ((this.#lastOf.get(subject) ?? 0) !== expected) throw new SequenceConflict(subject, expected);
    const sequence = this.#messages.length + 1;
    if (sequence > this.messagesMax) {
      throw new BusRefused(`${this.route.name}: The stream is full, ${this.messagesMax} messages`);
    }
    const message: StoredMessage = { subject, sequence, data, headers };
    this.#messages.push(message);
    this.#groupOf(this.route.groupOf(subject)).push(message);
    this.#lastOf.set(subject, sequence);
    return message;
  }

  #groupOf(name: string): StoredMessage[] {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = [];
      this.#groups.set(name, group);
    }
    return group;
  }

  get(sequence: number): StoredMessage | null {
    return this.#messages[sequence - 1] ?? null;
  }

  last(plan: ReadPlan): StoredMessage | null {
    if (plan.exact) return this.get(this.#lastOf.get(plan.filter) ?? 0);
    const list = plan.group === null ? this.#messages : this.#groupOf(plan.group);
    for (let i = list.length - 1; i >= 0; i--) {
      const message = list[i]!;
      if (plan.test === null || plan.test(message.subject)) return message;
    }
    return null;
  }

  /** A cursor from a sequence on, up to and with `through`. It sees what is stored after it was made. */
  cursor(plan: ReadPlan, from: number, through: number): Cursor {
    const list = plan.group === null ? this.#messages : this.#groupOf(plan.group);
    const { test } = plan;
    let index = indexOfSequence(list, from);
    return {
      take: () => {
        while (index < list.length) {
          const message = list[index]!;
          if (message.sequence > through) return null;
          index += 1;
          if (message.sequence >= from && (test === null || test(message.subject))) return message;
        }
        return null;
      },
    };
  }
}
