import type { LiveMessage } from './bus.js';
import { subjectTest, type SubjectTest } from './routes.js';

interface Subscription {
  readonly test: SubjectTest;
  readonly onMessage: (message: LiveMessage) => void;
}

/** Calls a subscriber. What it throws is a programmer's error: it ends the process, not the delivery to the others. */
export function deliver(onMessage: (message: LiveMessage) => void, message: LiveMessage): void {
  try {
    onMessage(message);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/**
 * Live messages within one process. All subscribers see messages in one order, also when a subscriber publishes
 * from within its callback: that message waits until the one before has reached everybody.
 */
export class LiveHub {
  readonly #subscriptions = new Set<Subscription>();
  readonly #pending: LiveMessage[] = [];
  #draining = false;

  /** False while nobody listens: then a message need not be built. */
  get heard(): boolean {
    return this.#subscriptions.size > 0;
  }

  subscribe(filter: string, onMessage: (message: LiveMessage) => void): () => void {
    const subscription: Subscription = { test: subjectTest(filter), onMessage };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  publish(message: LiveMessage): void {
    if (this.#subscriptions.size === 0) return;
    this.#pending.push(message);
    if (this.#draining) return;
    this.#draining = true;
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      for (const subscription of this.#subscriptions) {
        if (subscription.test(next.subject)) deliver(subscription.onMessage, next);
      }
    }
    this.#draining = false;
  }

  close(): void {
    this.#subscriptions.clear();
    this.#pending.length = 0;
  }
}
