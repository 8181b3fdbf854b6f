// Goal: rows go into a Parquet file as they came, missing ones as NULL, with what is said of them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Duckdb, sqlText } from './duckdb.js';
import { ParquetTable, type ParquetColumn } from './parquet-table.js';

interface Row {
  readonly n: number;
}
const COLUMNS: readonly ParquetColumn<Row>[] = [
  { name: 'id', type: 'VARCHAR', of: ({ n }) => `row-${n}` },
  { name: 'n', type: 'INTEGER', of: ({ n }) => n },
  { name: 'half', type: 'DOUBLE', of: ({ n }) => (n % 2 === 0 ? n / 2 : null) },
  { name: 'even', type: 'BOOLEAN', of: ({ n }) => n % 2 === 0 },
  { name: 'at', type: 'TIME', of: ({ n }) => BigInt(n) * 1_000_000n },
];
/** More than one block. */
const ROWS = 10_000;

describe('a Parquet table', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw parquet '));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('holds every row once, and its metadata', async () => {
    const file = path.join(folder, "it's.parquet");
    const table = await ParquetTable.open('numbers', COLUMNS);
    for (let n = 0; n < ROWS; n++) await table.add({ n });
    await table.write(file, { report: 'abc' });
    const duckdb = await Duckdb.open();
    const rows: unknown[] = [];
    const sql =
      `SELECT count(*)::INTEGER, sum(n)::INTEGER, count(half)::INTEGER, count(*) FILTER (even)::INTEGER, ` +
      `epoch_us(max("at"))::DOUBLE, max(id) FROM read_parquet(${sqlText(file)})`;
    for await (const columns of duckdb.chunks(sql)) rows.push(columns.map(([value]) => value));
    const sum = (ROWS * (ROWS - 1)) / 2;
    expect(rows).toEqual([[ROWS, sum, ROWS / 2, ROWS / 2, (ROWS - 1) * 1_000_000, 'row-9999']]);
    const kept: unknown[] = [];
    const told = `SELECT decode(value) FROM parquet_kv_metadata(${sqlText(file)}) WHERE decode(key) = 'report'`;
    for await (const columns of duckdb.chunks(told)) kept.push(columns[0]?.[0]);
    duckdb.close();
    expect(kept).toEqual(['abc']);
  });

  it('may hold no row', async () => {
    const file = path.join(folder, 'empty.parquet');
    const table = await ParquetTable.open('numbers', COLUMNS);
    await table.write(file, { report: 'none' });
    const duckdb = await Duckdb.open();
    const counts: unknown[] = [];
    for await (const columns of duckdb.chunks(
      `SELECT count(*)::INTEGER FROM read_parquet(${sqlText(file)})`,
    )) {
      counts.push(columns[0]?.[0]);
    }
    duckdb.close();
    expect(counts).toEqual([0]);
  });
});
