/**
 * Goal: bars that were imported are the bars of their file, to the byte of every entry made of them.
 * Method: made-up sessions as a file, imported and selected; the inputs of a book from both are compared as bytes.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DataOrigin,
  EntryKind,
  bookConfigOf,
  decodeEntry,
  encodeEntry,
  type BookConfig,
} from '@bellwether/contracts';
import { bookInputs, type BarSeries } from '@bellwether/ingestion';
import { present, uniformSource } from '@bellwether/kernel';
import { anImport, barsOf, newFolder, writeBars } from './bar-files-for-tests.js';
import { Catalog } from './catalog.js';
import { openDataSource, type DataReference } from './data-source.js';
import { Duckdb, sqlText } from './duckdb.js';
import { importBars } from './import-bars.js';
import { CatalogPlaces } from './places.js';
import { rowsSha256, type TradeDateRows } from './trade-date-rows.js';

let folder = '';
beforeAll(() => {
  folder = newFolder();
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

const configOf = (interval = '1m'): BookConfig =>
  bookConfigOf({ book: 'test', symbols: [{ symbol: 'ES' }, { symbol: 'NQ' }], bar_interval: interval })
    .config;

async function entriesOf(
  series: readonly BarSeries[],
  { config = configOf(), from = null }: { config?: BookConfig; from?: number | null } = {},
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of bookInputs({ config, series, release: null, from, to: null })) {
    found.push(Buffer.from(encodeEntry(entry)).toString('hex'));
  }
  return found;
}

async function seriesOf(reference: DataReference, catalog: string): Promise<BarSeries> {
  return (await openDataSource(reference, catalog)).series();
}

const catalogOf = (name: string): string => path.join(folder, name, 'catalog');

function homeOf(name: string): string {
  fs.mkdirSync(path.join(folder, name));
  return path.join(folder, name);
}

describe('a selection of the catalog', () => {
  it.each([
    ['one-minute bars with volume', '1m', true],
    ['five-minute bars without', '5m', false],
  ] as const)('gives the entries of the file: %s', async (name, interval, volume) => {
    const home = homeOf(name);
    const bars = barsOf(20250915, 3, { interval }).map((bar) => (volume ? bar : { ...bar, volume: 0 }));
    const file = writeBars(home, 'es bars.csv', bars);
    await importBars(anImport(home, file));
    const config = configOf(interval);
    const ofFile = await openDataSource({ kind: 'file', symbol: 'ES', path: file }, '');
    const ofCatalog = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalogOf(name));
    const expected = await entriesOf([ofFile.series()], { config, from: 20250916 });
    expect(expected.length).toBeGreaterThan(500);
    expect(await entriesOf([ofCatalog.series()], { config, from: 20250916 })).toEqual(expected);
    expect(ofCatalog.identity).toEqual(ofFile.identity);
    expect(ofCatalog).toMatchObject({ symbol: 'ES', rows: bars.length, interval_us: ofFile.interval_us });
    expect(ofCatalog.setting).toBe('ES=catalog:ES');
  });

  it('of some trade dates gives those, and is another book', async () => {
    const home = homeOf('part');
    const bars = barsOf(20250915, 4);
    const file = writeBars(home, 'es.csv', bars);
    await importBars(anImport(home, file));
    const part = await openDataSource(
      { kind: 'catalog', text: 'catalog:ES:1m:2025-09-16..2025-09-17' },
      catalogOf('part'),
    );
    const inside = bars.slice(1_380, 3 * 1_380);
    const expected = { symbol: 'ES', source: 'es.csv', origin: DataOrigin.MARKET, bars: inside };
    expect(await entriesOf([part.series()])).toEqual(await entriesOf([expected]));
    const whole = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalogOf('part'));
    expect(part.identity).not.toEqual(whole.identity);
    expect(part.title).toContain('20250916 to 20250917');
  });

  it('over two imports names the file of each bar', async () => {
    const home = homeOf('joined');
    const bars = barsOf(20250915, 3);
    await importBars(anImport(home, writeBars(home, 'a.csv', bars.slice(0, 1_380))));
    await importBars(anImport(home, writeBars(home, 'b.csv', bars.slice(1_380))));
    const series = await seriesOf({ kind: 'catalog', text: 'catalog:ES' }, catalogOf('joined'));
    const entries = (await entriesOf([series], { from: 20250917 })).map((hex) =>
      decodeEntry(Buffer.from(hex, 'hex')),
    );
    const sources = entries
      .filter(({ kind }) => kind === EntryKind.BAR || kind === EntryKind.WARMUP)
      .map(({ source, warmup }) => `${warmup?.trade_date ?? 'bar'} ${source}`);
    expect([...new Set(sources)]).toEqual(['20250915 a.csv', '20250916 b.csv', 'bar b.csv']);
  });

  it('keeps bars outside trading hours where they were', async () => {
    const home = homeOf('outside');
    const bars = barsOf(20250915, 2);
    // A print after the close, as some vendors have: of the trade date that has ended.
    const late = {
      ...present(bars[1_379], 'a last bar'),
      open_us: present(bars[1_379], 'a last bar').open_us + 600_000_000,
    };
    const file = writeBars(home, 'es.csv', [...bars.slice(0, 1_380), late, ...bars.slice(1_380)]);
    const { manifest } = await importBars(anImport(home, file));
    expect(manifest.findings.map(({ code }) => code)).toContain('outside_session');
    const ofFile = await seriesOf({ kind: 'file', symbol: 'ES', path: file }, '');
    const ofCatalog = await seriesOf({ kind: 'catalog', text: 'catalog:ES' }, catalogOf('outside'));
    expect(await entriesOf([ofCatalog])).toEqual(await entriesOf([ofFile]));
  });

  it('is marked as synthetic where its import was', async () => {
    const home = homeOf('synthetic');
    const bars = barsOf(20250915, 2);
    await importBars(anImport(home, writeBars(home, 'a.csv', bars.slice(0, 1_380)), { origin: 'synthetic' }));
    const made = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalogOf('synthetic'));
    expect([made.origin, made.series().origin]).toEqual([DataOrigin.SYNTHETIC, DataOrigin.SYNTHETIC]);
    await importBars(anImport(home, writeBars(home, 'b.csv', bars.slice(1_380))));
    const mixed = openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalogOf('synthetic'));
    await expect(mixed).rejects.toMatchObject({
      code: 'usage',
      detail: expect.stringContaining('synthetic'),
    });
    const real = await openDataSource(
      { kind: 'catalog', text: 'catalog:ES:2025-09-16' },
      catalogOf('synthetic'),
    );
    expect(real.origin).toBe(DataOrigin.MARKET);
  });

  it('wants a length where there are two, and says what there is', async () => {
    const home = homeOf('two');
    await importBars(anImport(home, writeBars(home, 'one.csv', barsOf(20250915, 1))));
    await importBars(anImport(home, writeBars(home, 'five.csv', barsOf(20250915, 1, { interval: '5m' }))));
    const open = (text: string): Promise<unknown> =>
      openDataSource({ kind: 'catalog', text }, catalogOf('two'));
    await expect(open('catalog:ES')).rejects.toMatchObject({
      code: 'usage',
      detail: expect.stringContaining('1m and 5m bars of ES'),
    });
    await expect(open('catalog:NQ')).rejects.toMatchObject({ code: 'data_empty' });
    await expect(open('catalog:ES:1m:2025-09-16..')).rejects.toMatchObject({
      code: 'data_empty',
      detail: expect.stringContaining('the catalog has 20250915 to 20250915'),
    });
    await expect(open('catalog:ES:5m')).resolves.toMatchObject({ interval_us: 300_000_000 });
  });
});

describe('a catalog that is not what it was', () => {
  async function damaged(name: string, harm: (places: CatalogPlaces, file: string) => Promise<void> | void) {
    const home = homeOf(name);
    const { manifest } = await importBars(anImport(home, writeBars(home, 'es.csv', barsOf(20250915, 2))));
    const places = new CatalogPlaces(catalogOf(name));
    await harm(places, places.file(present(manifest.trade_dates[1], 'a second date').file));
    return seriesOf({ kind: 'catalog', text: 'catalog:ES' }, catalogOf(name)).then((series) =>
      entriesOf([series]),
    );
  }

  it('gives no entry of a date whose bars were changed', async () => {
    const run = damaged('changed', async (_places, file) => {
      const duckdb = await Duckdb.open();
      const beside = `${file}.new`;
      const change =
        'SELECT * REPLACE (CASE WHEN volume = (SELECT max(volume) FROM bars) THEN 7 ELSE volume END AS volume)';
      await duckdb.run(`CREATE TABLE bars AS SELECT * FROM read_parquet(${sqlText(file)})`);
      await duckdb.run(`COPY (${change} FROM bars) TO ${sqlText(beside)} (FORMAT parquet)`);
      duckdb.close();
      fs.renameSync(beside, file);
    });
    await expect(run).rejects.toMatchObject({
      code: 'catalog_corrupt',
      detail: expect.stringContaining('20250916'),
    });
  });

  it.each([
    ['a file is missing', (file: string) => fs.rmSync(file), 'The file is missing'],
    ['a file is cut off', (file: string) => fs.truncateSync(file, 500), 'Invalid Input Error'],
    [
      'a file is another one',
      (file: string) => fs.copyFileSync(file.replace('20250916', '20250915'), file),
      'another trade date',
    ],
  ])('is refused where %s', async (name, harm, message) => {
    const run = damaged(name, (_places, file) => {
      harm(file);
    });
    await expect(run).rejects.toMatchObject({
      code: 'catalog_corrupt',
      detail: expect.stringContaining(message),
    });
  });

  it('is refused where its index is not of this version, or a manifest is gone', async () => {
    const index = damaged('version', (places) => {
      fs.writeFileSync(places.index, JSON.stringify({ format: 2, bars: {}, more: 1 }));
    });
    await expect(index).rejects.toMatchObject({
      code: 'catalog_corrupt',
      problems: [{ path: 'format' }, {}],
    });
    const manifest = damaged('gone', (places) => {
      for (const name of fs.readdirSync(places.imports)) fs.rmSync(path.join(places.imports, name));
    });
    await expect(manifest).rejects.toMatchObject({ code: 'catalog_corrupt' });
    expect((await Catalog.read(new CatalogPlaces(path.join(folder, 'nowhere')))).symbols).toEqual([]);
  });
});

describe('a Parquet file', () => {
  it('has the columns of our CSV and the trade date, in types that every reader knows, and says what it is', async () => {
    const home = homeOf('columns');
    const bars = barsOf(20250915, 1);
    const { manifest } = await importBars(anImport(home, writeBars(home, "o'clock.csv", bars)));
    const file = sqlText(
      new CatalogPlaces(catalogOf('columns')).file(present(manifest.trade_dates[0], 'a date').file),
    );
    const duckdb = await Duckdb.open();
    const rowsOf = async (sql: string): Promise<unknown[][]> => {
      const rows: unknown[][] = [];
      for await (const columns of duckdb.chunks(sql)) {
        for (let i = 0; i < (columns[0]?.length ?? 0); i++) rows.push(columns.map((column) => column[i]));
      }
      return rows;
    };
    expect(await rowsOf(`SELECT name, type, logical_type FROM parquet_schema(${file}) OFFSET 1`)).toEqual([
      [
        'ts',
        'INT64',
        'TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>))',
      ],
      ...['open', 'high', 'low', 'close'].map((name) => [name, 'DOUBLE', null]),
      ['volume', 'INT64', null],
      ['trade_date', 'INT32', null],
    ]);
    const facts = await rowsOf(
      `SELECT decode(key), decode(value) FROM parquet_kv_metadata(${file}) ORDER BY 1`,
    );
    expect(Object.fromEntries(facts)).toMatchObject({
      source: "o'clock.csv",
      origin: 'market',
      interval: '1m',
    });
    const [first] = await rowsOf(
      `SELECT epoch_us(ts)::DOUBLE, open, volume::DOUBLE FROM read_parquet(${file}) LIMIT 1`,
    );
    const bar = present(bars[0], 'a bar');
    expect(first).toEqual([bar.open_us, bar.open_ticks / 4, bar.volume]);
    duckdb.close();
  });
});

describe('the hash of rows', () => {
  it('is that of 32 bytes a row, written another way', () => {
    const uniform = uniformSource('rows');
    for (let run = 0; run < 20; run++) {
      const integers = (count: number, most: number): number[] =>
        Array.from({ length: count }, () => Math.floor(uniform() * most));
      const count = 1 + Math.floor(uniform() * 50);
      const rows: TradeDateRows = {
        trade_date: 20250915,
        open_us: integers(count, Number.MAX_SAFE_INTEGER),
        open_ticks: integers(count, 2 ** 31),
        high_ticks: integers(count, 2 ** 31),
        low_ticks: integers(count, 2 ** 31),
        close_ticks: integers(count, 2 ** 31),
        volume: uniform() < 0.3 ? null : integers(count, 1e15),
      };
      const bytes = Buffer.alloc(count * 32);
      for (let i = 0; i < count; i++) {
        bytes.writeBigInt64LE(BigInt(rows.open_us[i]!), i * 32);
        const prices = [rows.open_ticks, rows.high_ticks, rows.low_ticks, rows.close_ticks];
        prices.forEach((column, at) => bytes.writeInt32LE(column[i]!, i * 32 + 8 + 4 * at));
        bytes.writeBigInt64LE(BigInt(rows.volume?.[i] ?? -1), i * 32 + 24);
      }
      expect(rowsSha256(rows)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
