import { DataOrigin, Strategy, bookConfigOf, type BookConfig, type Entry } from '@bellwether/contracts';
import { barEntry, nextRelease, releaseEntry } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { stageVersions } from '@bellwether/line';
import { sessionOf } from '@bellwether/market';
import { World, worldBars, type WorldKind } from '@bellwether/testkit';
import {
  TradeRows,
  forecastDataSet,
  regimeDataSet,
  type DataSet,
  type TrainedModelName,
} from '@bellwether/training';
import { ALL_STRATEGIES, ArmRun, armConfig } from '../strategies/arm-run.js';
import { EdgeFollower } from '../strategies/edge-follower.js';
import { EDGE_REGIMES } from '../strategies/planted-edge.js';
import { marketBars } from './plan-rows.js';

/** A made-up market in which something can be learned of a model's question, or nothing. */
export interface PlantedWorld {
  readonly model: TrainedModelName;
  /** False: a random walk. */
  readonly planted: boolean;
  readonly seed: string;
  readonly sessions: number;
}

const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_240_103;
/** The arm that has an edge, and trades often enough to be learned from. */
const EDGE_STRATEGY = Strategy.S6;
/** Entries of one batch. */
const BATCH = 256;

function worldConfig(): BookConfig {
  return bookConfigOf({ book: 'planted', symbols: [{ symbol: SYMBOL }], management: { policy: 'hold' } })
    .config;
}

const stamp = { source: 'planted-world', origin: DataOrigin.SYNTHETIC };

function firstEntry(config: BookConfig): Entry {
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const { open_us } = present(sessionOf(FIRST_TRADE_DATE), 'the first session');
  return releaseEntry(config.book, release, open_us, stamp.origin);
}

/** Entries of a world in which no trade is followed, in batches. */
export function* worldBatches(kind: WorldKind, seed: string, sessions: number): Generator<readonly Entry[]> {
  const config = worldConfig();
  let batch: Entry[] = [firstEntry(config)];
  // Days that are all alike: where volatility came and went there would be something to learn of it.
  const world = { kind, seed, symbol: SYMBOL, firstTradeDate: FIRST_TRADE_DATE, sessions, dayVolatility: 0 };
  for (const { bar } of worldBars(world)) {
    batch.push(barEntry(config.book, bar, stamp));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** The rows that a world gives a model. The same world gives the same rows. */
export async function worldRows(world: PlantedWorld): Promise<DataSet> {
  const { model, planted, seed, sessions } = world;
  if (model === 'confidence_prediction') return tradeRows(world).confidence();
  if (model === 'strategy_selection') return tradeRows(world).selection();
  const kind = !planted ? 'random_walk' : model === 'rl_model' ? 'drift' : 'regimes';
  const bars = await marketBars(worldBatches(kind, seed, sessions), model === 'rl_model', () => undefined);
  return model === 'rl_model' ? forecastDataSet(bars) : regimeDataSet(bars);
}

/** All arms trade; the market is led to the ends of the trades of one of them, in its regime. */
function tradeRows({ planted, seed, sessions }: PlantedWorld): TradeRows {
  const config = worldConfig();
  const regime = present(EDGE_REGIMES.get(EDGE_STRATEGY) ?? null, 'a regime');
  const world = new World({
    ...{ kind: 'edge', seed, symbol: SYMBOL, firstTradeDate: FIRST_TRADE_DATE, sessions },
    edge: { strategy: EDGE_STRATEGY, regime },
  });
  const follower = new EdgeFollower(world, SYMBOL);
  const strategies = [EDGE_STRATEGY, ...ALL_STRATEGIES.filter((one) => one !== EDGE_STRATEGY)];
  const run = new ArmRun(
    strategies.map((strategy) => ({ strategy, config: armConfig(config, strategy) })),
    true,
  );
  const rows = new TradeRows(() => null);
  const taken = run.books.map(() => 0);
  run.accept(firstEntry(config));
  for (let made = world.next(); made !== null; made = world.next()) {
    const frames = run.accept(barEntry(config.book, made.bar, stamp));
    run.books.forEach(({ strategy, trades }, i) => {
      for (const trade of trades.slice(taken[i])) rows.ended(strategy, trade);
      taken[i] = trades.length;
      const frame = frames[i] ?? null;
      if (frame !== null) rows.next(strategy, frame);
    });
    const own = frames[0] ?? null;
    if (planted && own !== null) follower.next(own);
  }
  return rows;
}
