/**
 * One value at a time from an async iterable, without a promise for each look. Two of them with one `wake`
 * are a loop that takes whichever comes first and never loses or reorders what one of them gives.
 */
export class Source<T> {
  readonly #iterator: AsyncIterator<T>;
  readonly #wake: () => void;
  #slot: { readonly value: T } | null = null;
  #failure: { readonly cause: unknown } | null = null;
  #asked = false;
  #ended = false;

  constructor(iterable: AsyncIterable<T>, wake: () => void) {
    this.#iterator = iterable[Symbol.asyncIterator]();
    this.#wake = wake;
  }

  /** The next value if it is there; otherwise null, and `wake` is called when there is something new. */
  take(): T | null {
    if (this.#failure !== null) throw this.#failure.cause;
    const slot = this.#slot;
    this.#slot = null;
    if (slot === null) this.#ask();
    return slot === null ? null : slot.value;
  }

  /** True when nothing more will come. */
  get ended(): boolean {
    return this.#ended && this.#slot === null;
  }

  #ask(): void {
    if (this.#asked || this.#ended) return;
    this.#asked = true;
    this.#iterator.next().then(
      (result) => {
        this.#asked = false;
        if (result.done === true) this.#ended = true;
        else this.#slot = { value: result.value };
        this.#wake();
      },
      (cause: unknown) => {
        this.#failure = { cause };
        this.#wake();
      },
    );
  }

  /** Gives the source up. What was under way is not waited for. */
  close(): void {
    this.#ended = true;
    this.#slot = null;
    void this.#iterator.return?.().catch(() => undefined);
  }
}

/** Sleeps until somebody says that there is something to do; a call before the sleep is not lost. */
export class Bell {
  #rung = false;
  #sleeper: (() => void) | null = null;

  readonly ring = (): void => {
    this.#rung = true;
    const sleeper = this.#sleeper;
    this.#sleeper = null;
    sleeper?.();
  };

  async wait(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#sleeper = resolve;
      });
    }
    this.#rung = false;
  }
}
