import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BOOK, someFrames, writeLog } from './audit-fixtures.js';
import { outlineOf } from './frame-outline.js';
import { memoryAuditFiles } from './memory-files.js';

/**
 * A verifier by docs/reference/audit-format.md alone: it uses nothing of this package, so that the page and the writer
 * cannot drift apart.
 */

const int = (bytes: Buffer, at: number): number => Number(bytes.readBigInt64LE(at));
const sha = (...parts: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

interface Head {
  readonly book: string;
  readonly record: number;
  readonly seq: number;
  readonly hash: string;
  readonly signed_us: number;
  readonly key_id: string;
  readonly signature: string;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

/** Protobuf by hand: a text is its tag, length and bytes, a number its tag and value; 0 is left out. */
function signedBytes(head: Head): Buffer {
  const text = (field: number, value: string): Buffer =>
    Buffer.concat([varint(field * 8 + 2), varint(value.length), Buffer.from(value)]);
  const number = (field: number, value: number): Buffer =>
    value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(field * 8), varint(value)]);
  return Buffer.concat([
    ...[text(1, head.book), number(2, head.record), number(3, head.seq), text(4, head.hash)],
    ...[number(5, head.signed_us), text(6, head.key_id)],
  ]);
}

interface Covered {
  readonly seq: number;
  /** Null for a frame of an idle run. */
  readonly bytes: Buffer | null;
}

function check(contents: ReadonlyMap<string, Buffer>, frames: readonly Uint8Array[]): Covered[] {
  const file = (name: string): Buffer => contents.get(`${BOOK}/${name}`) ?? Buffer.alloc(0);
  const key = createPublicKey(file('public-key.pem').toString());
  const heads = file('heads')
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Head);
  for (const head of heads) {
    expect(head.key_id).toBe(sha(key.export({ type: 'spki', format: 'der' })));
    expect(verify(null, signedBytes(head), key, Buffer.from(head.signature, 'base64'))).toBe(true);
  }
  const hashes = ['0'.repeat(64)];
  const covered: Covered[] = [];
  const segments = [...contents.keys()].filter((name) => /\/[0-9]{15}\.seg$/.test(name)).sort();
  for (const name of segments) {
    const bytes = contents.get(name) ?? Buffer.alloc(0);
    expect(bytes.toString('latin1', 0, 8)).toBe('BWAUDIT\n');
    expect([bytes.readUInt32LE(8), bytes.readUInt32LE(12)]).toEqual([1, 128]);
    expect([int(bytes, 16), int(bytes, 24)]).toEqual([hashes.length, covered.length + 1]);
    expect(Number(name.slice(-19, -4))).toBe(hashes.length);
    expect(bytes.toString('latin1', 32, 64)).toBe(BOOK.padEnd(32, '\0'));
    expect(bytes.toString('hex', 64, 96)).toBe(hashes.at(-1));
    let link = bytes.toString('hex', 96, 128);
    expect(link).toBe(sha(bytes.subarray(0, 96)));
    for (let at = 128; at < bytes.length;) {
      const record = bytes.subarray(at, at + bytes.readUInt32LE(at));
      at += record.length;
      const body = record.length - 64;
      expect(int(record, 8)).toBe(hashes.length);
      expect(record.toString('hex', body, body + 32)).toBe(link);
      link = sha(record.subarray(0, body + 32));
      expect(record.toString('hex', body + 32)).toBe(link);
      hashes.push(link);
      covered.push(...coveredBy(record, record.subarray(40, body), frames));
    }
  }
  for (const { record, hash } of heads) expect(hash).toBe(hashes[record]);
  expect(heads.at(-1)?.record).toBe(hashes.length - 1);
  return covered;
}

function coveredBy(record: Buffer, payload: Buffer, frames: readonly Uint8Array[]): Covered[] {
  const seq = int(record, 16);
  if (record[4] === 1) return [{ seq, bytes: payload }];
  expect(record[4]).toBe(2);
  const [first, count] = [int(payload, 0), int(payload, 8)];
  expect(first + count - 1).toBe(seq);
  const run = frames.slice(first - 1, seq);
  const parts = run.flatMap((frame) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(frame.length);
    return [length, frame];
  });
  expect(payload.toString('hex', 16)).toBe(sha(...parts));
  return run.map((_, i) => ({ seq: first + i, bytes: null }));
}

describe('The format of the audit log', () => {
  it('is what its page says, read by a program that knows only the page', async () => {
    const frames = someFrames(200, 'format');
    const files = memoryAuditFiles();
    await writeLog(files, frames, { segmentBytesMax: 20_000, every: 9 });
    const covered = check(files.contents(), frames);
    expect(covered.map(({ seq }) => seq)).toEqual(frames.map((_, i) => i + 1));
    for (const [i, { bytes }] of covered.entries()) {
      expect(bytes === null).toBe(outlineOf(frames[i]!).idle);
      if (bytes !== null) expect(bytes.equals(frames[i]!)).toBe(true);
    }
  });
});
