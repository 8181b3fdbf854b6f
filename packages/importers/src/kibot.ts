import { LineParser } from './line-parser.js';
import { digitsAt, priceOf, volumeOf } from './numbers.js';
import { quoted } from './refusals.js';
import { Dates, clock } from './stamps.js';

const LAYOUT = 'MM/dd/yyyy,HH:mm,open,high,low,close,volume';
const FIELDS = 7;

export const KIBOT_ROW = /^\d\d\/\d\d\/\d{4},\d\d:\d\d,[\d.]+,[\d.]+,[\d.]+,[\d.]+,\d+$/;

/** Kibot: date and time in columns of their own, no header. */
export class KibotMinutes extends LineParser {
  readonly #dates = new Dates();

  protected line(text: string, number: number): void {
    const fields = text.split(',');
    const [date = '', time = ''] = fields;
    if (fields.length !== FIELDS) {
      this.sink.problem(number, `Expected ${LAYOUT}, was ${quoted(text)}`);
      return;
    }
    const day = this.#dates.start(digitsAt(date, 6, 4), digitsAt(date, 0, 2), digitsAt(date, 3, 2));
    const minute = clock(digitsAt(time, 0, 2), digitsAt(time, 3, 2), 0);
    const framed =
      date.length === 10 && date[2] === '/' && date[5] === '/' && time.length === 5 && time[2] === ':';
    if (!framed || Number.isNaN(day + minute)) {
      this.sink.problem(number, `Expected a time such as 09/15/2025,08:30, was ${quoted(`${date},${time}`)}`);
      return;
    }
    this.sink.bar(
      number,
      day + minute,
      priceOf(fields[2]!),
      priceOf(fields[3]!),
      priceOf(fields[4]!),
      priceOf(fields[5]!),
      volumeOf(fields[6]!),
    );
  }
}
