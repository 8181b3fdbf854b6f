import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { importBars, openDataSource } from '@bellwether/catalog';
import type { Bar } from '@bellwether/contracts';
import { inspectCsv, type BarSeries } from '@bellwether/ingestion';
import { openForeignBars } from '@bellwether/importers';
import { databentoCsv, dbnOf } from '@bellwether/importers/testing';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { madeUp } from '../cases.js';
import { table, whole } from '../figures.js';
import { rateCells, ratesOf } from '../timing.js';

/** Made-up sessions of one-minute bars in the file, and measured runs of each subject. */
const SIZES = { full: { sessions: 250, rounds: 5 }, quick: { sessions: 3, rounds: 1 } } as const;

const TYPES =
  "{ts: 'TIMESTAMPTZ', open: 'DOUBLE', high: 'DOUBLE', low: 'DOUBLE', close: 'DOUBLE', volume: 'BIGINT'}";
const LINES_AT_ONCE = 10_000;

/** Writes a bar file of made-up sessions; how many rows it has. */
function writeFile(file: string, sessions: number): number {
  const lines = ['ts,open,high,low,close,volume'];
  let rows = 0;
  fs.writeFileSync(file, '');
  for (const bar of madeUp(sessions)) {
    const stamp = new Date(bar.open_us / 1_000).toISOString().replace('.000Z', 'Z');
    const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => ticks / 4);
    lines.push([stamp, ...prices, bar.volume].join(','));
    rows += 1;
    if (lines.length >= LINES_AT_ONCE) fs.appendFileSync(file, `${lines.splice(0).join('\n')}\n`);
  }
  fs.appendFileSync(file, `${lines.join('\n')}\n`);
  return rows;
}

async function imported(catalog: string, file: string): Promise<number> {
  const { manifest } = await importBars({
    catalog,
    file,
    symbol: 'ES',
    contract: null,
    origin: 'synthetic',
    replace: false,
    trustTimes: false,
    importedAt: new Date().toISOString(),
  });
  return manifest.rows;
}

interface ForeignFile {
  readonly name: string;
  readonly file: string;
}

/** The same bars as other products write them. */
function writeForeign(folder: string, sessions: number): readonly ForeignFile[] {
  const bars = [...madeUp(sessions)];
  const csv = { name: 'Databento CSV', file: path.join(folder, 'glbx.csv') };
  const dbn = { name: 'Databento DBN', file: path.join(folder, 'glbx.dbn') };
  fs.writeFileSync(csv.file, databentoCsv(bars));
  fs.writeFileSync(dbn.file, dbnOf(bars));
  return [csv, dbn];
}

/** Reads a file of another product as `bw import` does before the catalog takes it; how many bars it has. */
async function readForeign(file: string): Promise<number> {
  const told = { symbol: 'ES', contract: null, instrument: null, price_factor: null } as const;
  const bars = await openForeignBars({ ...told, file, format: 'auto', zone: null, stamp: null });
  let rows = 0;
  for await (const batch of bars?.rows(() => undefined) ?? []) rows += batch.length;
  await bars?.close();
  return rows;
}

async function readCatalog(catalog: string, onBar: (bar: Bar) => void): Promise<void> {
  const source = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalog);
  const { bars }: BarSeries = source.series();
  for await (const some of bars) {
    if ('open_us' in some) onBar(some);
    else some.forEach(onBar);
  }
}

/** The bars of the catalog must be those of the file, as DuckDB reads it. */
async function checkCatalog(connection: DuckDBConnection, readCsv: string, catalog: string): Promise<void> {
  const sums = { rows: 0, open_us: 0n, ticks: 0n, volume: 0n };
  await readCatalog(catalog, (bar) => {
    sums.rows += 1;
    sums.open_us += BigInt(bar.open_us);
    sums.ticks += BigInt(bar.open_ticks + bar.high_ticks + bar.low_ticks + bar.close_ticks);
    sums.volume += BigInt(bar.volume ?? -1);
  });
  const reader = await connection.runAndReadAll(
    'SELECT count(*)::VARCHAR, sum(epoch_us(ts))::VARCHAR, sum((4 * (open + high + low + close))::BIGINT)::VARCHAR, ' +
      `sum(volume)::VARCHAR FROM ${readCsv}`,
  );
  const theirs = JSON.stringify(reader.getRows()[0]);
  const mine = JSON.stringify([sums.rows, sums.open_us, sums.ticks, sums.volume].map(String));
  check(theirs === mine, `The catalog has the bars of the file: ${mine}, not ${theirs}`);
}

async function measure(
  folder: string,
  connection: DuckDBConnection,
  { sessions, rounds }: (typeof SIZES)[Scale],
  progress: Progress,
): Promise<BenchReport> {
  progress('writing a file');
  const file = path.join(folder, 'es.csv');
  const rows = writeFile(file, sessions);
  const readCsv = `read_csv('${file}', header = true, auto_detect = false, columns = ${TYPES})`;
  const catalog = path.join(folder, 'catalog');
  check((await imported(catalog, file)) === rows, 'Every row is imported');
  await checkCatalog(connection, readCsv, catalog);
  const foreign = writeForeign(folder, sessions);
  for (const one of foreign)
    check((await readForeign(one.file)) === rows, `Every row of ${one.name} is read`);
  let imports = 0;
  const sums = 'SELECT sum(epoch_us(ts)), sum(open), sum(high), sum(low), sum(close), sum(volume)';
  const parquet = path.join(folder, 'one.parquet');
  const subjects = [
    { name: 'DuckDB sums up the CSV', run: () => connection.runAndReadAll(`${sums} FROM ${readCsv}`) },
    {
      name: 'DuckDB turns it into one Parquet file',
      run: () => connection.run(`COPY (SELECT * FROM ${readCsv}) TO '${parquet}' (FORMAT parquet)`),
    },
    { name: 'our reader checks every row', run: () => inspectCsv(file, 'ES') },
    { name: 'bw import, all of it', run: () => imported(path.join(folder, `catalog-${++imports}`), file) },
    ...foreign.map(({ name, file: theirs }) => {
      return { name: `${name} read, checked and spooled`, run: () => readForeign(theirs) };
    }),
    { name: 'bars read from the catalog', run: () => readCatalog(catalog, () => undefined) },
  ];
  const rates = await ratesOf(subjects, rows, rounds, progress);
  const megabytes = fs.statSync(file).size / 1e6;
  return {
    title: "Import of bars, and DuckDB's own CSV reader",
    checked: ['times, prices and volumes in the catalog add up to what DuckDB reads in the file'],
    lines: [
      `${whole(rows)} rows, ${megabytes.toFixed(1)} MB; median of ${rounds} rounds; DuckDB with one thread`,
      '',
      ...table(['', 'rows/s', 'best', 'rows/CPU-s'], rates.map(rateCells)),
      '',
      'Not the same work: an import also checks every row and the calendar, hashes the file and every trade date,',
      'writes one file a trade date and waits for the disk.',
    ],
    figures: { rows, megabytes, rounds, rates },
  };
}

/** Rows a second of an import against DuckDB's own CSV reader, in the same run. */
export async function importBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-import-bench-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return await measure(folder, connection, SIZES[scale], progress);
  } finally {
    connection.closeSync();
    instance.closeSync();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
