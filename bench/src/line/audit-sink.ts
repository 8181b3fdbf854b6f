import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AuditLog,
  auditKeyOf,
  newPrivatePem,
  nodeAuditFiles,
  verifyAudit,
  type AuditVerdict,
} from '@bellwether/audit';
import type { NodeAuditFiles } from '@bellwether/audit';
import type { Frame } from '@bellwether/contracts';

/** Frames of one commit, as the audit service groups them (architecture.md section 8). */
const COMMIT_FRAMES = 1_000;

const nowUs = (): number => Date.now() * 1_000;

/** Writes every frame of a run to an audit log on disk, committed in groups while the run goes on. */
export class AuditSink {
  #commit: Promise<unknown> | null = null;
  #failure: { readonly cause: unknown } | null = null;

  private constructor(
    readonly folder: string,
    readonly book: string,
    private readonly files: NodeAuditFiles,
    private readonly log: AuditLog,
  ) {}

  static async open(book: string): Promise<AuditSink> {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-bench-audit-'));
    const files = nodeAuditFiles(folder);
    const log = await AuditLog.open({ files, book, key: auditKeyOf(newPrivatePem()) });
    return new AuditSink(folder, book, files, log);
  }

  /** A promise where two groups wait for the disk: then the run must wait too. */
  add(frame: Frame, bytes: Uint8Array): Promise<unknown> | null {
    if (this.#failure !== null) throw this.#failure.cause;
    this.log.append(bytes, { seq: frame.seq, received_us: nowUs(), latency_us: null, idle: false });
    if (this.log.pending.frames < COMMIT_FRAMES) return null;
    if (this.#commit !== null) return this.#commit;
    this.#begin();
    return null;
  }

  #begin(): void {
    this.#commit = this.log
      .commit(nowUs())
      .catch((cause: unknown) => {
        this.#failure = { cause };
      })
      .finally(() => {
        this.#commit = null;
      });
  }

  /** Commits what is left. */
  async end(): Promise<void> {
    await this.#commit;
    if (this.#failure !== null) throw this.#failure.cause;
    await this.log.commit(nowUs());
  }

  /** Checks the log from its bytes; with `frames`, every frame in it too. */
  verify(frames: boolean): Promise<AuditVerdict> {
    return verifyAudit({ files: this.files, book: this.book, frames });
  }

  async remove(): Promise<void> {
    await this.log.close();
    await this.files.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
