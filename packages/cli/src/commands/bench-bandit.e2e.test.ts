// Goal: bw bench bandit and bw bandit evaluate as a user runs them: a table with figures, and errors with stable codes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { Run } from '../e2e/bw-run.js';

const TIMEOUT_MS = 120_000;

async function ran(args: readonly string[]): Promise<readonly [number | null, string]> {
  const run = new Run(args);
  return [await run.ended, run.out];
}

describe('bw bench bandit and bw bandit evaluate', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw bench '));
    const uniform = uniformSource('table');
    const rows = Array.from({ length: 60 }, () => {
      const value = uniform();
      return `${value.toFixed(3)},"a, ${value > 0.5 ? 'b' : 'c'}",${value > 0.5 ? 'yes' : 'no'}\r\n`;
    });
    await writeFile(at('table.csv.gz'), gzipSync(`value,word,class\r\n${rows.join('')}`));
    await writeFile(at('cut.csv'), 'a,b\n1,x\n2\n3,y,z\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it(
    'plays a packed table, and says the same twice',
    async () => {
      const args = ['bench', 'bandit', '--csv', at('table.csv.gz'), '--seeds', '2', '--jobs', '1'];
      const [code, out] = await ran([...args, '--svg', at('a.svg'), '--json', at('a.json')]);
      expect([code, out]).toEqual([
        0,
        expect.stringContaining('60 rows, 1 columns of numbers, 1 of categories'),
      ]);
      expect(out).toContain('No published figures are known');
      const regrets = async (): Promise<unknown> => JSON.parse(await readFile(at('a.json'), 'utf8'));
      const first = await regrets();
      expect(first).toMatchObject({ rounds: 60, policies: { length: 6, 0: { policy: 'uniform' } } });
      expect(await readFile(at('a.svg'), 'utf8')).toContain('<polyline');
      await ran([...args, '--json', at('a.json')]);
      expect(await regrets()).toEqual(first);
    },
    TIMEOUT_MS,
  );

  it.each([
    [['bench', 'bandit', '--csv', 'cut.csv'], 3, 'data_unreadable'],
    [['bench', 'bandit', '--csv', 'none.csv'], 3, 'data_unreadable'],
    [['bench', 'bandit'], 2, 'usage: Expected either --csv <file> or --wheel <delta>'],
    [['bench', 'bandit', '--wheel', '1'], 2, 'Expected a number from 0 to 0.999'],
    [['bandit', 'evaluate', '--policy', 'best'], 2, 'There is no policy best'],
    [['bandit', 'evaluate', '--audit', 'none'], 3, 'audit_missing'],
  ])('%j ends with %d', async (args, code, said) => {
    const placed = args.map((arg) => (/^(cut|none)/.test(arg) ? at(arg) : arg));
    expect(await ran(placed)).toEqual([code, expect.stringContaining(said)]);
  });
});
