import { DataOrigin, Strategy, bookConfigOf } from '@bellwether/contracts';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { stageVersions } from '@bellwether/line';
import { nextSession, sessionOf } from '@bellwether/market';
import {
  backtestOverfitting,
  deflatedSharpeOf,
  probabilisticSharpe,
  sharpeRatio,
  sharpeSample,
  type Measure,
} from '@bellwether/statistics';
import { worldBars } from '@bellwether/testkit';
import { z } from 'zod';
import { ALL_STRATEGIES, ArmRun, armConfig, withoutCosts } from '../strategies/arm-run.js';
import { WARMUP_SESSIONS } from '../strategies/null-test.js';
import { dailyNets } from './daily-nets.js';

/**
 * The whole system, and each of its arms alone, on random walks, where nothing can have an edge. What is measured of every
 * world is what a backtest would say of it.
 */

const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_250_303;
/** 60 sessions fall into 10 blocks without a rest. */
export const NULL_BLOCKS = 10;

export interface NullWorld {
  readonly seed: string;
  /** Sessions that are decided on. */
  readonly sessions: number;
}

const worldResult = z.strictObject({
  /** False: no fees and no slippage. */
  costs: z.boolean(),
  /** Net result of each trade date: the whole system first, then its arms alone. In cents. */
  columns: z.array(z.array(z.int())),
  /** Trades of the whole system. */
  trades: z.int(),
});

/** One world with the costs of a book, and with none. */
export const worldResults = z.array(worldResult);

/** What one world says, with the costs of a book or with none. */
export type WorldResult = z.infer<typeof worldResult>;

/** What is judged of one world. */
export interface WorldFigures {
  readonly net_cents: number;
  readonly trades: number;
  /** Of the whole system, one record and no choice. */
  readonly probabilistic: Measure;
  /** Of the whole system, with itself and the arms as trials. */
  readonly deflated: Measure;
  /** Of the best of them all. */
  readonly deflatedBest: Measure;
  readonly pbo: Measure;
}

function tradeDates(sessions: number): readonly number[] {
  let session = present(sessionOf(FIRST_TRADE_DATE), 'the first session');
  const dates: number[] = [];
  for (let i = 0; i < WARMUP_SESSIONS + sessions; i++) {
    dates.push(session.trade_date);
    session = nextSession(session.open_us);
  }
  return dates.slice(WARMUP_SESSIONS);
}

function* bars({ seed, sessions }: NullWorld) {
  const world = { kind: 'random_walk', seed, symbol: SYMBOL, firstTradeDate: FIRST_TRADE_DATE } as const;
  for (const { bar } of worldBars({ ...world, sessions: WARMUP_SESSIONS + sessions })) yield bar;
}

/** Runs one world, with costs and without. The same seed gives the same results. */
export async function runNullWorld(world: NullWorld): Promise<WorldResult[]> {
  const { config } = bookConfigOf({ book: 'null', symbols: [{ symbol: SYMBOL }] });
  const variants = [
    { strategy: Strategy.UNSPECIFIED, config },
    ...ALL_STRATEGIES.map((strategy) => ({ strategy, config: armConfig(config, strategy) })),
  ];
  const books = [...variants, ...variants.map((one) => ({ ...one, config: withoutCosts(one.config) }))];
  const run = new ArmRun(books, true);
  const trade_dates = tradeDates(world.sessions);
  const batches = bookInputBatches({
    config,
    series: [{ symbol: SYMBOL, bars: bars(world), source: 'random-walk', origin: DataOrigin.SYNTHETIC }],
    release: nextRelease({ config, stages: stageVersions(), latest: null }),
    from: trade_dates[0] ?? null,
    to: null,
  });
  for await (const batch of batches) for (const input of batch) run.accept(input);
  const columns = run.books.map(({ trades }) => dailyNets(trades, trade_dates));
  const half = variants.length;
  return [true, false].map((costs) => ({
    costs,
    columns: (costs ? columns.slice(0, half) : columns.slice(half)).map((column) => [...column]),
    trades: run.books[costs ? 0 : half]!.trades.length,
  }));
}

/** What a backtest would say of one world: the whole system and its arms count as trials. */
export function worldFigures({ columns, trades }: WorldResult): WorldFigures {
  const own = columns[0] ?? [];
  const sharpes = columns.flatMap((column) => sharpeRatio(column).value ?? []);
  const sample = sharpeSample(own);
  const deflated = (column: readonly number[]): Measure => {
    const made = deflatedSharpeOf(column, sharpes, columns.length);
    return made.missing === null ? { value: made.value.probability, missing: null } : made;
  };
  const best = [...columns].sort(
    (a, b) => (sharpeRatio(b).value ?? -Infinity) - (sharpeRatio(a).value ?? -Infinity),
  )[0];
  const overfitting = backtestOverfitting(columns, NULL_BLOCKS);
  return {
    net_cents: own.reduce((sum, net) => sum + net, 0),
    trades,
    probabilistic: sample.missing === null ? probabilisticSharpe(sample.value) : sample,
    deflated: deflated(own),
    deflatedBest: deflated(best ?? []),
    pbo: overfitting.missing === null ? { value: overfitting.value.pbo, missing: null } : overfitting,
  };
}
