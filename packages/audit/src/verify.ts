import type { KeyObject } from 'node:crypto';
import { BellwetherError, ContractError, decodeFrame, type AuditHead } from '@bellwether/contracts';
import type { AuditFiles } from './audit-files.js';
import { AuditDamage, Chain, type DamagePlace } from './chain.js';
import { HEADER_BYTES, KIND_FRAME, recordPayload } from './format.js';
import { COMMIT_BYTES_MAX } from './limits.js';
import { segmentsOf } from './log-reader.js';
import { headsFile } from './places.js';
import { scanRecords } from './scan.js';
import { checkKeptHead, checkSignatures, knownKeys } from './verify-heads.js';
import { HeadsInOrder } from './verify-heads-order.js';

export interface VerifyOptions {
  readonly files: AuditFiles;
  readonly book: string;
  /** Public keys as PEM that heads may be signed with. Default: the one in the log's own folder. */
  readonly publicKeys?: readonly string[];
  /** A head that was kept from before: the log must still hold it. */
  readonly head?: AuditHead;
  /** Also decode every frame: canonical bytes, of this book, with the number of its record. */
  readonly frames?: boolean;
  readonly onProgress?: (bytes: number, total: number) => void;
}

/** What was found. The counts are about what was checked: up to the last signed head, or up to the damage. */
export interface AuditVerdict {
  readonly book: string;
  /** True: everything that is signed is what was written. */
  readonly ok: boolean;
  /** The first thing that is wrong. */
  readonly damage: DamagePlace | null;
  readonly segments: number;
  readonly bytes: number;
  readonly records: number;
  /** Frames that are there with their bytes, and those that are only counted. */
  readonly frames: number;
  readonly idle_frames: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  /** When audit received the first and the last of them. */
  readonly first_received_us: number | null;
  readonly last_received_us: number | null;
  /** Heads whose signature was checked, and the newest one. */
  readonly heads: number;
  readonly head: AuditHead | null;
  /** Keys that heads may be signed with, and whether they came from outside of the log. */
  readonly key_ids: readonly string[];
  readonly keys_given: boolean;
  /** Bytes behind the last signed head: a commit under way, or one that a crash has left. They are not part of the log. */
  readonly unsigned_bytes: number;
}

/** Bytes between two reports of progress. */
const PROGRESS_BYTES = 4 * 1024 * 1024;

/**
 * Checks a log from its bytes alone, and trusts nothing of the service that wrote it. Throws `audit_missing` where there
 * is no log, `config_invalid` on a key that is none; everything else that is wrong is in the verdict.
 */
export async function verifyAudit(options: VerifyOptions): Promise<AuditVerdict> {
  const verification = new Verification(options);
  try {
    await verification.run();
    return verification.verdict(null);
  } catch (cause) {
    if (cause instanceof AuditDamage) return verification.verdict(cause.place);
    throw cause;
  }
}

class Verification {
  readonly #chain: Chain;
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #heads = 0;
  #newest: AuditHead | null = null;
  #segments = 0;
  #bytes = 0;
  #total = 0;
  #reported = 0;
  #frames = 0;
  #idle = 0;
  #firstReceived: number | null = null;
  #lastReceived: number | null = null;
  #unsigned = 0;

  constructor(private readonly options: VerifyOptions) {
    this.#chain = new Chain(options.book, null);
  }

  async run(): Promise<void> {
    const { files, book, publicKeys, head: kept } = this.options;
    const place = { files, book };
    const segments = await segmentsOf(place);
    if (segments.length === 0 && (await files.size(headsFile(book))) === null) {
      throw new BellwetherError('audit_missing', `There is no audit log of book ${book}`);
    }
    this.#keys = await knownKeys(place, publicKeys ?? null);
    const { count, newest, torn_bytes } = await checkSignatures(place, this.#keys);
    this.#heads = count;
    this.#newest = newest;
    if (kept !== undefined) checkKeptHead(kept, newest, book, this.#keys);
    const sizes = await Promise.all(segments.map(async (name) => (await files.size(name)) ?? 0));
    this.#total = sizes.reduce((sum, size) => sum + size, 0);
    const heads = new HeadsInOrder(place, newest, kept ?? null);
    for (const [i, file] of segments.entries()) {
      if (this.#chain.record >= newest.record) break;
      await this.#segment(file, sizes[i]!, heads);
    }
    if (this.#chain.record < newest.record) {
      throw damage(segments.at(-1) ?? headsFile(book), sizes.at(-1) ?? 0, newest, 'the end of the log');
    }
    this.#unsigned = this.#total - this.#bytes + torn_bytes;
    if (this.#unsigned > COMMIT_BYTES_MAX) {
      const place = { file: headsFile(book), offset: 0, record: newest.record };
      const expected = `at most ${COMMIT_BYTES_MAX} bytes behind the last signed head`;
      throw new AuditDamage({ ...place, expected, found: `${this.#unsigned}: heads are missing` });
    }
    this.options.onProgress?.(this.#total, this.#total);
  }

  /** Checks a segment to its end, or to the last record that is signed. */
  async #segment(file: string, size: number, heads: HeadsInOrder): Promise<void> {
    const { files } = this.options;
    this.#chain.openSegment(await files.read(file, 0, HEADER_BYTES), file);
    this.#segments += 1;
    this.#bytes += HEADER_BYTES;
    let from = HEADER_BYTES;
    for (;;) {
      await heads.load();
      const ended = await scanRecords(files, file, { from, end: size }, (record, offset) => {
        this.#record(record, file, offset);
        heads.check(this.#chain, file, offset);
        return !heads.done && !heads.hungry;
      });
      from = ended.offset;
      if (heads.done) return;
      if (ended.badLength !== null) throw this.#noRecord(file, from, `length ${ended.badLength}`);
      if (!heads.hungry) break;
    }
    if (from < size) throw this.#noRecord(file, from, `${size - from} bytes that are none`);
  }

  #record(bytes: Buffer, file: string, offset: number): void {
    const before = this.#chain.seq;
    const { kind, seq, received_us } = this.#chain.add(bytes, file, offset);
    if (kind === KIND_FRAME) this.#frames += 1;
    else this.#idle += seq - before;
    this.#firstReceived ??= received_us;
    this.#lastReceived = received_us;
    this.#bytes += bytes.length;
    if (this.options.frames === true && kind === KIND_FRAME) this.#frame(bytes, file, offset);
    if (this.#bytes - this.#reported < PROGRESS_BYTES) return;
    this.#reported = this.#bytes;
    this.options.onProgress?.(this.#bytes, this.#total);
  }

  #frame(bytes: Buffer, file: string, offset: number): void {
    const { record, seq } = this.#chain;
    const { book } = this.options;
    const place = { file, offset, record };
    try {
      const frame = decodeFrame(recordPayload(bytes));
      if (frame.book === book && frame.seq === seq) return;
      const found = `frame ${frame.seq} of book ${frame.book}`;
      throw new AuditDamage({ ...place, expected: `frame ${seq} of book ${book}`, found });
    } catch (cause) {
      if (!(cause instanceof ContractError)) throw cause;
      throw new AuditDamage({ ...place, expected: 'a canonical frame', found: cause.message });
    }
  }

  #noRecord(file: string, offset: number, found: string): AuditDamage {
    return new AuditDamage({ file, offset, record: this.#chain.record + 1, expected: 'a record', found });
  }

  verdict(found: DamagePlace | null): AuditVerdict {
    const { record, seq } = this.#chain;
    return {
      book: this.options.book,
      ok: found === null,
      damage: found,
      segments: this.#segments,
      bytes: this.#bytes,
      records: record,
      frames: this.#frames,
      idle_frames: this.#idle,
      first_seq: record === 0 ? null : 1,
      last_seq: record === 0 ? null : seq,
      first_received_us: this.#firstReceived,
      last_received_us: this.#lastReceived,
      heads: this.#heads,
      head: this.#newest,
      key_ids: [...this.#keys.keys()],
      keys_given: this.options.publicKeys !== undefined,
      unsigned_bytes: this.#unsigned,
    };
  }
}

/** A head says that there is a record which the log does not hold. */
function damage(file: string, offset: number, head: AuditHead, found: string): AuditDamage {
  const expected = `record ${head.record} with hash ${head.hash}, which is signed`;
  return new AuditDamage({ file, offset, record: head.record, expected, found });
}
