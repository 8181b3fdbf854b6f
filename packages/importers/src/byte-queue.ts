const NOTHING: Buffer = Buffer.alloc(0);

/** Bytes that come in pieces and are taken in records. Holds no more than what was not taken yet. */
export class ByteQueue {
  #bytes = NOTHING;
  #at = 0;
  /** Bytes taken so far. */
  taken = 0;

  get length(): number {
    return this.#bytes.length - this.#at;
  }

  push(bytes: Buffer): void {
    this.#bytes = this.length === 0 ? bytes : Buffer.concat([this.#bytes.subarray(this.#at), bytes]);
    this.#at = 0;
  }

  /** The next bytes without taking them; the caller has seen that there are so many. */
  peek(count: number): Buffer {
    return this.#bytes.subarray(this.#at, this.#at + count);
  }

  take(count: number): Buffer {
    const bytes = this.peek(count);
    this.#at += bytes.length;
    this.taken += bytes.length;
    return bytes;
  }

  /** Lets go of a chunk whose last bytes wait for more. */
  compact(): void {
    this.#bytes = this.length === 0 ? NOTHING : Buffer.from(this.#bytes.subarray(this.#at));
    this.#at = 0;
  }
}
