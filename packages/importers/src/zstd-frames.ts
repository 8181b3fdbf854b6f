import { Decompress } from 'fzstd';
import { ByteQueue } from './byte-queue.js';
import { unreadable } from './refusals.js';

/** What a decoder keeps at a time; `zstd` itself goes no further unless told to. */
export const WINDOW_BYTES_MAX = 128 * 1024 * 1024;
const BLOCK_BYTES_MAX = 128 * 1024;

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MIN = 0x184d2a50;
const SKIPPABLE_MAX = 0x184d2a5f;
const HEADER_BYTES_MAX = 18;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

export function isZstd(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === MAGIC;
}

interface FrameHeader {
  readonly bytes: number;
  readonly window_bytes: number;
  readonly checksum: boolean;
}

/** RFC 8878, 3.1.1.1. `head` begins with the magic number; null where more of it is needed. */
function frameHeader(name: string, head: Buffer): FrameHeader | null {
  const descriptor = head[4]!;
  const single = (descriptor & 0x20) !== 0;
  const dictionaryFlag = descriptor & 3;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(single) : 1 << sizeFlag;
  const dictionaryBytes = dictionaryFlag === 3 ? 4 : dictionaryFlag;
  const bytes = 5 + Number(!single) + dictionaryBytes + sizeBytes;
  if (head.length < bytes) return null;
  if (dictionaryFlag !== 0)
    throw unreadable(name, 'It was compressed with a dictionary, which is not in the file');
  if ((descriptor & 8) !== 0) throw unreadable(name, 'This is not valid zstd data. Copy the file again');
  let window_bytes = 0;
  if (single) {
    const at = bytes - sizeBytes;
    if (sizeBytes === 1) window_bytes = head[at]!;
    else if (sizeBytes === 2) window_bytes = head.readUInt16LE(at) + 256;
    else if (sizeBytes === 4) window_bytes = head.readUInt32LE(at);
    else window_bytes = head.readUInt32LE(at) + head.readUInt32LE(at + 4) * 2 ** 32;
  } else {
    const base = 2 ** (10 + (head[5]! >> 3));
    window_bytes = base + (base / 8) * (head[5]! & 7);
  }
  return { bytes, window_bytes, checksum: (descriptor & 4) !== 0 };
}

type State = 'frame' | 'block' | 'checksum' | 'skip';

/**
 * Unpacks zstd. Frames and blocks are found here, and each whole block is given to `fzstd`, so that what a frame asks for
 * is known before memory is taken, and an end that comes too early is seen.
 */
export class ZstdFrames {
  readonly #queue = new ByteQueue();
  #state: State = 'frame';
  #frame: Decompress | null = null;
  #checksum = false;
  #skip = 0;
  readonly #out: Buffer[] = [];

  constructor(private readonly name: string) {}

  /** What these bytes unpack to, a block at a time: few bytes can become very many. @throws BellwetherError `data_unreadable` */
  *unpack(bytes: Buffer): Generator<Buffer, void, undefined> {
    this.#queue.push(bytes);
    while (this.#step()) yield* this.#out.splice(0);
    this.#queue.compact();
  }

  /** @throws BellwetherError `data_unreadable` where the data end inside a frame */
  end(): void {
    if (this.#state === 'frame' && this.#queue.length === 0) return;
    throw unreadable(this.name, 'The compressed data end too early. Copy the file again');
  }

  #invalid(cause?: unknown): Error {
    return unreadable(this.name, 'This is not valid zstd data. Copy the file again', cause);
  }

  /** One part of the data; false where more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case 'frame':
        return this.#beginFrame();
      case 'block':
        return this.#block();
      case 'checksum':
        if (this.#queue.length < CHECKSUM_BYTES) return false;
        this.#queue.take(CHECKSUM_BYTES);
        this.#state = 'frame';
        return true;
      case 'skip': {
        const skipped = this.#queue.take(this.#skip).length;
        this.#skip -= skipped;
        if (this.#skip === 0) this.#state = 'frame';
        return this.#skip === 0;
      }
    }
  }

  #beginFrame(): boolean {
    const queue = this.#queue;
    if (queue.length < 8) return false;
    const head = queue.peek(HEADER_BYTES_MAX);
    const magic = head.readUInt32LE(0);
    if (magic >= SKIPPABLE_MIN && magic <= SKIPPABLE_MAX) {
      this.#skip = head.readUInt32LE(4);
      queue.take(8);
      this.#state = 'skip';
      return true;
    }
    if (magic !== MAGIC) throw this.#invalid();
    const header = frameHeader(this.name, head);
    if (header === null) return false;
    if (header.window_bytes > WINDOW_BYTES_MAX) {
      const needs = `Unpacking it takes a window of ${header.window_bytes} bytes`;
      throw unreadable(this.name, `${needs}, more than ${WINDOW_BYTES_MAX}. Unpack it with zstd first`);
    }
    this.#checksum = header.checksum;
    this.#frame = new Decompress(({ buffer, byteOffset, length }) => {
      if (length > 0) this.#out.push(Buffer.from(buffer, byteOffset, length));
    });
    this.#give(queue.take(header.bytes), false);
    this.#state = 'block';
    return true;
  }

  #block(): boolean {
    const queue = this.#queue;
    if (queue.length < BLOCK_HEADER_BYTES) return false;
    const header = queue.peek(BLOCK_HEADER_BYTES).readUIntLE(0, BLOCK_HEADER_BYTES);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (size > BLOCK_BYTES_MAX || type === RESERVED_BLOCK) throw this.#invalid();
    const whole = BLOCK_HEADER_BYTES + (type === RLE_BLOCK ? 1 : size);
    if (queue.length < whole) return false;
    if ((header & 1) === 0) {
      this.#give(queue.take(whole), false);
      return true;
    }
    // The library gives out a short frame at its end alone, and wants the checksum, which it does not look at.
    const checksum = Buffer.alloc(this.#checksum ? CHECKSUM_BYTES : 0);
    this.#give(Buffer.concat([queue.take(whole), checksum]), true);
    this.#frame = null;
    this.#state = this.#checksum ? 'checksum' : 'frame';
    return true;
  }

  #give(bytes: Buffer, last: boolean): void {
    try {
      this.#frame?.push(bytes, last);
    } catch (cause) {
      throw this.#invalid(cause);
    }
  }
}
