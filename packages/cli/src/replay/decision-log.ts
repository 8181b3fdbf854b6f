import { createWriteStream, type WriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { once } from 'node:events';
import { MESSAGE_BYTES_MAX, decodeFrame, type Frame } from '@bellwether/contracts';

/** Bytes that are written at once. */
const BLOCK_BYTES = 256 * 1024;

const LENGTH_BYTES = 4;

/** A file of decision frames: each a 4-byte big-endian length and the canonical bytes. */
export class DecisionLogWriter {
  private readonly stream: WriteStream;
  private readonly partial: string;
  private block = Buffer.allocUnsafe(BLOCK_BYTES);
  private filled = 0;

  constructor(private readonly path: string) {
    this.partial = `${path}.partial`;
    this.stream = createWriteStream(this.partial);
  }

  /** A promise only where the file has to be waited for. */
  add(frameBytes: Uint8Array): Promise<void> | null {
    const size = LENGTH_BYTES + frameBytes.length;
    const full = this.filled + size > this.block.length;
    const kept = full && !this.flush(Math.max(BLOCK_BYTES, size));
    this.block.writeUInt32BE(frameBytes.length, this.filled);
    this.block.set(frameBytes, this.filled + LENGTH_BYTES);
    this.filled += size;
    return kept ? this.drained() : null;
  }

  private async drained(): Promise<void> {
    await once(this.stream, 'drain');
  }

  /** Hands the block over, which is not written in any more. False where the file cannot keep up. */
  private flush(nextBytes: number): boolean {
    const goesOn = this.stream.write(this.block.subarray(0, this.filled));
    this.block = Buffer.allocUnsafe(nextBytes);
    this.filled = 0;
    return goesOn;
  }

  /** Gives the file its name only now: a run that died leaves no log that looks whole. */
  async close(): Promise<void> {
    this.flush(0);
    await new Promise<void>((resolve, reject) => {
      this.stream.once('error', reject);
      this.stream.end(resolve);
    });
    await rename(this.partial, this.path);
  }
}

/** Frames of a log in order. Throws where the file is cut or a length is out of bounds. */
export async function* readDecisionLog(path: string): AsyncGenerator<Frame> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(4);
    for (;;) {
      const { bytesRead } = await file.read(head, 0, 4, null);
      if (bytesRead === 0) return;
      const length = head.readUInt32BE();
      if (bytesRead < 4 || length > MESSAGE_BYTES_MAX) throw new Error(`${path}: Expected a frame length`);
      const body = Buffer.alloc(length);
      const got = await file.read(body, 0, length, null);
      if (got.bytesRead < length) throw new Error(`${path}: The last frame is cut`);
      yield decodeFrame(body);
    }
  } finally {
    await file.close();
  }
}
