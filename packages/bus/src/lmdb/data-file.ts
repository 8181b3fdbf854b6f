import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { StoreCorrupt } from './message-record.js';

/** LMDB's `MDB_MAGIC`, first field of `MDB_meta` (mdb.c of the fork in lmdb 3.5). */
const MAGIC = 0xbeefc0de;
/** Bytes of a page header; the meta record follows it. */
const META_START = 24;
const PAGE_SIZE_AT = META_START + 24;
const LAST_PAGE_AT = META_START + 120;
const TRANSACTION_AT = META_START + 128;
const META_BYTES = META_START + 136;

interface Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

function metaAt(file: number, path: string, offset: number): Meta {
  const bytes = Buffer.alloc(META_BYTES);
  const length = readSync(file, bytes, 0, META_BYTES, offset);
  if (length < META_BYTES || bytes.readUInt32LE(META_START) !== MAGIC) {
    throw new StoreCorrupt(`${path}: Not an LMDB file, or its head is torn`);
  }
  return {
    pageBytes: bytes.readUInt32LE(PAGE_SIZE_AT),
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: bytes.readBigUInt64LE(TRANSACTION_AT),
  };
}

/**
 * Throws {@link StoreCorrupt} where LMDB's data file is not one, or shorter than the pages it says it has. LMDB maps the
 * file and would end the process with a bus error at the first page that is missing. A new, empty store passes.
 */
export function checkDataFile(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    // Its fields stand in the byte order of the machine; LMDB itself refuses a file of the other order.
    if (size === 0 || endianness() !== 'LE') return;
    const first = metaAt(file, path, 0);
    const second = metaAt(file, path, first.pageBytes);
    const newest = first.transaction > second.transaction ? first : second;
    const needed = (newest.lastPage + 1) * newest.pageBytes;
    if (size < needed) {
      throw new StoreCorrupt(
        `${path}: Expected at least ${needed} bytes, was ${size}: the file is truncated`,
      );
    }
  } finally {
    closeSync(file);
  }
}
