/** Test support: containers, written by hand. */
import zlib from 'node:zlib';
import { crc32 } from '../zip-members.js';

const ZSTD_MAGIC = 0xfd2fb528;
const BLOCK_BYTES = 100_000;
const WINDOW_128_KB = 0x38;

/** A zstd frame of blocks that are stored as they are. */
export function zstdOf(bytes: Buffer): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(ZSTD_MAGIC, 0);
  head[5] = WINDOW_128_KB;
  const parts: Buffer[] = [head];
  for (let at = 0; at < Math.max(1, bytes.length); at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const last = at + BLOCK_BYTES >= bytes.length ? 1 : 0;
    const header = Buffer.alloc(3);
    header.writeUIntLE(block.length * 8 + last, 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

/** A zstd frame of blocks that each stand for 128 KB of one byte: few bytes that become very many. */
export function zstdBomb(blocks: number): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(ZSTD_MAGIC, 0);
  head[5] = WINDOW_128_KB;
  const block = Buffer.alloc(4);
  block.writeUIntLE(128 * 1024 * 8 + 2, 0, 3);
  block[3] = 0x0a;
  const last = Buffer.from(block);
  last[0] = block[0]! | 1;
  return Buffer.concat([head, ...Array.from({ length: blocks - 1 }, () => block), last]);
}

/** A frame header that asks for a window of 2^41 bytes. */
export function zstdHugeWindow(): Buffer {
  const bytes = zstdOf(Buffer.from('DBN\x02'));
  bytes[5] = 0xf8;
  return bytes;
}

export interface MemberOf {
  readonly name: string;
  readonly bytes: Buffer;
  /** What the list says it unpacks to, where that is a lie. */
  readonly told_bytes?: number;
}

/** A zip with its members deflated. */
export function zipOf(members: readonly MemberOf[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, told_bytes } of members) {
    const packed = zlib.deflateRawSync(bytes);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(told_bytes ?? bytes.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04', 'latin1'),
      facts,
      Buffer.from(name, 'latin1'),
      packed,
    ]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(
      Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
      facts.subarray(0, 26),
      rest,
      Buffer.from(name, 'latin1'),
    );
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}
