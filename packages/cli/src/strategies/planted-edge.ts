import {
  DataOrigin,
  RegimeState,
  Strategy,
  bookConfigOf,
  type ClosedTrade,
  type Frame,
} from '@bellwether/contracts';
import { barEntry, nextRelease, releaseEntry } from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { sessionOf } from '@bellwether/market';
import { present } from '@bellwether/kernel';
import { World, type EdgePlace } from '@bellwether/testkit';
import { ArmRun, armConfig } from './arm-run.js';
import { EdgeFollower } from './edge-follower.js';

const SYMBOL = 'ES';
const SOURCE = 'planted-edge';
const FIRST_TRADE_DATE = 20_240_103;

/** Where the edge of an arm is planted: the regime in which it trades most often on a walk. */
export const EDGE_REGIMES: ReadonlyMap<Strategy, RegimeState> = new Map([
  [Strategy.S1, RegimeState.HIGHVOL_CHOP],
  [Strategy.S2, RegimeState.CALM_CHOP],
  [Strategy.S3, RegimeState.HIGHVOL_TREND],
  [Strategy.S4, RegimeState.CALM_TREND],
  [Strategy.S5, RegimeState.CALM_CHOP],
  [Strategy.S6, RegimeState.CALM_CHOP],
  [Strategy.S7, RegimeState.HIGHVOL_CHOP],
  [Strategy.S8, RegimeState.CALM_TREND],
  [Strategy.S9, RegimeState.HIGHVOL_CHOP],
  [Strategy.S10, RegimeState.CALM_CHOP],
  [Strategy.S11, RegimeState.HIGHVOL_CHOP],
  [Strategy.S12, RegimeState.HIGHVOL_CHOP],
]);

export interface EdgeRun {
  readonly edge: EdgePlace;
  readonly seed: string;
  readonly sessions: number;
  /** The arms that are run beside each other; the world follows the first one alone. */
  readonly strategies: readonly Strategy[];
}

/**
 * Strategies in a world in which one of them has an edge in one regime: the world is told of each trade and leads the market
 * to the end that it draws for it. Without `follow` the same world is a random walk.
 */
export function runEdge(
  { edge, seed, sessions, strategies }: EdgeRun,
  follow: boolean,
): readonly (readonly ClosedTrade[])[] {
  const { config } = bookConfigOf({
    book: 'edge',
    symbols: [{ symbol: SYMBOL }],
    // The planned end of a trade is its own: nothing else manages it.
    management: { policy: 'hold' },
  });
  const world = new World({
    kind: 'edge',
    seed,
    symbol: SYMBOL,
    firstTradeDate: FIRST_TRADE_DATE,
    sessions,
    edge,
  });
  const follower = new EdgeFollower(world, SYMBOL);
  const run = new ArmRun(
    strategies.map((strategy) => ({ strategy, config: armConfig(config, strategy) })),
    true,
  );
  const stamp = { source: SOURCE, origin: DataOrigin.SYNTHETIC };
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const opened_us = present(sessionOf(FIRST_TRADE_DATE), 'the first session').open_us;
  run.accept(releaseEntry(config.book, release, opened_us, stamp.origin));
  for (let made = world.next(); made !== null; made = world.next()) {
    const own: Frame | null = run.accept(barEntry(config.book, made.bar, stamp))[0] ?? null;
    if (own !== null && follow) follower.next(own);
  }
  return run.books.map(({ trades }) => trades);
}

/** Net results of some trades. */
export interface NetSummary {
  readonly trades: number;
  /** NaN without a trade. */
  readonly mean_r: number;
  /** Standard error of the mean; NaN with fewer than two. */
  readonly error_r: number;
}

/** Trades without a known risk have no R and do not count. */
export function netSummary(trades: readonly ClosedTrade[], regime: RegimeState | null): NetSummary {
  const nets = trades
    .filter((trade) => regime === null || trade.regime === regime)
    .map(({ net_r }) => net_r)
    .filter((net) => net !== null);
  const mean_r = nets.reduce((a, b) => a + b, 0) / nets.length;
  const variance = nets.reduce((sum, net) => sum + (net - mean_r) ** 2, 0) / (nets.length - 1);
  return { trades: nets.length, mean_r, error_r: Math.sqrt(variance / nets.length) };
}
