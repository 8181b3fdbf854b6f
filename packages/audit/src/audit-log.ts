import { createHash, type Hash } from 'node:crypto';
import { MESSAGE_BYTES_MAX, type AuditHead } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import type { AuditClaim, AuditFiles } from './audit-files.js';
import type { AuditKey } from './audit-key.js';
import { KIND_FRAME, KIND_IDLE, NO_HASH, encodeIdleRun } from './format.js';
import { headLine, signHead } from './heads.js';
import { COMMIT_BYTES_MAX, RECORD_BYTES_MAX, SEGMENT_BYTES_DEFAULT, SEGMENT_BYTES_MIN } from './limits.js';
import { headsFile, publicKeyFile } from './places.js';
import { RecordBatch } from './record-batch.js';
import { resumeLog, type Resumed } from './resume.js';

export interface AuditLogOptions {
  readonly files: AuditFiles;
  readonly book: string;
  readonly key: AuditKey;
  /** A segment that would pass this gets a successor. Default 64 MiB. */
  readonly segmentBytesMax?: number;
}

/** What audit knows of a frame beside its bytes. */
export interface FrameReceipt {
  readonly seq: number;
  readonly received_us: number;
  /** From the moment the entry was known to the receipt; null where that says nothing (a replay). */
  readonly latency_us: number | null;
  /** A clock entry made for silence that led to nothing: counted, its bytes only hashed. */
  readonly idle: boolean;
}

interface OpenRun {
  readonly first_seq: number;
  count: number;
  readonly hash: Hash;
  received_us: number;
}

/**
 * Writes the audit log of one book. `append` costs a copy and a hash and does no I/O; `commit` writes what was appended,
 * makes it durable and signs it. Only what a signed head covers counts: the rest is cut when the log is opened again.
 */
export class AuditLog {
  readonly #files: AuditFiles;
  readonly #book: string;
  readonly #key: AuditKey;
  readonly #claim: AuditClaim;
  readonly #batch: RecordBatch;
  readonly #lengthBytes = Buffer.alloc(4);
  /** What was found when it was opened. */
  readonly resumed: Resumed;
  #head: AuditHead | null;
  #begun: boolean;
  #run: OpenRun | null = null;
  #seq: number;
  #frames = 0;
  #state: 'idle' | 'committing' | 'broken' | 'closed' = 'idle';

  private constructor(options: AuditLogOptions, claim: AuditClaim, resumed: Resumed) {
    this.#files = options.files;
    this.#book = options.book;
    this.#key = options.key;
    this.#claim = claim;
    this.resumed = resumed;
    this.#head = resumed.head;
    this.#begun = resumed.begun;
    this.#seq = resumed.head?.seq ?? 0;
    this.#batch = new RecordBatch(options.book, options.segmentBytesMax ?? SEGMENT_BYTES_DEFAULT, {
      record: resumed.head?.record ?? 0,
      seq: this.#seq,
      hash: resumed.head === null ? NO_HASH : Buffer.from(resumed.head.hash, 'hex'),
      segment: resumed.segment,
    });
  }

  /**
   * Opens a book's log for writing. What stands behind the last signed head, an unfinished commit, is cut; `resumed`
   * says how much. Throws `audit_corrupt` where anything that was signed is not there any more, and cuts nothing then;
   * `store_in_use` while another writer has the log; `config_invalid` where it was signed with another key.
   */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const { files, book, key, segmentBytesMax = SEGMENT_BYTES_DEFAULT } = options;
    assert(segmentBytesMax >= SEGMENT_BYTES_MIN, `Segments have at least ${SEGMENT_BYTES_MIN} bytes`);
    const claim = await files.claim(book);
    try {
      return new AuditLog(options, claim, await resumeLog(files, book, key));
    } catch (cause) {
      await claim.release();
      throw cause;
    }
  }

  /** Newest signed head; null before the first record. */
  get head(): AuditHead | null {
    return this.#head;
  }

  /** Last frame appended, committed or not. */
  get seq(): number {
    return this.#seq;
  }

  /** Frames appended that no signed head covers yet, and their bytes. */
  get pending(): { readonly frames: number; readonly bytes: number } {
    return { frames: this.#frames, bytes: this.#batch.bytes };
  }

  /** True where nothing more may be appended before a commit. */
  get full(): boolean {
    return this.#batch.bytes + 2 * RECORD_BYTES_MAX > COMMIT_BYTES_MAX;
  }

  /** Adds the next frame. The bytes are copied. */
  append(frameBytes: Uint8Array, receipt: FrameReceipt): void {
    const { seq, received_us, latency_us, idle } = receipt;
    assert(this.#state === 'idle' || this.#state === 'committing', `The audit log is ${this.#state}`);
    assert(seq === this.#seq + 1, `Expected frame ${this.#seq + 1}, was ${seq}`);
    assert(
      frameBytes.length > 0 && frameBytes.length <= MESSAGE_BYTES_MAX,
      `A frame of ${frameBytes.length} bytes`,
    );
    assert(!this.full, 'Commit first: no more fits into one commit');
    if (idle) {
      this.#count(frameBytes, seq, received_us);
    } else {
      this.#closeRun();
      this.#batch.add({ kind: KIND_FRAME, seq, received_us, latency_us }, seq, frameBytes);
    }
    this.#seq = seq;
    this.#frames += 1;
  }

  #count(frameBytes: Uint8Array, seq: number, received_us: number): void {
    this.#run ??= { first_seq: seq, count: 0, hash: createHash('sha256'), received_us };
    this.#lengthBytes.writeUInt32LE(frameBytes.length);
    this.#run.hash.update(this.#lengthBytes).update(frameBytes);
    this.#run.count += 1;
    this.#run.received_us = received_us;
  }

  #closeRun(): void {
    if (this.#run === null) return;
    const { first_seq, count, hash, received_us } = this.#run;
    this.#run = null;
    const payload = encodeIdleRun({ first_seq, count, hash: hash.digest() });
    const seq = first_seq + count - 1;
    this.#batch.add({ kind: KIND_IDLE, seq, received_us, latency_us: null }, first_seq, payload);
  }

  /**
   * Makes everything appended so far durable, signs it and gives the head, null before the first record. An open run of
   * idle frames ends here, so that none waits outside of the files. Appending goes on meanwhile; a second commit does
   * not. After a failure the log is broken: open it again.
   */
  async commit(signed_us: number): Promise<AuditHead | null> {
    assert(this.#state === 'idle', `The audit log is ${this.#state}`);
    this.#closeRun();
    if (this.#batch.records === 0) return this.#head;
    this.#state = 'committing';
    const { record, seq, hash } = this.#batch;
    const writes = this.#batch.take();
    this.#frames = 0;
    try {
      await this.#claim.check();
      await this.#begin(signed_us);
      let file: string | null = null;
      for (const write of writes) {
        if (file !== null && file !== write.file) await this.#files.fsync(file);
        file = write.file;
        await this.#files.append(file, write.bytes);
      }
      if (file !== null) await this.#files.fsync(file);
      const head = signHead({ book: this.#book, record, seq, hash }, signed_us, this.#key);
      await this.#appendHead(head);
      this.#head = head;
      this.#state = 'idle';
      return head;
    } catch (cause) {
      this.#state = 'broken';
      throw cause;
    }
  }

  /** Before the first record of a book: its public key, and a head that says "nothing yet". */
  async #begin(signed_us: number): Promise<void> {
    if (this.#begun) return;
    await this.#files.replace(publicKeyFile(this.#book), Buffer.from(this.#key.publicPem));
    await this.#appendHead(
      signHead({ book: this.#book, record: 0, seq: 0, hash: NO_HASH }, signed_us, this.#key),
    );
    this.#begun = true;
  }

  async #appendHead(head: AuditHead): Promise<void> {
    const heads = headsFile(this.#book);
    await this.#files.append(heads, Buffer.from(headLine(head)));
    await this.#files.fsync(heads);
  }

  /** Says that this writer still lives, for times without a commit. Throws `store_in_use` where another has the log. */
  keepClaim(): Promise<void> {
    return this.#claim.check();
  }

  /** Gives up the right to write. What was not committed is gone. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    assert(this.#state !== 'committing', 'A commit is under way');
    this.#state = 'closed';
    await this.#claim.release();
  }
}
