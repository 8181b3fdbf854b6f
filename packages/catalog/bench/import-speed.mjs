/**
 * Rows a second of `bw import` against DuckDB's own CSV reader, in one run on one machine.
 *
 *     node packages/catalog/bench/import-speed.mjs [sessions] [runs]
 *
 * The file is made up (no market data). What is timed is checked first: the imported bars are those of the file. The
 * three are not the same work: DuckDB reads the file, or turns it into one Parquet file; an import also checks every row
 * and the calendar, hashes the file and every trade date, writes a file for each trade date and waits for the disk.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { importBars, openDataSource } from '../dist/index.js';
import { inspectCsv } from '@bellwether/ingestion';
import { generateSessions } from '@bellwether/testkit';

const sessions = Number(process.argv[2] ?? 250);
const runs = Number(process.argv[3] ?? 5);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-import-speed-'));
const file = path.join(folder, 'es.csv');
const TYPES =
  "{ts: 'TIMESTAMPTZ', open: 'DOUBLE', high: 'DOUBLE', low: 'DOUBLE', close: 'DOUBLE', volume: 'BIGINT'}";
const readCsv = `read_csv('${file}', header = true, auto_detect = false, columns = ${TYPES})`;

function writeFile() {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, 'ts,open,high,low,close,volume\n');
  let rows = 0;
  let lines = [];
  const made = { seed: 'bench', symbol: 'ES', firstTradeDate: 20240102, sessions, interval: '1m' };
  for (const bar of generateSessions(made)) {
    const stamp = new Date(bar.open_us / 1_000).toISOString().replace('.000Z', 'Z');
    const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => ticks / 4);
    lines.push([stamp, ...prices, bar.volume].join(','));
    rows++;
    if (lines.length === 10_000) fs.writeSync(out, `${lines.splice(0).join('\n')}\n`);
  }
  fs.writeSync(out, `${lines.join('\n')}\n`);
  fs.closeSync(out);
  return rows;
}

let imports = 0;
async function runImport() {
  const catalog = path.join(folder, `catalog-${++imports}`);
  const { manifest } = await importBars({
    ...{
      catalog,
      file,
      symbol: 'ES',
      contract: null,
      origin: 'synthetic',
      replace: false,
      trustTimes: false,
    },
    importedAt: new Date().toISOString(),
  });
  return { catalog, manifest };
}

async function checkResults(connection, rows) {
  const { catalog, manifest } = await runImport();
  assert.equal(manifest.rows, rows);
  const source = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalog);
  const sums = { rows: 0, open_us: 0n, ticks: 0n, volume: 0n };
  for await (const bar of source.series().bars) {
    sums.rows++;
    sums.open_us += BigInt(bar.open_us);
    sums.ticks += BigInt(bar.open_ticks + bar.high_ticks + bar.low_ticks + bar.close_ticks);
    sums.volume += BigInt(bar.volume);
  }
  const reader = await connection.runAndReadAll(
    `SELECT count(*), sum(epoch_us(ts))::VARCHAR, sum((4 * (open + high + low + close))::BIGINT)::VARCHAR,
     sum(volume)::VARCHAR FROM ${readCsv}`,
  );
  const [count, open_us, ticks, volume] = reader.getRows()[0];
  assert.deepEqual(
    [Number(count), open_us, ticks, volume],
    [sums.rows, String(sums.open_us), String(sums.ticks), String(sums.volume)],
  );
  return catalog;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function main() {
  const rows = writeFile();
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const catalog = await checkResults(connection, rows);
  const target = path.join(folder, 'one.parquet');
  const subjects = {
    'DuckDB reads the CSV (sums of all columns)': () =>
      connection.runAndReadAll(
        `SELECT sum(epoch_us(ts)), sum(open), sum(high), sum(low), sum(close), sum(volume) FROM ${readCsv}`,
      ),
    'DuckDB turns it into one Parquet file': () =>
      connection.run(`COPY (SELECT * FROM ${readCsv}) TO '${target}' (FORMAT parquet)`),
    'our reader checks the CSV (inspectCsv)': () => inspectCsv(file, 'ES'),
    'bw import, all of it': () => runImport(),
    'bars read from the catalog, hashes compared': async () => {
      const source = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalog);
      let count = 0;
      for await (const bar of source.series().bars) count += bar.revision + 1;
      assert.equal(count, rows);
    },
  };
  const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, work] of Object.entries(subjects)) {
      const started = performance.now();
      await work();
      times[name].push(performance.now() - started);
    }
  }
  connection.closeSync();
  instance.closeSync();
  const bytes = fs.statSync(file).size;
  console.log(`${rows} rows, ${(bytes / 1e6).toFixed(1)} MB, ${runs} runs in turn, DuckDB with one thread`);
  console.log(
    `${os.cpus()[0]?.model ?? '?'}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}, Node ${process.version}`,
  );
  for (const [name, ms] of Object.entries(times)) {
    const rate = Math.round(rows / (median(ms) / 1_000)).toLocaleString('en-US');
    const best = Math.round(rows / (Math.min(...ms) / 1_000)).toLocaleString('en-US');
    console.log(`${name.padEnd(46)} ${rate.padStart(10)} rows/s (median), ${best.padStart(10)} (best)`);
  }
}

try {
  await main();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
