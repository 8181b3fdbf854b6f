import { hash } from 'node:crypto';
import { BOOK_NAME } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';

/**
 * The bytes of a segment, as docs/reference/audit-format.md specifies them for others. All integers are little-endian;
 * the 64-bit ones are signed and stay within 2^53.
 */

export const MAGIC = 'BWAUDIT\n';
export const FORMAT_VERSION = 1;
export const HASH_BYTES = 32;
export const HEADER_BYTES = 128;

const HEADER = { version: 8, bytes: 12, record: 16, seq: 24, book: 32, previous: 64, hash: 96 } as const;
const BOOK_BYTES = 32;

/** Bytes of a record before its payload and after it. */
export const RECORD_HEAD_BYTES = 40;
export const RECORD_TAIL_BYTES = 2 * HASH_BYTES;
export const RECORD_OVERHEAD_BYTES = RECORD_HEAD_BYTES + RECORD_TAIL_BYTES;

const RECORD = { kind: 4, flags: 5, zero: 6, record: 8, seq: 16, received: 24, latency: 32 } as const;

/** A frame with its bytes. */
export const KIND_FRAME = 1;
/** Idle clock frames that follow one another, as a count and a hash over their bytes. */
export const KIND_IDLE = 2;
const FLAG_LATENCY = 1;

/** First frame, count, SHA-256. */
export const IDLE_PAYLOAD_BYTES = 16 + HASH_BYTES;

/** What the first segment follows: nothing. */
export const NO_HASH = Buffer.alloc(HASH_BYTES);

const TWO_32 = 4_294_967_296;

export function writeInt64(buffer: Buffer, value: number, at: number): void {
  const high = Math.floor(value / TWO_32);
  buffer.writeUInt32LE(value - high * TWO_32, at);
  buffer.writeInt32LE(high, at + 4);
}

export function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32LE(at + 4) * TWO_32 + buffer.readUInt32LE(at);
}

export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

export interface SegmentHeader {
  readonly book: string;
  /** Number of its first record, and of the first frame that record covers. */
  readonly record: number;
  readonly seq: number;
  /** Hash of the last record of the segment before; zeros in the first. */
  readonly previous: Buffer;
}

export function encodeHeader(header: SegmentHeader): Buffer {
  assert(BOOK_NAME.test(header.book), `Not a book's name: ${header.book}`);
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(FORMAT_VERSION, HEADER.version);
  bytes.writeUInt32LE(HEADER_BYTES, HEADER.bytes);
  writeInt64(bytes, header.record, HEADER.record);
  writeInt64(bytes, header.seq, HEADER.seq);
  bytes.write(header.book, HEADER.book, 'latin1');
  bytes.set(header.previous, HEADER.previous);
  bytes.set(sha256(bytes.subarray(0, HEADER.hash)), HEADER.hash);
  return bytes;
}

/** What a header says, without any check of it but its length. */
export function readHeader(bytes: Buffer): SegmentHeader {
  const name = bytes.subarray(HEADER.book, HEADER.book + BOOK_BYTES);
  const end = name.indexOf(0);
  return {
    book: name.toString('latin1', 0, end === -1 ? BOOK_BYTES : end),
    record: readInt64(bytes, HEADER.record),
    seq: readInt64(bytes, HEADER.seq),
    previous: bytes.subarray(HEADER.previous, HEADER.hash),
  };
}

/** The hash that the first record of a segment follows. */
export function headerHash(bytes: Buffer): Buffer {
  return bytes.subarray(HEADER.hash, HEADER_BYTES);
}

/** Everything of a record but its payload and its hashes. */
export interface RecordHead {
  readonly kind: number;
  readonly record: number;
  /** Last frame it covers; with a frame record the only one. */
  readonly seq: number;
  /** When audit received that frame. */
  readonly received_us: number;
  readonly latency_us: number | null;
}

/** Writes the bytes before the payload. Whoever calls it has made the room. */
export function writeRecordHead(buffer: Buffer, at: number, length: number, head: RecordHead): void {
  buffer.writeUInt32LE(length, at);
  buffer[at + RECORD.kind] = head.kind;
  buffer[at + RECORD.flags] = head.latency_us === null ? 0 : FLAG_LATENCY;
  buffer.writeUInt16LE(0, at + RECORD.zero);
  writeInt64(buffer, head.record, at + RECORD.record);
  writeInt64(buffer, head.seq, at + RECORD.seq);
  writeInt64(buffer, head.received_us, at + RECORD.received);
  writeInt64(buffer, head.latency_us ?? 0, at + RECORD.latency);
}

/** What a whole record says of itself, without any check. */
export function readRecordHead(record: Buffer): RecordHead {
  const latency = readInt64(record, RECORD.latency);
  return {
    kind: record[RECORD.kind]!,
    record: readInt64(record, RECORD.record),
    seq: readInt64(record, RECORD.seq),
    received_us: readInt64(record, RECORD.received),
    latency_us: (record[RECORD.flags]! & FLAG_LATENCY) === 0 ? null : latency,
  };
}

/** True where the bytes of a record that have only one permitted value have it. */
export function isWellFormed(record: Buffer): boolean {
  const kind = record[RECORD.kind]!;
  const flags = record[RECORD.flags]!;
  if (record.readUInt16LE(RECORD.zero) !== 0 || flags > FLAG_LATENCY) return false;
  if (flags === 0 && readInt64(record, RECORD.latency) !== 0) return false;
  if (kind === KIND_FRAME) return record.length > RECORD_OVERHEAD_BYTES;
  return kind === KIND_IDLE && record.length === RECORD_OVERHEAD_BYTES + IDLE_PAYLOAD_BYTES;
}

export function recordPayload(record: Buffer): Buffer {
  return record.subarray(RECORD_HEAD_BYTES, record.length - RECORD_TAIL_BYTES);
}

/** Hash of the record before, as this one has it. */
export function previousHash(record: Buffer): Buffer {
  return record.subarray(record.length - RECORD_TAIL_BYTES, record.length - HASH_BYTES);
}

export function recordHash(record: Buffer): Buffer {
  return record.subarray(record.length - HASH_BYTES);
}

/** The hash that a record with these bytes must have. */
export function computeRecordHash(record: Buffer): Buffer {
  return sha256(record.subarray(0, record.length - HASH_BYTES));
}

/** A run of idle clock frames. */
export interface IdleRun {
  readonly first_seq: number;
  readonly count: number;
  /** SHA-256 over each frame's length (32 bits) and bytes. */
  readonly hash: Buffer;
}

export function encodeIdleRun(run: IdleRun): Buffer {
  const bytes = Buffer.alloc(IDLE_PAYLOAD_BYTES);
  writeInt64(bytes, run.first_seq, 0);
  writeInt64(bytes, run.count, 8);
  bytes.set(run.hash, 16);
  return bytes;
}

export function readIdleRun(payload: Buffer): IdleRun {
  return {
    first_seq: readInt64(payload, 0),
    count: readInt64(payload, 8),
    hash: payload.subarray(16, IDLE_PAYLOAD_BYTES),
  };
}

/** First frame that a record covers. */
export function firstSeqOf(record: Buffer): number {
  const { kind, seq } = readRecordHead(record);
  return kind === KIND_IDLE ? readIdleRun(recordPayload(record)).first_seq : seq;
}
