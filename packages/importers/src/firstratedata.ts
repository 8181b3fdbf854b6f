import { LineParser } from './line-parser.js';
import { priceOf, volumeOf } from './numbers.js';
import { quoted } from './refusals.js';
import { Dates, isoStamp } from './stamps.js';

const LAYOUT = 'timestamp,open,high,low,close,volume';
const FIELDS = 6;

export const FIRSTRATE_HEADER = /^(timestamp|datetime|date),open,high,low,close,volume$/i;
export const FIRSTRATE_ROW = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(,[\d.]+){4},\d+(\.0+)?$/;

/** FirstRateData: `yyyy-MM-dd HH:mm:ss` in wall time; .csv with a header, .txt without. */
export class FirstRateMinutes extends LineParser {
  readonly #dates = new Dates();

  protected line(text: string, number: number): void {
    if (number === 1 && FIRSTRATE_HEADER.test(text.trim())) return;
    const fields = text.split(',');
    if (fields.length !== FIELDS) {
      this.sink.problem(number, `Expected ${LAYOUT}, was ${quoted(text)}`);
      return;
    }
    const stamp = isoStamp(fields[0]!, this.#dates);
    if (stamp === null) {
      this.sink.problem(number, `Expected a time such as 2025-09-15 09:30:00, was ${quoted(fields[0]!)}`);
      return;
    }
    if (stamp.offset_us !== null) {
      this.sink.problem(
        number,
        `The other rows are in wall time, and this one names an offset: ${quoted(fields[0]!)}`,
      );
      return;
    }
    this.sink.bar(
      number,
      stamp.wall_us,
      priceOf(fields[1]!),
      priceOf(fields[2]!),
      priceOf(fields[3]!),
      priceOf(fields[4]!),
      volumeOf(fields[5]!),
    );
  }
}
