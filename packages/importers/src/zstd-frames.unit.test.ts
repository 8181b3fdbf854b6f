import { describe, expect, test } from '@jest/globals';
import { dbnOf } from './testing/binary-files.js';
import { zstdBomb, zstdOf } from './testing/packed.js';
import { sampleBarsOf } from './testing/samples.js';
import { ZSTD_SAMPLE, ZSTD_SAMPLE_BARS } from './testing/zstd-sample.js';
import { ZstdFrames } from './zstd-frames.js';

const plain = dbnOf(sampleBarsOf(1).slice(0, ZSTD_SAMPLE_BARS));

/** What data unpack to that are given in pieces of so many bytes. */
function unpacked(packed: Buffer, piece: number): Buffer {
  const frames = new ZstdFrames('sample.zst');
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; at += piece)
    parts.push(...frames.unpack(packed.subarray(at, at + piece)));
  frames.end();
  return Buffer.concat(parts);
}

describe('zstd', () => {
  test.each([1, 7, 100, 1e6])('what the zstd program packed is unpacked, %i bytes at a time', (piece) => {
    expect(unpacked(ZSTD_SAMPLE, piece).equals(plain)).toBe(true);
  });

  test('frames follow each other, also those that are to be skipped and those of a few bytes', () => {
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const packed = Buffer.concat([zstdOf(Buffer.from('a')), skipped, ZSTD_SAMPLE, zstdOf(Buffer.from('bc'))]);
    const wanted = Buffer.concat([Buffer.from('a'), plain, Buffer.from('bc')]);
    for (const piece of [1, 5, 1e6]) expect(unpacked(packed, piece).equals(wanted)).toBe(true);
  });

  test('an end in the middle is seen wherever it is', () => {
    for (const left of [3, 20, 500, ZSTD_SAMPLE.length - 2]) {
      expect(() => unpacked(ZSTD_SAMPLE.subarray(0, left), 64)).toThrow(/end too early/);
    }
  });

  test('a few bytes that become very many come out a block at a time', () => {
    const parts = new ZstdFrames('bomb.zst').unpack(zstdBomb(10_000));
    expect(parts.next().value).toHaveLength(128 * 1024);
    expect(parts.next().value).toHaveLength(128 * 1024);
  });
});
