import { LineParser } from './line-parser.js';
import { priceOf, volumeOf } from './numbers.js';
import { quoted } from './refusals.js';
import { Dates, isoStamp } from './stamps.js';

const LAYOUT = 'timestamp,high,low,open,close,total volume,period volume[,trades]';
/** What the feed writes after the last row. */
const END_OF_MESSAGE = '!ENDMSG!';
/** Word that newer protocols put before each row. */
const MESSAGE_WORD = /^L[A-Z],/;

export const IQFEED_ROW = /^(?:L[A-Z],)?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(,[\d.]+){4}(,\d+){2,3},?$/;

/** The numbers of a row after its time; null where it is no row. */
export function iqfeedFields(text: string): string[] | null {
  const fields = text.replace(MESSAGE_WORD, '').split(',');
  if (fields[fields.length - 1] === '') fields.pop();
  return fields.length === 7 || fields.length === 8 ? fields : null;
}

/** IQFeed interval bars: high and low before open and close, newest first, the volume of the bar after that of the day. */
export class IqfeedBars extends LineParser {
  readonly #dates = new Dates();

  protected line(text: string, number: number): void {
    if (text.startsWith(END_OF_MESSAGE)) return;
    const fields = iqfeedFields(text);
    if (fields === null) {
      this.sink.problem(number, `Expected ${LAYOUT}, was ${quoted(text)}`);
      return;
    }
    const stamp = isoStamp(fields[0]!, this.#dates);
    if (stamp === null || stamp.offset_us !== null) {
      this.sink.problem(number, `Expected a time such as 2025-09-15 09:31:00, was ${quoted(fields[0]!)}`);
      return;
    }
    this.sink.bar(
      number,
      stamp.wall_us,
      priceOf(fields[3]!),
      priceOf(fields[1]!),
      priceOf(fields[2]!),
      priceOf(fields[4]!),
      volumeOf(fields[6]!),
    );
  }
}
