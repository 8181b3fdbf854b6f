import type { Instrument } from '@bellwether/market';
import type { CsvRow } from './csv-row.js';

/**
 * Rows in their usual form, straight from the bytes. Whatever is not in that form is left to {@link CsvRowReader}, which
 * reads it as text, or says what is wrong with it: a row that is read here is one that it would read alike.
 */

const COMMA = 44;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const CAPITAL_T = 84;
const CAPITAL_Z = 90;

const STAMP_BYTES = 20;
const INTEGER_DIGITS_MAX = 7;
const DECIMALS_MAX = 6;
const VOLUME_DIGITS_MAX = 15;
const TICKS_MAX = 2_147_483_647;

/** What `digits` gives where there is something else. */
const NONE = -1;

/** A number of exactly so many digits. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = bytes[i]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NONE;
    value = value * 10 + digit;
  }
  return value;
}

export class ByteRows {
  #at = 0;
  /** Day of the last row as yyyymmdd, and the microseconds at its start: rows of one day follow each other. */
  #day = NONE;
  #day_us = 0;
  /** Millionths of a point in one tick. */
  readonly #tick_e6: number;

  constructor(instrument: Instrument) {
    this.#tick_e6 = instrument.tick_size_e4 * 100;
  }

  /** Takes over the day of a row that was read as text. */
  startDay(open_us: number): void {
    const start = Math.floor(open_us / 86_400_000_000) * 86_400_000_000;
    const date = new Date(start / 1_000);
    this.#day = date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
    this.#day_us = start;
  }

  /** The row that stands between these places, without its line end, or null for one of another form. */
  read(bytes: Uint8Array, start: number, end: number): CsvRow | null {
    const open_us = this.#stamp(bytes, start, end);
    if (open_us === NONE) return null;
    this.#at = start + STAMP_BYTES + 1;
    const open_ticks = this.#ticks(bytes, end);
    const high_ticks = this.#ticks(bytes, end);
    const low_ticks = this.#ticks(bytes, end);
    const close_ticks = this.#ticks(bytes, end);
    if (open_ticks < 1 || high_ticks < 1 || low_ticks < 1 || close_ticks < 1) return null;
    if (end - this.#at > VOLUME_DIGITS_MAX || end <= this.#at) return null;
    const volume = digits(bytes, this.#at, end - this.#at);
    if (volume === NONE) return null;
    return { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume };
  }

  /** `2025-09-15T13:30:00Z,` of the day of the row before. */
  #stamp(bytes: Uint8Array, at: number, end: number): number {
    if (at + STAMP_BYTES >= end) return NONE;
    const year = digits(bytes, at, 4);
    const month = digits(bytes, at + 5, 2);
    const day = digits(bytes, at + 8, 2);
    const hour = digits(bytes, at + 11, 2);
    const minute = digits(bytes, at + 14, 2);
    const second = digits(bytes, at + 17, 2);
    if (year < 0 || month < 0 || day < 0 || year * 10_000 + month * 100 + day !== this.#day) return NONE;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NONE;
    const framed =
      bytes[at + 4] === DASH &&
      bytes[at + 7] === DASH &&
      bytes[at + 10] === CAPITAL_T &&
      bytes[at + 13] === COLON &&
      bytes[at + 16] === COLON &&
      bytes[at + 19] === CAPITAL_Z &&
      bytes[at + 20] === COMMA;
    return framed ? this.#day_us + (hour * 3_600 + minute * 60 + second) * 1_000_000 : NONE;
  }

  /** A price and the comma behind it, in ticks; {@link NONE} where it is none or not on the grid. */
  #ticks(bytes: Uint8Array, end: number): number {
    let at = this.#at;
    if (at < 0) return NONE;
    let value = 0;
    const first = at;
    let digit = bytes[at]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at]! - ZERO;
    }
    const integers = at - first;
    let decimals = 0;
    if (bytes[at] === DOT) {
      digit = bytes[++at]! - ZERO;
      while (digit >= 0 && digit <= 9 && decimals < DECIMALS_MAX) {
        value = value * 10 + digit;
        decimals++;
        digit = bytes[++at]! - ZERO;
      }
      if (decimals === 0) return this.#fail();
    }
    if (integers === 0 || integers > INTEGER_DIGITS_MAX || at >= end || bytes[at] !== COMMA) {
      return this.#fail();
    }
    this.#at = at + 1;
    for (; decimals < DECIMALS_MAX; decimals++) value *= 10;
    const ticks = value / this.#tick_e6;
    return value % this.#tick_e6 === 0 && ticks <= TICKS_MAX ? ticks : NONE;
  }

  #fail(): number {
    this.#at = NONE;
    return NONE;
  }
}
