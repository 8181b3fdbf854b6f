import { basename } from 'node:path';
import { BellwetherError, type Bar } from '@bellwether/contracts';
import { instrumentOf, type Instrument } from '@bellwether/market';
import { readLines, unreadable, type CsvOptions, type FileDigest } from './csv-lines.js';
import { CSV_HEADER, CsvRowReader, type CsvRow } from './csv-row.js';

export type { CsvOptions, CsvProgress } from './csv-lines.js';

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

/** @throws BellwetherError `data_unreadable` where the first line is not the header of a bar file */
export function checkHeader(path: string, line: string): void {
  if (line.trim().toLowerCase() === CSV_HEADER) return;
  throw unreadable(
    path,
    1,
    `Expected the header ${CSV_HEADER}, was ${JSON.stringify(line.slice(0, 80))}. ` +
      'The stamp is the open of the bar in UTC; name and order the columns so',
  );
}

/** The rows of a file, each checked by itself and against the one before. */
async function* readRows(
  path: string,
  instrument: Instrument,
  options: CsvOptions,
): AsyncGenerator<readonly CsvRow[], FileDigest, undefined> {
  const reader = new CsvRowReader(path, instrument);
  const lines = readLines(path, options);
  try {
    for (;;) {
      const batch = await lines.next();
      if (batch.done === true) return batch.value;
      const rows: CsvRow[] = [];
      batch.value.lines.forEach((text, i) => {
        const line = batch.value.first + i;
        if (line === 1) checkHeader(path, text);
        else rows.push(reader.row(text, line));
      });
      if (rows.length > 0) yield rows;
    }
  } finally {
    await lines.return({ sha256: '', bytes: 0 });
  }
}

function mostFrequent(distances: ReadonlyMap<number, number>): number | null {
  let best: number | null = null;
  for (const [distance, count] of distances) {
    const most = best === null ? 0 : (distances.get(best) ?? 0);
    if (count > most || (count === most && best !== null && distance < best)) best = distance;
  }
  return best;
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
  const distances = new Map<number, number>();
  let rows = 0;
  let first_open_us = 0;
  let last_open_us = 0;
  let has_volume = false;
  const batches = readRows(path, knownInstrument(symbol), options);
  for (;;) {
    const batch = await batches.next();
    if (batch.done === true) {
      if (rows === 0) throw new BellwetherError('data_empty', `${path}: The file holds no bars`);
      const interval_us = mostFrequent(distances);
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
      else {
        const distance = row.open_us - last_open_us;
        const count = distances.get(distance);
        if (count !== undefined || distances.size < DISTANCES_MAX) distances.set(distance, (count ?? 0) + 1);
      }
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
 * The bars of a file that {@link inspectCsv} has seen, in order. Reads it again, in bounded memory.
 *
 * @throws BellwetherError `interval_unsupported`; `data_unreadable` also where the file has changed meanwhile
 */
export async function* readCsvBars(
  facts: CsvFacts,
  options: CsvOptions = {},
): AsyncGenerator<Bar, void, undefined> {
  const { path, symbol, has_volume } = facts;
  const instrument = knownInstrument(symbol);
  const interval_us = decisionInterval(facts);
  const batches = readRows(path, instrument, options);
  let line = 1;
  try {
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) {
        if (batch.value.sha256 !== facts.sha256)
          throw unreadable(path, null, 'The file changed while it was read');
        return;
      }
      for (const { volume, ...row } of batch.value) {
        line++;
        if (row.open_us % interval_us !== 0) {
          throw unreadable(
            path,
            line,
            `The stamp is not a multiple of the ${interval_us / 60_000_000}-minute interval`,
          );
        }
        yield {
          symbol,
          interval_us,
          tick_size_e4: instrument.tick_size_e4,
          ...row,
          volume: has_volume ? volume : null,
          revision: 0,
          bid_size: null,
          ask_size: null,
          last_trade_dir: null,
        };
      }
    }
  } finally {
    await batches.return({ sha256: '', bytes: 0 });
  }
}
