import { decodeFrame, type AuditedFrame } from '@bellwether/contracts';
import type { AuditFiles } from './audit-files.js';
import { AuditDamage } from './chain.js';
import {
  HEADER_BYTES,
  KIND_FRAME,
  computeRecordHash,
  firstSeqOf,
  previousHash,
  readHeader,
  readRecordHead,
  recordHash,
  recordPayload,
  type RecordHead,
} from './format.js';
import { firstRecordOf, isSegment } from './places.js';
import { scanRecords } from './scan.js';

/** Whose log, and where. */
export interface LogPlace {
  readonly files: AuditFiles;
  readonly book: string;
}

/** A record as it stands in its segment. */
export interface StoredRecord {
  readonly file: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

export async function segmentsOf({ files, book }: LogPlace): Promise<readonly string[]> {
  return (await files.list(book)).filter(isSegment);
}

/** The last segment whose header says that it begins at or before this frame. */
async function segmentFor(place: LogPlace, seq: number): Promise<string | null> {
  const segments = await segmentsOf(place);
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const header = await place.files.read(segments[middle]!, 0, HEADER_BYTES);
    // A segment that is being made has no header yet: it lies behind everything that is asked for.
    if (header.length === HEADER_BYTES && readHeader(header).seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : segments[low - 1]!;
}

/** The record that covers a frame, its own hash checked; null where there is none. */
export async function findRecord(place: LogPlace, seq: number): Promise<StoredRecord | null> {
  const file = await segmentFor(place, seq);
  if (file === null) return null;
  const end = (await place.files.size(file)) ?? 0;
  let found: StoredRecord | null = null;
  await scanRecords(place.files, file, { from: HEADER_BYTES, end }, (bytes, offset) => {
    if (readRecordHead(bytes).seq < seq) return true;
    if (firstSeqOf(bytes) <= seq) found = { file, offset, bytes: Buffer.from(bytes) };
    return false;
  });
  if (found !== null) checkRecord(found);
  return found;
}

/** Throws {@link AuditDamage} unless the record has the hash that it says. Its place in the chain is not looked at. */
export function checkRecord({ file, offset, bytes }: StoredRecord): RecordHead {
  const head = readRecordHead(bytes);
  const computed = computeRecordHash(bytes).toString('hex');
  const stored = recordHash(bytes).toString('hex');
  if (computed !== stored) {
    throw new AuditDamage({
      ...{ file, offset, record: head.record, expected: `hash ${computed} by its bytes`, found: stored },
    });
  }
  return head;
}

/** The frame in a record that was checked, or null for a run of idle frames, whose bytes are not kept. */
export function frameIn(record: Buffer): AuditedFrame | null {
  const head = readRecordHead(record);
  if (head.kind !== KIND_FRAME) return null;
  const { record: number, received_us, latency_us } = head;
  return { record: number, received_us, latency_us, frame: decodeFrame(recordPayload(record)) };
}

/**
 * A frame straight from the segments, with no service and no index; null where the log does not hold it, or only counts
 * it as idle. Throws `audit_corrupt` where its record is not what was written.
 */
export async function readAuditedFrame(place: LogPlace, seq: number): Promise<AuditedFrame | null> {
  const found = await findRecord(place, seq);
  return found === null ? null : frameIn(found.bytes);
}

/** A record and where it stands. */
export interface AuditRecord extends RecordHead {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly first_seq: number;
  /** In hex. */
  readonly hash: string;
  readonly previous: string;
  /** The canonical bytes of the frame; null for a run of idle frames, which are only counted. */
  readonly frame: Buffer | null;
}

/** The record that covers a frame, its own hash checked; null where there is none. */
export async function readAuditRecord(place: LogPlace, seq: number): Promise<AuditRecord | null> {
  const found = await findRecord(place, seq);
  if (found === null) return null;
  const { file, offset, bytes } = found;
  const head = readRecordHead(bytes);
  return {
    ...head,
    ...{ file, offset, bytes: bytes.length, first_seq: firstSeqOf(bytes) },
    hash: recordHash(bytes).toString('hex'),
    previous: previousHash(bytes).toString('hex'),
    frame: head.kind === KIND_FRAME ? recordPayload(bytes) : null,
  };
}

/** Where a reader goes on. */
export interface ReadingPlace {
  readonly file: string;
  readonly offset: number;
}

/**
 * Up to so many records from a place on, the next segment included where one ends. Copies, so that they can be kept.
 * `next` is where to go on; null before the first segment.
 */
export async function readRecords(
  place: LogPlace,
  from: ReadingPlace | null,
  limits: { readonly records: number; readonly lastRecord: number },
): Promise<{ readonly records: readonly StoredRecord[]; readonly next: ReadingPlace | null }> {
  const segments = await segmentsOf(place);
  const records: StoredRecord[] = [];
  let next = from;
  for (const file of segments) {
    if (from !== null && file < from.file) continue;
    if (firstRecordOf(file) > limits.lastRecord || records.length >= limits.records) break;
    const start = file === from?.file ? from.offset : HEADER_BYTES;
    const end = (await place.files.size(file)) ?? 0;
    await scanRecords(place.files, file, { from: start, end }, (bytes, offset) => {
      const { record } = readRecordHead(bytes);
      if (record > limits.lastRecord) return false;
      records.push({ file, offset, bytes: Buffer.from(bytes) });
      return records.length < limits.records && record < limits.lastRecord;
    });
    const last = records.at(-1);
    const offset = last?.file === file ? last.offset + last.bytes.length : start;
    next = { file, offset };
  }
  return { records, next };
}
