import path from 'node:path';
import { BarWriter } from './bar-parquet.js';
import type { Duckdb } from './duckdb.js';
import type { ImportedDate } from './manifest.js';
import { barFile, type IntervalName } from './places.js';
import { rowsSha256, type TradeDateRows } from './trade-date-rows.js';

/** Trade dates written at once: enough that the cost of a query does not count, few enough for a bounded memory. */
const DATES_AT_ONCE = 24;

export interface StagedDatesOptions {
  readonly folder: string;
  readonly symbol: string;
  readonly interval: IntervalName;
  readonly import_id: string;
  readonly tick_size_e4: number;
  readonly origin: string;
  readonly source: string;
  readonly source_sha256: string;
}

/** Writes trade dates into a folder, one file each, while the next ones are being read. */
export class StagedDates {
  readonly #waiting: TradeDateRows[] = [];
  readonly #written: ImportedDate[] = [];
  #writing: Promise<void> = Promise.resolve();

  readonly #writer: BarWriter;

  constructor(
    duckdb: Duckdb,
    private readonly options: StagedDatesOptions,
  ) {
    const { symbol, interval, origin, source, source_sha256, import_id, tick_size_e4 } = options;
    const facts = { symbol, interval, zone: 'UTC', stamp: 'open', origin, source, source_sha256 };
    this.#writer = BarWriter.on(duckdb, tick_size_e4, { ...facts, import: import_id });
  }

  async add(rows: TradeDateRows): Promise<void> {
    this.#waiting.push(rows);
    if (this.#waiting.length >= DATES_AT_ONCE) await this.#start();
  }

  /** What was written, in order. */
  async done(): Promise<readonly ImportedDate[]> {
    await this.#start();
    await this.#writing;
    return this.#written;
  }

  /** Waits for what is under way, whatever becomes of it. */
  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async #start(): Promise<void> {
    await this.#writing;
    const batch = this.#waiting.splice(0);
    if (batch.length === 0) return;
    this.#writing = this.#write(batch);
    // Whoever awaits it next sees the failure; until then it must not end the process.
    this.#writing.catch(() => undefined);
  }

  async #write(batch: readonly TradeDateRows[]): Promise<void> {
    const { folder, symbol, interval, import_id } = this.options;
    const dates = batch.map((rows) => {
      const file = barFile(symbol, interval, rows.trade_date, import_id);
      return { rows, manifestFile: file, file: path.join(folder, path.basename(file)) };
    });
    await this.#writer.write(dates);
    for (const { rows, manifestFile } of dates) {
      this.#written.push({
        trade_date: rows.trade_date,
        rows: rows.open_us.length,
        first_open_us: rows.open_us[0]!,
        last_open_us: rows.open_us[rows.open_us.length - 1]!,
        rows_sha256: rowsSha256(rows),
        file: manifestFile,
      });
    }
  }
}
