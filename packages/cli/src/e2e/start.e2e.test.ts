import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { auditFolder } from '../folders.js';
import { checkAudit } from '../replay/audit-check.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { samplePlan } from '../data/data-plan.js';
import { Run } from './bw-run.js';

const DEADLINE_MS = 120_000;
const FROM = 20_250_411;
const BOOK = 'start-test';

describe('bw start', () => {
  let folder: string;
  let bookFile: string;
  let runs: Run[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-start-'));
    // Named like the sample's book file, so that the sample is fed; another book, so that the name is seen to count.
    bookFile = path.join(folder, 'sample.yaml');
    await writeFile(bookFile, `book: ${BOOK}\nsymbols: [{ symbol: ES }]\nknown_time: event\n`);
    runs = [];
  });

  afterEach(async () => {
    for (const run of runs) run.child.kill('SIGKILL');
    await Promise.all(runs.map((run) => run.ended));
    await rm(folder, { recursive: true, force: true });
  });

  const startBw = (): Run => {
    const store = path.join(folder, 'store');
    const run = new Run([
      'start',
      '--port',
      '0',
      '--store',
      store,
      '--book',
      bookFile,
      '--from',
      String(FROM),
    ]);
    runs.push(run);
    return run;
  };

  it(
    'goes on after SIGKILL in the middle, and ends with the digest of a replay in memory',
    async () => {
      const first = startBw();
      await first.says(/\((?:10|20|30) %\)/);
      first.child.kill('SIGKILL');
      await first.ended;

      const second = startBw();
      const digest = (await second.says(/digest ([0-9a-f]{64})/))[1];
      const options = { data: [], symbol: [], book: bookFile, from: FROM, warmup: 60 };
      const inMemory = await replayInMemory(await samplePlan(options), () => undefined, undefined);
      expect(digest).toBe(inMemory.digest);
      expect(second.out).toContain('SYNTHETIC DATA');

      const trade = inMemory.summary.trades[0]?.decision_id ?? `${BOOK}-100`;
      const why = new Run(['why', trade, '--store', path.join(folder, 'store')]);
      expect(await why.ended).toBe(0);
      expect(why.out).toContain(`Decision ${trade}`);
      expect(why.out).toContain('SYNTHETIC DATA');
      expect(why.out).toMatch(/Audit\n {2}record \d+, received .*; its hash is right/);

      const { frames } = inMemory.summary;
      await second.says(/Check it: npx bw audit verify --folder/);
      expect(second.out).toContain(`for ${frames.toLocaleString('en-US')} frames`);
      second.child.kill('SIGTERM');
      expect(await second.ended).toBe(0);
      // Every frame once, also those around the kill; the key of the second life signs on where the first has ended.
      const verdict = await checkAudit(auditFolder(path.join(folder, 'store')), BOOK, frames);
      expect(verdict).toMatchObject({ ok: true, first_seq: 1, last_seq: frames, unsigned_bytes: 0 });
      expect(second.out).toContain(`hash ${verdict.head?.hash}`);
      expect(second.out).toContain(`key ${verdict.head?.key_id}`);
    },
    2 * DEADLINE_MS,
  );

  it(
    'answers a signal over HTTP from the book that it has fed, and health',
    async () => {
      const run = startBw();
      const url = (await run.says(/http:\/\/127\.0\.0\.1:\d+/))[0];
      await run.says(/digest [0-9a-f]{64}/);
      const health = await fetch(`${url}/health`);
      expect(health.status).toBe(200);
      const response = await fetch(`${url}/v1/signal`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ signal_id: 'one', symbol: 'ES', ts: '2025-04-11T21:00:00Z' }),
      });
      expect(response.status).toBe(200);
      const answer = (await response.json()) as Record<string, unknown>;
      expect(answer).toMatchObject({ action: 'HOLD', final: true, synthetic: true });
      expect(answer['confidence']).toBeNull();
      const ahead = await fetch(`${url}/v1/signal`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ signal_id: 'two', symbol: 'ES', ts: '2099-04-11T21:00:00Z' }),
      });
      expect(ahead.status).toBe(400);

      const other = new Run([
        'start',
        '--port',
        '0',
        '--store',
        path.join(folder, 'store'),
        '--book',
        bookFile,
      ]);
      expect(await other.ended).toBe(4);
      expect(other.out).toContain('store_in_use');
      const port = new URL(url).port;
      const elsewhere = path.join(folder, 'elsewhere');
      const taken = new Run(['start', '--port', port, '--store', elsewhere, '--book', bookFile]);
      expect(await taken.ended).toBe(4);
      expect(taken.out).toContain('port_in_use');
    },
    2 * DEADLINE_MS,
  );
});

describe('bw start on a store whose audit log was changed', () => {
  it(
    'ends with audit_corrupt and cuts nothing',
    async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'bw-tampered-'));
      const store = path.join(folder, 'store');
      const args = ['start', '--port', '0', '--store', store, '--from', String(FROM)];
      const first = new Run(args);
      await first.says(/Check it: npx bw audit verify/);
      first.child.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      const [book = ''] = await readdir(auditFolder(store));
      const segment = path.join(auditFolder(store), book, '000000000000001.seg');
      const bytes = await readFile(segment);
      bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
      await writeFile(segment, bytes);
      const second = new Run(args);
      expect(await second.ended).toBe(5);
      expect(second.out).toContain('audit_corrupt');
      expect((await readFile(segment)).length).toBe(bytes.length);
      await rm(folder, { recursive: true });
    },
    2 * DEADLINE_MS,
  );
});

describe('bw start on a store that holds another run of the book', () => {
  it(
    'says so instead of showing the old result',
    async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'bw-other-'));
      const bookFile = path.join(folder, 'sample.yaml');
      const book = (risk: number): Promise<void> =>
        writeFile(
          bookFile,
          `book: ${BOOK}\nsymbols: [{ symbol: ES }]\nknown_time: event\nrisk_per_trade_usd: ${risk}\n`,
        );
      const args = ['start', '--port', '0', '--store', path.join(folder, 'store'), '--book', bookFile];
      await book(500);
      const first = new Run([...args, '--from', String(FROM)]);
      await first.says(/\(10 %\)/);
      first.child.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      await book(900);
      const second = new Run([...args, '--from', String(FROM)]);
      expect(await second.ended).toBe(2);
      expect(second.out).toContain('other_inputs');
      await rm(folder, { recursive: true });
    },
    2 * DEADLINE_MS,
  );
});

describe('bw', () => {
  it.each([
    ['an unknown option', ['replay', '--nope'], 2, 'unknown option'],
    ['an unknown command', ['reply'], 2, 'unknown command'],
    ['an unknown service', ['serve', 'nothing'], 2, 'There is no service nothing'],
    ['data without a symbol', ['replay', '--data', 'bars.csv'], 2, 'one --symbol for each file of --data'],
    ['a file that is not there', ['replay', '--data', 'nowhere.csv', '--symbol', 'ES'], 3, 'nowhere.csv'],
    ['a date that is none', ['replay', '--from', '2025-13-40'], 2, 'no such date'],
    [
      'dates in the wrong order',
      ['replay', '--from', '2025-04-11', '--to', '2025-04-10'],
      2,
      'lies after --to',
    ],
    ['a symbol without data', ['replay', '--symbol', 'NQ'], 2, 'one --symbol for each file of --data'],
    ['a seed without kills', ['replay', '--seed', '7'], 2, '--kill-each-once or --kills'],
    ['a store that is not there', ['why', 'sample-1', '--store', 'nowhere'], 1, 'There is no store'],
    ['kills in memory', ['replay', '--kills', '3'], 2, 'need --transport nats'],
    ['a decision that is none', ['why', 'nonsense'], 1, 'Expected <book>-<number>'],
    ['a book file with three mistakes', ['start', '--book', 'BAD'], 2, 'policy'],
  ])('says what is wrong with %s', async (_what, args, code, text) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-bad-'));
    const bad = path.join(folder, 'bad.yaml');
    await writeFile(bad, 'book: Bad Name\nsymbols: []\npolicy: luck\nextra: 1\n');
    const run = new Run(args.map((arg) => (arg === 'BAD' ? bad : arg)));
    expect(await run.ended).toBe(code);
    expect(run.out).toContain(text);
    await rm(folder, { recursive: true });
  });

  it.each(['start', 'serve', 'replay', 'why', 'doctor'])('%s --help shows examples', async (command) => {
    const run = new Run([command, '--help']);
    expect(await run.ended).toBe(0);
    expect(run.out).toContain('Examples:');
    expect(run.out).toContain(`bw ${command}`);
  });

  it('doctor says what is there and exits 0 where nothing needed is missing', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-doctor-'));
    const run = new Run(['doctor', '--store', folder, '--port', '0']);
    expect(await run.ended).toBe(0);
    for (const name of ['Node.js', 'build', 'data folder', 'nats-server', 'machine'])
      expect(run.out).toContain(name);
    await rm(folder, { recursive: true });
  });
});
