import { createWriteStream, type WriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { once } from 'node:events';
import { MESSAGE_BYTES_MAX, decodeFrame, type Frame } from '@bellwether/contracts';

/** A file of decision frames: each a 4-byte big-endian length and the canonical bytes. */
export class DecisionLogWriter {
  private readonly stream: WriteStream;
  private readonly partial: string;

  constructor(private readonly path: string) {
    this.partial = `${path}.partial`;
    this.stream = createWriteStream(this.partial);
  }

  async add(frameBytes: Uint8Array): Promise<void> {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(frameBytes.length);
    this.stream.write(head);
    if (!this.stream.write(frameBytes)) await once(this.stream, 'drain');
  }

  /** Gives the file its name only now: a run that died leaves no log that looks whole. */
  async close(): Promise<void> {
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
