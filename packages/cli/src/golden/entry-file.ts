import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { MESSAGE_BYTES_MAX, decodeEntry, encodeEntry, type Entry } from '@bellwether/contracts';

const LENGTH_BYTES = 4;

/** Writes entries as a gzip file: each a 4-byte big-endian length and the canonical bytes. */
export function writeEntries(file: string, entries: readonly Entry[]): void {
  const parts = entries.flatMap((entry) => {
    const bytes = encodeEntry(entry);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  writeFileSync(file, gzipSync(Buffer.concat(parts), { level: 9 }));
}

/** Entries of such a file. Throws where it is cut or holds an entry that is not canonical. */
export function readEntries(file: string): Entry[] {
  const bytes = gunzipSync(readFileSync(file));
  const entries: Entry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = at + LENGTH_BYTES <= bytes.length ? bytes.readUInt32BE(at) : MESSAGE_BYTES_MAX + 1;
    const start = at + LENGTH_BYTES;
    if (length > MESSAGE_BYTES_MAX || start + length > bytes.length) {
      throw new Error(`${file}: Expected an entry at byte ${at}`);
    }
    entries.push(decodeEntry(bytes.subarray(start, start + length)));
    at = start + length;
  }
  return entries;
}
