// Goal: the commands as a user runs them: files, exit codes, and a sweep that goes on where it was.
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readReport } from '@bellwether/backtest-report';
import { INVENTED_ES, inventedBars } from '@bellwether/testkit';
import { Run } from '../e2e/bw-run.js';

const TIMEOUT_MS = 300_000;
const DAYS = ['--from', '2025-04-10', '--to', '2025-04-11', '--warmup', '20'];

describe('bw backtest and bw sweep', () => {
  let folder: string;
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw backtest '));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it(
    'write page, report and tables, and say what is no evidence',
    async () => {
      const run = new Run(['backtest', ...DAYS, '--out', at('a'), '--research', at('research')]);
      expect(await run.ended).toBe(0);
      expect(run.out).toContain('SYNTHETIC DATA');
      expect(run.out).toMatch(/No evidence of an edge/);
      const files = ['decisions.parquet', 'equity.parquet', 'report.html', 'report.json', 'trades.parquet'];
      expect((await readdir(at('a'))).sort()).toEqual(files);
      const report = readReport(await readFile(at('a', 'report.json'), 'utf8'), 'report.json');
      expect(run.out).toContain(`report ${report.hash}`);
      expect(await readFile(at('a', 'report.html'), 'utf8')).toContain(report.hash.slice(0, 8));
    },
    TIMEOUT_MS,
  );

  it(
    'end with exit code 2 where the sessions do not carry the folds',
    async () => {
      const walk = ['--train', '60', '--test', '20'];
      const run = new Run(['backtest', ...DAYS, ...walk, '--out', at('b'), '--research', at('none')]);
      expect(await run.ended).toBe(2);
      expect(run.out).toMatch(/2 sessions are decided on, one fold takes 81/);
    },
    TIMEOUT_MS,
  );

  it(
    'end with exit code 2 on the file of the trap, and say what is wrong with it',
    async () => {
      const mended = { ...INVENTED_ES, on_grid: true, whole_minutes: true, in_sessions: true, rows: 9_000 };
      const rows = [...inventedBars(mended)].map(
        ({ open_us, open, high, low, close, volume }) =>
          `${new Date(open_us / 1_000).toISOString()},${open},${high},${low},${close},${volume}`,
      );
      await writeFile(at('trap.csv'), ['ts,open,high,low,close,volume', ...rows].join('\n'));
      const data = ['--data', at('trap.csv'), '--symbol', 'ES'];
      const run = new Run(['backtest', ...data, '--out', at('t'), '--research', at('trap')]);
      expect(await run.ended).toBe(2);
      expect(run.out).toMatch(/data_refused.*generator_like/);
      expect(run.out).toContain('--accept-verdict');
    },
    TIMEOUT_MS,
  );

  it(
    'run a grid once, and count each variant as a trial once',
    async () => {
      await writeFile(at('grid.yaml'), 'risk_per_trade_usd: [150, 250]\n');
      const args = ['sweep', ...DAYS, '--grid', at('grid.yaml'), '--out', at('s'), '--jobs', '2'];
      const first = new Run([...args, '--research', at('swept')]);
      expect(await first.ended).toBe(0);
      const kept = await readFile(at('s', 'results.jsonl'), 'utf8');
      const again = new Run([...args, '--research', at('swept')]);
      expect(await again.ended).toBe(0);
      expect(await readFile(at('s', 'results.jsonl'), 'utf8')).toBe(kept);
      expect(kept.trim().split('\n').length).toBe(2);
      expect(again.out).toContain('after 2 trials');
    },
    TIMEOUT_MS,
  );
});
