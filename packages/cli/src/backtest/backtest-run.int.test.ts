// Goal: one backtest, always the same, over the one path of the line; refused where its data or their length do not carry it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResearchLog } from '@bellwether/research';
import { INVENTED_ES, inventedBars } from '@bellwether/testkit';
import { filePlan, samplePlan, type DataOptions } from '../data/data-plan.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { backtestPlan, type BacktestOutcome, type BacktestRequest } from './backtest-run.js';
import { backtestText } from './backtest-text.js';

const DAYS: DataOptions = { data: [], symbol: [], from: 20_250_408, to: 20_250_411, warmup: 21 };
const TIMEOUT_MS = 300_000;

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  return String(error);
}

describe('a backtest', () => {
  let folder: string;
  const request = async (
    options: DataOptions,
    log: string,
    more: Partial<BacktestRequest> = {},
  ): Promise<BacktestRequest> => ({
    plan: options.data.length === 0 ? await samplePlan(options) : await filePlan(options),
    walk: { embargo: 1 },
    target_cents: null,
    acceptVerdict: false,
    log: new ResearchLog({ folder: path.join(folder, log) }),
    parameters: [],
    signal: new AbortController().signal,
    ...more,
  });

  const WALK = { train: 2, test: 1, embargo: 0 };
  /** The run that most of this file looks at. */
  let first: BacktestOutcome | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw backtest '));
    first = await backtestPlan(await request(DAYS, 'a', { walk: WALK }));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it(
    'gives the same report again, decides what a replay decides, and is one trial however often it is run',
    async () => {
      const second = await backtestPlan(await request(DAYS, 'a', { walk: WALK }));
      expect(second?.report).toEqual(first?.report);
      expect(first?.report.hash).toMatch(/^[0-9a-f]{64}$/);
      const replayed = await replayInMemory(await samplePlan(DAYS), () => undefined);
      expect(first?.report.run.decisions_digest).toBe(replayed.digest);
      const history = await new ResearchLog({ folder: path.join(folder, 'a') }).history();
      expect(history).toMatchObject({ trials: 1, counts: { runs: 2 } });
      expect(first?.report.statistics.trials.count).toBe(1);
      expect(first?.report.verdict.outcome).toBe('no_evidence');
      expect(first?.report.data.findings.map(({ code }) => code)).toEqual(['synthetic']);
    },
    TIMEOUT_MS,
  );

  it('tells of each day what the ledger tells, ends each flat, and adds up to its trades', () => {
    const days = first?.run.days.days() ?? [];
    const trades = first?.run.trades.trades ?? [];
    expect(days.map(({ trade_date }) => trade_date)).toEqual([20250408, 20250409, 20250410, 20250411]);
    expect(first?.run.warmupDates.size).toBe(21);
    expect(trades.length).toBeGreaterThan(0);
    const net = days.reduce((sum, { net_cents }) => sum + net_cents, 0);
    expect(net).toBe(trades.reduce((sum, { trade }) => sum + trade.net_cents, 0));
    for (const { open_positions, worst_cents, best_cents, net_cents, headroom_cents } of days) {
      expect(open_positions).toBe(0);
      expect(worst_cents).toBeLessThanOrEqual(Math.min(0, net_cents));
      expect(best_cents).toBeGreaterThanOrEqual(Math.max(0, net_cents));
      expect(headroom_cents).not.toBeNull();
    }
    for (const { slippage_cents, entry_price, exit_price, trade } of trades) {
      const sign = trade.side === 2 ? -1 : 1;
      const points = sign * ((exit_price ?? NaN) - (entry_price ?? NaN));
      // A trade that ends where it began has the sign of zero, whatever its side.
      expect(Math.sign(points) === Math.sign(trade.gross_cents)).toBe(true);
      expect(slippage_cents).toBeGreaterThanOrEqual(0);
    }
  });

  it('walks forward by sessions, and says how many it takes where there are too few', async () => {
    const part = first?.report.walk_forward;
    const folds = part !== undefined && 'folds' in part ? part.folds : [];
    expect(folds.map(({ train, test }) => [train.from, train.to, test.from])).toEqual([
      [20250408, 20250409, 20250410],
      [20250409, 20250410, 20250411],
    ]);
    const text = first === null ? '' : backtestText(first.report, first.mark, []);
    expect(first?.report.run.in_sample).toHaveLength(4);
    expect(first?.report.verdict.against.map(({ code }) => code)).toContain('in_sample');
    expect(text).toMatch(/^IN SAMPLE: .*\n/m);
    expect(text).toMatch(/^decisions [0-9a-f]{64} \(in sample\)$/m);
    expect(text).toContain('The models stay as they were before the run, whatever they were trained on');
    const long = request(DAYS, 'long', { walk: { train: 60, test: 20, embargo: 1 } });
    expect(await codeOf(backtestPlan(await long))).toMatch(/usage.*4 sessions.*takes 81/);
    // What was refused was never looked at, so it is no trial.
    expect((await new ResearchLog({ folder: path.join(folder, 'long') }).history()).trials).toBe(0);
  });

  it(
    'refuses the data of the trap, and finds no edge in them when it is forced',
    async () => {
      const file = path.join(folder, 'invented.csv');
      const rows = ['ts,open,high,low,close,volume'];
      const fair = { ...INVENTED_ES, on_grid: true, whole_minutes: true, in_sessions: true, rows: 9_000 };
      for (const { open_us, open, high, low, close, volume } of inventedBars(fair)) {
        rows.push(`${new Date(open_us / 1_000).toISOString()},${open},${high},${low},${close},${volume}`);
      }
      await writeFile(file, rows.join('\n'));
      const options = { data: [file], symbol: ['ES'], warmup: 60 };
      expect(await codeOf(backtestPlan(await request(options, 'trap')))).toMatch(/data_refused/);
      const forced = await backtestPlan(await request(options, 'trap', { acceptVerdict: true }));
      expect(forced?.report.data).toMatchObject({ result: 'refuse', accepted: true });
      expect(forced?.report.verdict.outcome).toBe('no_evidence');
      const against = forced?.report.verdict.against.map(({ code }) => code) ?? [];
      expect(against).toContain('data_refused');
      // Not the data alone speak against it.
      expect(against.length).toBeGreaterThan(1);
      const findings = forced?.report.data.findings ?? [];
      expect(findings[0]).toMatchObject({ level: 'refuse' });
      expect(findings.map(({ code }) => code)).toContain('generator_like');
    },
    TIMEOUT_MS,
  );
});
