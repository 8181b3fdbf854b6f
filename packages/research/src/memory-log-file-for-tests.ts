import type { LogFile } from './log-file.js';

/** Where a machine goes down: at the n-th operation that changes the file, after so many bytes of an append. */
export interface PlannedCrash {
  readonly operation: number;
  readonly bytes: number;
  /** Loss of power: what was not synced is lost, but for `bytes` of the last append. */
  readonly power: boolean;
}

export class Crashed extends Error {
  override readonly name = 'Crashed';
}

/** A file in memory that goes down as planned. What it is left with is in `bytes`. */
export class MemoryLogFile implements LogFile {
  #durable: number;
  #operations = 0;

  constructor(
    public bytes: Buffer,
    private readonly plan: PlannedCrash | null,
  ) {
    this.#durable = bytes.length;
  }

  get operations(): number {
    return this.#operations;
  }

  async size(): Promise<number> {
    return this.bytes.length;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    return Buffer.from(this.bytes.subarray(offset, offset + length));
  }

  async append(bytes: Uint8Array): Promise<void> {
    const crashes = this.#next();
    const kept = crashes ? bytes.subarray(0, this.plan?.bytes ?? 0) : bytes;
    this.bytes = Buffer.concat([this.bytes, kept]);
    if (crashes) throw new Crashed();
  }

  async sync(): Promise<void> {
    if (this.#next()) {
      const { power = false, bytes = 0 } = this.plan ?? {};
      if (power) this.bytes = this.bytes.subarray(0, Math.min(this.bytes.length, this.#durable + bytes));
      throw new Crashed();
    }
    this.#durable = this.bytes.length;
  }

  #next(): boolean {
    this.#operations += 1;
    return this.#operations === this.plan?.operation;
  }
}
