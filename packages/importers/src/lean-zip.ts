import { LineParser } from './line-parser.js';
import { digitsAt, priceOf, volumeOf } from './numbers.js';
import { quoted, unreadable } from './refusals.js';
import { Dates } from './stamps.js';

const DAY_MS = 86_400_000;
const FIELDS = 6;
const QUOTE_FIELDS = 11;

/** `20131007_es_minute_trade_201312_20131220.csv` and its older spellings: date, product, expiry. */
const MEMBER =
  /^(?:.*\/)?(\d{8})_([a-z0-9]+)_minute_(trade|quote|openinterest)(?:_american|_european)?(?:_(\d{6,8}))?(?:_\d{8})?\.csv$/i;
const MONTHS: Readonly<Record<string, string>> = { '03': 'H', '06': 'M', '09': 'U', '12': 'Z' };

export function isLeanMember(name: string): boolean {
  return MEMBER.test(name);
}

/** LEAN's minutes of one day: milliseconds since midnight of the date in the member's name. */
export class LeanMinutes extends LineParser {
  readonly #dates = new Dates();
  #day_us = NaN;
  #wanted = false;
  #key = '';
  /** Lines of members before, so that a place is one of the whole archive. */
  #before = 0;
  #lines = 0;
  #members = 0;

  override member(name: string): void {
    super.member(name);
    this.#before += this.#lines;
    this.#lines = 0;
    this.#members++;
    const match = MEMBER.exec(name);
    if (match === null) {
      throw unreadable(
        this.options.name,
        `Expected members such as 20131007_es_minute_trade_201312.csv, was ${quoted(name)}`,
      );
    }
    const [, date = '', product = '', kind = '', expiry] = match;
    if (kind.toLowerCase() !== 'trade') {
      throw unreadable(
        this.options.name,
        `It holds ${kind}s, not trades: take the zip that ends in _trade.zip`,
      );
    }
    this.#day_us = this.#dates.start(digitsAt(date, 0, 4), digitsAt(date, 4, 2), digitsAt(date, 6, 2));
    if (Number.isNaN(this.#day_us))
      throw unreadable(this.options.name, `There is no date ${date} (${quoted(name)})`);
    const month = expiry === undefined ? '' : `${MONTHS[expiry.slice(4, 6)] ?? '?'}${expiry.slice(2, 4)}`;
    this.#key = product.toUpperCase() + month;
  }

  protected line(text: string, number: number): void {
    this.#lines = number;
    const place = this.#before + number;
    // Asked for each bar, as the count of bars is what a refusal names.
    this.#wanted = this.options.picker.wants(this.#key);
    if (!this.#wanted) return;
    const fields = text.split(',');
    const ms = Number(fields[0]);
    if (fields.length !== FIELDS) {
      const quote =
        fields.length === QUOTE_FIELDS ? ' These are quotes: take the zip that ends in _trade.zip' : '';
      this.sink.problem(place, `Expected ms,open,high,low,close,volume, was ${quoted(text)}.${quote}`);
      return;
    }
    if (!(Number.isInteger(ms) && ms >= 0 && ms < DAY_MS)) {
      this.sink.problem(place, `Expected milliseconds since midnight, was ${quoted(fields[0]!)}`);
      return;
    }
    this.sink.bar(
      place,
      this.#day_us + ms * 1_000,
      priceOf(fields[1]!),
      priceOf(fields[2]!),
      priceOf(fields[3]!),
      priceOf(fields[4]!),
      volumeOf(fields[5]!),
    );
  }

  override notes(): readonly string[] {
    return [...super.notes(), `${this.#members} members, dated by their names`];
  }
}
