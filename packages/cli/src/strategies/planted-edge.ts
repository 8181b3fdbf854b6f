import {
  DataOrigin,
  IntentKind,
  OrderType,
  SYMBOL_COST_DEFAULTS,
  Side,
  bookConfigOf,
  type ClosedTrade,
  type Frame,
  type Strategy,
} from '@bellwether/contracts';
import { barEntry, nextRelease, releaseEntry } from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { instrumentOf, sessionOf } from '@bellwether/market';
import { present } from '@bellwether/kernel';
import { World, type EdgePlace } from '@bellwether/testkit';
import { ArmRun, armConfig } from './arm-run.js';

const SYMBOL = 'ES';
const SOURCE = 'planted-edge';
const FIRST_TRADE_DATE = 20_240_103;
const MINUTE_US = 60_000_000;
/** Of a book that names no others. */
const { slippage_ticks: SLIPPAGE_TICKS, fee_per_side_usd } = SYMBOL_COST_DEFAULTS[SYMBOL];
const FEE_CENTS = 100 * fee_per_side_usd;

export interface EdgeRun {
  readonly edge: EdgePlace;
  readonly seed: string;
  readonly sessions: number;
  /** The arms that are run beside each other; the world follows the first one alone. */
  readonly strategies: readonly Strategy[];
}

/**
 * Strategies in a world in which one of them has an edge in one regime: the world is told of each trade as it is chosen, and
 * leads the market to the end that it draws for it. Without `follow` the same world is a random walk.
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
  const run = new ArmRun(strategies.map((strategy) => ({ strategy, config: armConfig(config, strategy) })));
  const stamp = { source: SOURCE, origin: DataOrigin.SYNTHETIC };
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const opened_us = present(sessionOf(FIRST_TRADE_DATE), 'the first session').open_us;
  run.accept(releaseEntry(config.book, release, opened_us, stamp.origin));
  for (let made = world.next(); made !== null; made = world.next()) {
    const own = run.accept(barEntry(config.book, made.bar, stamp))[0];
    if (own == null) continue;
    if ((own.portfolio?.closed ?? []).length > 0) world.release();
    if (follow) followEntry(world, own);
  }
  return run.books.map(({ trades }) => trades);
}

/** Tells the world of an entry at the market that was chosen on this bar; it fills at the next open. */
function followEntry(world: World, { entry, regime, risk, bandit }: Frame): void {
  const intent = risk?.intents.find(({ kind }) => kind === IntentKind.ENTER);
  const setup = bandit?.candidates[bandit.chosen ?? -1]?.setup ?? null;
  const bar = entry?.bar ?? null;
  if (intent?.order_type !== OrderType.MARKET || setup === null || bar === null || regime === null) return;
  const { tick_value_cents } = present(instrumentOf(SYMBOL), SYMBOL);
  const sign = setup.side === Side.SHORT ? -1 : 1;
  world.follow({
    strategy: setup.strategy,
    regime: regime.state,
    side: setup.side,
    entry_ticks: bar.close_ticks + sign * SLIPPAGE_TICKS,
    stop_ticks: setup.stop_ticks,
    target_ticks: setup.target_ticks,
    // One of the two contracts.
    partial: setup.tp1_r === null ? null : { at_r: setup.tp1_r, share: 0.5 },
    fee_ticks: (2 * FEE_CENTS) / tick_value_cents,
    slippage_ticks: SLIPPAGE_TICKS,
    time_stop_minutes: setup.time_stop_us === null ? null : setup.time_stop_us / MINUTE_US,
  });
}
