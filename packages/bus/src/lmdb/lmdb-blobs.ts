import { crc32 } from 'node:zlib';
import type { Database } from 'lmdb';
import { BusRefused, type BlobStore } from '../bus.js';
import { BLOB_BYTES_MAX, checkName } from '../limits.js';
import type { LmdbStore } from './lmdb-store.js';
import { StoreCorrupt } from './message-record.js';

/** LMDB needs the pages of one value side by side; pieces of this size find room among freed pages. */
const PIECE_BYTES = 256 * 1024;
const HEAD_BYTES = 12;

/** Blobs in pieces: the head (length, checksum) under [name], the pieces under [name, 1 …], written in one transaction. */
export class LmdbBlobs implements BlobStore {
  readonly #blobs: Database<Buffer, [string] | [string, number]>;

  constructor(private readonly store: LmdbStore) {
    this.#blobs = store.database<[string] | [string, number]>('blobs');
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    checkName('blob', name);
    if (bytes.length > BLOB_BYTES_MAX)
      throw new BusRefused(`${name}: Expected at most ${BLOB_BYTES_MAX} bytes`);
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeDoubleLE(bytes.length, 0);
    head.writeUInt32LE(crc32(bytes), 8);
    this.store.write(() => {
      const before = pieceCount(this.#lengthOf(name) ?? 0);
      const count = pieceCount(bytes.length);
      this.#blobs.putSync([name], head);
      for (let i = 0; i < count; i++) {
        this.#blobs.putSync(
          [name, i + 1],
          Buffer.from(bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES)),
        );
      }
      for (let i = count; i < before; i++) this.#blobs.removeSync([name, i + 1]);
    });
  }

  #lengthOf(name: string): number | null {
    return this.#blobs.get([name])?.readDoubleLE(0) ?? null;
  }

  async get(name: string): Promise<Uint8Array | null> {
    checkName('blob', name);
    this.store.refresh();
    // Read without a turn of the event loop in between, so from one snapshot of the store.
    const head = this.#blobs.get([name]);
    if (head === undefined) return null;
    if (head.length !== HEAD_BYTES) throw new StoreCorrupt(`The head of the blob ${name} is torn`);
    const length = head.readDoubleLE(0);
    const pieces: Buffer[] = [];
    for (let i = 0; i < pieceCount(length); i++) {
      const piece = this.#blobs.get([name, i + 1]);
      if (piece === undefined) throw new StoreCorrupt(`The blob ${name} lacks its piece ${i + 1}`);
      pieces.push(piece);
    }
    const bytes = Buffer.concat(pieces);
    if (bytes.length !== length || crc32(bytes) !== head.readUInt32LE(8)) {
      throw new StoreCorrupt(`The blob ${name} fails its checksum`);
    }
    return new Uint8Array(bytes);
  }
}

function pieceCount(bytes: number): number {
  return Math.ceil(bytes / PIECE_BYTES);
}
