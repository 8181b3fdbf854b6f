import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** The file under a research log: it is read and added to, never changed. */
export interface LogFile {
  /** Bytes; 0 where there is no file. */
  size(): Promise<number>;
  /** Bytes from an offset; fewer at the end. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Adds to the end in one write, and makes the file where there is none. */
  append(bytes: Uint8Array): Promise<void>;
  /** What was appended, and the name of the file, survive loss of power from here on. */
  sync(): Promise<void>;
}

/** A file on disk. Nothing is made before the first append. */
export function nodeLogFile(file: string): LogFile {
  return {
    size: () => withFile(file, 'r', 0, async (handle) => (await handle.stat()).size),
    read: (offset, length) =>
      withFile(file, 'r', Buffer.alloc(0), (handle) => readFully(handle, offset, length)),
    append: async (bytes) => {
      await mkdir(path.dirname(file), { recursive: true });
      await withFile(file, 'a', undefined, (handle) => handle.appendFile(bytes));
    },
    sync: async () => {
      await withFile(file, 'r+', undefined, (handle) => handle.sync());
      await withFile(path.dirname(file), 'r', undefined, (handle) => handle.sync());
    },
  };
}

/** `absent` where there is no such file to read. */
async function withFile<T>(
  file: string,
  flags: string,
  absent: T,
  use: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await open(file, flags);
  } catch (cause) {
    if (flags === 'r' && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return absent;
    throw cause;
  }
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function readFully(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
