import type { LogFile } from './log-file.js';
import { LINE_BYTES_MAX, decodeRecord, type ResearchRecord } from './record.js';

export interface ScannedLog {
  readonly records: readonly ResearchRecord[];
  /** Numbers, from 1, of lines that were torn or changed. */
  readonly unreadable: readonly number[];
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Reads a log from its start. The last line may lack its end: it is whole or torn, and its check says which. */
export async function readRecords(file: LogFile): Promise<ScannedLog> {
  const records: ResearchRecord[] = [];
  const unreadable: number[] = [];
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  const take = (line: Buffer): void => {
    number += 1;
    if (line.length === 0) return;
    const record = line.length < LINE_BYTES_MAX ? decodeRecord(line.toString('utf8')) : null;
    if (record === null) unreadable.push(number);
    else records.push(record);
  };
  for (let offset = 0; ;) {
    const chunk = await file.read(offset, CHUNK_BYTES);
    if (chunk.length === 0) break;
    offset += chunk.length;
    let from = 0;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      take(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) take(rest);
  return { records, unreadable };
}
