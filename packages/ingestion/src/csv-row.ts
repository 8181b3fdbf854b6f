import { pointsToTicks, ticksToPoints, type Instrument } from '@bellwether/market';
import { unreadable } from './csv-lines.js';

/** One row of a bar file, in ticks. */
export interface CsvRow {
  readonly open_us: number;
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  readonly volume: number;
}

export const CSV_HEADER = 'ts,open,high,low,close,volume';

const STAMP = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?Z$/;
const PRICE = /^\d{1,7}(?:\.\d{1,6})?$/;
const VOLUME = /^\d{1,15}$/;

/** Reads the rows of one file, whose symbol gives the tick grid. Remembers the row before, for the order of stamps. */
export class CsvRowReader {
  #day = '';
  #day_us = 0;
  #last_us = -Infinity;

  constructor(
    private readonly path: string,
    private readonly instrument: Instrument,
  ) {}

  /** @throws BellwetherError `data_unreadable` with the line and what is wrong in it */
  row(text: string, line: number): CsvRow {
    const fields = text.split(',');
    if (fields.length !== 6) {
      throw unreadable(
        this.path,
        line,
        `Expected six fields (${CSV_HEADER}), was ${JSON.stringify(text.slice(0, 80))}`,
      );
    }
    const open_us = this.stamp(fields[0]!, line);
    const row = {
      open_us,
      open_ticks: this.price('open', fields[1]!, line),
      high_ticks: this.price('high', fields[2]!, line),
      low_ticks: this.price('low', fields[3]!, line),
      close_ticks: this.price('close', fields[4]!, line),
      volume: this.volume(fields[5]!, line),
    };
    const { open_ticks, high_ticks, low_ticks, close_ticks } = row;
    if (low_ticks > Math.min(open_ticks, close_ticks) || high_ticks < Math.max(open_ticks, close_ticks)) {
      const points = [open_ticks, high_ticks, low_ticks, close_ticks].map((ticks) =>
        ticksToPoints(ticks, this.instrument.tick_size_e4),
      );
      throw unreadable(
        this.path,
        line,
        `Open and close must lie between low and high, was open, high, low, close ${points.join(', ')}. ` +
          'Check the order of the columns',
      );
    }
    if (open_us <= this.#last_us) {
      throw unreadable(
        this.path,
        line,
        `Stamps must increase, and ${fields[0]!} does not follow the line before. Sort the file and drop repeated rows`,
      );
    }
    this.#last_us = open_us;
    return row;
  }

  private stamp(text: string, line: number): number {
    const match = STAMP.exec(text);
    const day_us = match === null ? NaN : this.dayOf(match[1]!);
    if (match === null || Number.isNaN(day_us)) {
      throw unreadable(
        this.path,
        line,
        `Expected the bar's open in UTC such as 2025-09-15T13:30:00Z, was ${JSON.stringify(text.slice(0, 40))}`,
      );
    }
    const seconds = Number(match[2]) * 3_600 + Number(match[3]) * 60 + Number(match[4]);
    return day_us + seconds * 1_000_000 + Number((match[5] ?? '').padEnd(6, '0'));
  }

  /** Microseconds at the start of a day, NaN where there is no such day. Rows of one day follow each other. */
  private dayOf(day: string): number {
    if (day === this.#day) return this.#day_us;
    const ms = Date.parse(`${day}T00:00:00Z`);
    // Date.parse turns 30 February into 2 March.
    if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(day)) return NaN;
    this.#day = day;
    this.#day_us = ms * 1_000;
    return this.#day_us;
  }

  private price(name: string, text: string, line: number): number {
    if (!PRICE.test(text)) {
      throw unreadable(
        this.path,
        line,
        `Expected a price as ${name}, was ${JSON.stringify(text.slice(0, 40))}`,
      );
    }
    const ticks = pointsToTicks(Number(text), this.instrument.tick_size_e4);
    if (ticks === null || ticks === 0) {
      const { symbol, tick_size_e4 } = this.instrument;
      throw unreadable(
        this.path,
        line,
        `The ${name} ${text} is not on the grid of ${symbol} (${tick_size_e4 / 10_000} points). ` +
          'Use raw prices: adjusted series, spreads and cash indexes are not on it',
      );
    }
    return ticks;
  }

  private volume(text: string, line: number): number {
    if (VOLUME.test(text)) return Number(text);
    throw unreadable(
      this.path,
      line,
      `Expected a whole number of contracts, was ${JSON.stringify(text.slice(0, 40))}. ` +
        'Where the volume is not known, write 0 in every row',
    );
  }
}
