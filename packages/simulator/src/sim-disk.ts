import type { AuditClaim, AuditFiles, MemoryAuditFiles } from '@bellwether/audit';
import type { SimProcess } from './sim-process.js';
import type { SimServer } from './sim-server.js';

/** Times of a disk that is not the fastest, in milliseconds. */
const CALL_MS = 0.05;
const FSYNC_MEAN_MS = 2;
/** Chance that what a process had given to the system when it died still happens. */
const HAPPENS_AFTER_DEATH = 0.5;

/** What an operating system says of a disk without room. */
class DiskFull extends Error {
  override readonly name = 'DiskFull';
  readonly syscall = 'write';
  readonly code = 'ENOSPC';
}

/** What a process had given to the system is done by then. */
const AFTERMATH_MS = 50;

/** The volume of the audit log as one process sees it: calls take time, end with the process, and can fail. */
export class SimDisk implements AuditFiles {
  readonly #claims: AuditClaim[] = [];

  constructor(
    private readonly volume: MemoryAuditFiles,
    private readonly process: SimProcess,
    private readonly server: SimServer,
  ) {}

  list(book: string): Promise<readonly string[]> {
    return this.#call(CALL_MS, () => this.volume.list(book));
  }

  books(): Promise<readonly string[]> {
    return this.#call(CALL_MS, () => this.volume.books());
  }

  size(name: string): Promise<number | null> {
    return this.#call(CALL_MS, () => this.volume.size(name));
  }

  read(name: string, offset: number, length: number): Promise<Buffer> {
    return this.#call(CALL_MS, () => this.volume.read(name, offset, length));
  }

  append(name: string, bytes: Uint8Array): Promise<void> {
    const { server, process, volume } = this;
    return this.#write(`append ${name}`, async () => {
      if (!process.alive || !server.faults.draw('torn_segment')) return volume.append(name, bytes);
      const length = server.chance.below(bytes.length);
      await volume.append(name, bytes.subarray(0, length));
      server.note('disk', `holds ${length} of ${bytes.length} bytes more of ${name}`);
      process.kill(`in the middle of an append to ${name}`);
    });
  }

  fsync(name: string): Promise<void> {
    return this.#write(
      `fsync ${name}`,
      () => this.volume.fsync(name),
      this.server.chance.around(FSYNC_MEAN_MS),
    );
  }

  truncate(name: string, length: number): Promise<void> {
    return this.#write(`truncate ${name} to ${length}`, () => this.volume.truncate(name, length));
  }

  replace(name: string, bytes: Uint8Array): Promise<void> {
    return this.#write(`replace ${name}`, () => this.volume.replace(name, bytes));
  }

  remove(name: string): Promise<void> {
    return this.#write(`remove ${name}`, () => this.volume.remove(name));
  }

  async claim(book: string): Promise<AuditClaim> {
    const claim = await this.#call(CALL_MS, async () => {
      const taken = await this.volume.claim(book);
      this.#claims.push(taken);
      return taken;
    });
    return {
      check: () => this.#call(CALL_MS, () => claim.check()),
      release: () => this.#call(CALL_MS, () => claim.release()),
    };
  }

  /** The process has died: nobody asks it any more whether it holds a claim. */
  abandoned(): void {
    this.server.time.after(AFTERMATH_MS, () => {
      for (const claim of this.#claims) void claim.release();
    });
  }

  #write(what: string, effect: () => Promise<void>, ms = CALL_MS): Promise<void> {
    const { server, process } = this;
    if (process.alive && server.faults.draw('crash_before')) process.kill(`before ${what}`);
    if (process.alive && server.faults.draw('disk_full')) {
      return this.#call(ms, () => Promise.reject(new DiskFull(`${what}: No space left`)));
    }
    return this.#call(ms, async () => {
      await effect();
      if (process.alive) server.note(process.name, what);
      if (process.alive && server.faults.draw('crash_after')) process.kill(`after ${what}`);
    });
  }

  #call<T>(ms: number, effect: () => Promise<T>): Promise<T> {
    const { server, process } = this;
    if (!process.alive) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      server.time.after(ms, () => {
        if (!process.alive && !server.chance.happens(HAPPENS_AFTER_DEATH)) return;
        effect().then(
          (value) => process.deliver(() => resolve(value)),
          (cause: unknown) => process.deliver(() => reject(cause)),
        );
      });
    });
  }
}
