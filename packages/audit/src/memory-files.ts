import { BellwetherError } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { AuditClaim, AuditFiles } from './audit-files.js';

/** What changes a file. */
export type FileOperation = 'append' | 'fsync' | 'truncate' | 'replace' | 'remove';

/** What a fault does to one operation. */
export interface FileFault {
  /** Whether the operation happens before the failure is reported; of an append only so many bytes. */
  readonly done: boolean | number;
  readonly error: Error;
}

export interface MemoryFilesOptions {
  /** Asked before every operation that changes a file; null lets it happen. */
  readonly fault?: (operation: FileOperation, name: string, bytes: number) => FileFault | null;
}

/** How a machine goes down. */
export interface Crash {
  /** Loss of power: what was not fsynced is lost. False: the process died, and all that it wrote is there. */
  readonly power: boolean;
  /** With loss of power: bytes of what was appended last that reached the disk all the same. Default none. */
  readonly tornBytes?: number;
}

const NOTHING = Buffer.alloc(0);

/** The bytes of one file, with room to grow. */
class MemoryFile {
  #room: Buffer;
  #length: number;
  /** So many of the first bytes survive loss of power; null: not even the name does. */
  #durable: number | null;
  /** What a truncation that is not durable yet has cut off from what was. */
  #undone: Buffer = NOTHING;

  constructor(bytes: Uint8Array, durable: number | null) {
    this.#room = Buffer.from(bytes);
    this.#length = bytes.length;
    this.#durable = durable;
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#room.length) {
      const room = Buffer.alloc(Math.max(2 * this.#room.length, length));
      room.set(this.bytes);
      this.#room = room;
    }
    this.#room.set(bytes, this.#length);
    this.#length = length;
  }

  fsync(): void {
    this.#durable = this.#length;
    this.#undone = NOTHING;
  }

  truncate(length: number): void {
    const durable = this.#durable ?? 0;
    if (length < durable) {
      this.#undone = Buffer.concat([this.#room.subarray(length, durable), this.#undone]);
      this.#durable = length;
    }
    this.#length = Math.min(this.#length, length);
  }

  /** What loss of power leaves of it, with so many of the bytes that were not durable; null for nothing. */
  afterPowerLoss(torn: number): MemoryFile | null {
    if (this.#durable === null && torn === 0) return null;
    const kept = Buffer.concat([this.#room.subarray(0, this.#durable ?? 0), this.#undone]);
    const more = this.#undone.length > 0 ? NOTHING : this.bytes.subarray(kept.length, kept.length + torn);
    return new MemoryFile(Buffer.concat([kept, more]), kept.length + more.length);
  }
}

/** Files in memory, for the simulator and for tests, with the ways in which real ones fail. */
export interface MemoryAuditFiles extends AuditFiles {
  /** Ends whoever wrote: its claims are gone, and the files are as the crash leaves them. */
  crash(how: Crash): void;
  /** A copy of all files as they are now, for another instance. */
  contents(): ReadonlyMap<string, Buffer>;
}

export function memoryAuditFiles(
  contents: ReadonlyMap<string, Uint8Array> = new Map(),
  options: MemoryFilesOptions = {},
): MemoryAuditFiles {
  return new MemoryFiles(contents, options);
}

class MemoryFiles implements MemoryAuditFiles {
  readonly #files = new Map<string, MemoryFile>();
  readonly #claims = new Map<string, symbol>();
  #lastAppended: string | null = null;

  constructor(
    contents: ReadonlyMap<string, Uint8Array>,
    private readonly options: MemoryFilesOptions,
  ) {
    for (const [name, bytes] of contents) this.#files.set(name, new MemoryFile(bytes, bytes.length));
  }

  async list(book: string): Promise<readonly string[]> {
    return [...this.#files.keys()].filter((name) => name.startsWith(`${book}/`)).sort();
  }

  async books(): Promise<readonly string[]> {
    const names = [...this.#files.keys()].map((name) => name.slice(0, name.indexOf('/')));
    return [...new Set(names)].sort();
  }

  async size(name: string): Promise<number | null> {
    return this.#files.get(name)?.bytes.length ?? null;
  }

  async read(name: string, offset: number, length: number): Promise<Buffer> {
    return Buffer.from((this.#files.get(name)?.bytes ?? NOTHING).subarray(offset, offset + length));
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    this.#lastAppended = name;
    this.#change('append', name, bytes.length, (length) => {
      const file = this.#files.get(name) ?? new MemoryFile(NOTHING, null);
      file.append(bytes.subarray(0, length));
      this.#files.set(name, file);
    });
  }

  async fsync(name: string): Promise<void> {
    this.#change('fsync', name, 0, () => {
      present(this.#files.get(name), `file ${name}`).fsync();
    });
  }

  async truncate(name: string, length: number): Promise<void> {
    this.#change('truncate', name, 0, () => {
      present(this.#files.get(name), `file ${name}`).truncate(length);
    });
  }

  async replace(name: string, bytes: Uint8Array): Promise<void> {
    this.#change('replace', name, bytes.length, () => {
      this.#files.set(name, new MemoryFile(bytes, bytes.length));
    });
  }

  async remove(name: string): Promise<void> {
    this.#change('remove', name, 0, () => {
      this.#files.delete(name);
    });
  }

  async claim(book: string): Promise<AuditClaim> {
    const token = Symbol(book);
    const inUse = (): BellwetherError =>
      new BellwetherError('store_in_use', `The audit log of book ${book} has another writer`);
    if (this.#claims.has(book)) throw inUse();
    this.#claims.set(book, token);
    return {
      check: async () => {
        if (this.#claims.get(book) !== token) throw inUse();
      },
      release: async () => {
        if (this.#claims.get(book) === token) this.#claims.delete(book);
      },
    };
  }

  crash({ power, tornBytes = 0 }: Crash): void {
    this.#claims.clear();
    if (!power) return;
    for (const [name, file] of this.#files) {
      const left = file.afterPowerLoss(name === this.#lastAppended ? tornBytes : 0);
      if (left === null) this.#files.delete(name);
      else this.#files.set(name, left);
    }
  }

  contents(): ReadonlyMap<string, Buffer> {
    return new Map([...this.#files].map(([name, { bytes }]) => [name, Buffer.from(bytes)]));
  }

  #change(operation: FileOperation, name: string, length: number, apply: (length: number) => void): void {
    const fault = this.options.fault?.(operation, name, length) ?? null;
    if (fault === null) {
      apply(length);
      return;
    }
    if (fault.done !== false) apply(fault.done === true ? length : Math.min(fault.done, length));
    throw fault.error;
  }
}
