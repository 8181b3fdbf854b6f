import {
  DataOrigin,
  Strategy,
  bookConfigOf,
  type BookConfig,
  type Entry,
  type Setup,
  type Frame,
} from '@bellwether/contracts';
import { barEntry, nextRelease, releaseEntry } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { stageVersions } from '@bellwether/line';
import { sessionOf, tradeDateAt } from '@bellwether/market';
import { World, type PlannedEnd } from '@bellwether/testkit';
import { dailyNets } from '../backtest/daily-nets.js';
import type { SweepResult } from '../backtest/sweep-task.js';
import { ArmRun, armConfig } from '../strategies/arm-run.js';
import { EdgeFollower } from '../strategies/edge-follower.js';
import { judgeAblation, type JudgedComparison } from './judge.js';
import { variantBook, type Part } from './parts.js';
import { answersOf, promotionsOf } from './planted-models.js';
import {
  BOOK,
  SYMBOL,
  headlineAt,
  payOf,
  worldOf,
  type PlantedPart,
  type PlantedWorld,
} from './planted-worlds.js';
import { ablationOf, type AblationVariant } from './variants.js';

const FIRST_TRADE_DATE = 20_240_103;
const CENTS_PER_USD = 100;

export interface PlantedAblation {
  readonly part: PlantedPart;
  readonly seed: string;
  readonly sessions: number;
  /** Parts that are looked at; default: those of the world. */
  readonly parts?: readonly Part[];
}

/** No limit of money, which would end the run before the edge shows; the caps on contracts stay those of the variant. */
function wide(config: BookConfig, { risk_usd }: PlantedWorld): BookConfig {
  const { limits, account, risk_per_trade_cents } = armConfig(config, Strategy.S2);
  const own = present(config.limits, 'limits');
  const { max_total_contracts, max_es_contracts, max_nq_contracts, max_step_contracts } = own;
  const caps = { max_total_contracts, max_es_contracts, max_nq_contracts, max_step_contracts };
  const risk = risk_usd === undefined ? risk_per_trade_cents : risk_usd * CENTS_PER_USD;
  return {
    ...config,
    risk_per_trade_cents: risk,
    account,
    limits: { ...present(limits, 'limits'), ...caps },
  };
}

function runIn({ part, seed, sessions }: PlantedAblation, variant: AblationVariant): SweepResult {
  const planted = worldOf(part);
  const on = new Set([...planted.always, ...variant.on]);
  const bookFile = variantBook(BOOK, on, planted.fixed, variant);
  const config = wide(bookConfigOf(bookFile).config, planted);
  const models = planted.models ?? [];
  const world = new World({
    ...{ kind: 'edge', seed, symbol: SYMBOL, firstTradeDate: FIRST_TRADE_DATE, sessions },
  });
  const pays = (frame: Frame, setup: Setup): PlannedEnd | null => payOf(part, { frame, setup, seed });
  const follower = new EdgeFollower(world, SYMBOL, pays);
  const answer = models.length === 0 ? null : answersOf(models);
  const run = new ArmRun([{ strategy: Strategy.UNSPECIFIED, config }], true, answer);
  for (const entry of firstEntries(config, models)) run.accept(entry);
  const dates = new Set<number>();
  for (let made = world.next(); made !== null; made = world.next()) {
    dates.add(tradeDateAt(made.bar.open_us));
    const headline = planted.headlines === true ? headlineAt(config.book, seed, made.bar.open_us) : null;
    if (headline !== null) run.accept(headline);
    const entry = barEntry(config.book, made.bar, { source: 'planted', origin: DataOrigin.SYNTHETIC });
    const frame = run.accept(entry)[0] ?? null;
    if (frame !== null) follower.next(frame);
  }
  const trades = run.books[0]?.trades ?? [];
  const trade_dates = [...dates];
  return { digest: '', trades: trades.length, trade_dates, net_cents: [...dailyNets(trades, trade_dates)] };
}

/** The release, and the models that take their places with it. */
function firstEntries(config: BookConfig, models: Parameters<typeof promotionsOf>[1]): readonly Entry[] {
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const { open_us } = present(sessionOf(FIRST_TRADE_DATE), 'the first session');
  return [
    releaseEntry(config.book, release, open_us, DataOrigin.SYNTHETIC),
    ...promotionsOf(config.book, models, open_us),
  ];
}

export interface PlantedVerdict {
  readonly comparisons: readonly JudgedComparison[];
  /** The part without which most is lost, where that is told apart from nothing; null where none is. */
  readonly attributed: Part | null;
}

/** The ablation in one made-up world. The same seed gives the same result. */
export function ablatePlanted(world: PlantedAblation): PlantedVerdict {
  const all = ablationOf(world.parts ?? worldOf(world.part).parts);
  // What the choice among arms is worth beside having them is not asked here.
  const variants = all.variants.filter(({ uniform }) => !uniform);
  const comparisons = all.comparisons.filter(({ kind }) => kind !== 'choice');
  const runs = new Map<string, SweepResult>();
  const results = new Map(
    variants.map((variant) => {
      // What stands beside a part that needs it may be on in every variant anyway.
      const key = [...new Set([...worldOf(world.part).always, ...variant.on])].sort().join();
      const result = runs.get(key) ?? runIn(world, variant);
      runs.set(key, result);
      return [variant.name, result];
    }),
  );
  const judged = judgeAblation(comparisons, results);
  const gains = judged.filter(({ kind, verdict }) => kind === 'removed' && verdict === 'gain');
  const most = [...gains].sort((a, b) => (b.mean_cents ?? 0) - (a.mean_cents ?? 0))[0];
  return { comparisons: judged, attributed: most?.part ?? null };
}
