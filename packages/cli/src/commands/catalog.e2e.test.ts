/**
 * Goal: from a file on the disk to a decision, a catalog changes nothing; and the commands say what they did.
 * Method: the `bw` command as a user runs it, in a folder of its own.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBus } from '@bellwether/bus';
import { EntryKindName, encodeEntry, subjects } from '@bellwether/contracts';
import { ticksToPoints } from '@bellwether/market';
import { aBarEntry, atMinute, generateSessions } from '@bellwether/testkit';

const BIN = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../bin/bw.mjs');
const DEADLINE_MS = 180_000;

let folder = '';
let file = '';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function bw(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], BW_CATALOG: path.join(folder, 'bars of mine') },
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

const digestOf = ({ out }: Ended): string => /^digest ([0-9a-f]{64})$/m.exec(out)?.[1] ?? out;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw catalog cli '));
  const rows = ['ts,open,high,low,close,volume'];
  const made = generateSessions({
    seed: 'cli',
    symbol: 'ES',
    firstTradeDate: 20250915,
    sessions: 3,
    interval: '1m',
  });
  for (const bar of made) {
    const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks];
    const points = prices.map((ticks) => ticksToPoints(ticks, bar.tick_size_e4));
    rows.push([new Date(bar.open_us / 1_000).toISOString(), ...points, bar.volume].join(','));
  }
  file = path.join(folder, 'es.csv');
  await writeFile(file, `${rows.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

describe('bw import, bw catalog and --data', () => {
  it(
    'import once, show it, verify it, and replay it to the digest of the file',
    async () => {
      const first = await bw('import', 'es.csv', '--symbol', 'ES', '--contract', 'ESZ25');
      expect([first.code, first.err]).toEqual([0, expect.stringContaining('bytes:')]);
      expect(first.out).toContain('es.csv: 4,140 bars of ES 1m on 3 trade dates, 20250915 to 20250917');
      expect(first.out).toContain('stamps    bar opens in UTC');
      expect(first.out).toContain('contract  ESZ25');
      const again = await bw('import', 'es.csv', '--symbol', 'ES', '--contract', 'ESZ25');
      expect([again.code, again.out]).toEqual([0, expect.stringContaining('nothing was changed')]);

      expect((await bw('catalog', 'list')).out).toMatch(
        /ES +│ 1m +│ ESZ25 +│ 20250915\.\.20250917 +│ +3 │ +4,140 │ yes +│ market │ pass +│ es\.csv/,
      );
      const list = JSON.parse((await bw('catalog', 'list', '--json')).out) as unknown;
      expect(list).toMatchObject([{ symbol: 'ES', source_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
      expect((await bw('catalog', 'verify')).out).toContain('3 files were read, and each is what');

      const ofFile = await bw('replay', '--data', 'es.csv', '--symbol', 'ES', '--out', 'a');
      const ofCatalog = await bw('replay', '--data', 'catalog:ES', '--out', 'b');
      expect(digestOf(ofFile)).toMatch(/^[0-9a-f]{64}$/);
      expect(digestOf(ofCatalog)).toBe(digestOf(ofFile));
    },
    DEADLINE_MS,
  );

  it(
    'refuse with exit code 3 and what to do',
    async () => {
      await writeFile(path.join(folder, 'bad.csv'), 'ts,open,high,low,close,volume\nyesterday,1,2,3,4,5\n\n');
      const bad = await bw('import', 'bad.csv', '--symbol', 'ES');
      expect(bad.code).toBe(3);
      expect(bad.err).toMatch(/bad\.csv:2: Expected the bar's open.*\n.*bad\.csv:3: Expected six fields/);
      const nothing = await bw('replay', '--data', 'catalog:NQ');
      expect([nothing.code, nothing.err]).toEqual([3, expect.stringContaining('has no bars of NQ')]);
      expect((await bw('replay', '--data', 'catalog:NQ', '--symbol', 'NQ')).code).toBe(2);
    },
    DEADLINE_MS,
  );
});

describe('bw archive', () => {
  it(
    'copies the journal of a store, and says that it stays',
    async () => {
      const store = path.join(folder, 'store');
      const bus = await openBus({ kind: 'lmdb', folder: store });
      for (let i = 0; i < 20; i++) {
        const entry = { ...aBarEntry({ open_us: atMinute(i) }), book: 'es' };
        const subject = subjects.journal('es', EntryKindName[entry.kind], entry.id);
        await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
      }
      await bus.close();
      const first = await bw('archive', 'es', '--store', 'store');
      expect([first.code, first.err]).toEqual([0, '20 entries archived\n']);
      expect(first.out).toContain('20 entries, read back and compared');
      expect(first.out).toContain('The journal itself is as it was');
      expect((await bw('archive', 'es', '--store', 'store')).out).toContain('nothing new');
      const missing = await bw('archive', 'es', '--store', 'nowhere');
      expect([missing.code, missing.err]).toEqual([3, expect.stringContaining('There is no store')]);
    },
    DEADLINE_MS,
  );
});
