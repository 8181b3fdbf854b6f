import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Run } from './bw-run.js';

const DEADLINE_MS = 120_000;

let folder: string;
let runs: Run[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-account-'));
  runs = [];
});

afterEach(async () => {
  for (const run of runs) run.child.kill('SIGKILL');
  await Promise.all(runs.map((run) => run.ended));
  await rm(folder, { recursive: true, force: true });
});

function bw(...args: readonly string[]): Run {
  const run = new Run(args);
  runs.push(run);
  return run;
}

describe('bw account', () => {
  it(
    'shows the days of a replayed book: flat, headroom, refusals, the share of the best one',
    async () => {
      const out = path.join(folder, 'run');
      const replay = bw('replay', '--from', '20250410', '--to', '20250411', '--out', out);
      expect(await replay.ended).toBe(0);
      const account = bw('account', '--from', out);
      expect(await account.ended).toBe(0);
      expect(account.out).toMatch(/2025-?04-?10/);
      expect(account.out).toMatch(/(\d+) of \1 trade dates end flat/);
      expect(account.out).toMatch(/worst headroom [\d.]+ USD/);
      expect(account.out).toContain('refused by the account: ');
      expect(account.out).toMatch(/best trade date .*the firm allows 50\.0 %/);
    },
    DEADLINE_MS,
  );

  it('says what is wrong with a folder that holds no run', async () => {
    const account = bw('account', '--from', folder);
    expect(await account.ended).not.toBe(0);
    expect(account.out).toContain('data_unreadable');
    expect(account.out).toContain('decisions.frames');
  });
});

describe('bw operator', () => {
  it(
    'kills, is not resumed within the trade date, and needs the token of the store',
    async () => {
      const book = path.join(folder, 'own.yaml');
      await writeFile(book, 'book: operated\nsymbols: [{ symbol: ES }]\n');
      const store = path.join(folder, 'store');
      const start = bw('start', '--port', '0', '--store', store, '--book', book);
      const url = (await start.says(/http:\/\/127\.0\.0\.1:\d+/))[0];
      await start.says(/Evidence: proven: none; unproven, in shadow: bandit, S1/);
      await start.says(/Live: /);
      const told = async (action: string, ...more: readonly string[]) => {
        const run = bw('operator', action, '--url', url, ...more);
        return { code: await run.ended, out: run.out };
      };
      const token = path.join(store, 'operator-token');
      expect((await stat(token)).mode & 0o777).toBe(0o600);

      const killed = await told('kill', '--store', store, '--id', 'k1', '--note', 'news');
      expect(killed).toMatchObject({ code: 0 });
      expect(JSON.parse(killed.out)).toMatchObject({
        ...{ entry_id: 'operator:k1', action: 'kill', accepted: true, dry_run: true, direct: true },
      });
      const again = await told('kill', '--store', store, '--id', 'k1', '--note', 'news');
      const seqOf = (text: string): unknown => (JSON.parse(text) as Record<string, unknown>)['seq'];
      expect(seqOf(again.out)).toBe(seqOf(killed.out));
      const resumed = await told('resume', '--store', store);
      expect(JSON.parse(resumed.out)).toMatchObject({ accepted: false, reason: 'kill_latched' });

      const wrong = path.join(folder, 'wrong');
      await writeFile(wrong, `${(await readFile(token, 'utf8')).trim()}x`);
      const refused = await told('flatten', '--token-file', wrong);
      expect(refused.code).toBe(1);
      expect(refused.out).toContain('unauthorized');
      const none = await told('flatten', '--store', path.join(folder, 'nowhere'));
      expect(none.code).not.toBe(0);
      expect(none.out).toContain('Expected the token of the operator');
      const unknown = await told('panic', '--store', store);
      expect(unknown.code).toBe(1);
      expect(unknown.out).toContain('invalid_request');
    },
    DEADLINE_MS,
  );
});
