import path from 'node:path';
import { BookRun } from '@bellwether/backtest';
import {
  DataOrigin,
  PromotionCause,
  RegimeState,
  Strategy,
  bookConfigOf,
  type BookConfig,
  type BookFile,
  type ClosedTrade,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { noModels, type Infer } from '@bellwether/host';
import { barEntry, nextRelease, promotionEntry, releaseEntry } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { LINE, stageVersions } from '@bellwether/line';
import { sessionOf } from '@bellwether/market';
import {
  ModelHost,
  ModelRegistry,
  promotionFor,
  type Manifest,
  type ModelStore,
  type Trust,
} from '@bellwether/models';
import { World, hasEdge, type EdgePlace } from '@bellwether/testkit';
import { armConfig, withoutCosts } from '../strategies/arm-run.js';
import { modelStore, trustOf } from '../data/plan-models.js';
import { EdgeFollower } from '../strategies/edge-follower.js';
import { WORKSPACE } from '../workspace.js';

/**
 * What a choice among arms is tried in. The edge is +0.15 R a trade (testkit, PLANTED_EDGE), costs paid; all other trades earn nothing and
 * pay their costs. `nothing` is a walk without edge and costs.
 */
export const EDGE_WORLDS = ['arm_moves', 'regime_moves', 'nothing'] as const;
export type EdgeWorldName = (typeof EDGE_WORLDS)[number];

export type EdgeSelection = NonNullable<NonNullable<BookFile['bandit']>['selection']>;

export interface EdgeWorld {
  readonly world: EdgeWorldName;
  readonly selection: EdgeSelection;
  readonly seed: string;
  /** Trades that are learned from before choices count, and those over which they count; both again once the edge has moved. */
  readonly learnTrades: number;
  readonly countTrades: number;
  /** Settings of the book's `bandit` beside the selection. */
  readonly bandit?: BookFile['bandit'];
}

/** Choices of one stretch in which the arm with the edge was live, in its regime, beside another. */
export interface Stretch {
  readonly edge: EdgePlace;
  readonly choices: number;
  /** Of them: those of the arm, and those that chance would have made. */
  readonly chosen: number;
  readonly chance: number;
  /** Of all trades of the book in the stretch. */
  readonly trades: number;
  readonly sum_r: number;
  readonly sum_r2: number;
}

const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_240_103;
const TRUNK = 'strategy_selection';
const SESSIONS_MAX = 400;
const STAMP = { source: 'edge-world', origin: DataOrigin.SYNTHETIC };

const S2 = { strategy: Strategy.S2, regime: RegimeState.UNSPECIFIED };
const S11 = { strategy: Strategy.S11, regime: RegimeState.UNSPECIFIED };

/**
 * Where the edge is first, and where it goes. Without one S11, whose stops are near, pays the most costs of all in R, and a policy
 * that learns avoids it: only an edge brings it back. In `nothing`: the arms that are looked at.
 */
const PLACES: Readonly<Record<EdgeWorldName, readonly [EdgePlace, ...EdgePlace[]]>> = {
  arm_moves: [S11, S2, S11],
  regime_moves: [
    { ...S11, regime: RegimeState.CALM_CHOP },
    { ...S11, regime: RegimeState.HIGHVOL_CHOP },
  ],
  nothing: [S11, S2],
};

const OFTEN = { on: true, daily_trades_max: 100, stop_max_atr_m5: 5, target_min_costs: 0 };

/**
 * The arms as the book has them are seldom live together. Here four ask for little, so that there is something to choose; those
 * whose orders wait at a price are off, for a waiting order keeps all others out.
 */
const STRATEGIES: NonNullable<BookFile['strategies']> = {
  S2: {
    all: {
      ...OFTEN,
      vwap_z_min: 0.3,
      er30_max: 1,
      vwap_slope_max_atr: 5,
      slope_side_only: false,
      time_stop_minutes: 10,
    },
  },
  S4: { all: { ...OFTEN, adx_min: 10, pullback_minutes: 30 } },
  S8: { all: { ...OFTEN, side_share_min: 0.5, pullback_z: 2 } },
  S9: { all: OFTEN },
  S11: {
    all: {
      ...OFTEN,
      move_min_sigma: 0.3,
      volume_ratio_min: 0,
      wick_share_min: 0,
      target_move_share: 1,
      target_min_r: 0.5,
      time_stop_bars: 10,
    },
  },
  ...{ S1: { all: { on: false } }, S3: { all: { on: false } }, S6: { all: { on: false } } },
  ...{ S7: { all: { on: false } }, S10: { all: { on: false } } },
};

/** Under `neural_linear` models decide, as the trunk needs it; the online half of the forecast speaks for all others. */
export function edgeConfig({ selection, bandit }: Pick<EdgeWorld, 'selection' | 'bandit'>): BookConfig {
  const learned = selection === 'neural_linear';
  const models = {
    regime: false,
    confidence: false,
    forecast: false,
    allow_synthetic: true,
    stale_after_days: 3_650,
  };
  const { config } = bookConfigOf({
    ...{
      book: 'edge',
      symbols: [{ symbol: SYMBOL }],
      management: { policy: 'hold' },
      strategies: STRATEGIES,
    },
    bandit: { ...bandit, selection },
    ...(learned ? { policy: 'learned', models } : {}),
  });
  // No limit of money: what is chosen is looked at, not the account.
  return { ...armConfig(config, Strategy.UNSPECIFIED), strategies: config.strategies };
}

/** Where nothing is planted there are no costs either: arms are then alike, and no share but that of chance is right. */
function worldConfig(plan: EdgeWorld): BookConfig {
  const config = edgeConfig(plan);
  return plan.world === 'nothing' ? withoutCosts(config) : config;
}

/** The trunk that `neural_linear` chooses over. */
export interface EdgeTrunk {
  readonly store: ModelStore;
  readonly trust: Trust;
  readonly manifest: Manifest;
}

/** The one that comes with Bellwether (models/README.md). */
export async function shippedTrunk(): Promise<EdgeTrunk> {
  const shipped = { models: path.join(WORKSPACE, 'models') };
  const [store, trust] = [await modelStore(shipped), await trustOf(shipped)];
  const registry = new ModelRegistry(store, trust);
  const { slots } = await registry.state();
  const champion = slots.find(({ name }) => name === TRUNK)?.champion ?? null;
  return { store, trust, manifest: await registry.verified(TRUNK, present(champion, 'a shipped trunk')) };
}

type Counted = { -readonly [K in keyof Stretch]: Stretch[K] };

/** Counts the choices of a run, and moves the edge when its time has come. Mutable. */
class Counter {
  readonly stretches: Counted[];
  private trades = 0;

  constructor(
    private readonly plan: EdgeWorld,
    private readonly onMove: (edge: EdgePlace) => void,
  ) {
    this.stretches = PLACES[plan.world].map((edge) => ({
      ...{ edge, choices: 0, chosen: 0, chance: 0 },
      ...{ trades: 0, sum_r: 0, sum_r2: 0 },
    }));
  }

  get done(): boolean {
    return this.trades >= this.stretches.length * this.period;
  }

  add(frame: Frame): void {
    if (this.done) return;
    for (const trade of frame.portfolio?.closed ?? []) this.ended(trade);
    const own = this.counting;
    const { bandit, regime } = frame;
    if (own === null || bandit?.chosen == null || regime === null) return;
    const live = bandit.candidates.map(({ setup }) => setup?.strategy ?? Strategy.UNSPECIFIED);
    const taken = { strategy: own.edge.strategy, regime: regime.state };
    if (live.length < 2 || !live.includes(own.edge.strategy) || !hasEdge(own.edge, taken)) return;
    own.choices += 1;
    own.chance += 1 / live.length;
    if (live[bandit.chosen] === own.edge.strategy) own.chosen += 1;
  }

  private get period(): number {
    return this.plan.learnTrades + this.plan.countTrades;
  }

  /** The stretch that counts now. */
  private get counting(): Counted | null {
    const learning = this.trades % this.period < this.plan.learnTrades;
    return learning ? null : (this.stretches[Math.floor(this.trades / this.period)] ?? null);
  }

  private ended({ net_r }: ClosedTrade): void {
    if (net_r === null) return;
    const own = this.counting;
    if (own !== null) {
      own.trades += 1;
      own.sum_r += net_r;
      own.sum_r2 += net_r * net_r;
    }
    this.trades += 1;
    const next = this.stretches[Math.floor(this.trades / this.period)];
    if (this.trades % this.period === 0 && next !== undefined) this.onMove(next.edge);
  }
}

/**
 * The whole line trades a made-up market and learns as it goes; choices are counted once it has seen some hundred trades, and
 * again once the edge has moved. The same world gives the same counts. Without `trunk`, LinUCB stands in for `neural_linear`.
 */
export async function runEdgeWorld(plan: EdgeWorld, trunk: EdgeTrunk | null): Promise<readonly Stretch[]> {
  const config = worldConfig(plan);
  const [first] = PLACES[plan.world];
  const planted = plan.world !== 'nothing';
  const world = new World({
    ...{
      kind: 'edge',
      seed: plan.seed,
      symbol: SYMBOL,
      firstTradeDate: FIRST_TRADE_DATE,
      sessions: SESSIONS_MAX,
    },
    ...(planted ? { edge: first } : {}),
  });
  const follower = new EdgeFollower(world, SYMBOL);
  const counter = new Counter(plan, (edge) => {
    if (planted) world.plant(edge);
  });
  let decided: Frame | null = null;
  const host = trunk === null ? null : new ModelHost({ store: trunk.store, trust: trunk.trust });
  const infer: Infer = host?.infer ?? noModels;
  const run = new BookRun(config.book, LINE, infer, (frame) => {
    counter.add(frame);
    if (frame.entry?.bar != null) decided = frame;
    else follower.next(frame);
  });
  for (const entry of openingEntries(config, trunk)) await run.accept(entry);
  for (let made = world.next(); made !== null && !counter.done; made = world.next()) {
    const pending = run.accept(barEntry(config.book, made.bar, STAMP));
    if (pending !== null) await pending;
    if (decided !== null) follower.next(decided);
  }
  await host?.close();
  return counter.stretches;
}

function openingEntries(config: BookConfig, trunk: EdgeTrunk | null): readonly Entry[] {
  const { open_us } = present(sessionOf(FIRST_TRADE_DATE), 'the first session');
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const opening = [releaseEntry(config.book, release, open_us, STAMP.origin)];
  if (trunk === null) return opening;
  const promotion = promotionFor(trunk.manifest, PromotionCause.START, '');
  return [...opening, promotionEntry(config.book, promotion, open_us, STAMP.origin)];
}
