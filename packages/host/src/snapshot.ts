import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { BlobStore } from '@bellwether/bus';
import type { FrameHead } from '@bellwether/kernel';

/** What every snapshot says of itself: the last frame that it covers. */
export interface Covering {
  readonly head: { readonly seq: number };
}

/** Everything a unit of stages needs to go on after a frame, without what came before it. */
export interface Snapshot {
  readonly head: FrameHead;
  /** Stream sequence of the last input it covers. */
  readonly inputSequence: number;
  /** Stream sequence of its own output for that input. */
  readonly outputSequence: number;
  readonly stages: readonly { readonly stage: string; readonly logicVersion: number }[];
  readonly states: readonly unknown[];
}

const MAGIC = Buffer.from('BWSNAP1\n', 'latin1');
const DIGEST_BYTES = 32;

/** Largest snapshot: far above what the stages need, small enough to be noticed when a state leaks. */
export const SNAPSHOT_BYTES_MAX = 64 * 1024 * 1024;

/** A snapshot that cannot be trusted. The older one, or a replay from the beginning, takes its place. */
export class SnapshotCorrupt extends Error {
  override readonly name = 'SnapshotCorrupt';
  readonly code = 'snapshot_corrupt';
}

/** Header, SHA-256, and the V8 serialisation of the snapshot (exact for doubles, typed arrays and -0). */
export function encodeSnapshot(snapshot: object): Uint8Array {
  const body = serialize(snapshot);
  if (body.length > SNAPSHOT_BYTES_MAX) {
    throw new SnapshotCorrupt(`Snapshot of ${body.length} bytes is above the bound of ${SNAPSHOT_BYTES_MAX}`);
  }
  return Buffer.concat([MAGIC, createHash('sha256').update(body).digest(), body]);
}

/** The value that {@link encodeSnapshot} was given. Throws {@link SnapshotCorrupt} unless the bytes are whole. */
export function decodeSnapshot(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const bodyStart = MAGIC.length + DIGEST_BYTES;
  if (buffer.length <= bodyStart || !buffer.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new SnapshotCorrupt('Snapshot has no valid header');
  }
  const body = buffer.subarray(bodyStart);
  const digest = createHash('sha256').update(body).digest();
  if (!digest.equals(buffer.subarray(MAGIC.length, bodyStart))) {
    throw new SnapshotCorrupt('Snapshot does not match its checksum');
  }
  return deserialize(body);
}

/** Two slots, written in turn, so that a torn write never costs the last good one. */
export class SnapshotStore<T extends Covering> {
  private nextSlot = 0;

  constructor(
    private readonly blobs: BlobStore,
    private readonly name: string,
    private readonly onCorrupt: (slot: number, cause: unknown) => void,
  ) {}

  private slot(index: number): string {
    return `snapshot/${this.name}/${index}`;
  }

  /** The newest whole snapshot that covers nothing after `seqMax`, or null. */
  async newest(seqMax: number): Promise<T | null> {
    let best: T | null = null;
    for (const index of [0, 1]) {
      const bytes = await this.blobs.get(this.slot(index));
      if (bytes === null) continue;
      try {
        // The checksum says that these are the bytes that this store wrote for a T.
        const snapshot = decodeSnapshot(bytes) as T;
        if (snapshot.head.seq > seqMax) continue;
        if (best === null || snapshot.head.seq > best.head.seq) {
          best = snapshot;
          this.nextSlot = 1 - index;
        }
      } catch (cause) {
        this.onCorrupt(index, cause);
      }
    }
    return best;
  }

  async save(snapshot: T): Promise<void> {
    await this.blobs.put(this.slot(this.nextSlot), encodeSnapshot(snapshot));
    this.nextSlot = 1 - this.nextSlot;
  }
}
