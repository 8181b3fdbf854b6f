import { basename } from 'node:path';
import { BellwetherError, type Bar } from '@bellwether/contracts';
import { instrumentOf, type Instrument } from '@bellwether/market';
import { readChunks, unreadable, type CsvOptions, type FileDigest } from './csv-chunks.js';
import { CsvRowReader, type CsvRow } from './csv-row.js';

export type { CsvOptions, CsvProgress } from './csv-chunks.js';

/** What a bar file holds, from one pass over all of it. */
export interface CsvFacts {
  readonly path: string;
  /** The file's name: the source of its entries. */
  readonly source: string;
  readonly symbol: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  readonly first_open_us: number;
  readonly last_open_us: number;
  /** False where the column is 0 in every row: then the volume is not known. */
  readonly has_volume: boolean;
  /** The most frequent distance between rows; null for a single row. */
  readonly interval_us: number | null;
}

/** The name goes into every entry id, which is short. */
const SOURCE_LENGTH_MAX = 100;

/** Different distances that are counted; a file of bars has a handful, a file of trades has many. */
const DISTANCES_MAX = 10_000;

const INTERVALS_US: readonly number[] = [60_000_000, 300_000_000];

/** @throws BellwetherError `unknown_symbol` */
export function knownInstrument(symbol: string): Instrument {
  const instrument = instrumentOf(symbol);
  if (instrument !== null) return instrument;
  throw new BellwetherError('unknown_symbol', `Expected ES, NQ, MES or MNQ, was ${symbol}`);
}

/** The rows of a file, each checked by itself and against the one before. */
async function* readRows(
  path: string,
  instrument: Instrument,
  options: CsvOptions,
): AsyncGenerator<readonly CsvRow[], FileDigest, undefined> {
  const reader = new CsvRowReader(path, instrument);
  const chunks = readChunks(path, options);
  try {
    for (;;) {
      const chunk = await chunks.next();
      if (chunk.done === true) {
        yield reader.lastRows();
        return chunk.value;
      }
      const rows = reader.rows(chunk.value);
      if (rows.length > 0) yield rows;
    }
  } finally {
    await chunks.return({ sha256: '', bytes: 0 });
  }
}

/** How often which distance lies between two rows. */
class Distances {
  readonly #counts = new Map<number, number>();
  /** Most rows are as far apart as the two before them. */
  #last = 0;
  #run = 0;

  add(distance: number): void {
    if (distance === this.#last) {
      this.#run += 1;
      return;
    }
    this.#close();
    this.#last = distance;
    this.#run = 1;
  }

  #close(): void {
    const count = this.#counts.get(this.#last);
    if (this.#run > 0 && (count !== undefined || this.#counts.size < DISTANCES_MAX)) {
      this.#counts.set(this.#last, (count ?? 0) + this.#run);
    }
  }

  /** The smallest of the most frequent; null where there is none. */
  mostFrequent(): number | null {
    this.#close();
    this.#run = 0;
    let best: number | null = null;
    let most = 0;
    for (const [distance, count] of this.#counts) {
      if (count > most || (count === most && best !== null && distance < best)) {
        best = distance;
        most = count;
      }
    }
    return best;
  }
}

/**
 * Reads a bar file once, checks every row, and says what it holds. Nothing is skipped and nothing repaired.
 *
 * @throws BellwetherError `data_unreadable` with file and line, `data_empty`, `unknown_symbol`
 */
export async function inspectCsv(path: string, symbol: string, options: CsvOptions = {}): Promise<CsvFacts> {
  const source = basename(path);
  if (source.length > SOURCE_LENGTH_MAX)
    throw unreadable(path, null, `Give it a name of at most ${SOURCE_LENGTH_MAX} characters`);
  const distances = new Distances();
  let rows = 0;
  let first_open_us = 0;
  let last_open_us = 0;
  let has_volume = false;
  const batches = readRows(path, knownInstrument(symbol), options);
  for (;;) {
    const batch = await batches.next();
    if (batch.done === true) {
      if (rows === 0) throw new BellwetherError('data_empty', `${path}: The file holds no bars`);
      const interval_us = distances.mostFrequent();
      return {
        path,
        source,
        symbol,
        ...batch.value,
        rows,
        first_open_us,
        last_open_us,
        has_volume,
        interval_us,
      };
    }
    for (const row of batch.value) {
      if (rows === 0) first_open_us = row.open_us;
      else distances.add(row.open_us - last_open_us);
      last_open_us = row.open_us;
      has_volume ||= row.volume > 0;
      rows++;
    }
  }
}

function decisionInterval(facts: CsvFacts): number {
  const { interval_us, path } = facts;
  if (interval_us !== null && INTERVALS_US.includes(interval_us)) return interval_us;
  const found = interval_us === null ? 'a single row' : `${interval_us / 1_000_000} s between most rows`;
  throw new BellwetherError(
    'interval_unsupported',
    `${path}: Expected bars of one or five minutes, was ${found}. Event bars (ticks, volume, range) have no fixed ` +
      'length, and hourly or daily ones are too long to decide on',
  );
}

/**
 * The bars of a file that {@link inspectCsv} has seen, in order, some thousand at a time. Reads it again, in bounded
 * memory.
 *
 * @throws BellwetherError `interval_unsupported`; `data_unreadable` also where the file has changed meanwhile
 */
export async function* readCsvBars(
  facts: CsvFacts,
  options: CsvOptions = {},
): AsyncGenerator<readonly Bar[], void, undefined> {
  const instrument = knownInstrument(facts.symbol);
  const interval_us = decisionInterval(facts);
  const batches = readRows(facts.path, instrument, options);
  let line = 2;
  try {
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) {
        if (batch.value.sha256 !== facts.sha256)
          throw unreadable(facts.path, null, 'The file changed while it was read');
        return;
      }
      const bars: Bar[] = [];
      for (const row of batch.value) {
        if (row.open_us % interval_us !== 0) throw offInterval(facts.path, line, interval_us);
        bars.push(barOf(row, facts, instrument, interval_us));
        line++;
      }
      if (bars.length > 0) yield bars;
    }
  } finally {
    await batches.return({ sha256: '', bytes: 0 });
  }
}

function offInterval(path: string, line: number, interval_us: number): BellwetherError {
  const text = `The stamp is not a multiple of the ${interval_us / 60_000_000}-minute interval`;
  return unreadable(path, line, text);
}

function barOf(
  row: CsvRow,
  { symbol, has_volume }: CsvFacts,
  { tick_size_e4 }: Instrument,
  interval_us: number,
): Bar {
  return {
    symbol,
    open_us: row.open_us,
    interval_us,
    tick_size_e4,
    open_ticks: row.open_ticks,
    high_ticks: row.high_ticks,
    low_ticks: row.low_ticks,
    close_ticks: row.close_ticks,
    volume: has_volume ? row.volume : null,
    revision: 0,
    bid_size: null,
    ask_size: null,
    last_trade_dir: null,
  };
}
