import fc from 'fast-check';
import { MaxLossMode, type BookConfig } from '@bellwether/contracts';
import { anAccountProfile } from '@bellwether/testkit';
import { History, nothingReached, type Reached } from './history.js';
import { histories } from './steps.js';
import { bookOf } from './world.js';

/** Which account the histories are of, and what the world outside may do to it. */
export interface Suite {
  readonly name: string;
  readonly strange: boolean;
  readonly config: BookConfig;
}

export const SUITES: readonly Suite[] = [
  { name: 'end-of-day floor', strange: false, config: bookOf() },
  {
    name: 'intraday floor, scaling plan, deep pockets',
    strange: false,
    config: bookOf({
      risk_per_trade_cents: 150_000,
      account: anAccountProfile({
        ...{ max_loss_mode: MaxLossMode.INTRADAY, max_loss_cents: 900_000, floor_lock_cents: 5_010_000 },
        scaling: [
          { from_profit_cents: 0, max_minis: 2 },
          { from_profit_cents: 150_000, max_minis: 3 },
        ],
        ...{ heat_reduce: 1, heat_block: 2 },
      }),
    }),
  },
  { name: 'corrections, trades by hand, other views', strange: true, config: bookOf() },
];

export interface RunResult {
  readonly histories: number;
  readonly steps: number;
  readonly reached: Reached;
  /** What was found, with the shortest history that shows it; null where nothing was. */
  readonly failure: string | null;
}

/** Runs so many random histories of a suite from a seed. */
export function runSuite(suite: Suite, count: number, seed: number, limitMs = 3_600_000): RunResult {
  const reached = nothingReached();
  let steps = 0;
  const property = fc.property(histories(suite.strange), (history) => {
    steps += history.length;
    new History(reached, suite.config).run(history);
  });
  const details = fc.check(property, {
    numRuns: count,
    seed,
    interruptAfterTimeLimit: limitMs,
    markInterruptAsFailure: false,
  });
  const cause = details.errorInstance instanceof Error ? details.errorInstance.message : '';
  const failure = details.failed ? `${cause}\n${fc.defaultReportMessage(details) ?? ''}` : null;
  return { histories: details.numRuns, steps, reached, failure };
}
