import { DataOrigin, Strategy, bookConfigOf, type BookConfig, type RegimeState } from '@bellwether/contracts';
import { barEntry, nextRelease, releaseEntry } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { stageVersions } from '@bellwether/line';
import { sessionOf, tradeDateAt } from '@bellwether/market';
import { deflatedSharpeOf, sharpeRatio, type Measure } from '@bellwether/statistics';
import { World } from '@bellwether/testkit';
import { ArmRun, REGIMES, armConfig } from '../strategies/arm-run.js';
import { EdgeFollower } from '../strategies/edge-follower.js';
import { EDGE_REGIMES, netSummary, type NetSummary } from '../strategies/planted-edge.js';
import { dailyNets } from './daily-nets.js';

const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_240_103;

/** All arms; all but the one with the edge; or that one alone, in its regime. */
export type PlantedArms = 'all' | 'without' | 'alone';

/** The whole system in a world in which one arm has an edge in one regime. */
export interface PlantedRun {
  readonly strategy: Strategy;
  readonly seed: string;
  readonly sessions: number;
  readonly arms: PlantedArms;
}

export interface PlantedResult {
  /** Of all trades of the system. */
  readonly all: NetSummary;
  /** Of the arm with the edge, in its regime. */
  readonly arm: NetSummary;
  readonly net_cents: number;
  readonly sharpe: Measure;
  /** One trial: there was no choice. */
  readonly deflated: Measure;
}

/**
 * All arms, two contracts a trade, no limit of money: the account must not end the run before the edge shows. Nothing but the
 * plan ends a trade, as the world takes it.
 */
function systemConfig(strategy: Strategy, arms: PlantedArms): BookConfig {
  const { config } = bookConfigOf({
    book: 'planted',
    symbols: [{ symbol: SYMBOL }],
    management: { policy: 'hold' },
  });
  const wide = armConfig(config, strategy);
  if (arms === 'alone') {
    const elsewhere = REGIMES.filter((regime) => regime !== edgeRegime(strategy));
    const own = elsewhere.map((regime) => ({ strategy, regime, name: 'on', value: 0 }));
    return { ...wide, strategies: [...wide.strategies.filter((one) => one.strategy !== strategy), ...own] };
  }
  const off = arms === 'all' ? [] : REGIMES.map((regime) => ({ strategy, regime, name: 'on', value: 0 }));
  return { ...wide, strategies: [...config.strategies, ...off] };
}

const edgeRegime = (strategy: Strategy): RegimeState =>
  present(EDGE_REGIMES.get(strategy) ?? null, 'a regime');

/** The same seed gives the same result. */
export function runPlanted({ strategy, seed, sessions, arms }: PlantedRun): PlantedResult {
  const regime = edgeRegime(strategy);
  const config = systemConfig(strategy, arms);
  const world = new World({
    ...{ kind: 'edge', seed, symbol: SYMBOL, firstTradeDate: FIRST_TRADE_DATE, sessions },
    edge: { strategy, regime },
  });
  const follower = new EdgeFollower(world, SYMBOL);
  const run = new ArmRun([{ strategy: Strategy.UNSPECIFIED, config }], true);
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const opened_us = present(sessionOf(FIRST_TRADE_DATE), 'the first session').open_us;
  run.accept(releaseEntry(config.book, release, opened_us, DataOrigin.SYNTHETIC));
  const dates = new Set<number>();
  for (let made = world.next(); made !== null; made = world.next()) {
    dates.add(tradeDateAt(made.bar.open_us));
    const entry = barEntry(config.book, made.bar, { source: 'planted', origin: DataOrigin.SYNTHETIC });
    const frame = run.accept(entry)[0] ?? null;
    if (frame !== null) follower.next(frame);
  }
  const trades = run.books[0]?.trades ?? [];
  const nets = dailyNets(trades, [...dates]);
  const deflated = deflatedSharpeOf(nets, [], 1);
  return {
    all: netSummary(trades, null),
    arm: netSummary(
      trades.filter((trade) => trade.strategy === strategy),
      regime,
    ),
    net_cents: nets.reduce((sum, net) => sum + net, 0),
    sharpe: sharpeRatio(nets),
    deflated: deflated.missing === null ? { value: deflated.value.probability, missing: null } : deflated,
  };
}
