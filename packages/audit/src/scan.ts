import type { AuditFiles } from './audit-files.js';
import { RECORD_OVERHEAD_BYTES } from './format.js';
import { RECORD_BYTES_MAX, SCAN_BYTES } from './limits.js';

/** What ended a scan. */
export interface ScanEnd {
  /** First byte that was not part of a whole record. */
  readonly offset: number;
  /** A length out of bounds that stands there; null where the bytes end, or the reader had enough. */
  readonly badLength: number | null;
}

/** Looks at a record; `false` ends the scan behind it. The bytes are valid during the call only. */
export type OnRecord = (record: Buffer, offset: number) => boolean;

const NOTHING = Buffer.alloc(0);

/**
 * Splits a segment into records from an offset on. Checks nothing but the length of each. Waits between two reads, so
 * that long work does not hold up others.
 */
export async function scanRecords(
  files: AuditFiles,
  file: string,
  range: { readonly from: number; readonly end: number },
  onRecord: OnRecord,
): Promise<ScanEnd> {
  let rest: Buffer = NOTHING;
  let offset = range.from;
  let position = range.from;
  while (position < range.end) {
    const chunk = await files.read(file, position, Math.min(SCAN_BYTES, range.end - position));
    if (chunk.length === 0) break;
    position += chunk.length;
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (data.length - at >= 4) {
      const length = data.readUInt32LE(at);
      if (length <= RECORD_OVERHEAD_BYTES || length > RECORD_BYTES_MAX) {
        return { offset: offset + at, badLength: length };
      }
      if (data.length - at < length) break;
      const wantsMore = onRecord(data.subarray(at, at + length), offset + at);
      at += length;
      if (!wantsMore) return { offset: offset + at, badLength: null };
    }
    rest = data.subarray(at);
    offset += at;
  }
  return { offset, badLength: null };
}
