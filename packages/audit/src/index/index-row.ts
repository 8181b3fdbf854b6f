import { decodeFrame } from '@bellwether/contracts';
import { chosenCandidate, isDecision, symbolOf } from '@bellwether/kernel';
import { KIND_FRAME, readRecordHead, recordPayload } from '../format.js';
import type { StoredRecord } from '../log-reader.js';
import { firstRecordOf } from '../places.js';

/** What the index holds of one frame: what questions filter by, and where the frame is. */
export interface IndexRow {
  readonly seq: number;
  readonly record: number;
  readonly entry_id: string;
  readonly book_time_us: number;
  readonly action: number;
  readonly reason: number;
  /** '' for none. */
  readonly symbol: string;
  /** 0 for none. */
  readonly strategy: number;
  /** A decision was asked for, or made without being asked. */
  readonly asked: boolean;
  /** First record of its segment. */
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Where a frame's record is. */
export type IndexPlace = Pick<IndexRow, 'seq' | 'segment' | 'offset' | 'bytes'>;

/** The row of a record; null for a run of idle frames, which has none. */
export function rowOf({ file, offset, bytes }: StoredRecord): IndexRow | null {
  const { kind, record, seq } = readRecordHead(bytes);
  if (kind !== KIND_FRAME) return null;
  const frame = decodeFrame(recordPayload(bytes));
  return {
    seq,
    record,
    entry_id: frame.entry?.id ?? '',
    book_time_us: frame.book_time_us,
    action: frame.risk?.action ?? 0,
    reason: frame.risk?.reason ?? 0,
    symbol: symbolOf(frame) ?? '',
    strategy: chosenCandidate(frame)?.setup?.strategy ?? 0,
    asked: isDecision(frame.risk),
    segment: firstRecordOf(file),
    offset,
    bytes: bytes.length,
  };
}
