import type * as api from '@duckdb/node-api';

export type DuckdbValue = api.DuckDBValue;

/** Rows in one chunk of DuckDB. */
const CHUNK_ROWS = 2_048;

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column as the rows of a table are handed to DuckDB. */
export interface Column {
  readonly type: api.DuckDBType;
  readonly values: readonly DuckdbValue[];
}

/**
 * DuckDB in memory, used as a reader and writer of Parquet and nothing else: one thread (so that rows keep their order),
 * times in UTC, no extension from outside.
 */
export class Duckdb {
  private constructor(
    private readonly library: typeof api,
    private readonly connection: api.DuckDBConnection,
    private readonly end: () => void,
  ) {}

  /** Loads the library at the first call: a replay of a CSV file does not need it. */
  static async open(): Promise<Duckdb> {
    const library = await import('@duckdb/node-api');
    const instance = await library.DuckDBInstance.create(':memory:', {
      threads: '1',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Duckdb(library, connection, () => {
      connection.closeSync();
      instance.closeSync();
    });
  }

  get types(): Pick<typeof api, 'BIGINT' | 'BLOB' | 'BOOLEAN' | 'DOUBLE' | 'INTEGER' | 'VARCHAR'> {
    return this.library;
  }

  blob(bytes: Uint8Array): DuckdbValue {
    return new this.library.DuckDBBlobValue(bytes);
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** Adds rows to a table; all columns are of one length. */
  async append(table: string, columns: readonly Column[]): Promise<void> {
    const rows = columns[0]?.values.length ?? 0;
    const appender = await this.connection.createAppender(table);
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const until = Math.min(from + CHUNK_ROWS, rows);
      const chunk = this.library.DuckDBDataChunk.create(
        columns.map(({ type }) => type),
        until - from,
      );
      chunk.setColumns(columns.map(({ values }) => values.slice(from, until)));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  /** The columns of a query's rows, a chunk at a time. */
  async *chunks(sql: string): AsyncGenerator<readonly (readonly DuckdbValue[])[], void, undefined> {
    const result = await this.connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getColumns();
    }
  }

  close(): void {
    this.end();
  }
}
