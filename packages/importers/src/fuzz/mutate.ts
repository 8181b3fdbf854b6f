import { uniformSource } from '@bellwether/kernel';
import type { Bar } from '@bellwether/contracts';
import type { FormatName } from '../format-names.js';
import { dbnOf, scidOf } from '../testing/binary-files.js';
import { zipOf, zstdOf } from '../testing/packed.js';
import { leanMembers } from '../testing/text-files.js';
import { ZSTD_SAMPLE } from '../testing/zstd-sample.js';

/** A damaged file: the same seed gives the same bytes. */
export interface FuzzFile {
  readonly base: string;
  readonly format: FormatName;
  readonly bytes: Buffer;
  /** Read as what it is found to be, rather than as what it was made as. */
  readonly detect: boolean;
}

interface Base {
  readonly name: string;
  readonly format: FormatName;
  readonly bytes: Buffer;
}

const MUTATIONS_MAX = 6;
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0];

/** Undamaged files of every binary reader. */
export function fuzzBases(bars: readonly Bar[]): readonly Base[] {
  const others = new Map([[7, 'ESZ5-ESH6']]);
  return [
    { name: 'DBN 1', format: 'dbn', bytes: dbnOf(bars, { version: 1, others }) },
    { name: 'DBN 2', format: 'dbn', bytes: dbnOf(bars, { version: 2 }) },
    { name: 'DBN 3', format: 'dbn', bytes: dbnOf(bars, { version: 3, symbol: null }) },
    { name: 'DBN zstd, stored', format: 'dbn', bytes: zstdOf(dbnOf(bars)) },
    { name: 'DBN zstd, compressed', format: 'dbn', bytes: ZSTD_SAMPLE },
    { name: 'SCID bars', format: 'scid', bytes: scidOf(bars) },
    { name: 'SCID trades', format: 'scid', bytes: scidOf(bars, 'trades') },
    { name: 'LEAN zip', format: 'lean', bytes: zipOf(leanMembers(bars)) },
  ];
}

/** Places that decide most: headers at the beginning, a zip's list at the end. */
function place(next: () => number, length: number): number {
  const kind = next();
  if (kind < 0.4) return Math.floor(next() * Math.min(length, 256));
  if (kind < 0.6) return Math.max(0, length - 1 - Math.floor(next() * 256));
  return Math.floor(next() * length);
}

function mutated(next: () => number, bytes: Buffer, other: Buffer): Buffer {
  const at = place(next, bytes.length);
  switch (Math.floor(next() * 7)) {
    case 0:
      bytes[at]! ^= 1 << Math.floor(next() * 8);
      return bytes;
    case 1:
      bytes[at] = Math.floor(next() * 256);
      return bytes;
    case 2:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(EXTREMES[Math.floor(next() * EXTREMES.length)]!, at);
      return bytes;
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(place(next, bytes.length))]);
    case 5: {
      const from = place(next, bytes.length);
      const piece = bytes.subarray(from, from + Math.floor(next() * 300));
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    }
    default: {
      const from = place(next, other.length);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from)]);
    }
  }
}

export function fuzzFile(seed: number, bases: readonly Base[]): FuzzFile {
  const next = uniformSource(`importers ${seed}`);
  const base = bases[Math.floor(next() * bases.length)]!;
  const other = bases[Math.floor(next() * bases.length)]!;
  let bytes: Buffer = Buffer.from(base.bytes);
  const mutations = 1 + Math.floor(next() * MUTATIONS_MAX);
  for (let i = 0; i < mutations && bytes.length > 0; i++) bytes = mutated(next, bytes, other.bytes);
  return { base: base.name, format: base.format, bytes, detect: next() < 0.5 };
}
