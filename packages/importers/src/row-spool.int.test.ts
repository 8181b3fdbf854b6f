/**
 * Goal: rows come out in order of time however they came in, and a long file takes no more memory than a short one.
 * Method: more rows than one sorted run holds; a packed file of a hundred megabytes, read in a thread with a small heap.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RowSpool } from './row-spool.js';
import { databentoCsv } from './testing/text-files.js';
import { newFolder, written } from './testing/read-file.js';
import { sampleBarsOf } from './testing/samples.js';

const MINUTE_US = 60_000_000;

let folder = '';
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

async function placesOf(spool: RowSpool): Promise<{ readonly stamps: number[]; readonly places: number[] }> {
  const stamps: number[] = [];
  const places: number[] = [];
  for await (const rows of spool.inOrder()) {
    for (const { stamp_us, place } of rows) {
      stamps.push(stamp_us);
      places.push(place);
    }
  }
  return { stamps, places };
}

describe('a spool', () => {
  test.each([
    ['newest first', (i: number, count: number) => count - i],
    ['in order', (i: number) => i],
    ['shuffled, each stamp twice', (i: number, count: number) => (i * 7_919) % (count / 2)],
  ])('gives rows in order that came %s, beyond what memory holds', async (_name, minute) => {
    const count = 1_100_000;
    const spool = new RowSpool('rows', path.join(folder, 'spool'));
    for (let i = 0; i < count; i++) {
      spool.add(minute(i, count) * MINUTE_US, 4, 4, 4, 4, i, i);
      if (i % 10_000 === 0) await spool.settle();
    }
    const { stamps, places } = await placesOf(spool);
    expect(fs.readdirSync(path.join(folder, 'spool'))).toEqual(['rows']);
    expect(stamps).toHaveLength(count);
    let wrong = 0;
    for (let i = 1; i < count; i++) {
      const later =
        stamps[i]! > stamps[i - 1]! || (stamps[i] === stamps[i - 1] && places[i]! > places[i - 1]!);
      if (!later) wrong++;
    }
    expect(wrong).toBe(0);
    // A second reading begins anew.
    expect((await placesOf(spool)).places).toHaveLength(count);
    await spool.close();
    expect(fs.existsSync(path.join(folder, 'spool'))).toBe(false);
  });
});

/** Reads the file with the compiled package, and tells how many bars there were and how much memory lay outside the heap. */
const READER = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.entry).then(async ({ openForeignBars }) => {
  let external = 0;
  const bars = await openForeignBars({
    file: workerData.file, symbol: 'ES', contract: null, instrument: null, format: 'databento_csv', zone: null,
    stamp: null, price_factor: null,
    onProgress: () => { external = Math.max(external, process.memoryUsage().arrayBuffers); },
  });
  const rows = bars.rowCount;
  await bars.close();
  parentPort.postMessage({ rows, external });
});`;

test('a file of 130 MB is read with a heap of 48 MB and 96 MB beside it', async () => {
  const bars = sampleBarsOf(2).slice(0, 2_000);
  const text = databentoCsv(bars, { others: Array.from({ length: 20 }, (_, i) => `ESZ5-ESH${i % 10}`) });
  const header = text.subarray(0, text.indexOf(10) + 1);
  const rows = text.subarray(header.length);
  const times = Math.ceil(130_000_000 / rows.length);
  const packed = zlib.gzipSync(Buffer.concat([header, ...Array.from({ length: times }, () => rows)]), {
    level: 1,
  });
  const file = written(folder, 'long.csv.gz', packed);
  const workerData = { file, entry: new URL('./index.js', import.meta.url).href };
  const worker = new Worker(READER, {
    eval: true,
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 48 },
  });
  const before = process.memoryUsage().arrayBuffers;
  const read = await new Promise<{ rows: number; external: number }>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  expect(read.rows).toBe(times * bars.length);
  expect(read.external - before).toBeLessThan(96 * 1024 * 1024);
}, 120_000);
