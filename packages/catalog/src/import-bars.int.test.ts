/**
 * Goal: a bar file is in the catalog whole and as it is, or not at all, with everything that is wrong in it named.
 * Method: files of made-up sessions, real folders, real DuckDB.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BellwetherError, type Bar } from '@bellwether/contracts';
import { hash32, present } from '@bellwether/kernel';
import { sessionOf } from '@bellwether/market';
import { anImport, barsOf, newFolder, rowOf, writeBars, writeRows } from './bar-files-for-tests.js';
import { Catalog } from './catalog.js';
import { importBars, type ImportOptions, type ImportResult } from './import-bars.js';
import { CatalogPlaces } from './places.js';

const HOUR_US = 3_600_000_000;

let root = '';
let folder = '';
let two: readonly Bar[] = [];
let six: readonly Bar[] = [];

beforeAll(() => {
  root = newFolder();
  two = barsOf(20250915, 2);
  six = barsOf(20250915, 6);
});
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(root, 'case-'));
});
afterAll(() => {
  fs.rmSync(root, { recursive: true });
});

async function refusal(run: Promise<unknown>): Promise<BellwetherError> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof BellwetherError) return error;
  throw new Error(`Expected a BellwetherError, was ${String(error)}`);
}

const importing = (file: string, options: Partial<ImportOptions> = {}): Promise<ImportResult> =>
  importBars(anImport(folder, file, options));

const places = (): CatalogPlaces => new CatalogPlaces(path.join(folder, 'catalog'));

/** Every file of the catalog, with what tells one version of it from another. */
function filesThere(): readonly string[] {
  const below = path.join(folder, 'catalog');
  if (!fs.existsSync(below)) return [];
  return fs
    .readdirSync(below, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${path.relative(below, file)} ${fs.statSync(file).ino}`)
    .sort();
}

const codesOf = ({ manifest }: ImportResult): readonly string[] => manifest.findings.map(({ code }) => code);

describe('an import', () => {
  it('writes a manifest and one file for each trade date', async () => {
    const file = writeBars(folder, 'es.csv', two);
    const { outcome, manifest, replaced } = await importing(file, { contract: 'ESZ25' });
    expect([outcome, replaced]).toEqual(['imported', []]);
    expect(manifest).toMatchObject({
      source: { name: 'es.csv', bytes: fs.statSync(file).size, kind: 'bellwether_csv' },
      ...{ symbol: 'ES', contract: 'ESZ25', zone: 'UTC', stamp: 'open', interval: '1m', origin: 'market' },
      ...{ has_volume: true, rows: two.length, tick_size_e4: 2_500, imported_at: '2026-11-22T12:00:00Z' },
      first_open_us: two[0]?.open_us,
      last_open_us: two.at(-1)?.open_us,
      trade_dates: [
        { trade_date: 20250915, rows: 1_380, first_open_us: sessionOf(20250915)?.open_us },
        { trade_date: 20250916, rows: 1_380 },
      ],
    });
    expect(JSON.parse(fs.readFileSync(places().manifest(manifest.id), 'utf8'))).toEqual(manifest);
    for (const { file: name } of manifest.trade_dates) expect(fs.existsSync(places().file(name))).toBe(true);
    // Nothing else is left: two bar files, the manifest, the index.
    expect(filesThere()).toHaveLength(4);
  });

  it('a second time changes nothing, not even a file', async () => {
    const file = writeBars(folder, 'es.csv', two);
    const { manifest } = await importing(file);
    const before = filesThere();
    expect(await importing(file)).toEqual({ outcome: 'unchanged', manifest, replaced: [] });
    expect(await importing(file, { replace: true })).toMatchObject({ outcome: 'unchanged' });
    expect(filesThere()).toEqual(before);
  });

  it('is told of its progress', async () => {
    const seen: number[] = [];
    const file = writeBars(folder, 'es.csv', two);
    await importing(file, {
      onProgress: ({ bytes_read, bytes_total }) => seen.push(bytes_read / bytes_total),
    });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('keeps bars of one and five minutes, and other symbols, beside each other', async () => {
    await importing(writeBars(folder, 'one.csv', two));
    await importing(writeBars(folder, 'five.csv', barsOf(20250915, 2, { interval: '5m' })));
    await importing(writeBars(folder, 'nq.csv', barsOf(20250915, 2, { symbol: 'NQ' })), { symbol: 'NQ' });
    const catalog = await Catalog.read(places());
    expect(catalog.symbols).toEqual(['ES', 'NQ']);
    expect(catalog.intervalsOf('ES')).toEqual(['1m', '5m']);
    expect([...catalog.datesOf('NQ', '1m').keys()]).toEqual([20250915, 20250916]);
  });

  it('of a column of zeros has no volume, and of one that begins late has it everywhere', async () => {
    const none = two.map((bar) => ({ ...bar, volume: 0 }));
    const without = await importing(writeBars(folder, 'none.csv', none));
    expect(without.manifest.has_volume).toBe(false);
    expect(codesOf(without)).toContain('no_volume');
    const late = [...none.slice(0, 1_380), ...two.slice(1_380)];
    const result = await importing(writeBars(folder, 'late.csv', late), { replace: true });
    expect(result.manifest.has_volume).toBe(true);
    expect(codesOf(result)).toContain('zero_volume_run');
    // The first day's rows are zeros now, where they were unknown before.
    expect(result.manifest.trade_dates[0]?.rows_sha256).not.toBe(
      without.manifest.trade_dates[0]?.rows_sha256,
    );
  });

  it('says what is missing by the calendar, and that it is not refused for that', async () => {
    // Sessions of 15, 16, 18 and 19 September; ten bars of the 18th are not there.
    const four = barsOf(20250915, 5).filter(({ open_us }) => {
      const third = present(sessionOf(20250917), 'a session');
      const fourth = present(sessionOf(20250918), 'a session');
      const hole = fourth.rth_open_us + HOUR_US;
      return (
        !(open_us >= third.open_us && open_us < third.close_us) &&
        !(open_us >= hole && open_us < hole + HOUR_US / 6)
      );
    });
    const { manifest } = await importing(writeBars(folder, 'es.csv', four));
    const told = Object.fromEntries(manifest.findings.map(({ code, message }) => [code, message]));
    expect(told['missing_sessions']).toBe('1 sessions without a bar: 20250917');
    expect(told['missing_bars']).toBe('10 bars are missing inside 1 sessions (20250918)');
  });
});

describe('another file with trade dates that are there', () => {
  let first = '';
  let second = '';
  beforeEach(async () => {
    first = writeBars(folder, 'first.csv', six.slice(0, 3 * 1_380));
    second = writeBars(folder, 'second.csv', barsOf(20250916, 5, { seed: 'another' }));
    await importing(first);
  });

  it('is refused, naming both and the dates, and changes nothing', async () => {
    const before = filesThere();
    const error = await refusal(importing(second));
    expect(error.code).toBe('catalog_conflict');
    expect(error.message).toContain('second.csv');
    expect(error.problems).toEqual([{ path: 'ES 1m', message: 'first.csv has 20250916, 20250917' }]);
    expect(filesThere()).toEqual(before);
  });

  it('is refused even when its bars are the same: the name stands in every entry id', async () => {
    const copy = writeBars(folder, 'copy.csv', six.slice(0, 3 * 1_380));
    expect((await refusal(importing(copy))).code).toBe('catalog_conflict');
  });

  it('takes their place with --replace; the other dates of the first stay', async () => {
    const { replaced } = await importing(second, { replace: true });
    expect(replaced).toHaveLength(1);
    const catalog = await Catalog.read(places());
    const owners = [...catalog.datesOf('ES', '1m')].map(([date, id]) => [
      date,
      catalog.imports.get(id)?.source.name,
    ]);
    expect(owners).toEqual([
      [20250915, 'first.csv'],
      [20250916, 'second.csv'],
      [20250917, 'second.csv'],
      [20250918, 'second.csv'],
      [20250919, 'second.csv'],
      [20250922, 'second.csv'],
    ]);
    // One bar file a date, two manifests, the index: replaced files are gone.
    expect(filesThere()).toHaveLength(6 + 2 + 1);
    // The first file again would take dates back, so it is refused in turn.
    expect((await refusal(importing(first))).problems).toEqual([
      { path: 'ES 1m', message: 'second.csv has 20250916, 20250917' },
    ]);
    await importing(first, { replace: true });
    expect(filesThere()).toHaveLength(6 + 2 + 1);
  });

  it('the same file under other terms is refused, and replaces with --replace', async () => {
    const error = await refusal(importing(first, { origin: 'synthetic' }));
    expect([error.code, error.detail]).toEqual([
      'catalog_conflict',
      expect.stringContaining('contract not told, market; now it is contract not told, synthetic'),
    ]);
    const { outcome, manifest } = await importing(first, { origin: 'synthetic', replace: true });
    expect([outcome, manifest.origin]).toEqual(['imported', 'synthetic']);
    expect((await Catalog.read(places())).imports.get(manifest.id)?.origin).toBe('synthetic');
  });
});

describe('a file is refused', () => {
  it('with all problems and their lines, and leaves nothing behind', async () => {
    const rows = two.slice(0, 500).map((bar) => rowOf(bar));
    rows[3] = rows[3]!.replace(/,[^,]*$/, ',many');
    rows[10] = 'nonsense';
    rows[20] = rows[19]!;
    rows[30] = rows[30]!.replace(/^([^,]*),[^,]*/, '$1,6000.1');
    const error = await refusal(importing(writeRows(folder, 'bad.csv', rows)));
    expect(error.code).toBe('data_unreadable');
    expect(error.detail).toBe('bad.csv: 4 problems. Nothing was imported');
    expect(error.problems.map((problem) => problem.path)).toEqual([
      'bad.csv:5',
      'bad.csv:12',
      'bad.csv:22',
      'bad.csv:32',
    ]);
    const messages = error.problems.map(({ message }) => message).join('\n');
    for (const part of [
      'whole number of contracts',
      'six fields',
      'Stamps must increase',
      'not on the grid',
    ]) {
      expect(messages).toContain(part);
    }
    expect(filesThere()).toEqual([]);
  });

  it('with the first fifty of many problems, and the number of the others', async () => {
    const rows = two.slice(0, 500).map((bar, i) => (i < 200 ? 'nonsense' : rowOf(bar)));
    const error = await refusal(importing(writeRows(folder, 'bad.csv', rows)));
    expect(error.problems).toHaveLength(51);
    expect(error.problems.at(-1)).toEqual({ path: 'bad.csv', message: 'and 150 more lines' });
  });

  it.each([
    ['summer time of New York taken for UTC', -4 * HOUR_US, 'not UTC, or not bar opens'],
    ['Chicago time taken for UTC', -5 * HOUR_US, 'not UTC, or not bar opens'],
    ['stamps of the bar close', HOUR_US / 60, 'the stamps are bar closes'],
  ])('with %s, unless the user vouches for it', async (_name, shift_us, message) => {
    const file = writeBars(folder, 'es.csv', six, shift_us);
    const error = await refusal(importing(file));
    expect(error.code).toBe('data_refused');
    expect(error.problems.map((problem) => problem.message).join('\n')).toContain(message);
    const trusted = await importing(file, { trustTimes: true });
    expect(codesOf(trusted)).toContain('times_trusted');
  });

  it('when the volume does not jump at 08:30 Chicago, though hours speak for it', async () => {
    // A volume as flat as a generator's that knows nothing of the cash session.
    const flat = six.map((bar) => ({ ...bar, volume: 100 }));
    const error = await refusal(importing(writeBars(folder, 'es.csv', flat)));
    expect(error.problems[0]?.message).toContain('1.0 times that of 08:25 (6 sessions), expected at least 5');
  });

  it('when winter is an hour off and summer is right: a zone without daylight saving', async () => {
    const summer = barsOf(20250818, 6);
    const winter = barsOf(20251103, 6).map((bar) => ({ ...bar, open_us: bar.open_us - HOUR_US }));
    const error = await refusal(importing(writeBars(folder, 'es.csv', [...summer, ...winter])));
    expect(error.problems.map((problem) => problem.message).join('\n')).toMatch(
      /in summer [\d.]+ times.*in winter/,
    );
  });

  it.each([
    [
      'event bars',
      (i: number) => i * 60_000_000 + (hash32(`event ${i}`) % 50) * 1_000_000,
      'no fixed length',
    ],
    ['hourly bars', (i: number) => i * HOUR_US, 'was 1 h between most rows'],
    ['two-minute bars', (i: number) => i * 120_000_000, 'was 120 s between most rows'],
  ])('for decisions where it holds %s', async (_name, at, message) => {
    const open_us = two[0]!.open_us;
    const bars = two.slice(0, 400).map((bar, i) => ({ ...bar, open_us: open_us + at(i) }));
    const error = await refusal(importing(writeBars(folder, 'es.csv', bars)));
    expect(error.code).toBe('interval_unsupported');
    expect(error.detail).toContain(message);
    expect(filesThere()).toEqual([]);
  });

  it('of a single row, of none, and where there is none', async () => {
    const one = await refusal(importing(writeBars(folder, 'one.csv', two.slice(0, 1))));
    expect([one.code, one.detail]).toEqual(['interval_unsupported', expect.stringContaining('a single row')]);
    expect((await refusal(importing(writeRows(folder, 'none.csv', [])))).code).toBe('data_empty');
    const missing = await refusal(importing(path.join(folder, 'missing.csv')));
    expect([missing.code, missing.detail]).toEqual([
      'data_unreadable',
      expect.stringContaining('There is no such file'),
    ]);
  });

  it('with a stamp between two bars, with bars outside the calendar, and older than the contract', async () => {
    const crooked = two.map((bar, i) => (i === 700 ? { ...bar, open_us: bar.open_us + 7_000_000 } : bar));
    const offGrid = await refusal(importing(writeBars(folder, 'crooked.csv', crooked)));
    expect(offGrid.problems[0]?.message).toMatch(/^Stamps off the 1-minute grid: 1 \(first: line 702/);
    // Lines that cannot be taken count on.
    const broken = crooked.map((bar) => rowOf(bar));
    broken.splice(5, 0, 'nonsense');
    const both = await refusal(importing(writeRows(folder, 'both.csv', broken)));
    expect(both.problems[0]?.message).toMatch(/: 1 \(first: line 703/);
    expect(both.problems[1]?.path).toBe('both.csv:7');
    const old = two.map((bar) => ({ ...bar, open_us: bar.open_us - 20 * 365 * 24 * HOUR_US }));
    const unknown = await refusal(importing(writeBars(folder, 'old.csv', old)));
    expect(unknown.problems[0]?.message).toMatch(
      /^Bars outside the trading calendar \(20130101 to 20271231\): 2760/,
    );
    const micro = barsOf(20190502, 3, { symbol: 'MES' });
    const early = await refusal(importing(writeBars(folder, 'mes.csv', micro), { symbol: 'MES' }));
    const messages = early.problems.map(({ message }) => message).join('\n');
    expect(messages).toMatch(/^MES was listed on 20190506; older bars: /m);
  });

  it('with bars after the expiry of its contract, and with a contract that is none of the symbol', async () => {
    const file = writeBars(folder, 'es.csv', barsOf(20250918, 3));
    const error = await refusal(importing(file, { contract: 'ESU25' }));
    expect(error.problems[0]?.message).toMatch(
      /^Bars after the expiry: \d+ \(first: line \d+, 2025-09-19T13:30:00Z/,
    );
    for (const contract of ['NQU25', 'ESU5', 'spread']) {
      expect((await refusal(importing(file, { contract }))).code).toBe('usage');
    }
    expect((await refusal(importing(file, { symbol: 'SPY' }))).code).toBe('unknown_symbol');
  });
});

describe('what a crash has left', () => {
  it('is not seen, and is removed by the next import', async () => {
    await importing(writeBars(folder, 'es.csv', two));
    const stray = places().file('bars/ES/1m/ES-1m-20250917-00000000.parquet');
    fs.writeFileSync(stray, 'half a file');
    fs.mkdirSync(places().staging('dead'), { recursive: true });
    fs.writeFileSync(path.join(places().staging('dead'), 'x.parquet'), '');
    expect([...(await Catalog.read(places())).datesOf('ES', '1m').keys()]).toEqual([20250915, 20250916]);
    await importing(writeBars(folder, 'nq.csv', barsOf(20250915, 1, { symbol: 'NQ' })), { symbol: 'NQ' });
    expect(fs.existsSync(stray)).toBe(false);
    expect(fs.existsSync(places().stagings)).toBe(false);
  });

  it('as a lock of a dead process is taken over; one of a living process is not', async () => {
    const file = writeBars(folder, 'es.csv', two);
    fs.mkdirSync(places().folder, { recursive: true });
    fs.writeFileSync(places().lock, '999999999');
    expect((await importing(file)).outcome).toBe('imported');
    fs.writeFileSync(places().lock, String(process.ppid));
    expect((await refusal(importing(file))).code).toBe('catalog_in_use');
    expect(fs.existsSync(places().lock)).toBe(true);
  });

  it('when it was stopped leaves the catalog as it was', async () => {
    const file = writeBars(folder, 'es.csv', six);
    const stop = new AbortController();
    const running = importing(file, {
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'ABORT_ERR' });
    expect(filesThere()).toEqual([]);
  });
});
