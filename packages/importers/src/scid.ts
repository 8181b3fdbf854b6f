import type { BarParser, ParserOptions } from './bar-sink.js';
import { ByteQueue } from './byte-queue.js';
import { MinuteAggregator } from './minute-aggregator.js';
import { unreadable } from './refusals.js';

const MAGIC = 'SCID';
const HEADER_BYTES = 56;
const HEADER_BYTES_MAX = 4_096;
const RECORD_BYTES = 40;
/** Microseconds from 1899-12-30 to 1970-01-01. */
const EPOCH_US = 2_209_161_600_000_000;
const HIGH_WORD = 2 ** 32;
/** Times before 1990 or after 2100 are none: older files hold days as floating point here. */
const STAMP_MIN_US = 631_152_000_000_000;
const STAMP_MAX_US = 4_102_444_800_000_000;
/** An open below this marks a part of a trade that was split up (domain.md 3.2). */
const SPLIT_TRADE = -1e37;

export function isScid(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === MAGIC;
}

/** Sierra Chart's intraday file: trades and bars share one record (domain.md 3.2). Both become bars of one minute. */
export class ScidRecords implements BarParser {
  readonly #queue = new ByteQueue();
  readonly #minutes: MinuteAggregator;
  #begun = false;
  #records = 0;
  #trades = 0;
  #repeated = 0;
  /** The bar before, until it is known that no other one with its time takes its place. */
  #bar: Parameters<MinuteAggregator['add']> | null = null;

  constructor(private readonly options: ParserOptions) {
    this.#minutes = new MinuteAggregator(options.sink);
  }

  member(_name: string): void {
    this.#records = 0;
  }

  write(bytes: Buffer): void {
    const queue = this.#queue;
    queue.push(bytes);
    if (!this.#begun && !this.#begin()) return;
    while (queue.length >= RECORD_BYTES) {
      this.#records++;
      this.#record(queue.take(RECORD_BYTES));
    }
    queue.compact();
  }

  #begin(): boolean {
    const { name } = this.options;
    const queue = this.#queue;
    if (queue.length < HEADER_BYTES) return false;
    const head = queue.peek(HEADER_BYTES);
    if (!isScid(head)) throw unreadable(name, 'It does not begin as a .scid file does');
    const headerBytes = head.readUInt32LE(4);
    const recordBytes = head.readUInt32LE(8);
    if (headerBytes < HEADER_BYTES || headerBytes > HEADER_BYTES_MAX || recordBytes !== RECORD_BYTES) {
      const found = `${headerBytes} and ${recordBytes}`;
      throw unreadable(
        name,
        `Its header and records should have ${HEADER_BYTES} and ${RECORD_BYTES} bytes, was ${found}`,
      );
    }
    if (queue.length < headerBytes) return false;
    queue.take(headerBytes);
    this.#begun = true;
    return true;
  }

  #record(bytes: Buffer): void {
    const stamp_us = bytes.readInt32LE(4) * HIGH_WORD + bytes.readUInt32LE(0) - EPOCH_US;
    if (!(stamp_us >= STAMP_MIN_US && stamp_us < STAMP_MAX_US)) {
      const message =
        'The time is not one in microseconds. Files of old versions: open and save it in Sierra Chart';
      this.options.sink.problem(this.#records, message);
      return;
    }
    const open = bytes.readFloatLE(8);
    const close = bytes.readFloatLE(20);
    const volume = bytes.readUInt32LE(28);
    if (open === 0 || open < SPLIT_TRADE) {
      this.#trades++;
      this.#giveBar();
      this.#minutes.add(this.#records, stamp_us, close, close, close, close, volume);
    } else {
      const high = bytes.readFloatLE(12);
      const low = bytes.readFloatLE(16);
      if (this.#bar?.[1] === stamp_us) this.#repeated++;
      else this.#giveBar();
      this.#bar = [this.#records, stamp_us, open, high, low, close, volume];
    }
  }

  #giveBar(): void {
    if (this.#bar !== null) this.#minutes.add(...this.#bar);
    this.#bar = null;
  }

  end(): void {
    if (!this.#begun || this.#queue.length > 0) {
      const where = this.#begun ? `record ${this.#records + 1}` : 'its header';
      throw unreadable(this.options.name, `It ends inside ${where}. Copy the file again`);
    }
    this.#giveBar();
    this.#minutes.end();
  }

  notes(): readonly string[] {
    const bars = this.#records - this.#trades;
    const found = [`${this.#trades} trades and ${bars} bars, put together to bars of one minute`];
    if (this.#repeated > 0) found.push(`${this.#repeated} bars gave way to a later one with the same time`);
    return found;
  }
}
