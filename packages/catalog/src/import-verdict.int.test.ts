/**
 * Goal: an import is judged; what is refused does not come in unless the user says so, and then everything says so.
 * Method: the invented file of the original system, worlds with the marks of a market, folders of their own.
 */
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BellwetherError } from '@bellwether/contracts';
import { INVENTED_ES, inventedBars, type InventedOptions } from '@bellwether/testkit';
import { anImport, barsOf, newFolder, writeBars, writeRows } from './bar-files-for-tests.js';
import { Catalog } from './catalog.js';
import { openDataSource } from './data-source.js';
import { importBars, type ImportOptions, type ImportResult } from './import-bars.js';
import { manifestMark } from './manifest-mark.js';
import { overviewOf } from './overview.js';
import { CatalogPlaces } from './places.js';

let folder = '';
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

function invented(name: string, options: Partial<InventedOptions> = {}): string {
  const rows = [...inventedBars({ ...INVENTED_ES, ...options })].map((bar) =>
    [new Date(bar.open_us / 1_000).toISOString(), bar.open, bar.high, bar.low, bar.close, bar.volume].join(
      ',',
    ),
  );
  return writeRows(folder, name, rows);
}

const importing = (file: string, options: Partial<ImportOptions> = {}): Promise<ImportResult> =>
  importBars(anImport(folder, file, options));

async function refusal(running: Promise<unknown>): Promise<BellwetherError> {
  const error: unknown = await running.catch((reason: unknown) => reason);
  if (!(error instanceof BellwetherError)) throw new Error(`Expected a refusal, was ${String(error)}`);
  return error;
}

/** Only the marks of a market are missing. */
const DRESSED = {
  on_grid: true,
  whole_minutes: true,
  in_sessions: true,
  level: 6_400,
  sigma: 0.0002,
  rows: 6_000,
};

describe('the file of the original system', () => {
  it('is refused as a whole, with every reason first and its first lines after them', async () => {
    const error = await refusal(importing(invented('es_bars.csv')));
    expect(error.code).toBe('data_refused');
    expect(error.detail).toBe('es_bars.csv: The verdict is refuse, for 7 reasons. Nothing was imported');
    expect(error.problems.map(({ path }) => path)).toEqual([
      'es_bars.csv off_tick_grid',
      'es_bars.csv off_interval_grid',
      'es_bars.csv outside_session',
      'es_bars.csv invented_hours',
      'es_bars.csv level_implausible',
      'es_bars.csv volatility_implausible',
      'es_bars.csv generator_like',
      'es_bars.csv:2',
      'es_bars.csv:3',
      'es_bars.csv:4',
    ]);
  });

  it('has no place in a catalog, whatever the user accepts', async () => {
    const error = await refusal(importing(invented('es_bars.csv'), { acceptVerdict: true }));
    expect(error.code).toBe('data_refused');
    expect((await Catalog.read(new CatalogPlaces(anImport(folder, '').catalog))).symbols).toEqual([]);
  });
});

describe('a walk dressed as a market', () => {
  it('is refused, and comes in when accepted: the manifest, the list and the bars say so', async () => {
    const file = invented('walk.csv', DRESSED);
    const error = await refusal(importing(file, { trustTimes: true }));
    expect([error.code, error.problems[0]?.path]).toEqual(['data_refused', 'walk.csv generator_like']);
    const { manifest } = await importing(file, { trustTimes: true, acceptVerdict: true });
    expect(manifest.verdict).toEqual({ version: 1, result: 'refuse', accepted: true });
    const mark = {
      result: 'refuse',
      reason: 'generator_like; accepted all the same by --accept-verdict; walk.csv',
    };
    const { catalog } = anImport(folder, file);
    const [listed] = overviewOf(await Catalog.read(new CatalogPlaces(catalog)));
    expect(listed?.verdict).toEqual(mark);
    const source = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, catalog);
    expect(await source.mark()).toEqual(mark);
  });

  it('marked synthetic comes in, and is never called market data', async () => {
    const { manifest } = await importing(invented('walk.csv', DRESSED), {
      origin: 'synthetic',
      trustTimes: true,
    });
    expect(manifest.verdict).toMatchObject({ result: 'warn', accepted: false });
    expect(manifestMark(manifest).reason).toMatch(/^synthetic: made by a generator, not market data; /);
  });

  it('as a file of a run, which nobody imports, has its mark all the same', async () => {
    const source = await openDataSource(
      { kind: 'file', symbol: 'ES', path: invented('walk.csv', DRESSED) },
      folder,
    );
    expect(await source.mark()).toMatchObject({
      result: 'refuse',
      reason: expect.stringContaining('generator_like'),
    });
  });
});

describe('bars with the marks of a market', () => {
  it('pass, with what was found and how bad it is', async () => {
    const { manifest } = await importing(writeBars(folder, 'es.csv', barsOf(20250915, 6)));
    expect(manifest.verdict).toEqual({ version: 1, result: 'pass', accepted: false });
    expect(manifest.findings.map(({ code, level }) => [code, level])).toEqual([
      ['time_zone_tested', 'note'],
      ['jumps', 'note'],
    ]);
    expect(manifestMark(manifest)).toEqual({ result: 'pass', reason: 'es.csv' });
  });

  it('accepted in advance, without need, are not called accepted', async () => {
    const file = writeBars(folder, 'es.csv', barsOf(20250915, 6));
    const { manifest } = await importing(file, { acceptVerdict: true });
    expect(manifest.verdict).toEqual({ version: 1, result: 'pass', accepted: false });
  });

  it('imported before there were verdicts are unknown, not believed', async () => {
    const { manifest } = await importing(writeBars(folder, 'es.csv', barsOf(20250915, 2)));
    const places = new CatalogPlaces(anImport(folder, '').catalog);
    const { verdict: _verdict, ...old } = manifest;
    const findings = old.findings.map(({ code, message }) => ({ code, message }));
    fs.writeFileSync(places.manifest(manifest.id), JSON.stringify({ ...old, findings }));
    const source = await openDataSource({ kind: 'catalog', text: 'catalog:ES' }, places.folder);
    expect(await source.mark()).toEqual({
      result: 'unknown',
      reason: 'es.csv was imported before there were verdicts: import it again with --replace',
    });
  });

  it('beside a refused import give the worse mark of the two', async () => {
    await importing(writeBars(folder, 'good.csv', barsOf(20250915, 2)));
    const later = { from_us: Date.UTC(2025, 8, 16, 22) * 1_000 };
    await importing(invented('walk.csv', { ...DRESSED, ...later }), {
      trustTimes: true,
      acceptVerdict: true,
    });
    const { catalog } = anImport(folder, '');
    const markOf = async (text: string): Promise<string> =>
      (await (await openDataSource({ kind: 'catalog', text }, catalog)).mark()).result;
    expect(await markOf('catalog:ES:..2025-09-16')).toBe('pass');
    expect(await markOf('catalog:ES')).toBe('refuse');
  });
});
