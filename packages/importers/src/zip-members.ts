import type fs from 'node:fs/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { unreadable } from './refusals.js';

/** A day of minutes is 0.1 MB of text; a year of them in one zip stays below these. */
const MEMBERS_MAX = 4_096;
const MEMBER_BYTES_MAX = 16 * 1024 * 1024;
const DIRECTORY_BYTES_MAX = 4 * 1024 * 1024;

const LOCAL_MAGIC = 0x04034b50;
const DIRECTORY_MAGIC = 0x02014b50;
const END_MAGIC = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const DIRECTORY_ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL_MAGIC;
}

export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly packed_bytes: number;
  readonly bytes: number;
  readonly crc32: number;
  /** Where its local header stands. */
  readonly at: number;
}

const broken = (name: string, what: string): Error => unreadable(name, `${what}. Copy the file again`);

async function read(file: fs.FileHandle, name: string, at: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(count);
  const { bytesRead } = await file.read(bytes, 0, count, at);
  if (bytesRead < count) throw broken(name, 'The zip ends too early');
  return bytes;
}

/** The list at the end of a zip, files alone. @throws BellwetherError `data_unreadable` */
export async function zipMembers(file: fs.FileHandle, name: string): Promise<readonly ZipMember[]> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_BYTES + COMMENT_BYTES_MAX);
  const tail = await read(file, name, size - tailBytes, tailBytes);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END_MAGIC) end--;
  if (end < 0) throw broken(name, 'The zip has no list of members at its end');
  const count = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const at = tail.readUInt32LE(end + 16);
  if (count > MEMBERS_MAX || bytes > DIRECTORY_BYTES_MAX) {
    throw unreadable(name, `The zip names ${count} members in ${bytes} bytes; ${MEMBERS_MAX} can be read`);
  }
  if (at + bytes > size) throw broken(name, 'The list of members lies beyond the end of the zip');
  const directory = await read(file, name, at, bytes);
  const members: ZipMember[] = [];
  for (let i = 0, from = 0; i < count; i++) {
    const entry = directory.subarray(from);
    if (entry.length < DIRECTORY_ENTRY_BYTES || entry.readUInt32LE(0) !== DIRECTORY_MAGIC) {
      throw broken(name, `The zip's list of members is damaged at number ${i + 1}`);
    }
    const nameBytes = entry.readUInt16LE(28);
    from += DIRECTORY_ENTRY_BYTES + nameBytes + entry.readUInt16LE(30) + entry.readUInt16LE(32);
    const member = memberOf(name, entry, nameBytes);
    if (!member.name.endsWith('/')) members.push(member);
  }
  return members;
}

function memberOf(name: string, entry: Buffer, nameBytes: number): ZipMember {
  const member = {
    name: entry.toString('latin1', DIRECTORY_ENTRY_BYTES, DIRECTORY_ENTRY_BYTES + nameBytes),
    method: entry.readUInt16LE(10),
    crc32: entry.readUInt32LE(16),
    packed_bytes: entry.readUInt32LE(20),
    bytes: entry.readUInt32LE(24),
    at: entry.readUInt32LE(42),
  };
  if ((entry.readUInt16LE(8) & ENCRYPTED) !== 0)
    throw unreadable(name, 'The zip is encrypted. Unpack it first');
  if (member.method !== STORED && member.method !== DEFLATED) {
    throw unreadable(name, `The zip uses compression ${member.method}; store or deflate can be read`);
  }
  if (member.bytes > MEMBER_BYTES_MAX || member.packed_bytes > MEMBER_BYTES_MAX) {
    throw unreadable(
      name,
      `A member has ${member.bytes} bytes, more than the ${MEMBER_BYTES_MAX} of a day of minutes`,
    );
  }
  return member;
}

const inflateRaw = promisify(zlib.inflateRaw) as (
  bytes: Buffer,
  options: zlib.ZlibOptions,
) => Promise<Buffer>;

/** What a member unpacks to, checked against its length and checksum. @throws BellwetherError `data_unreadable` */
export async function memberBytes(file: fs.FileHandle, name: string, member: ZipMember): Promise<Buffer> {
  const local = await read(file, name, member.at, LOCAL_HEADER_BYTES);
  if (local.readUInt32LE(0) !== LOCAL_MAGIC)
    throw broken(name, 'A member of the zip is not where its list says');
  const from = member.at + LOCAL_HEADER_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  const packed = await read(file, name, from, member.packed_bytes);
  const bytes = await unpacked(name, member, packed);
  if (bytes.length !== member.bytes || crc32(bytes) !== member.crc32) {
    throw broken(name, 'A member of the zip is not what its checksum says');
  }
  return bytes;
}

async function unpacked(name: string, { method, bytes }: ZipMember, packed: Buffer): Promise<Buffer> {
  if (method === STORED) return packed;
  try {
    // One byte more than told, so that a member that is longer is seen without being unpacked whole.
    return await inflateRaw(packed, { maxOutputLength: bytes + 1 });
  } catch (cause) {
    throw unreadable(name, 'A member of the zip is damaged. Copy the file again', cause);
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
  return value;
});

/** CRC-32 as zip has it. Node has one of its own from version 22 on. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
