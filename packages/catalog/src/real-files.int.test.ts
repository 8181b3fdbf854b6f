/**
 * Goal: real files whose bars a book can decide on are imported and read back as they are; files of other kinds are
 * refused with the reason.
 * Method: every bar file of the shared data folder. Nothing of it is kept.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { Bar } from '@bellwether/contracts';
import { inspectCsv, readCsvBars } from '@bellwether/ingestion';
import { anImport, newFolder } from './bar-files-for-tests.js';
import { openDataSource } from './data-source.js';
import { importBars } from './import-bars.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const FOLDER = process.env['BW_DATA_DIR'] ?? path.join(ROOT, '../shared/data');

const FILES: readonly (readonly [string, string])[] = [
  ['ES_1m_201909_quantcs109.csv.gz', 'ES'],
  ['ES_1m_2020_spawnaga-ibkr.csv.gz', 'ES'],
  ['ES_1m_2025_quotrading-topstepx.csv.gz', 'ES'],
  ['ES_1m_lean-algoseek.csv.gz', 'ES'],
  ['ES_5m_202305_desoxyribon-tradingview.csv.gz', 'ES'],
  ['ES_5m_2026_yahoo.csv.gz', 'ES'],
  ['MNQ_1m_202509_cloudspider.csv.gz', 'MNQ'],
  ['NQ_5m_2019_0liu.csv.gz', 'NQ'],
  ['NQ_5m_202303_spawnaga-tradingview.csv.gz', 'NQ'],
  ['NQ_5m_2026_yahoo.csv.gz', 'NQ'],
];

const OTHERS: readonly (readonly [string, string, string, string])[] = [
  ['ES_tickbar2800_hudsonthames.csv.gz', 'ES', 'interval_unsupported', 'Event bars'],
  ['NDX_1m_2026_sk28.csv.gz', 'NDX', 'unknown_symbol', 'ES, NQ, MES or MNQ'],
  ['NDX_1m_2026_sk28.csv.gz', 'NQ', 'data_refused', 'Prices off the grid of 0.25 points'],
  ['SPY_1h_lean.csv.gz', 'SPY', 'unknown_symbol', 'ES, NQ, MES or MNQ'],
  ['SPY_1h_lean.csv.gz', 'ES', 'data_refused', 'Prices off the grid of 0.25 points'],
];

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

async function collect(bars: Iterable<Bar> | AsyncIterable<readonly Bar[]>): Promise<Bar[]> {
  const all: Bar[] = [];
  for await (const some of bars) {
    if ('open_us' in some) all.push(some);
    else all.push(...some);
  }
  return all;
}

function isSame(a: Bar, b: Bar): boolean {
  return (
    a.open_us === b.open_us &&
    a.open_ticks === b.open_ticks &&
    a.high_ticks === b.high_ticks &&
    a.low_ticks === b.low_ticks &&
    a.close_ticks === b.close_ticks &&
    a.volume === b.volume &&
    a.interval_us === b.interval_us
  );
}

(there ? describe : describe.skip)('real bar files', () => {
  test.each(FILES)('%s is imported, and its bars are those of the file', async (name, symbol) => {
    const home = path.join(folder, name);
    const file = path.join(FOLDER, name);
    const { manifest } = await importBars(anImport(home, file, { symbol }));
    // The calendar has every bar of every era in a session, and none in its halt.
    const codes = manifest.findings.map(({ code }) => code);
    for (const code of ['outside_session', 'in_halt', 'times_trusted', 'cash_hours_only']) {
      expect(codes).not.toContain(code);
    }
    // The one hole of nine months is the outage of 2019-02-26.
    if (name.startsWith('NQ_5m_2019')) expect(codes).not.toContain('missing_bars');
    const source = await openDataSource(
      { kind: 'catalog', text: `catalog:${symbol}` },
      path.join(home, 'catalog'),
    );
    const expected = await collect(readCsvBars(await inspectCsv(file, symbol)));
    const found = await collect(source.series().bars);
    expect(found).toHaveLength(expected.length);
    // One by one: a difference of two lists this long takes minutes to print.
    for (let i = 0; i < expected.length; i++) {
      if (!isSame(found[i]!, expected[i]!)) expect(found[i]).toEqual(expected[i]);
    }
  });

  it.each(OTHERS)('%s as %s is refused: %s', async (name, symbol, code, message) => {
    const home = path.join(folder, 'refused');
    const error: unknown = await importBars(anImport(home, path.join(FOLDER, name), { symbol })).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code });
    expect(String(error)).toContain(message);
    expect(fs.existsSync(path.join(home, 'catalog', 'index.json'))).toBe(false);
  });
});
