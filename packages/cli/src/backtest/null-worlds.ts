import { runBacktest } from '@bellwether/backtest';
import {
  BellwetherError,
  DataOrigin,
  Strategy,
  bookConfigOf,
  type BookConfig,
  type BookFile,
  type ClosedTrade,
} from '@bellwether/contracts';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { LINE, stageVersions } from '@bellwether/line';
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
import { ACTING } from '../ablation/parts.js';
import { planModels } from '../data/plan-models.js';
import { ALL_STRATEGIES, ArmRun, armConfig, withoutCosts } from '../strategies/arm-run.js';
import { WARMUP_SESSIONS } from '../strategies/null-test.js';
import { dailyNets } from './daily-nets.js';

/**
 * The whole system, and each of its arms alone, on random walks, where nothing can have an edge. What is measured of every
 * world is what a backtest would say of it.
 */

const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_250_303;
/** The shipped models learned from a made-up market up to April 2025: what is decided begins behind it. */
const LEARNED_TRADE_DATE = 20_250_602;
/** 60 sessions fall into 10 blocks without a rest. */
export const NULL_BLOCKS = 10;

export interface NullWorld {
  readonly seed: string;
  /** Sessions that are decided on. */
  readonly sessions: number;
  /** The whole system learns, and asks the shipped models; its arms alone stay under rules. */
  readonly everything?: boolean;
}

export const SYSTEM: BookFile = { book: 'null', symbols: [{ symbol: SYMBOL }] };
/** Models speak of regime, forecast and confidence, and each may keep a trade from being made; arms are chosen by what the trunk sees. */
export const EVERYTHING: BookFile = {
  ...SYSTEM,
  policy: 'learned',
  bandit: { selection: 'neural_linear' },
  models: { ...ACTING },
};

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

const firstDateOf = ({ everything }: NullWorld): number =>
  everything === true ? LEARNED_TRADE_DATE : FIRST_TRADE_DATE;

function tradeDates(world: NullWorld): readonly number[] {
  const { sessions } = world;
  let session = present(sessionOf(firstDateOf(world)), 'the first session');
  const dates: number[] = [];
  for (let i = 0; i < WARMUP_SESSIONS + sessions; i++) {
    dates.push(session.trade_date);
    session = nextSession(session.open_us);
  }
  return dates.slice(WARMUP_SESSIONS);
}

function* bars(of: NullWorld) {
  const { seed, sessions } = of;
  const world = { kind: 'random_walk', seed, symbol: SYMBOL, firstTradeDate: firstDateOf(of) } as const;
  for (const { bar } of worldBars({ ...world, sessions: WARMUP_SESSIONS + sessions })) yield bar;
}

type Inputs = Parameters<typeof bookInputBatches>[0];

/** What goes into a book of the world: bars, and what its configuration needs before them. */
function inputsOf(world: NullWorld, config: BookConfig, promotions: Inputs['promotions'] = []): Inputs {
  return {
    config,
    series: [{ symbol: SYMBOL, bars: bars(world), source: 'random-walk', origin: DataOrigin.SYNTHETIC }],
    release: nextRelease({ config, stages: stageVersions(), latest: null }),
    from: tradeDates(world)[0] ?? null,
    to: null,
    promotions,
  };
}

/**
 * Trades of the whole line with the shipped models, as `bw backtest` runs it.
 *
 * @throws BellwetherError `models_in_sample` where a model learned from days that are tested, `model_refused`
 */
export async function learnedTrades(world: NullWorld, config: BookConfig): Promise<readonly ClosedTrade[]> {
  const models = await planModels(config, {});
  const { open_us } = present(sessionOf(tradeDates(world)[0] ?? 0), 'the first session');
  const known = models.promotions.filter(({ trained_until_us }) => trained_until_us > open_us);
  if (known.length > 0) {
    throw new BellwetherError(
      'models_in_sample',
      `${known.map(({ model }) => model).join(', ')} know the days that are tested`,
    );
  }
  const trades: ClosedTrade[] = [];
  await runBacktest({
    ...{ book: config.book, stages: LINE, infer: models.infer, answerRows: models.answerRows },
    inputs: bookInputBatches(inputsOf(world, config, models.promotions)),
    signal: new AbortController().signal,
    onFrame: ({ portfolio }) => {
      trades.push(...(portfolio?.closed ?? []));
    },
  });
  return trades;
}

/** Runs one world, with costs and without. The same seed gives the same results. */
export async function runNullWorld(world: NullWorld): Promise<WorldResult[]> {
  const { config } = bookConfigOf(SYSTEM);
  const arms = ALL_STRATEGIES.map((strategy) => ({ strategy, config: armConfig(config, strategy) }));
  const system = world.everything === true ? [] : [{ strategy: Strategy.UNSPECIFIED, config }];
  const variants = [...system, ...arms];
  const books = [...variants, ...variants.map((one) => ({ ...one, config: withoutCosts(one.config) }))];
  const run = new ArmRun(books, true);
  for await (const batch of bookInputBatches(inputsOf(world, config))) {
    for (const input of batch) run.accept(input);
  }
  const trade_dates = tradeDates(world);
  const half = variants.length;
  const results: WorldResult[] = [];
  for (const costs of [true, false]) {
    const own = (costs ? run.books.slice(0, half) : run.books.slice(half)).map(({ trades }) => trades);
    if (world.everything === true) {
      const learned = bookConfigOf(EVERYTHING).config;
      own.unshift([...(await learnedTrades(world, costs ? learned : withoutCosts(learned)))]);
    }
    const columns = own.map((trades) => [...dailyNets(trades, trade_dates)]);
    results.push({ costs, columns, trades: own[0]?.length ?? 0 });
  }
  return results;
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
