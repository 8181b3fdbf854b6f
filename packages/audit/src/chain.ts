import { BellwetherError } from '@bellwether/contracts';
import {
  FORMAT_VERSION,
  HEADER_BYTES,
  KIND_IDLE,
  MAGIC,
  NO_HASH,
  computeRecordHash,
  encodeHeader,
  headerHash,
  isWellFormed,
  previousHash,
  readHeader,
  readIdleRun,
  readRecordHead,
  recordHash,
  recordPayload,
  type RecordHead,
} from './format.js';

/** Where a log is not what was written, and how that was seen. */
export interface DamagePlace {
  readonly file: string;
  /** Byte in that file. */
  readonly offset: number;
  /** Number of the record that should be there; 0 where it is about no record. */
  readonly record: number;
  readonly expected: string;
  readonly found: string;
}

/** The log is not what was written. */
export class AuditDamage extends BellwetherError {
  constructor(readonly place: DamagePlace) {
    const { file, offset, record, expected, found } = place;
    const where = record === 0 ? `${file}, byte ${offset}` : `${file}, byte ${offset}, record ${record}`;
    super('audit_corrupt', `${where}: Expected ${expected}, found ${found}`);
  }
}

const hex = (bytes: Buffer): string => bytes.toString('hex');

/**
 * Goes along a book's log, record by record, and throws {@link AuditDamage} at the first one that is not what it must
 * be after the one before: hash, link, numbers, form.
 */
export class Chain {
  #record: number;
  #seq: number;
  #hash: Buffer;
  /** What the next record links to: the record before, or the header of its segment. */
  #link: Buffer;

  /** Starts behind a record that is known; without one, at the beginning. */
  constructor(
    private readonly book: string,
    after: { readonly record: number; readonly seq: number; readonly hash: Buffer } | null,
  ) {
    this.#record = after?.record ?? 0;
    this.#seq = after?.seq ?? 0;
    this.#hash = after?.hash ?? NO_HASH;
    this.#link = this.#hash;
  }

  /** Number of the last record, and the last frame it covers. */
  get record(): number {
    return this.#record;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Hash of the last record; zeros before the first. */
  get hash(): Buffer {
    return this.#hash;
  }

  /** The header of the segment in which the next record stands. */
  openSegment(bytes: Buffer, file: string): void {
    const wrong = (expected: string, found: string, offset = 0): AuditDamage =>
      new AuditDamage({ file, offset, record: this.#record + 1, expected, found });
    if (bytes.length < HEADER_BYTES)
      throw wrong(`a header of ${HEADER_BYTES} bytes`, `${bytes.length} bytes`);
    const header = readHeader(bytes);
    const found = `${JSON.stringify(bytes.toString('latin1', 0, 8))} and version ${bytes.readUInt32LE(8)}`;
    const magic = `${JSON.stringify(MAGIC)} and version ${FORMAT_VERSION}`;
    if (found !== magic) throw wrong(magic, found);
    if (header.book !== this.book) throw wrong(`book ${this.book}`, `book ${header.book}`, 32);
    if (header.record !== this.#record + 1)
      throw wrong(`first record ${this.#record + 1}`, String(header.record), 16);
    if (header.seq !== this.#seq + 1) throw wrong(`first frame ${this.#seq + 1}`, String(header.seq), 24);
    if (!header.previous.equals(this.#hash)) {
      throw wrong(`a link to hash ${hex(this.#hash)}`, hex(header.previous), 64);
    }
    const whole = encodeHeader(header);
    if (!whole.equals(bytes)) throw wrong(`header hash ${hex(headerHash(whole))}`, hex(headerHash(bytes)));
    this.#link = headerHash(whole);
  }

  /** A whole record. The bytes are looked at, not kept. */
  add(bytes: Buffer, file: string, offset: number): RecordHead {
    const number = this.#record + 1;
    const wrong = (expected: string, found: string): AuditDamage =>
      new AuditDamage({ file, offset, record: number, expected, found });
    const computed = computeRecordHash(bytes);
    const stored = recordHash(bytes);
    if (!computed.equals(stored)) throw wrong(`hash ${hex(computed)} by its bytes`, hex(stored));
    if (!isWellFormed(bytes)) throw wrong('a record of a known form', `kind ${readRecordHead(bytes).kind}`);
    const head = readRecordHead(bytes);
    if (head.record !== number) throw wrong(`record ${number}`, `record ${head.record}`);
    const previous = previousHash(bytes);
    if (!previous.equals(this.#link)) throw wrong(`a link to hash ${hex(this.#link)}`, hex(previous));
    let first = head.seq;
    if (head.kind === KIND_IDLE) {
      const run = readIdleRun(recordPayload(bytes));
      first = run.first_seq;
      if (run.count < 1 || first + run.count - 1 !== head.seq) {
        throw wrong(`frames ${first} to ${head.seq}`, `a count of ${run.count}`);
      }
    }
    if (first !== this.#seq + 1) throw wrong(`frame ${this.#seq + 1}`, `frame ${first}`);
    this.#record = number;
    this.#seq = head.seq;
    this.#hash = computed;
    this.#link = computed;
    return head;
  }
}
