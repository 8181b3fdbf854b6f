import { LineParser } from './line-parser.js';
import { digitsAt, priceOf, volumeOf } from './numbers.js';
import { quoted } from './refusals.js';
import { Dates, clock } from './stamps.js';

const LAYOUT = 'yyyyMMdd HHmmss;open;high;low;close;volume';
const FIELDS = 6;

export const SEMICOLON_ROW = /^\d{8} \d{6};[\d.]+;[\d.]+;[\d.]+;[\d.]+;\d+$/;

/** Minutes as NinjaTrader exports them and histdata sells them: one layout, two zones and two stamp sides. */
export class SemicolonMinutes extends LineParser {
  readonly #dates = new Dates();

  protected line(text: string, number: number): void {
    const fields = text.split(';');
    if (fields.length !== FIELDS) {
      this.sink.problem(number, `Expected ${LAYOUT}, was ${quoted(text)}`);
      return;
    }
    const stamp = fields[0]!;
    const date = this.#dates.start(digitsAt(stamp, 0, 4), digitsAt(stamp, 4, 2), digitsAt(stamp, 6, 2));
    const time = clock(digitsAt(stamp, 9, 2), digitsAt(stamp, 11, 2), digitsAt(stamp, 13, 2));
    if (stamp.length !== 15 || stamp[8] !== ' ' || Number.isNaN(date + time)) {
      this.sink.problem(number, `Expected a time such as 20250915 133000, was ${quoted(stamp)}`);
      return;
    }
    this.sink.bar(
      number,
      date + time,
      priceOf(fields[1]!),
      priceOf(fields[2]!),
      priceOf(fields[3]!),
      priceOf(fields[4]!),
      volumeOf(fields[5]!),
    );
  }
}
