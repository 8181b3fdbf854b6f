import { LineParser } from './line-parser.js';
import { priceOf, volumeOf } from './numbers.js';
import { quoted, unreadable } from './refusals.js';
import { Dates, isoStamp } from './stamps.js';

const NEEDED = 'ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume'.split(',');
const RTYPE_MINUTE = '33';
const NANOSECONDS = /^\d{19}$/;
const FIXED_PRICE = /^-?\d{1,19}$/;
/** Prices below this as written are points: a billionth of a point is the unit otherwise, and no market has a price of 0.01. */
const FIXED_PRICE_MIN = 10_000_000;

/** Names of bar schemas by their record type, for messages. */
export const RTYPE_NAMES: Readonly<Record<string, string>> = {
  '32': 'bars of one second (ohlcv-1s)',
  '34': 'bars of one hour (ohlcv-1h)',
  '35': 'bars of one day (ohlcv-1d)',
};

/** Whether a first line is that of a Databento file of bars. */
export function isDatabentoHeader(line: string): boolean {
  const names = line.trim().split(',');
  return NEEDED.every((name) => names.includes(name));
}

/** Databento CSV: nanoseconds and billionths, or "pretty" ISO times and decimals; several instruments interleaved. */
export class DatabentoCsv extends LineParser {
  readonly #dates = new Dates();
  #columns: ReadonlyMap<string, number> = new Map();
  #count = 0;
  /** Decided by the first row; a file is of one kind. */
  #fixed: boolean | null = null;
  #nanoseconds = false;
  readonly #at = { ts: 0, rtype: 0, id: 0, open: 0, high: 0, low: 0, close: 0, volume: 0, symbol: -1 };

  protected line(text: string, number: number): void {
    if (number === 1) {
      this.#header(text);
      return;
    }
    const at = this.#at;
    const fields = text.split(',');
    if (fields.length !== this.#count) {
      this.sink.problem(number, `Expected ${this.#count} fields as in the header, was ${fields.length}`);
      return;
    }
    const key = (at.symbol < 0 ? '' : fields[at.symbol]!) || fields[at.id]!;
    if (!this.options.picker.wants(key)) return;
    const rtype = fields[at.rtype]!;
    if (rtype !== RTYPE_MINUTE) {
      const what = RTYPE_NAMES[rtype] ?? `records of type ${quoted(rtype)}`;
      this.sink.problem(
        number,
        `Expected bars of one minute (rtype 33), was ${what}. Export the schema ohlcv-1m`,
      );
      return;
    }
    const stamp_us = this.#stamp(fields[at.ts]!, number);
    if (stamp_us === null) return;
    this.#fixed ??= FIXED_PRICE.test(fields[at.open]!) && Number(fields[at.open]!) >= FIXED_PRICE_MIN;
    this.sink.bar(
      number,
      stamp_us,
      this.#price(fields[at.open]!),
      this.#price(fields[at.high]!),
      this.#price(fields[at.low]!),
      this.#price(fields[at.close]!),
      volumeOf(fields[at.volume]!),
    );
  }

  #header(text: string): void {
    const names = text.trim().split(',');
    this.#columns = new Map(names.map((name, place) => [name, place]));
    this.#count = names.length;
    const missing = NEEDED.filter((name) => !this.#columns.has(name));
    if (missing.length > 0) {
      throw unreadable(this.options.name, `The header lacks ${missing.join(', ')}; it is ${quoted(text)}`);
    }
    const place = (name: string): number => this.#columns.get(name) ?? -1;
    const at = this.#at;
    [at.ts, at.rtype, at.id, at.symbol] = ['ts_event', 'rtype', 'instrument_id', 'symbol'].map(place) as [
      number,
      number,
      number,
      number,
    ];
    [at.open, at.high, at.low, at.close, at.volume] = ['open', 'high', 'low', 'close', 'volume'].map(
      place,
    ) as [number, number, number, number, number];
  }

  #stamp(text: string, number: number): number | null {
    if (NANOSECONDS.test(text)) {
      this.#nanoseconds = true;
      // Nanoseconds exceed 2^53: the last three digits are cut as text.
      return Number(text.slice(0, -3));
    }
    const stamp = isoStamp(text, this.#dates);
    if (stamp?.offset_us === 0 && !this.#nanoseconds) return stamp.wall_us;
    this.sink.problem(number, `Expected a time in UTC as in the rows before, was ${quoted(text)}`);
    return null;
  }

  #price(text: string): number {
    if (this.#fixed !== true) return priceOf(text);
    return FIXED_PRICE.test(text) ? Number(text) / 1e9 : NaN;
  }

  override notes(): readonly string[] {
    const found = super.notes();
    if (this.#fixed === null) return found;
    const times = this.#nanoseconds ? 'nanoseconds' : 'ISO in UTC';
    const prices = this.#fixed ? 'billionths of a point (by their size)' : 'decimals';
    return [
      ...found,
      `times are ${times}, prices ${prices}`,
      'rtype 33: bars of one minute, stamped by their open',
    ];
  }
}
