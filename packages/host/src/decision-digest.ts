import { createHash, type Hash } from 'node:crypto';

/** Bytes that are hashed at once: a call for each frame would cost as much as the hashing. */
const BLOCK_BYTES = 64 * 1024;

/** SHA-256 over the canonical bytes of decision frames, one after the other, in order. */
export class DecisionDigest {
  readonly #hash: Hash = createHash('sha256');
  readonly #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #filled = 0;

  add(frameBytes: Uint8Array): void {
    if (this.#filled + frameBytes.length > BLOCK_BYTES) this.#flush();
    if (frameBytes.length > BLOCK_BYTES) {
      this.#hash.update(frameBytes);
      return;
    }
    this.#block.set(frameBytes, this.#filled);
    this.#filled += frameBytes.length;
  }

  #flush(): void {
    this.#hash.update(this.#block.subarray(0, this.#filled));
    this.#filled = 0;
  }

  /** The digest so far, in hex; more frames may follow. */
  hex(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }
}
