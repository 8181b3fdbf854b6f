/** Somebody waits. */
export interface Waiting<T> {
  /** The value when it comes; null at the deadline, or when the wait was given up. */
  readonly result: Promise<T | null>;
  /** Gives it up. */
  readonly cancel: () => void;
}

/** Callers that wait for something under a key, each with its own deadline. */
export class Waiters<T> {
  readonly #waiting = new Map<string, Set<(value: T | null) => void>>();

  wait(key: string, ms: number): Waiting<T> {
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    let cancel = (): void => undefined;
    const result = new Promise<T | null>((resolve) => {
      const settle = (value: T | null): void => {
        clearTimeout(timer);
        waiting.delete(settle);
        if (waiting.size === 0 && this.#waiting.get(key) === waiting) this.#waiting.delete(key);
        resolve(value);
      };
      const timer = setTimeout(() => settle(null), Math.max(0, ms));
      waiting.add(settle);
      cancel = () => settle(null);
    });
    return { result, cancel };
  }

  /** True while somebody waits for anything. */
  get any(): boolean {
    return this.#waiting.size > 0;
  }

  settle(key: string, value: T): void {
    for (const settle of [...(this.#waiting.get(key) ?? [])]) settle(value);
  }

  /** Everybody gets null. */
  giveUp(): void {
    for (const waiting of [...this.#waiting.values()]) for (const settle of [...waiting]) settle(null);
  }
}
