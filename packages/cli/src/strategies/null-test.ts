import { DataOrigin, bookConfigOf, type ClosedTrade, type Strategy } from '@bellwether/contracts';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { nextSession, sessionOf } from '@bellwether/market';
import { present } from '@bellwether/kernel';
import { worldBars } from '@bellwether/testkit';
import { ALL_STRATEGIES, ArmRun, armConfig, withoutCosts } from './arm-run.js';

/**
 * Every strategy alone on random walks, where no strategy can have an edge: how many of the seeds look as if one had. Each
 * seed is a market of its own, and each strategy trades it twice, with the costs of a book and free of fees and slippage.
 */

const SYMBOL = 'ES';
/** A winter and spring without short days among the sessions that are decided on. */
const FIRST_TRADE_DATE = 20_250_303;
/** Ranges and profiles of time of day need 20 full sessions. */
export const WARMUP_SESSIONS = 21;

/** One strategy in one seed. */
export interface SeedResult {
  readonly strategy: Strategy;
  readonly costs: boolean;
  readonly nets: readonly number[];
}

function netsOf(trades: readonly ClosedTrade[]): readonly number[] {
  return trades.map(({ net_r }) => net_r).filter((net) => net !== null);
}

function* bars(seed: string, sessions: number) {
  const options = {
    kind: 'random_walk',
    seed,
    symbol: SYMBOL,
    firstTradeDate: FIRST_TRADE_DATE,
    sessions,
  } as const;
  for (const { bar } of worldBars(options)) yield bar;
}

function tradeDateAfter(first: number, sessions: number): number {
  let session = present(sessionOf(first), `a session on ${first}`);
  for (let i = 0; i < sessions; i++) session = nextSession(session.open_us);
  return session.trade_date;
}

/** `sessions` are decided on, behind those that warm up. The same seed gives the same trades. */
export async function runSeed(seed: string, sessions: number): Promise<readonly SeedResult[]> {
  const { config } = bookConfigOf({ book: 'null', symbols: [{ symbol: SYMBOL }] });
  const books = ALL_STRATEGIES.flatMap((strategy) => {
    const paid = armConfig(config, strategy);
    return [
      { strategy, config: paid },
      { strategy, config: withoutCosts(paid) },
    ];
  });
  const run = new ArmRun(books, true);
  const batches = bookInputBatches({
    config,
    series: [
      {
        symbol: SYMBOL,
        bars: bars(seed, WARMUP_SESSIONS + sessions),
        source: 'random-walk',
        origin: DataOrigin.SYNTHETIC,
      },
    ],
    release: nextRelease({ config, stages: stageVersions(), latest: null }),
    from: tradeDateAfter(FIRST_TRADE_DATE, WARMUP_SESSIONS),
    to: null,
  });
  for await (const batch of batches) for (const input of batch) run.accept(input);
  return run.books.map(({ strategy, trades }, i) => ({
    strategy,
    costs: i % 2 === 0,
    nets: netsOf(trades),
  }));
}

/** Where the normal distribution leaves 5 % above. */
const Z_95 = 1.6449;

/** What all seeds together say of one strategy. */
export interface NullVerdict {
  readonly strategy: Strategy;
  readonly costs: boolean;
  readonly trades: number;
  readonly meanR: number | null;
  readonly deviationR: number | null;
  /** Seeds with a trade, and those of them whose mean lies above the 5 % level. */
  readonly judged: number;
  readonly above: number;
}

/**
 * A seed is above the 5 % level where its mean times the root of its trades is more than 1.645 deviations of one trade. The
 * deviation is that of all seeds together: a seed has a handful of trades, too few to know it from, and a t-test of three
 * trades that all reached their target finds certainty where there is luck.
 */
export function nullVerdict(
  strategy: Strategy,
  costs: boolean,
  seeds: readonly (readonly number[])[],
): NullVerdict {
  const all = seeds.flat();
  const meanR = all.length === 0 ? null : all.reduce((a, b) => a + b, 0) / all.length;
  // Around zero, which is what a random walk gives: a mean below it must not make the level easier to reach.
  const deviationR =
    all.length === 0 ? null : Math.sqrt(all.reduce((sum, net) => sum + net * net, 0) / all.length);
  const judged = seeds.filter((nets) => nets.length > 0);
  const above = judged.filter((nets) => {
    const sum = nets.reduce((a, b) => a + b, 0);
    return deviationR !== null && sum > Z_95 * deviationR * Math.sqrt(nets.length);
  });
  return {
    ...{ strategy, costs, trades: all.length, meanR, deviationR },
    ...{ judged: judged.length, above: above.length },
  };
}

/** How many of `n` independent tests may lie above the 5 % level: more happens by chance less than once in 200 times. */
export function mostAbove(n: number): number {
  let probability = 0.95 ** n;
  let sum = probability;
  let k = 0;
  while (sum < 0.995) {
    probability *= ((n - k) / (k + 1)) * (0.05 / 0.95);
    sum += probability;
    k += 1;
  }
  return k;
}
