import { crc32 } from 'node:zlib';
import type { StoredMessage } from '../bus.js';

/** The store does not hold what was written to it: torn, truncated, or changed from outside. Nothing can go on. */
export class StoreCorrupt extends Error {
  override readonly name = 'StoreCorrupt';
  readonly code = 'store_corrupt';
}

/** crc32 of all that follows, length of the subject, length of the headers as JSON; little-endian. */
const PREFIX_BYTES = 4 + 2 + 4;
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** A message as bytes: prefix, subject, headers (empty where there are none), data. The sequence is the key. */
export function encodeRecord(
  subject: string,
  headers: Readonly<Record<string, string>>,
  data: Uint8Array,
): Buffer {
  const named = Object.keys(headers).length > 0 ? Buffer.from(JSON.stringify(headers), 'utf8') : null;
  const headersLength = named === null ? 0 : named.length;
  const subjectEnd = PREFIX_BYTES + subject.length;
  const record = Buffer.allocUnsafe(subjectEnd + headersLength + data.length);
  record.writeUInt16LE(subject.length, 4);
  record.writeUInt32LE(headersLength, 6);
  record.write(subject, PREFIX_BYTES, 'latin1');
  named?.copy(record, subjectEnd);
  record.set(data, subjectEnd + headersLength);
  record.writeUInt32LE(crc32(record.subarray(4)), 0);
  return record;
}

/** The message of a record. Throws {@link StoreCorrupt} unless the bytes are what was written. */
export function decodeRecord(where: string, sequence: number, record: Uint8Array): StoredMessage {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  if (bytes.length < PREFIX_BYTES || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) {
    throw new StoreCorrupt(`${where}: The record of sequence ${sequence} fails its checksum`);
  }
  const subjectEnd = PREFIX_BYTES + bytes.readUInt16LE(4);
  const headersEnd = subjectEnd + bytes.readUInt32LE(6);
  if (headersEnd > bytes.length) {
    throw new StoreCorrupt(`${where}: The record of sequence ${sequence} has impossible lengths`);
  }
  return {
    subject: bytes.toString('latin1', PREFIX_BYTES, subjectEnd),
    sequence,
    data: Uint8Array.prototype.slice.call(bytes, headersEnd),
    headers: headersEnd === subjectEnd ? NO_HEADERS : headersOf(bytes.subarray(subjectEnd, headersEnd)),
  };
}

function headersOf(json: Buffer): Readonly<Record<string, string>> {
  return JSON.parse(json.toString('utf8')) as Record<string, string>;
}
