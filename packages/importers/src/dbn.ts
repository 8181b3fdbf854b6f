import type { BarParser, ParserOptions } from './bar-sink.js';
import { ByteQueue } from './byte-queue.js';
import { METADATA_BYTES_MAX, dbnMetadata, symbolOf, type DbnMetadata } from './dbn-metadata.js';
import { quoted, unreadable } from './refusals.js';

const MAGIC = 'DBN';
const VERSIONS = [1, 2, 3];
const PREFIX_BYTES = 8;
const HEADER_BYTES = 16;
const BAR_BYTES = 56;
const RTYPE_MINUTE = 33;
const RTYPE_BARS = [32, 33, 34, 35];
const HIGH_WORD = 2 ** 32;
const DAY_US = 86_400_000_000;

/** First bytes of a DBN file. */
export function isDbn(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 3) === MAGIC && bytes.length >= 4;
}

/** A signed 64-bit number; NaN beyond 2^53, where no price or volume of ours lies. */
function int64(bytes: Buffer, at: number): number {
  const value = bytes.readInt32LE(at + 4) * HIGH_WORD + bytes.readUInt32LE(at);
  return Number.isSafeInteger(value) ? value : NaN;
}

/** Nanoseconds as microseconds, without the detour over a number that cannot hold them. */
function microseconds(bytes: Buffer, at: number): number {
  const high = bytes.readUInt32LE(at + 4);
  const low = bytes.readUInt32LE(at);
  // high * 2^32 / 1000, exactly: 2^32 = 4294967 * 1000 + 296.
  const rest = high * 296 + low;
  return high * 4_294_967 + Math.floor(rest / 1_000);
}

/** Databento Binary Encoding, versions 1 to 3 (domain.md 3.1). Records of other types are passed over. */
export class DbnBars implements BarParser {
  readonly #queue = new ByteQueue();
  #metadata: DbnMetadata | null = null;
  #records = 0;
  #others = 0;
  #day = NaN;
  #date = 0;
  #key = '';
  #id = -1;

  constructor(private readonly options: ParserOptions) {}

  member(_name: string): void {
    this.#records = 0;
  }

  write(bytes: Buffer): void {
    const queue = this.#queue;
    queue.push(bytes);
    if (this.#metadata === null && !this.#begin()) return;
    while (queue.length >= HEADER_BYTES) {
      const size = queue.peek(1)[0]! * 4;
      if (size < HEADER_BYTES) {
        const place = `Record ${this.#records + 1}, at byte ${queue.taken},`;
        throw unreadable(this.options.name, `${place} gives itself ${size} bytes. Copy the file again`);
      }
      if (queue.length < size) break;
      this.#records++;
      this.#record(queue.take(size));
    }
    queue.compact();
  }

  /** Reads the metadata as soon as all of them are there. */
  #begin(): boolean {
    const { name } = this.options;
    const queue = this.#queue;
    if (queue.length < PREFIX_BYTES) return false;
    const prefix = queue.peek(PREFIX_BYTES);
    const version = prefix[3]!;
    if (!isDbn(prefix)) throw unreadable(name, 'It does not begin as DBN does');
    if (!VERSIONS.includes(version)) {
      throw unreadable(name, `It is DBN of version ${version}; versions 1 to 3 can be read`);
    }
    const length = prefix.readUInt32LE(4);
    if (length > METADATA_BYTES_MAX) {
      throw unreadable(
        name,
        `Its metadata have ${length} bytes, more than the ${METADATA_BYTES_MAX} that are read`,
      );
    }
    if (queue.length < PREFIX_BYTES + length) return false;
    queue.take(PREFIX_BYTES);
    this.#metadata = dbnMetadata(name, version, queue.take(length));
    return true;
  }

  #record(bytes: Buffer): void {
    const rtype = bytes[1]!;
    if (rtype !== RTYPE_MINUTE) {
      this.#others++;
      if (RTYPE_BARS.includes(rtype)) {
        this.options.sink.problem(
          this.#records,
          `Expected bars of one minute (rtype 33), was rtype ${rtype}`,
        );
      }
      return;
    }
    if (bytes.length < BAR_BYTES) {
      this.options.sink.problem(
        this.#records,
        `A bar has at least ${BAR_BYTES} bytes, this one ${bytes.length}`,
      );
      return;
    }
    const stamp_us = microseconds(bytes, 8);
    if (!this.options.picker.wants(this.#symbol(bytes.readUInt32LE(4), stamp_us))) return;
    this.options.sink.bar(
      this.#records,
      stamp_us,
      int64(bytes, 16) / 1e9,
      int64(bytes, 24) / 1e9,
      int64(bytes, 32) / 1e9,
      int64(bytes, 40) / 1e9,
      int64(bytes, 48),
    );
  }

  #symbol(id: number, stamp_us: number): string {
    const day = Math.floor(stamp_us / DAY_US);
    if (day === this.#day && id === this.#id) return this.#key;
    if (day !== this.#day) {
      this.#day = day;
      const date = new Date(day * 86_400_000);
      this.#date = date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
    }
    this.#id = id;
    this.#key = this.#metadata === null ? String(id) : symbolOf(this.#metadata, id, this.#date);
    return this.#key;
  }

  end(): void {
    if (this.#metadata === null || this.#queue.length > 0) {
      throw unreadable(
        this.options.name,
        `It ends inside ${this.#metadata === null ? 'its metadata' : `record ${this.#records + 1}`}. Copy the file again`,
      );
    }
  }

  notes(): readonly string[] {
    const found = [];
    if (this.#metadata !== null) {
      found.push(
        `DBN version ${this.#metadata.version} of ${quoted(this.#metadata.dataset)}, schema ohlcv-1m`,
      );
    }
    if (this.#others > 0) found.push(`${this.#others} records of other types were passed over`);
    return found;
  }
}
