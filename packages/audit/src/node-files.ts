import { mkdir, open, readdir, rename, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { BOOK_NAME } from '@bellwether/contracts';
import type { AuditClaim, AuditFiles } from './audit-files.js';
import { claimFile } from './places.js';
import { claimFileOf } from './writer-claim.js';

/** Files of a folder on disk. */
export interface NodeAuditFiles extends AuditFiles {
  readonly folder: string;
  /** Closes what is open. */
  close(): Promise<void>;
}

/** The folder of all logs, `<folder>/<book>/…`. Nothing is made before the first write. */
export function nodeAuditFiles(folder: string): NodeAuditFiles {
  return new NodeFiles(path.resolve(folder));
}

/** Open at a time for appending: heads and the newest segment of a few books. */
const HANDLES_MAX = 64;

class NodeFiles implements NodeAuditFiles {
  /** Opened for appending, oldest first. */
  readonly #handles = new Map<string, FileHandle>();
  /** Opened since the last fsync: their names may not be durable yet. */
  readonly #fresh = new Set<string>();

  constructor(readonly folder: string) {}

  async list(book: string): Promise<readonly string[]> {
    const names = await readdir(path.join(this.folder, book)).catch(missing);
    return (names ?? []).sort().map((name) => `${book}/${name}`);
  }

  async books(): Promise<readonly string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(missing);
    return (entries ?? [])
      .filter((entry) => entry.isDirectory() && BOOK_NAME.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  }

  async size(name: string): Promise<number | null> {
    return (await stat(this.#path(name)).catch(missing))?.size ?? null;
  }

  async read(name: string, offset: number, length: number): Promise<Buffer> {
    const handle = await open(this.#path(name), 'r').catch(missing);
    if (handle === null) return Buffer.alloc(0);
    try {
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await handle.close();
    }
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    const handle = await this.#handle(name);
    let written = 0;
    while (written < bytes.length) {
      written += (await handle.write(bytes, written, bytes.length - written, null)).bytesWritten;
    }
  }

  async fsync(name: string): Promise<void> {
    await (await this.#handle(name)).datasync();
    if (this.#fresh.delete(name)) await this.#syncFolder(name);
  }

  async truncate(name: string, length: number): Promise<void> {
    await truncate(this.#path(name), length);
  }

  async replace(name: string, bytes: Uint8Array): Promise<void> {
    const file = this.#path(name);
    await mkdir(path.dirname(file), { recursive: true });
    const partial = `${file}.partial`;
    const handle = await open(partial, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await this.#syncFolder(name);
  }

  async remove(name: string): Promise<void> {
    await this.#drop(name);
    await rm(this.#path(name), { force: true });
    await this.#syncFolder(name);
  }

  async claim(book: string): Promise<AuditClaim> {
    await mkdir(path.join(this.folder, book), { recursive: true });
    return claimFileOf(this.#path(claimFile(book)), book);
  }

  async close(): Promise<void> {
    for (const name of [...this.#handles.keys()]) await this.#drop(name);
  }

  #path(name: string): string {
    return path.join(this.folder, name);
  }

  async #handle(name: string): Promise<FileHandle> {
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const file = this.#path(name);
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(file, 'a');
    // Also one that was there: a process that died may have made it and not got to the fsync.
    this.#fresh.add(name);
    const [oldest] = this.#handles.keys();
    if (oldest !== undefined && this.#handles.size >= HANDLES_MAX) await this.#drop(oldest);
    this.#handles.set(name, handle);
    return handle;
  }

  async #drop(name: string): Promise<void> {
    const handle = this.#handles.get(name);
    this.#handles.delete(name);
    await handle?.close();
  }

  async #syncFolder(name: string): Promise<void> {
    for (const folder of [path.dirname(this.#path(name)), this.folder]) {
      const handle = await open(folder, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  }
}

/** Null for what is not there. */
function missing(cause: unknown): null {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw cause;
}
