import { rm } from 'node:fs/promises';
import {
  DuckDBInstance,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { AuditQuery } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { IndexStore } from './audit-index.js';
import type { IndexPlace, IndexRow } from './index-row.js';

/** Raised when the columns change: a file with another table is not used. */
const TABLE = 'decisions_1';

const COLUMNS = `seq BIGINT, record BIGINT, entry_id VARCHAR, book_time_us BIGINT, action UTINYINT, reason USMALLINT,
  symbol VARCHAR, strategy UTINYINT, asked BOOLEAN, segment BIGINT, byte_offset BIGINT, bytes INTEGER`;

/** One thread is enough for what is asked, and leaves the others to the rest of the service. */
const CONFIG = { threads: '1', memory_limit: '256MB' } as const;

interface OpenFile {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly appender: DuckDBAppender;
}

/** Rows in a DuckDB file. DuckDB locks it: a second process cannot open it. */
export class DuckStore implements IndexStore {
  #open: OpenFile | null = null;

  constructor(private readonly file: string) {}

  /** The file is opened at the first use; one that cannot be is thrown away. */
  async #use(): Promise<OpenFile> {
    if (this.#open !== null) return this.#open;
    try {
      this.#open = await openFile(this.file);
    } catch (cause) {
      if (isLocked(cause)) throw cause;
      await this.#remove();
      this.#open = await openFile(this.file);
    }
    return this.#open;
  }

  async last(): Promise<IndexPlace | null> {
    const rows = await this.#select(
      `SELECT seq, segment, byte_offset, bytes FROM ${TABLE} ORDER BY seq DESC LIMIT 1`,
      [],
    );
    return rows[0] ?? null;
  }

  async append(rows: readonly IndexRow[]): Promise<void> {
    const { appender } = await this.#use();
    for (const row of rows) {
      appender.appendBigInt(BigInt(row.seq));
      appender.appendBigInt(BigInt(row.record));
      appender.appendVarchar(row.entry_id);
      appender.appendBigInt(BigInt(row.book_time_us));
      appender.appendUTinyInt(row.action);
      appender.appendUSmallInt(row.reason);
      appender.appendVarchar(row.symbol);
      appender.appendUTinyInt(row.strategy);
      appender.appendBoolean(row.asked);
      appender.appendBigInt(BigInt(row.segment));
      appender.appendBigInt(BigInt(row.offset));
      appender.appendInteger(row.bytes);
      appender.endRow();
    }
    // One transaction: after a crash the rows are a prefix of what was appended.
    appender.flushSync();
  }

  async find(query: AuditQuery, most: number): Promise<readonly IndexPlace[]> {
    const conditions: string[] = [];
    const values: DuckDBValue[] = [];
    const add = (condition: string, value: DuckDBValue | null): void => {
      if (value === null) return;
      values.push(value);
      conditions.push(`${condition} $${values.length}`);
    };
    add('seq =', big(query.seq));
    add('entry_id =', query.entry_id);
    add('seq <', big(query.before_seq));
    add('book_time_us >=', big(query.from_us));
    add('book_time_us <', big(query.to_us));
    add('action =', query.action);
    add('reason =', query.reason);
    add('symbol =', query.symbol);
    add('strategy =', query.strategy);
    if (query.asked_only) conditions.push('asked');
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    return this.#select(
      `SELECT seq, segment, byte_offset, bytes FROM ${TABLE}${where} ORDER BY seq DESC LIMIT ${most}`,
      values,
    );
  }

  async clear(): Promise<void> {
    // A file that another process works on is left alone.
    await this.#use().catch((cause: unknown) => {
      if (isLocked(cause)) throw cause;
    });
    await this.close();
    await this.#remove();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    open.appender.closeSync();
    open.connection.closeSync();
    open.instance.closeSync();
  }

  async #remove(): Promise<void> {
    for (const name of [this.file, `${this.file}.wal`]) await rm(name, { force: true });
  }

  async #select(sql: string, values: DuckDBValue[]): Promise<IndexPlace[]> {
    const { connection } = await this.#use();
    const reader = await connection.runAndReadAll(sql, values);
    return reader.getRows().map((row) => {
      const [seq, segment, offset, bytes] = row.map(Number);
      return {
        seq: present(seq, 'seq'),
        segment: present(segment, 'segment'),
        offset: present(offset, 'byte_offset'),
        bytes: present(bytes, 'bytes'),
      };
    });
  }
}

const big = (value: number | null): bigint | null => (value === null ? null : BigInt(value));

function isLocked(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes('Could not set lock');
}

async function openFile(file: string): Promise<OpenFile> {
  const instance = await DuckDBInstance.create(file, CONFIG);
  try {
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE IF NOT EXISTS ${TABLE} (${COLUMNS})`);
    return { instance, connection, appender: await connection.createAppender(TABLE) };
  } catch (cause) {
    instance.closeSync();
    throw cause;
  }
}
