import { LineParser } from './line-parser.js';
import { priceOf, volumeOf } from './numbers.js';
import { quoted, unreadable } from './refusals.js';
import { Dates, Offsets, isoStamp } from './stamps.js';

const NEEDED = ['time', 'open', 'high', 'low', 'close'] as const;
const UNIX_SECONDS = /^\d{9,10}$/;

/** Where the columns of a TradingView header stand; null where it is none. `volume` is -1 without such a column. */
export function tradingviewColumns(header: string): readonly number[] | null {
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  const places = NEEDED.map((name) => names.indexOf(name));
  return places[0] === 0 && !places.includes(-1) ? [...places, names.indexOf('volume')] : null;
}

/** TradingView: columns by name, since plots stand between them and their order is not fixed. */
export class TradingviewBars extends LineParser {
  readonly #dates = new Dates();
  readonly #offsets = new Offsets();
  #columns: readonly number[] = [];
  #count = 0;
  #seconds = 0;
  #texts = 0;

  protected line(text: string, number: number): void {
    if (number === 1) {
      const columns = tradingviewColumns(text);
      if (columns === null) {
        throw unreadable(
          this.options.name,
          `Expected a header with time,open,high,low,close, was ${quoted(text)}`,
        );
      }
      this.#columns = columns;
      this.#count = text.split(',').length;
      return;
    }
    const fields = text.split(',');
    if (fields.length !== this.#count) {
      this.sink.problem(number, `Expected ${this.#count} fields as in the header, was ${fields.length}`);
      return;
    }
    const stamp_us = this.#stamp(fields[0]!, number);
    if (stamp_us === null) return;
    const [, open, high, low, close, volume] = this.#columns;
    const price = (column: number | undefined): number => priceOf(fields[column ?? -1] ?? '');
    const size = volume === undefined || volume < 0 ? 0 : volumeOf(fields[volume] ?? '');
    this.sink.bar(number, stamp_us, price(open), price(high), price(low), price(close), size);
  }

  #stamp(text: string, number: number): number | null {
    if (UNIX_SECONDS.test(text)) {
      this.#seconds++;
      return Number(text) * 1_000_000;
    }
    const stamp = isoStamp(text, this.#dates);
    if (stamp === null) {
      const expected = 'Expected Unix seconds or a time such as 2025-09-15T08:30:00-05:00';
      this.sink.problem(number, `${expected}, was ${quoted(text)}`);
      return null;
    }
    const doubt = this.#offsets.doubt(stamp.offset_us);
    if (doubt !== null || stamp.offset_us === null) {
      this.sink.problem(number, `${doubt ?? 'No offset'}: ${quoted(text)}`);
      return null;
    }
    this.#texts++;
    return stamp.wall_us - stamp.offset_us;
  }

  override notes(): readonly string[] {
    const found = [...super.notes()];
    if (this.#seconds > 0) found.push('times are Unix seconds');
    if (this.#texts > 0) found.push('times are ISO with an offset');
    if ((this.#columns[5] ?? -1) < 0) found.push('there is no column of volume');
    return found;
  }
}
