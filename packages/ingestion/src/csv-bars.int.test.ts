/** Goal: a bar file is taken as it is or refused with file, line and what to do. Method: real files in a folder. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BellwetherError, type Bar } from '@bellwether/contracts';
import { readCheckedRows } from './csv-checked-rows.js';
import type { CsvProblem } from './csv-row.js';
import { inspectCsv, readCsvBars, type CsvFacts, type CsvProgress } from './csv-bars.js';

const HEADER = 'ts,open,high,low,close,volume';
const MINUTE_MS = 60_000;
const START_MS = Date.parse('2025-09-15T13:30:00Z');

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-csv-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function write(name: string, bytes: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
}

function row(minute: number, rest = '6600,6601.25,6599.75,6600.5,120'): string {
  return `${new Date(START_MS + minute * MINUTE_MS).toISOString().replace('.000Z', 'Z')},${rest}`;
}

const csv = (...rows: readonly string[]): string => [HEADER, ...rows, ''].join('\n');
const rowsOf = (count: number, step = 1): readonly string[] =>
  Array.from({ length: count }, (_, i) => row(i * step));

async function readAll(facts: CsvFacts): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for await (const batch of readCsvBars(facts)) bars.push(...batch);
  return bars;
}

async function refusal(run: () => Promise<unknown>): Promise<BellwetherError> {
  const error: unknown = await run().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof BellwetherError) return error;
  throw new Error(`Expected a BellwetherError, was ${String(error)}`);
}

describe('a bar file', () => {
  it('is told by its facts', async () => {
    const text = csv(...rowsOf(5));
    const file = write('es.csv', text);
    expect(await inspectCsv(file, 'ES')).toEqual({
      path: file,
      source: 'es.csv',
      symbol: 'ES',
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: text.length,
      rows: 5,
      first_open_us: START_MS * 1_000,
      last_open_us: (START_MS + 4 * MINUTE_MS) * 1_000,
      has_volume: true,
      interval_us: 60_000_000,
    });
  });

  it('becomes bars in ticks', async () => {
    const bars = await readAll(await inspectCsv(write('bars.csv', csv(...rowsOf(2))), 'ES'));
    expect(bars.length).toBe(2);
    expect(bars[1]).toEqual({
      symbol: 'ES',
      open_us: (START_MS + MINUTE_MS) * 1_000,
      interval_us: 60_000_000,
      tick_size_e4: 2_500,
      open_ticks: 26_400,
      high_ticks: 26_405,
      low_ticks: 26_399,
      close_ticks: 26_402,
      volume: 120,
      revision: 0,
      bid_size: null,
      ask_size: null,
      last_trade_dir: null,
    });
  });

  it('may be compressed, have CRLF, a byte order mark, a capital header and no last line end', async () => {
    const plain = await readAll(await inspectCsv(write('plain.csv', csv(...rowsOf(50))), 'ES'));
    const forms: readonly (readonly [string, string | Uint8Array])[] = [
      ['z.csv.gz', zlib.gzipSync(csv(...rowsOf(50)))],
      ['members.csv.gz', Buffer.concat([zlib.gzipSync(`${HEADER}\n`), zlib.gzipSync(rowsOf(50).join('\n'))])],
      ['padded.csv.gz', Buffer.concat([zlib.gzipSync(csv(...rowsOf(50))), Buffer.alloc(100_000)])],
      ['crlf.csv', csv(...rowsOf(50)).replaceAll('\n', '\r\n')],
      ['bom.csv', `\ufeff${csv(...rowsOf(50))}`],
      ['capital.csv', csv(...rowsOf(50)).replace('ts,open', 'TS,Open')],
      ['end.csv', csv(...rowsOf(50)).trimEnd()],
    ];
    for (const [name, bytes] of forms) {
      const facts = await inspectCsv(write(name, bytes), 'ES');
      expect(facts.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(await readAll(facts)).toEqual(plain);
    }
  });

  it('has no volume where the whole column is 0, and has it where one row is not', async () => {
    const zero = (minute: number): string => row(minute, '6600,6600,6600,6600,0');
    const none = await inspectCsv(write('none.csv', csv(zero(0), zero(1))), 'ES');
    expect(none.has_volume).toBe(false);
    expect((await readAll(none)).map((bar) => bar.volume)).toEqual([null, null]);
    const some = await inspectCsv(write('some.csv', csv(zero(0), row(1))), 'ES');
    expect((await readAll(some)).map((bar) => bar.volume)).toEqual([0, 120]);
  });

  it('has the interval of most rows, whatever its gaps', async () => {
    const five = await inspectCsv(write('five.csv', csv(row(0), row(5), row(10), row(55), row(60))), 'ES');
    expect(five.interval_us).toBe(300_000_000);
    expect((await readAll(five)).every((bar) => bar.interval_us === 300_000_000)).toBe(true);
  });

  it('tells how far its reading is, and is read in pieces', async () => {
    const big = csv(...rowsOf(40_000));
    const seen: CsvProgress[] = [];
    const facts = await inspectCsv(write('big.csv', big), 'ES', {
      onProgress: (progress) => seen.push(progress),
    });
    expect(facts.rows).toBe(40_000);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen[seen.length - 1]).toEqual({ bytes_read: big.length, bytes_total: big.length });
    const bars = readCsvBars(facts);
    await bars.next();
    // Stopping early frees the file.
    await bars.return();
    expect((await bars.next()).done).toBe(true);
  });

  it('can be stopped', async () => {
    const stop = AbortSignal.abort();
    await expect(inspectCsv(write('stop.csv', csv(...rowsOf(5))), 'ES', { signal: stop })).rejects.toThrow(
      /abort/i,
    );
  });
});

describe('a bar file is refused', () => {
  const good = row(0);
  it.each([
    ['another header', 'time,open,high,low,close,volume\n', 1, HEADER],
    ['no header', `${good}\n`, 1, HEADER],
    ['a field too few', csv(good, row(1, '6600,6601,6599,6600')), 3, 'six fields'],
    ['a blank line', csv(good, '', row(1)), 3, 'six fields'],
    ['a price that is none', csv(row(0, '6600,abc,6599,6600,1')), 2, 'Expected a price as high'],
    ['an empty price', csv(row(0, '6600,6601,,6600,1')), 2, 'Expected a price as low'],
    ['a price in exponents', csv(row(0, '6.6e3,6601,6599,6600,1')), 2, 'Expected a price as open'],
    ['a price of zero', csv(row(0, '6600,6601,0,6600,1')), 2, 'not on the grid'],
    ['a price off the grid', csv(good, row(1, '6600,6601,6599,6600.1,1')), 3, 'not on the grid of ES'],
    ['a high below the close', csv(row(0, '6600,6600,6599,6601,1')), 2, 'between low and high'],
    ['a low above the open', csv(row(0, '6600,6602,6601,6601,1')), 2, 'between low and high'],
    ['a stamp again', csv(good, good), 3, 'Stamps must increase'],
    ['a stamp before', csv(row(5), row(4)), 3, 'Stamps must increase'],
    ['a stamp without a zone', csv(good.replace('Z', '')), 2, 'in UTC'],
    ['a stamp with another zone', csv(good.replace('Z', '-05:00')), 2, 'in UTC'],
    ['a day that does not exist', csv(good.replace('2025-09-15', '2025-02-30')), 2, 'in UTC'],
    ['an hour that does not exist', csv(good.replace('T13', 'T24')), 2, 'in UTC'],
    ['a volume with decimals', csv(row(0, '6600,6601,6599,6600,1.5')), 2, 'whole number'],
    ['a negative volume', csv(row(0, '6600,6601,6599,6600,-1')), 2, 'whole number'],
    ['an empty volume', csv(row(0, '6600,6601,6599,6600,')), 2, 'write 0 in every row'],
    ['a line without an end', `${HEADER}\n${'6'.repeat(2_000)}`, 2, 'too long'],
  ])('with %s, naming the line', async (_what, text, line, message) => {
    const file = write('bad.csv', text);
    const error = await refusal(() => inspectCsv(file, 'ES'));
    expect(error.code).toBe('data_unreadable');
    expect(error.detail).toContain(`${file}:${line}: `);
    expect(error.detail).toContain(message);
  });

  it('in line 30,000 as well, and compressed', async () => {
    const rows = [...rowsOf(35_000)];
    rows[29_998] = row(29_998, '6600,6601,6599,6600.3,1');
    const error = await refusal(() => inspectCsv(write('late.csv.gz', zlib.gzipSync(csv(...rows))), 'ES'));
    expect(error.detail).toContain('late.csv.gz:30000: ');
  });

  it('when it is cut off or damaged', async () => {
    const whole = zlib.gzipSync(csv(...rowsOf(5_000)));
    const cut = await refusal(() =>
      inspectCsv(write('cut.csv.gz', whole.subarray(0, whole.length - 500)), 'ES'),
    );
    expect([cut.code, cut.detail.includes('end too early')]).toEqual(['data_unreadable', true]);
    const plain = await refusal(() => inspectCsv(write('plain.csv.gz', csv(good)), 'ES'));
    expect([plain.code, plain.detail.includes('not valid gzip')]).toEqual(['data_unreadable', true]);
    const damaged = Buffer.from(whole);
    damaged.writeUInt32LE(0, damaged.length - 8);
    const crc = await refusal(() => inspectCsv(write('crc.csv.gz', damaged), 'ES'));
    expect([crc.code, crc.detail.includes('not valid gzip')]).toEqual(['data_unreadable', true]);
  });

  it('when it is not there, a folder, of another kind, or not text', async () => {
    const missing = await refusal(() => inspectCsv(path.join(folder, 'none', 'x.csv'), 'ES'));
    expect([missing.code, missing.detail.includes('no such file')]).toEqual(['data_unreadable', true]);
    fs.mkdirSync(path.join(folder, 'dir.csv'));
    expect((await refusal(() => inspectCsv(path.join(folder, 'dir.csv'), 'ES'))).code).toBe(
      'data_unreadable',
    );
    expect((await refusal(() => inspectCsv(write('x.parquet', 'PAR1'), 'ES'))).detail).toContain(
      '.csv or .csv.gz',
    );
    const latin = Buffer.from(`${HEADER}\n2025\xe9`, 'latin1');
    expect((await refusal(() => inspectCsv(write('latin.csv', latin), 'ES'))).detail).toContain('UTF-8');
  });

  it('when it holds nothing', async () => {
    expect((await refusal(() => inspectCsv(write('header.csv', csv()), 'ES'))).code).toBe('data_empty');
    expect((await refusal(() => inspectCsv(write('empty.csv', ''), 'ES'))).code).toBe('data_empty');
  });

  it('for a symbol that is not known', async () => {
    expect((await refusal(() => inspectCsv(write('spy.csv', csv(good)), 'SPY'))).code).toBe('unknown_symbol');
  });

  it.each([
    ['hours', csv(row(0), row(60), row(120)), '3600 s'],
    ['one row', csv(row(0)), 'a single row'],
    ['trades', csv(row(0), good.replace(':00Z', ':07.5Z')), '7.5 s'],
  ])('for decisions when it holds %s', async (_what, text, message) => {
    const facts = await inspectCsv(write('interval.csv', text), 'ES');
    const error = await refusal(() => readAll(facts));
    expect(error.code).toBe('interval_unsupported');
    expect(error.detail).toContain(message);
  });

  it('for decisions when a stamp lies between two intervals', async () => {
    const file = write('between.csv', csv(row(0), row(1), row(2), row(3).replace(':00Z', ':20Z')));
    const error = await refusal(async () => readAll(await inspectCsv(file, 'ES')));
    expect(error.detail).toContain(`${file}:5: The stamp is not a multiple of the 1-minute interval`);
  });

  it('when it changed since it was looked at', async () => {
    const file = write('changed.csv', csv(...rowsOf(5)));
    const facts = await inspectCsv(file, 'ES');
    write('changed.csv', csv(...rowsOf(6)));
    expect((await refusal(() => readAll(facts))).detail).toContain('changed while it was read');
  });
});

describe('real files', () => {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
  const data = process.env['BW_DATA_DIR'] ?? path.join(root, '../shared/data');
  const manifest = path.join(data, 'manifest.json');
  const there = fs.existsSync(manifest);
  if (!there) console.warn(`SKIPPED: no real bar files in ${data} (set BW_DATA_DIR)`);
  interface Listed {
    readonly file: string;
    readonly kind: string;
    readonly symbol?: string;
    readonly resolution?: string;
    readonly rows: number;
    readonly sha256: string;
    readonly hasVolume: boolean;
  }
  const listed = there
    ? (JSON.parse(fs.readFileSync(manifest, 'utf8')) as { files: readonly Listed[] }).files
    : [];
  const ours = listed.filter(
    (f) => f.kind === 'bars' && /^(ES|NQ|MNQ)$/.test(f.symbol ?? '') && /^[15]m$/.test(f.resolution ?? ''),
  );
  (there ? it : it.skip)('are told as their manifest tells them', async () => {
    expect(ours.length).toBeGreaterThan(5);
    for (const entry of ours) {
      const facts = await inspectCsv(path.join(data, entry.file), entry.symbol ?? '');
      expect([entry.file, facts.rows, facts.sha256, facts.has_volume, facts.interval_us]).toEqual([
        entry.file,
        entry.rows,
        entry.sha256,
        entry.hasVolume,
        entry.resolution === '1m' ? 60_000_000 : 300_000_000,
      ]);
      let bars = 0;
      for await (const batch of readCsvBars(facts)) {
        bars += batch.filter((bar) => bar.symbol === entry.symbol).length;
      }
      expect(bars).toBe(entry.rows);
    }
  });
});

describe('a file read for all that is wrong in it', () => {
  async function checked(file: string, symbol = 'ES') {
    const problems: CsvProblem[] = [];
    const opens: number[] = [];
    const onProblem = (problem: CsvProblem): void => void problems.push(problem);
    for await (const batch of readCheckedRows(file, symbol, { onProblem })) {
      opens.push(...batch.map(({ open_us }) => open_us));
    }
    return { problems, opens };
  }

  it('gives the rows of a good file', async () => {
    const file = write('good.csv', csv(...rowsOf(3)));
    expect(await checked(file)).toEqual({
      problems: [],
      opens: (await readAll(await inspectCsv(file, 'ES'))).map(({ open_us }) => open_us),
    });
  });

  it('tells each bad line without its place, and goes on after it', async () => {
    const file = write(
      'bad.csv',
      csv(row(0), 'x', row(1), row(1), row(2, '6600.1,6601,6599,6600,5'), row(3)),
    );
    const { problems, opens } = await checked(file);
    expect(opens).toEqual([0, 1, 3].map((minute) => (START_MS + minute * MINUTE_MS) * 1_000));
    expect(problems).toEqual([
      { line: 3, message: expect.stringMatching(/^Expected six fields/) },
      { line: 5, message: expect.stringMatching(/^Stamps must increase/) },
      { line: 6, message: expect.stringMatching(/^The open 6600.1 is not on the grid of ES/) },
    ]);
  });

  it('stops where the file as a whole is none of bars', async () => {
    const error = await refusal(() => checked(write('other.csv', 'a,b\n1,2\n')));
    expect(error.detail).toContain('Expected the header');
    expect((await refusal(() => checked(write('good2.csv', csv(row(0))), 'SPY'))).code).toBe(
      'unknown_symbol',
    );
  });
});
