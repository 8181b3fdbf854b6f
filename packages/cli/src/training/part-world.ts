import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBacktest } from '@bellwether/backtest';
import {
  DataOrigin,
  PromotionCause,
  bookConfigOf,
  type BookConfig,
  type BookFile,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { barEntry, nextRelease, promotionEntry, releaseEntry } from '@bellwether/ingestion';
import { compareEntries, present } from '@bellwether/kernel';
import { LINE, stageVersions } from '@bellwether/line';
import { sessionOf, tradeDateAt } from '@bellwether/market';
import {
  MODEL_REGIMES,
  ModelHost,
  ModelRegistry,
  folderStore,
  modelFiles,
  promotionFor,
  type Manifest,
  type Trust,
} from '@bellwether/models';
import { newPrivatePem, readPublicKey, signingKeyOf } from '@bellwether/signing';
import { worldBars, type WorldOptions } from '@bellwether/testkit';
import {
  FORECAST_HORIZON_US,
  forecastDataSet,
  tooFewRows,
  trainModel,
  type RegimeVariant,
} from '@bellwether/training';
import { marketBars } from './plan-rows.js';

/**
 * What is switched off: the forecast whole, its network alone (the online half goes on), the network's variants for each regime, or
 * the calibration of its probability.
 */
export const LEARNED_PARTS = ['forecast', 'network', 'regime_variants', 'calibration'] as const;
export type LearnedPart = (typeof LEARNED_PARTS)[number];

/** Made-up markets, and the parts that have something to do in each. */
export const PART_WORLDS = {
  /** Leans of some minutes: the next quarter of an hour can be forecast from the last half hour. */
  drift: ['forecast'],
  /** The same, but from the newest trained sessions on the leans are weaker: what was learned is too sure of itself. */
  weakening: ['calibration'],
  /** What the last minutes say of the next hangs on the regime. */
  regimes: ['network', 'regime_variants'],
} as const satisfies Readonly<Record<string, readonly LearnedPart[]>>;

export interface PartWorld {
  readonly world: keyof typeof PART_WORLDS;
  readonly seed: string;
  /** Sessions that are trained on, and those behind them that are forecast. */
  readonly trainSessions: number;
  readonly testSessions: number;
}

/** Mean log loss of the forecast of the line, in nats, over the same bars: with all parts on, and without each. One half always said loses ln 2. */
export interface PartWorth {
  readonly rows: number;
  readonly on: number;
  readonly off: readonly { readonly part: LearnedPart; readonly loss: number }[];
}

/** Sessions in front, after which the regime is told (`TOD` profiles of 20 sessions): no row of them is trained on. */
const WARM_SESSIONS = 21;
const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_240_103;
const FOLDS = 1;
/** The calibration is fitted on the newest sessions (`finalSplit`): from there on the leans are weaker. */
const WEAK_FROM_SHARE = 0.8;
const WEAK_FACTOR = 0.35;
const BATCH = 256;
const PROBABILITY_MIN = 1e-6;

function worldOf({ world, seed, trainSessions, testSessions }: PartWorld): WorldOptions {
  const afterSessions = WARM_SESSIONS + Math.round(trainSessions * WEAK_FROM_SHARE);
  return {
    ...{ kind: world === 'regimes' ? 'regimes' : 'drift', seed, symbol: SYMBOL },
    ...{ firstTradeDate: FIRST_TRADE_DATE, sessions: WARM_SESSIONS + trainSessions + testSessions },
    ...{ dayVolatility: 0 },
    ...(world === 'weakening' ? { weakening: { afterSessions, factor: WEAK_FACTOR } } : {}),
  };
}

const OFF: Readonly<Record<LearnedPart, NonNullable<BookFile['models']>>> = {
  forecast: { forecast: false, online: false },
  network: { forecast: false },
  regime_variants: { regime_variants: false },
  calibration: { calibration: false },
};

/** The book whose forecast is looked at; the other models are not there. */
function configOf(off: LearnedPart | null): BookConfig {
  const models: NonNullable<BookFile['models']> = {
    ...{ regime: false, confidence: false, stale_after_days: 3_650 },
    ...(off === null ? {} : OFF[off]),
  };
  const file: BookFile = { book: 'parts', symbols: [{ symbol: SYMBOL }], policy: 'learned', models };
  return bookConfigOf(file).config;
}

const stamp = { source: 'part-world', origin: DataOrigin.SYNTHETIC };

function releaseOf(config: BookConfig): Entry {
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const { open_us } = present(sessionOf(FIRST_TRADE_DATE), 'the first session');
  return releaseEntry(config.book, release, open_us, stamp.origin);
}

interface Desk {
  readonly registry: ModelRegistry;
  readonly trust: Trust;
  readonly manifests: readonly Manifest[];
}

/** Trains the forecast on the first sessions, and its variants where the world has regimes. */
async function trained(
  world: PartWorld,
  bars: readonly Entry[],
  first: number,
  folder: string,
): Promise<Desk> {
  const key = signingKeyOf(newPrivatePem());
  const trust = { keys: [readPublicKey(key.publicPem)], unsigned: false };
  const registry = new ModelRegistry(folderStore(folder), trust);
  const all = await marketBars([[releaseOf(configOf(null)), ...bars]], true, () => undefined);
  const set = forecastDataSet(all.filter(({ trade_date }) => trade_date >= first));
  const train = (variant: RegimeVariant | null): ReturnType<typeof trainModel> =>
    trainModel({
      ...{
        set,
        folds: FOLDS,
        seed: world.seed,
        command: 'npm run learned-parts',
        node: process.version,
      },
      ...{ variant, onProgress: () => undefined },
      data: { title: 'a made-up world', synthetic: true, references: [] },
    });
  const general = train(null);
  const models = [general];
  for (const regime of world.world === 'regimes' ? MODEL_REGIMES : []) {
    const variant = { regime, general: general.scores.said };
    if (tooFewRows(set, FOLDS, variant) === null) models.push(train(variant));
  }
  const manifests: Manifest[] = [];
  const note = { at_us: 0, by: 'learned-parts', reason: '' };
  for (const model of models) manifests.push(await registry.add(modelFiles(model.facts, model, key), note));
  return { registry, trust, manifests };
}

/** Sum of log losses and count of the forecasts of the tested sessions whose price was another 15 minutes later. */
class ForecastLosses {
  rows = 0;
  sum = 0;
  private readonly waiting = new Map<number, { readonly p: number; readonly close_ticks: number }>();

  constructor(private readonly from_us: number) {}

  add({ entry, forecast }: Frame): void {
    const bar = entry?.bar ?? null;
    if (bar === null || bar.open_us < this.from_us) return;
    const close_us = bar.open_us + bar.interval_us;
    const due = this.waiting.get(close_us);
    this.waiting.delete(close_us);
    if (due !== undefined && due.close_ticks !== bar.close_ticks) {
      const p = bar.close_ticks > due.close_ticks ? due.p : 1 - due.p;
      this.sum -= Math.log(Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, p)));
      this.rows += 1;
    }
    const ahead_us = close_us + FORECAST_HORIZON_US;
    // Nothing said is one half: the same bars count with and without the part.
    if (tradeDateAt(ahead_us - 1) === tradeDateAt(bar.open_us)) {
      this.waiting.set(ahead_us, { p: forecast?.p_final ?? 0.5, close_ticks: bar.close_ticks });
    }
  }
}

async function lossesOf(
  config: BookConfig,
  { registry, trust, manifests }: Desk,
  bars: readonly Entry[],
  from_us: number,
): Promise<ForecastLosses> {
  const losses = new ForecastLosses(from_us);
  const promotions = manifests
    .map((manifest) =>
      promotionEntry(config.book, promotionFor(manifest, PromotionCause.START, ''), from_us, stamp.origin),
    )
    .sort(compareEntries);
  const host = new ModelHost({ store: registry.store, trust });
  const first = bars.findIndex(({ bar }) => bar !== null && bar.open_us >= from_us);
  const entries = [releaseOf(config), ...bars.slice(0, first), ...promotions, ...bars.slice(first)];
  await runBacktest({
    ...{ book: config.book, stages: LINE, infer: host.infer, signal: new AbortController().signal },
    answerRows: (model, rows) => host.answerRows(model, rows),
    inputs: batchesOf(entries),
    onFrame: (frame) => {
      losses.add(frame);
    },
  });
  await host.close();
  return losses;
}

async function* batchesOf(entries: readonly Entry[]): AsyncGenerator<readonly Entry[]> {
  for (let at = 0; at < entries.length; at += BATCH)
    yield await Promise.resolve(entries.slice(at, at + BATCH));
}

/**
 * Trains on the earlier sessions of a world, puts the models into a registry, and runs the whole line with each part switched on and
 * off; the later sessions count. The same world gives the same result.
 */
export async function partWorth(world: PartWorld): Promise<PartWorth> {
  const config = configOf(null);
  const bars = [...worldBars(worldOf(world))].map(({ bar }) => barEntry(config.book, bar, stamp));
  const dates = [...new Set(bars.map(({ bar }) => tradeDateAt(bar?.open_us ?? 0)))];
  const tested = dates[WARM_SESSIONS + world.trainSessions] ?? 0;
  const from_us = present(sessionOf(tested), 'the first tested session').open_us;
  const folder = await mkdtemp(path.join(tmpdir(), 'bw-parts-'));
  try {
    const early = bars.filter(({ bar }) => bar !== null && bar.open_us < from_us);
    const desk = await trained(world, early, dates[WARM_SESSIONS] ?? 0, folder);
    // The line needs no more before the tested sessions than makes it know the regime.
    const { open_us } = present(sessionOf(dates[world.trainSessions] ?? 0), 'the first session of the line');
    const run = bars.filter(({ bar }) => bar !== null && bar.open_us >= open_us);
    const on = await lossesOf(config, desk, run, from_us);
    const off: PartWorth['off'][number][] = [];
    for (const part of PART_WORLDS[world.world]) {
      const { sum, rows } = await lossesOf(configOf(part), desk, run, from_us);
      off.push({ part, loss: sum / rows });
    }
    return { rows: on.rows, on: on.sum / on.rows, off };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
