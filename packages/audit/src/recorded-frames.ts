import { createHash } from 'node:crypto';
import { BellwetherError, equalBytes } from '@bellwether/contracts';
import { KIND_FRAME, firstSeqOf, readIdleRun, readRecordHead, recordPayload } from './format.js';
import {
  checkRecord,
  findRecord,
  readRecords,
  type LogPlace,
  type ReadingPlace,
  type StoredRecord,
} from './log-reader.js';

const BATCH_RECORDS = 500;

/**
 * Compares frames that the stream gives again with those that the log holds, in order. A stream that tells another
 * story than the one that was signed must not be followed.
 */
export class RecordedFrames {
  #batch: readonly StoredRecord[] = [];
  #at = 0;
  #next: ReadingPlace | null = null;
  /** Hash over the frames of the idle run that is being compared, from its first one on. */
  #run: { readonly first: number; readonly hash: ReturnType<typeof createHash> } | null = null;
  readonly #length = Buffer.alloc(4);

  constructor(
    private readonly place: LogPlace,
    private readonly lastRecord: number,
  ) {}

  /** Throws `diverged` unless the log holds these bytes as that frame. Frames come one after the other. */
  async check(seq: number, frameBytes: Uint8Array): Promise<void> {
    const record = await this.#recordOf(seq);
    const head = readRecordHead(record.bytes);
    if (head.kind === KIND_FRAME) {
      if (!equalBytes(recordPayload(record.bytes), frameBytes)) throw this.#other(seq, head.record);
      return;
    }
    const run = readIdleRun(recordPayload(record.bytes));
    if (seq === run.first_seq) this.#run = { first: seq, hash: createHash('sha256') };
    // Entered in the middle of a run: its hash cannot be made.
    if (this.#run?.first !== run.first_seq) return;
    this.#length.writeUInt32LE(frameBytes.length);
    this.#run.hash.update(this.#length).update(frameBytes);
    if (seq === head.seq && !this.#run.hash.digest().equals(run.hash)) throw this.#other(seq, head.record);
  }

  #other(seq: number, record: number): BellwetherError {
    return new BellwetherError(
      'diverged',
      `Book ${this.place.book}: The decision stream holds another frame ${seq} than record ${record} of the audit log`,
    );
  }

  async #recordOf(seq: number): Promise<StoredRecord> {
    for (;;) {
      const current = this.#batch[this.#at];
      if (current === undefined) {
        await this.#load(seq);
      } else if (readRecordHead(current.bytes).seq < seq) {
        this.#at += 1;
      } else if (firstSeqOf(current.bytes) <= seq) {
        checkRecord(current);
        return current;
      } else {
        // The stream went back.
        this.#next = null;
        await this.#load(seq);
      }
    }
  }

  async #load(seq: number): Promise<void> {
    if (this.#next === null) {
      const found = await findRecord(this.place, seq);
      this.#next = found;
    }
    const limits = { records: BATCH_RECORDS, lastRecord: this.lastRecord };
    const { records, next } = await readRecords(this.place, this.#next, limits);
    if (this.#next === null || records.length === 0) {
      throw new BellwetherError(
        'audit_corrupt',
        `Book ${this.place.book}: The log does not hold frame ${seq}`,
      );
    }
    this.#batch = records;
    this.#next = next;
    this.#at = 0;
  }
}
