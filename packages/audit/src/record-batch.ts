import { hash } from 'node:crypto';
import {
  HASH_BYTES,
  HEADER_BYTES,
  RECORD_HEAD_BYTES,
  RECORD_OVERHEAD_BYTES,
  encodeHeader,
  headerHash,
  writeRecordHead,
  type RecordHead,
} from './format.js';
import { segmentFile } from './places.js';

/** Bytes for the end of one file. */
export interface Write {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Where the next record goes and what it follows. */
export interface BatchStart {
  readonly record: number;
  readonly seq: number;
  readonly hash: Buffer;
  /** Segment to go on with, and its size; null: the next record opens one. */
  readonly segment: { readonly file: string; readonly bytes: number } | null;
}

const BLOCK_BYTES = 256 * 1024;

/**
 * Makes records out of frames, in memory: header where a segment begins, links and hashes. One copy and one SHA-256 a
 * record, no promise and no I/O; {@link take} hands over what is to be written.
 */
export class RecordBatch {
  #record: number;
  #seq: number;
  #hash: Buffer;
  #link: Buffer;
  #file: string | null;
  #segmentBytes: number;
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  /** Bytes of the block that are taken, and from where on they belong to the segment. */
  #end = 0;
  #start = 0;
  #writes: Write[] = [];
  #bytes = 0;
  #records = 0;

  constructor(
    private readonly book: string,
    private readonly segmentBytesMax: number,
    start: BatchStart,
  ) {
    this.#record = start.record;
    this.#seq = start.seq;
    this.#hash = start.hash;
    this.#link = start.hash;
    this.#file = start.segment?.file ?? null;
    this.#segmentBytes = start.segment?.bytes ?? 0;
  }

  get record(): number {
    return this.#record;
  }

  get seq(): number {
    return this.#seq;
  }

  get hash(): Buffer {
    return this.#hash;
  }

  /** Bytes and records that wait to be taken. */
  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  /** Adds a record. Its number and links come from here; the head says the rest. */
  add(head: Omit<RecordHead, 'record'>, firstSeq: number, payload: Uint8Array): void {
    const length = RECORD_OVERHEAD_BYTES + payload.length;
    if (this.#file === null || this.#segmentBytes + length > this.segmentBytesMax)
      this.#openSegment(firstSeq);
    this.#reserve(length);
    const block = this.#block;
    const at = this.#end;
    const record = this.#record + 1;
    const { kind, seq, received_us, latency_us } = head;
    writeRecordHead(block, at, length, { kind, record, seq, received_us, latency_us });
    block.set(payload, at + RECORD_HEAD_BYTES);
    const hashAt = at + length - HASH_BYTES;
    block.set(this.#link, hashAt - HASH_BYTES);
    const own = hash('sha256', block.subarray(at, hashAt), 'buffer');
    block.set(own, hashAt);
    this.#advance(length);
    this.#record = record;
    this.#seq = seq;
    this.#hash = own;
    this.#link = own;
    this.#records += 1;
  }

  /** Everything since the last call, in the order in which it must reach the files. */
  take(): readonly Write[] {
    this.#cut();
    const writes = this.#writes;
    this.#writes = [];
    this.#bytes = 0;
    this.#records = 0;
    return writes;
  }

  #openSegment(seq: number): void {
    this.#cut();
    const record = this.#record + 1;
    this.#file = segmentFile(this.book, record);
    this.#segmentBytes = 0;
    const header = encodeHeader({ book: this.book, record, seq, previous: this.#hash });
    this.#reserve(HEADER_BYTES);
    this.#block.set(header, this.#end);
    this.#advance(HEADER_BYTES);
    this.#link = headerHash(header);
  }

  #advance(length: number): void {
    this.#end += length;
    this.#segmentBytes += length;
    this.#bytes += length;
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#block.length) return;
    this.#cut();
    this.#block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, length));
    this.#start = 0;
    this.#end = 0;
  }

  /** What stands in the block and is no write yet becomes one. The rest of the block goes on being filled. */
  #cut(): void {
    if (this.#end === this.#start || this.#file === null) return;
    this.#writes.push({ file: this.#file, bytes: this.#block.subarray(this.#start, this.#end) });
    this.#start = this.#end;
  }
}
