import { createHash, type Hash } from 'node:crypto';

/** SHA-256 over the canonical bytes of decision frames, one after the other, in order. */
export class DecisionDigest {
  private readonly hash: Hash = createHash('sha256');

  add(frameBytes: Uint8Array): void {
    this.hash.update(frameBytes);
  }

  /** The digest so far, in hex; more frames may follow. */
  hex(): string {
    return this.hash.copy().digest('hex');
  }
}
