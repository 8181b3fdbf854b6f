/** Goal: `verify` names every file that is not what its manifest says, and no other. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anImport, barsOf, newFolder, writeBars } from './bar-files-for-tests.js';
import { Catalog } from './catalog.js';
import { importBars } from './import-bars.js';
import { overviewOf } from './overview.js';
import { CatalogPlaces } from './places.js';
import { verifyCatalog } from './verify-catalog.js';

let folder = '';
let places: CatalogPlaces;
beforeAll(async () => {
  folder = newFolder();
  places = new CatalogPlaces(path.join(folder, 'catalog'));
  const bars = barsOf(20250915, 4);
  await importBars(anImport(folder, writeBars(folder, 'first.csv', bars.slice(0, 3 * 1_380))));
  await importBars(
    anImport(folder, writeBars(folder, 'second.csv', bars.slice(2 * 1_380)), {
      replace: true,
      origin: 'synthetic',
    }),
  );
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

describe('a catalog', () => {
  it('shows what counts of each import', async () => {
    expect(overviewOf(await Catalog.read(places))).toEqual([
      expect.objectContaining({
        ...{ symbol: 'ES', interval: '1m', source: 'first.csv', origin: 'market', has_volume: true },
        ...{ first_trade_date: 20250915, last_trade_date: 20250916, trade_dates: 2, rows: 2 * 1_380 },
      }),
      expect.objectContaining({
        ...{ source: 'second.csv', origin: 'synthetic' },
        ...{ first_trade_date: 20250917, last_trade_date: 20250918, trade_dates: 2, rows: 2 * 1_380 },
      }),
    ]);
  });

  it('is good as it was written', async () => {
    const seen: string[] = [];
    const onProgress = (done: number, all: number): void => void seen.push(`${done}/${all}`);
    expect(await verifyCatalog({ places, onProgress })).toEqual({ good: 4, problems: [], unused: [] });
    expect(seen).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  it('is told all that is wrong with it', async () => {
    const catalog = await Catalog.read(places);
    const files = [...catalog.imports.values()].flatMap(({ trade_dates }) =>
      trade_dates.map(({ file }) => file),
    );
    const there = files.filter((file) => fs.existsSync(places.file(file))).sort();
    const [first = '', second = '', , last = ''] = there;
    fs.rmSync(places.file(first));
    fs.copyFileSync(places.file(last), places.file(second));
    const stray = 'bars/ES/1m/stray.parquet';
    fs.writeFileSync(places.file(stray), '');
    const { good, problems, unused } = await verifyCatalog({ places });
    expect(good).toBe(2);
    expect(problems.map((problem) => problem.path)).toEqual([first, second]);
    expect(problems[0]?.message).toContain('The file is missing');
    expect(unused).toEqual([stray]);
  });
});
