import { BellwetherError } from '@bellwether/contracts';
import { pointsToTicks, ticksToPoints, type Instrument } from '@bellwether/market';
import { readError, unreadable } from './csv-chunks.js';
import { ByteRows } from './csv-row-bytes.js';

/** One row of a bar file, in ticks. */
export interface CsvRow {
  readonly open_us: number;
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  readonly volume: number;
}

/** A line of a bar file that cannot be taken, and why. */
export interface CsvProblem {
  readonly line: number;
  readonly message: string;
}

const CSV_HEADER = 'ts,open,high,low,close,volume';

function checkHeader(path: string, line: string): void {
  if (line.trim().toLowerCase() === CSV_HEADER) return;
  throw unreadable(
    path,
    1,
    `Expected the header ${CSV_HEADER}, was ${JSON.stringify(line.slice(0, 80))}. ` +
      'The stamp is the open of the bar in UTC; name and order the columns so',
  );
}

const STAMP = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?Z$/;
const PRICE = /^\d{1,7}(?:\.\d{1,6})?$/;
const VOLUME = /^\d{1,15}$/;

/** Longest line that a chunk may end in. A row of bars has about 70 bytes; a longer one means something else. */
const LINE_BYTES_MAX = 400;

const LINE_END = 10;
const CARRIAGE_RETURN = 13;
const NOTHING = Buffer.alloc(0);

/**
 * Reads the rows of one file, whose symbol gives the tick grid, from chunks of its text that may end anywhere. Line ends
 * may be LF or CRLF; a last line without one counts. Remembers the row before, for the order of stamps.
 */
export class CsvRowReader {
  readonly #quick: ByteRows;
  /** The beginning of a line whose end is in the next chunk. */
  #rest: Buffer = NOTHING;
  /** Number of the line that comes next, from 1. */
  #line = 1;
  #day = '';
  #day_us = 0;
  #last_us = -Infinity;

  constructor(
    private readonly path: string,
    private readonly instrument: Instrument,
    /** Is told of a row that cannot be taken, and the reading goes on; without it, the first such row ends it. */
    private readonly onProblem: ((problem: CsvProblem) => void) | null = null,
  ) {
    this.#quick = new ByteRows(instrument);
  }

  /** The rows that end in this chunk. */
  rows(chunk: Buffer): readonly CsvRow[] {
    const rows: CsvRow[] = [];
    const text = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(LINE_END); end !== -1; end = text.indexOf(LINE_END, start)) {
      this.#take(text, start, end, rows);
      start = end + 1;
    }
    this.#rest = text.subarray(start);
    if (this.#rest.length > LINE_BYTES_MAX) {
      throw unreadable(this.path, this.#line, 'The line is too long for a row of bars');
    }
    return rows;
  }

  /** The row of a last line that has no end. */
  lastRows(): readonly CsvRow[] {
    const rows: CsvRow[] = [];
    if (this.#rest.length > 0) this.#take(this.#rest, 0, this.#rest.length, rows);
    this.#rest = NOTHING;
    return rows;
  }

  #take(text: Buffer, start: number, lineEnd: number, rows: CsvRow[]): void {
    const end = lineEnd > start && text[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
    const quick = this.#quick.read(text, start, end);
    if (quick !== null && this.#line > 1 && this.#follows(quick)) {
      this.#last_us = quick.open_us;
      rows.push(quick);
    } else {
      const line = this.#decoded(text.subarray(start, end));
      if (this.#line === 1) checkHeader(this.path, line);
      else this.#takeSlowly(line, rows);
    }
    this.#line += 1;
  }

  /** What {@link row} checks of a row whose fields could be read. */
  #follows({ open_us, open_ticks, high_ticks, low_ticks, close_ticks }: CsvRow): boolean {
    if (open_us <= this.#last_us) return false;
    return low_ticks <= Math.min(open_ticks, close_ticks) && high_ticks >= Math.max(open_ticks, close_ticks);
  }

  #takeSlowly(text: string, rows: CsvRow[]): void {
    try {
      const row = this.row(text, this.#line);
      this.#quick.startDay(row.open_us);
      rows.push(row);
    } catch (error) {
      if (this.onProblem === null) throw error;
      this.onProblem({ line: this.#line, message: messageOf(error, `${this.path}:${this.#line}: `) });
    }
  }

  #decoded(line: Buffer): string {
    try {
      // A byte order mark belongs to the first line alone.
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: this.#line > 1 }).decode(line);
    } catch (cause) {
      throw readError(this.path, cause);
    }
  }

  /** @throws BellwetherError `data_unreadable` with the line and what is wrong in it */
  private row(text: string, line: number): CsvRow {
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

/** What is wrong, without the place, which the reader of a list of problems has already. */
function messageOf(error: unknown, place: string): string {
  if (!(error instanceof BellwetherError)) throw error;
  return error.detail.startsWith(place) ? error.detail.slice(place.length) : error.detail;
}
