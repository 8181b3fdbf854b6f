/**
 * Goal: a file of another product becomes the bars that the same data in our own layout become, and the command says how it
 * was read.
 * Method: the `bw` command as a user runs it, on made-up bars in several formats.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalog, CatalogPlaces } from '@bellwether/catalog';
import { SAMPLES, sampleBarsOf } from '@bellwether/importers/testing';

const BIN = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../bin/bw.mjs');
const DEADLINE_MS = 180_000;

let folder = '';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function bw(catalog: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], BW_CATALOG: path.join(folder, catalog) },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

/** Hashes of the rows of each trade date: what the bars are, wherever they came from. */
async function hashesOf(catalog: string): Promise<readonly string[]> {
  const read = await Catalog.read(new CatalogPlaces(path.join(folder, catalog)));
  return [...read.imports.values()].flatMap(({ trade_dates }) =>
    trade_dates.map(({ rows_sha256 }) => rows_sha256),
  );
}

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'bw import formats '));
  const bars = sampleBarsOf(6);
  for (const { file, bytes } of SAMPLES) fs.writeFileSync(path.join(folder, file), bytes(bars));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

describe('bw import of other formats', () => {
  it(
    'gives the bars of our own layout, and tells format, stamps and evidence',
    async () => {
      expect((await bw('own', 'import', 'own.csv', '--symbol', 'ES', '--synthetic')).code).toBe(0);
      const wanted = await hashesOf('own');
      expect(wanted).toHaveLength(12);
      for (const file of ['glbx-v2.dbn.zst', 'ES 12-25.Last.txt', 'iqfeed.csv']) {
        const ended = await bw(`of ${file}`, 'import', file, '--symbol', 'ES', '--synthetic');
        expect([ended.code, ended.err]).toEqual([0, expect.stringContaining('bytes:')]);
        expect(ended.out).toMatch(
          /format {4}\S[^]*stamps {4}bar (open|close)s in [^]*evidence {2}volume at 08:30/,
        );
        expect(await hashesOf(`of ${file}`)).toEqual(wanted);
      }
      const [manifest] = (
        await Catalog.read(new CatalogPlaces(path.join(folder, 'of iqfeed.csv')))
      ).imports.values();
      expect(manifest).toMatchObject({
        source: { kind: 'iqfeed' },
        zone: 'America/New_York',
        stamp: 'close',
        reading: { price_factor: '1', instrument: null, duplicates: 0, in_order: false },
      });
    },
    DEADLINE_MS,
  );

  it.each([
    ['data verdict', ['data', 'verdict', 'kibot.txt', '--symbol', 'ES']],
    ['replay', ['replay', '--data', 'kibot.txt', '--symbol', 'ES', '--out', 'out']],
  ])(
    'is what %s says to do with such a file',
    async (_name, args) => {
      const { code, err } = await bw('own', ...args);
      expect([code, err]).toEqual([2, expect.stringContaining('foreign_format')]);
      expect(err).toContain('bw import "kibot.txt" --symbol ES');
    },
    DEADLINE_MS,
  );

  it(
    'changes nothing the second time, and refuses the same bytes read otherwise',
    async () => {
      const args = ['import', 'kibot.txt', '--symbol', 'ES', '--synthetic'];
      expect((await bw('kibot', ...args)).code).toBe(0);
      expect((await bw('kibot', ...args)).out).toContain('nothing was changed');
      const other = await bw(
        'kibot',
        ...args,
        '--zone',
        'America/Chicago',
        '--stamp',
        'open',
        '--trust-times',
      );
      expect([other.code, other.err]).toEqual([
        3,
        expect.stringMatching(
          /as contract not told, synthetic, bar opens in America\/New_York[^]*now it is[^]*Chicago/,
        ),
      ]);
    },
    DEADLINE_MS,
  );

  it(
    'ends with exit code 2 and the next step where the evidence does not suffice',
    async () => {
      const few = fs
        .readFileSync(path.join(folder, 'kibot.txt'), 'utf8')
        .split('\n')
        .slice(0, 200)
        .join('\n');
      fs.writeFileSync(path.join(folder, 'few.txt'), few);
      const unclear = await bw('few', 'import', 'few.txt', '--symbol', 'ES');
      expect([unclear.code, unclear.err]).toEqual([
        2,
        expect.stringContaining('give --format kibot, which means --zone America/New_York --stamp open'),
      ]);
      const zone = await bw('few', 'import', 'own.csv', '--symbol', 'ES', '--zone', 'UTC');
      expect([zone.code, zone.err]).toEqual([2, expect.stringContaining('which --zone cannot change')]);
      const replay = await bw('few', 'replay', '--data', 'glbx-v3.dbn', '--symbol', 'ES', '--out', 'out');
      expect([replay.code, replay.err]).toEqual([
        2,
        expect.stringContaining(
          'looks like Databento DBN. Import it first: bw import "glbx-v3.dbn" --symbol ES',
        ),
      ]);
    },
    DEADLINE_MS,
  );
});
