import { Duckdb, sqlText, type Column, type DuckdbValue } from './duckdb.js';

/** Rows that are kept as objects before they become columns. */
const BLOCK_ROWS = 8_192;

/** TIME: microseconds UTC as a bigint, written as a timestamp with its zone. */
export type ParquetType = 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'TIME';

export interface ParquetColumn<Row> {
  readonly name: string;
  readonly type: ParquetType;
  readonly of: (row: Row) => string | number | bigint | boolean | null;
}

/** A Parquet file of rows that come one by one. DuckDB keeps them in compressed columns until the file is written. */
export class ParquetTable<Row> {
  #block: Row[] = [];

  private constructor(
    private readonly duckdb: Duckdb,
    private readonly table: string,
    private readonly columns: readonly ParquetColumn<Row>[],
  ) {}

  static async open<Row>(table: string, columns: readonly ParquetColumn<Row>[]): Promise<ParquetTable<Row>> {
    const duckdb = await Duckdb.open();
    const list = columns.map(({ name, type }) => `"${name}" ${type === 'TIME' ? 'BIGINT' : type}`);
    await duckdb.run(`CREATE TABLE ${table} (${list.join(', ')})`);
    return new ParquetTable(duckdb, table, columns);
  }

  /** A promise only where a block has to be handed over. */
  add(row: Row): Promise<void> | null {
    this.#block.push(row);
    return this.#block.length < BLOCK_ROWS ? null : this.#flush();
  }

  /** Writes the file, with `metadata` in it, and ends. */
  async write(file: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    await this.#flush();
    const names = this.columns.map(({ name, type }) =>
      type === 'TIME' ? `make_timestamp("${name}")::TIMESTAMPTZ AS "${name}"` : `"${name}"`,
    );
    const pairs = Object.entries(metadata).map(([name, value]) => `${name}: ${sqlText(value)}`);
    await this.duckdb.run(
      `COPY (SELECT ${names.join(', ')} FROM ${this.table}) TO ${sqlText(file)} ` +
        `(FORMAT parquet, COMPRESSION zstd, KV_METADATA {${pairs.join(', ')}})`,
    );
    this.close();
  }

  /** Ends without a file. */
  close(): void {
    this.duckdb.close();
  }

  async #flush(): Promise<void> {
    const rows = this.#block;
    this.#block = [];
    if (rows.length === 0) return;
    const { types } = this.duckdb;
    const columns: Column[] = this.columns.map(({ type, of }) => ({
      type: type === 'TIME' ? types.BIGINT : types[type],
      values: rows.map((row): DuckdbValue => of(row)),
    }));
    await this.duckdb.append(this.table, columns);
  }
}
