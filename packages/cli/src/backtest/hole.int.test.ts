// Goal: no position outlives a hole in the bars, and none is opened before enough bars came back; the report shows both.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Entry } from '@bellwether/contracts';
import type { ReportTrade } from '@bellwether/backtest-report';
import { ResearchLog } from '@bellwether/research';
import { samplePlan, type DataOptions, type DataPlan } from '../data/data-plan.js';
import { backtestPlan, type BacktestOutcome } from './backtest-run.js';

const DAY: DataOptions = { data: [], symbol: [], from: 20_250_411, to: 20_250_411, warmup: 21 };
const MINUTE_US = 60_000_000;
/** Longer than what the line passes over. */
const HOLE_US = 8 * MINUTE_US;
/** Bars that the regime waits for behind a hole (domain.md 5.3). */
const WARM_UP_US = 30 * MINUTE_US;
const TIMEOUT_MS = 300_000;

describe('a file with a hole in its bars', () => {
  let folder: string;
  const run = async (plan: DataPlan): Promise<BacktestOutcome['report'] | null> => {
    const made = await backtestPlan({
      ...{ plan, walk: { embargo: 1 }, target_cents: null, acceptVerdict: false, parameters: [] },
      log: new ResearchLog({ folder }),
      signal: new AbortController().signal,
    });
    return made?.report ?? null;
  };
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw hole '));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it(
    'ends the position that was open at the second bar behind it, and enters nothing for thirty bars',
    async () => {
      const plan = await samplePlan(DAY);
      const whole = await run(plan);
      const heldLong = ({ opened_us, closed_us }: ReportTrade): boolean =>
        closed_us - opened_us > HOLE_US + 5 * MINUTE_US;
      const held = whole?.trades.find(heldLong);
      expect(held).toBeDefined();
      const from_us = (held?.opened_us ?? 0) + 3 * MINUTE_US;
      const to_us = from_us + HOLE_US;
      async function* holed(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<readonly Entry[]> {
        for await (const batch of batches) {
          yield batch.filter(({ bar }) => bar === null || bar.open_us < from_us || bar.open_us >= to_us);
        }
      }
      const report = await run({ ...plan, batches: () => holed(plan.batches()) });
      const trade = report?.trades.find(({ opened_us }) => opened_us === held?.opened_us);
      // The first bar behind the hole tells of it; the order that follows is filled at the open of the next.
      expect(trade).toMatchObject({ exit_leg: 'close' });
      expect(trade?.closed_us).toBeGreaterThanOrEqual(to_us);
      expect(trade?.closed_us).toBeLessThan(to_us + 2 * MINUTE_US);
      const early = report?.trades.filter(
        ({ opened_us }) => opened_us >= from_us && opened_us < to_us + WARM_UP_US,
      );
      expect(early).toEqual([]);
      const unknown = (one: typeof report): number =>
        one?.decisions.refusals.find(({ reason }) => reason === 'regime_unknown')?.count ?? 0;
      expect(unknown(report)).toBeGreaterThan(unknown(whole));
    },
    TIMEOUT_MS,
  );
});
