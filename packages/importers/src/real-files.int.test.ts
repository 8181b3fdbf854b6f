/**
 * Goal: zone and stamp side are told from real bars too, with their thin nights, holidays and missing volume.
 * Method: bars of the shared data folder, all of which are in our own layout, are written in the layouts that share a form or
 * name no zone, and read with nothing told but the symbol. Nothing of them is kept.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bar } from '@bellwether/contracts';
import { inspectCsv, readCsvBars } from '@bellwether/ingestion';
import { firstDifference } from '@bellwether/testkit';
import { newFolder, options, readFile, refusal, rowOf, written } from './testing/read-file.js';
import { firstRateText, iqfeedText, kibotText, semicolonText } from './testing/text-files.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const FOLDER = process.env['BW_DATA_DIR'] ?? path.join(ROOT, '../shared/data');
const TIMEOUT_MS = 120_000;

/** Files with enough sessions of a season; the first of them have volume. */
const FILES: readonly (readonly [string, string])[] = [
  ['ES_1m_201909_quantcs109.csv.gz', 'ES'],
  ['ES_1m_2025_quotrading-topstepx.csv.gz', 'ES'],
  ['MNQ_1m_202509_cloudspider.csv.gz', 'MNQ'],
  ['NQ_5m_2019_0liu.csv.gz', 'NQ'],
  ['ES_5m_202305_desoxyribon-tradingview.csv.gz', 'ES'],
];
const BOTH_SEASONS = 'NQ_5m_2019_0liu.csv.gz';
/** All of its bars lie between the changes of the clocks in the United States and in Europe. */
const BETWEEN = ['NQ_5m_202303_spawnaga-tradingview.csv.gz', 'NQ'] as const;

const EASTERN = 'America/New_York';
const LAYOUTS = [
  ['ninjatrader', (bars: readonly Bar[]) => semicolonText(bars, { zone: 'UTC', stamp: 'close' })],
  ['histdata', (bars: readonly Bar[]) => semicolonText(bars, { zone: 'Etc/GMT+5', stamp: 'open' })],
  ['kibot', (bars: readonly Bar[]) => kibotText(bars, { zone: EASTERN, stamp: 'open' })],
  ['firstratedata', (bars: readonly Bar[]) => firstRateText(bars, { zone: EASTERN, stamp: 'open' })],
  ['iqfeed', (bars: readonly Bar[]) => iqfeedText(bars, { zone: EASTERN, stamp: 'close' })],
] as const;

const there = fs.existsSync(path.join(FOLDER, FILES[0]![0]));
if (!there)
  console.warn(`SKIPPED: real bars are not here (${FOLDER}). Set BW_DATA_DIR to the folder that has them.`);

let folder = '';
beforeAll(() => {
  folder = newFolder();
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

async function barsOf(name: string, symbol: string): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for await (const some of readCsvBars(await inspectCsv(path.join(FOLDER, name), symbol))) bars.push(...some);
  return bars;
}

(there ? describe : describe.skip)('real bars', () => {
  test.each(FILES)(
    '%s is read rightly from every layout without a zone',
    async (name, symbol) => {
      const bars = await barsOf(name, symbol);
      for (const [format, text] of LAYOUTS) {
        const read = await readFile(options(written(folder, `${format}.txt`, text(bars)), { symbol }));
        expect([read.kind, firstDifference(bars.map(rowOf), read.rows)]).toEqual([format, null]);
      }
    },
    TIMEOUT_MS,
  );

  test.each(FILES)(
    '%s in a zone that its layout does not mean is refused, or read rightly where it is the same all through',
    async (name, symbol) => {
      const bars = await barsOf(name, symbol);
      const text = semicolonText(bars, { zone: 'America/Chicago', stamp: 'open' });
      const file = written(folder, 'local.txt', text);
      if (name === BOTH_SEASONS) {
        expect(await refusal(options(file, { symbol }))).toEqual({
          code: 'format_unclear',
          text: expect.stringContaining('--zone America/Chicago --stamp open'),
        });
      } else {
        // In summer alone, Chicago's clocks are those of eastern standard time, which histdata has all year.
        const read = await readFile(options(file, { symbol }));
        expect([read.kind, firstDifference(bars.map(rowOf), read.rows)]).toEqual(['histdata', null]);
      }
    },
    TIMEOUT_MS,
  );

  test('bars of the weeks in which clocks change are not enough to tell a zone', async () => {
    const [name, symbol] = BETWEEN;
    const file = written(
      folder,
      'march.txt',
      semicolonText(await barsOf(name, symbol), { zone: 'UTC', stamp: 'close' }),
    );
    expect((await refusal(options(file, { symbol }))).text).toContain('two meanings');
  });
});
