import fs from 'node:fs';
import { BellwetherError } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { pointsToTicks, ticksToPoints } from '@bellwether/market';
import { sqlText, type Duckdb, type DuckdbValue } from './duckdb.js';
import type { ImportedDate } from './manifest.js';
import { TradeDateBuilder, rowsSha256, type TradeDateRows } from './trade-date-rows.js';

/** Files asked for in one query: a query costs about as much as ten trade dates of one-minute bars. */
const FILES_AT_ONCE = 16;

const COLUMNS =
  'open_us DOUBLE, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume DOUBLE, trade_date INTEGER';

/** Writes Parquet files of bars: one file a trade date, with the columns of our CSV and the trade date. */
export class BarWriter {
  private constructor(
    private readonly duckdb: Duckdb,
    private readonly tick_size_e4: number,
    private readonly metadata: string,
  ) {}

  /** `metadata` is written into every file, for whoever finds one without its manifest. */
  static on(duckdb: Duckdb, tick_size_e4: number, metadata: Readonly<Record<string, string>>): BarWriter {
    const pairs = Object.entries(metadata).map(([name, value]) => `${name}: ${sqlText(value)}`);
    return new BarWriter(duckdb, tick_size_e4, pairs.join(', '));
  }

  /** One file for each trade date. */
  async write(dates: readonly { readonly file: string; readonly rows: TradeDateRows }[]): Promise<void> {
    const { DOUBLE, INTEGER } = this.duckdb.types;
    const column = (of: (rows: TradeDateRows) => readonly (number | null)[]) =>
      dates.flatMap(({ rows }) => of(rows));
    const points = (of: (rows: TradeDateRows) => readonly number[]) => ({
      type: DOUBLE,
      values: column((rows) => of(rows).map((ticks) => ticksToPoints(ticks, this.tick_size_e4))),
    });
    // A table made anew: rows that are deleted from one in memory are scanned on.
    await this.duckdb.run(`CREATE OR REPLACE TABLE bars (${COLUMNS})`);
    await this.duckdb.append('bars', [
      { type: DOUBLE, values: column((rows) => rows.open_us) },
      points((rows) => rows.open_ticks),
      points((rows) => rows.high_ticks),
      points((rows) => rows.low_ticks),
      points((rows) => rows.close_ticks),
      { type: DOUBLE, values: column((rows) => rows.volume ?? rows.open_us.map(() => null)) },
      { type: INTEGER, values: column((rows) => rows.open_us.map(() => rows.trade_date)) },
    ]);
    for (const { file, rows } of dates) {
      await this.duckdb.run(
        'COPY (SELECT make_timestamp(open_us::BIGINT)::TIMESTAMPTZ AS ts, open, high, low, close, ' +
          `volume::BIGINT AS volume, trade_date FROM bars WHERE trade_date = ${rows.trade_date} ORDER BY open_us) ` +
          `TO ${sqlText(file)} (FORMAT parquet, COMPRESSION snappy, KV_METADATA {${this.metadata}})`,
      );
    }
  }
}

/** A file that holds one trade date, and what its manifest says of it. */
export interface StoredDate {
  readonly path: string;
  readonly date: ImportedDate;
  readonly tick_size_e4: number;
}

function corrupt(path: string, what: string, cause?: unknown): BellwetherError {
  return new BellwetherError('catalog_corrupt', `${path}: ${what}`, [], { cause });
}

/**
 * The bars of these files in their order, each trade date compared with its manifest before it is handed on. Bounded
 * memory.
 *
 * @throws BellwetherError `catalog_corrupt`
 */
export async function* readStoredDates(
  duckdb: Duckdb,
  stored: readonly StoredDate[],
): AsyncGenerator<TradeDateRows, void, undefined> {
  for (let from = 0; from < stored.length; from += FILES_AT_ONCE) {
    yield* readFiles(duckdb, stored.slice(from, from + FILES_AT_ONCE));
  }
}

async function* readFiles(
  duckdb: Duckdb,
  stored: readonly StoredDate[],
): AsyncGenerator<TradeDateRows, void, undefined> {
  const missing = stored.find(({ path }) => !fs.existsSync(path));
  if (missing !== undefined) throw corrupt(missing.path, 'The file is missing');
  const files = stored.map(({ path }) => sqlText(path)).join(', ');
  let at = -1;
  let builder: TradeDateBuilder | null = null;
  let volumes = 0;
  for await (const columns of chunksOf(duckdb, files, stored)) {
    const [
      rowInFile = [],
      dates = [],
      open_us = [],
      open = [],
      high = [],
      low = [],
      close = [],
      volume = [],
    ] = columns;
    for (let i = 0; i < dates.length; i++) {
      if (builder === null || rowInFile[i] === 0) {
        if (builder !== null) yield checked(builder, volumes, stored[at]!);
        at++;
        builder = new TradeDateBuilder(Number(dates[i]));
        volumes = 0;
      }
      const { path, tick_size_e4, date } = present(stored[at], 'a file of the query');
      if (dates[i] !== date.trade_date) throw corrupt(path, 'The file holds another trade date');
      builder.add({
        open_us: Number(open_us[i]),
        open_ticks: ticksOf(open[i], tick_size_e4, path),
        high_ticks: ticksOf(high[i], tick_size_e4, path),
        low_ticks: ticksOf(low[i], tick_size_e4, path),
        close_ticks: ticksOf(close[i], tick_size_e4, path),
        volume: Number(volume[i] ?? -1),
      });
      if (volume[i] !== null) volumes++;
    }
  }
  if (builder !== null) yield checked(builder, volumes, stored[at]!);
  if (at + 1 < stored.length) throw corrupt(stored[at + 1]!.path, 'The file holds no bars');
}

async function* chunksOf(
  duckdb: Duckdb,
  files: string,
  stored: readonly StoredDate[],
): AsyncGenerator<readonly (readonly DuckdbValue[])[], void, undefined> {
  try {
    yield* duckdb.chunks(
      'SELECT file_row_number::INTEGER, trade_date, epoch_us(ts)::DOUBLE, open, high, low, close, volume::DOUBLE ' +
        `FROM read_parquet([${files}], file_row_number = true)`,
    );
  } catch (cause) {
    if (cause instanceof BellwetherError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw corrupt(
      stored.length === 1 ? stored[0]!.path : `${stored[0]!.path} or one of the next`,
      why,
      cause,
    );
  }
}

function ticksOf(points: DuckdbValue | undefined, tick_size_e4: number, path: string): number {
  const ticks = typeof points === 'number' ? pointsToTicks(points, tick_size_e4) : null;
  if (ticks === null) throw corrupt(path, `A price is off the tick grid: ${String(points)}`);
  return ticks;
}

function checked(builder: TradeDateBuilder, volumes: number, { path, date }: StoredDate): TradeDateRows {
  if (volumes !== 0 && volumes !== builder.rows) throw corrupt(path, 'Some volumes are missing');
  const rows = builder.done(volumes > 0);
  if (rowsSha256(rows) !== date.rows_sha256) throw corrupt(path, 'The bars are not those of the manifest');
  return rows;
}
