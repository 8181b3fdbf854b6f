import path from 'node:path';
import {
  BellwetherError,
  DataOrigin,
  EntryKind,
  PromotionCause,
  type Entry,
  type ModelPromotion,
} from '@bellwether/contracts';
import { promotionEntry } from '@bellwether/ingestion';
import { compareEntries, present } from '@bellwether/kernel';
import { sessionOf, tradeDateAt } from '@bellwether/market';
import { promotionFor, slotOf } from '@bellwether/models';
import { loadOrCreateKey } from '@bellwether/signing';
import type { WalkForwardFold } from '@bellwether/statistics';
import { TRAINED_MODELS, versionOf } from '@bellwether/training';
import type { DataOptions, DataPlan } from '../data/data-plan.js';
import { openRegistry } from '../data/plan-models.js';
import { modelKeyFolder } from '../folders.js';
import { FoldFiles } from '../training/fold-files.js';
import { PlanDataSets, dataOf } from '../training/data-sets.js';
import { trainOne } from '../training/train-one.js';
import { planOf } from './sweep-task.js';
import { foldsOf, type WalkForwardOptions } from './walk-forward.js';

/** The word that stands for models which are trained before each fold, where a registry could be named. */
export const WALK_FORWARD = 'walk-forward';

const SEED = '1';
/** The folds inside a training, by which a model's card says what it is worth. */
const INNER_FOLDS = 1;

/** Trains on the sessions of a fold and gives the models that decide in its test. */
export type TrainFold = (fold: WalkForwardFold) => Promise<readonly ModelPromotion[]>;

/** Trade dates that a plan decides on. */
export async function sessionsOf(plan: DataPlan): Promise<readonly number[]> {
  const dates = new Set<number>();
  for await (const batch of plan.batches()) {
    for (const { kind, bar } of batch) {
      if (kind === EntryKind.BAR && bar !== null) dates.add(tradeDateAt(bar.open_us));
    }
  }
  return [...dates].filter((date) => date !== 0).sort((a, b) => a - b);
}

/** The real trainers over the sessions of a fold, into a registry of the run. A model that has too little to learn from is not there. */
export function trainers(options: DataOptions, place: string): TrainFold {
  return async ({ train }) => {
    const plan = await planOf({
      ...{ ...options, models: place, policy: 'rules' },
      ...{ from: train[0]!, to: train.at(-1)! },
    });
    const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
    const registry = await openRegistry({ ...options, models: place });
    const sets = new PlanDataSets(plan, { folds: INNER_FOLDS, seed: SEED }, TRAINED_MODELS);
    const found: ModelPromotion[] = [];
    for (const model of TRAINED_MODELS) {
      try {
        const training = {
          ...{
            data: dataOf(plan),
            sets,
            registry,
            key,
            folds: INNER_FOLDS,
            seed: SEED,
            again: false,
            challenge: false,
          },
          foldsOf: (set: Parameters<typeof versionOf>[0]) =>
            new FoldFiles(
              path.join(place, 'folds'),
              set.model,
              versionOf(set, INNER_FOLDS, SEED, process.version, null),
            ),
          commandOf: () => `bw backtest --models ${WALK_FORWARD}`,
        };
        await trainOne(training, model, null);
        const version = versionOf(await sets.of(model), INNER_FOLDS, SEED, process.version, null);
        const manifest = await registry.verified(slotOf(model, null), version);
        found.push(promotionFor(manifest, PromotionCause.START, ''));
      } catch (cause) {
        if (!(cause instanceof BellwetherError)) throw cause;
        process.stderr.write(`${model}: not trained before ${train.at(-1) ?? ''}: ${cause.message}\n`);
      }
    }
    return found;
  };
}

/** A run over the tests of all folds, with the models of each from its first session on. */
export interface WalkedPlan {
  readonly plan: DataPlan;
  readonly folds: readonly WalkForwardFold[];
}

/**
 * Trains before each fold on its own earlier sessions alone, and promotes by an entry at the open of its first tested session, as it
 * would have been live. What is learned inside the stages goes on from fold to fold.
 *
 * @throws BellwetherError `usage` where no folds were asked for or the data are too short; `models_in_sample` where a training gave a
 *   model that knows its test
 */
export async function walkedPlan(
  options: DataOptions,
  walk: WalkForwardOptions,
  place: string,
  trainFold: TrainFold = trainers(options, place),
): Promise<WalkedPlan> {
  const whole = await planOf({ ...options, models: place, policy: 'learned', withoutModels: [''] });
  const folds = foldsOf(await sessionsOf(whole), walk);
  if (folds === null) throw new BellwetherError('usage', `--models ${WALK_FORWARD} takes --train and --test`);
  const origin = whole.synthetic ? DataOrigin.SYNTHETIC : DataOrigin.MARKET;
  const promoted: Entry[] = [];
  for (const [i, fold] of folds.entries()) {
    process.stderr.write(
      `Fold ${i + 1} of ${folds.length}: training on ${fold.train[0]!} to ${fold.train.at(-1)!}\n`,
    );
    const { open_us } = present(sessionOf(fold.test[0]!), 'the first tested session');
    for (const model of await trainFold(fold)) {
      if (model.trained_until_us > open_us) {
        throw new BellwetherError('models_in_sample', `${model.model} ${model.version} of fold ${i + 1}`);
      }
      promoted.push(promotionEntry(whole.book, model, open_us, origin));
    }
  }
  const span = { from: folds[0]!.test[0]!, to: folds.at(-1)!.test.at(-1)! };
  // Nobody is champion from the start: the registry of the run may hold models of all folds.
  const tested = await planOf({ ...options, models: place, policy: 'learned', withoutModels: [''], ...span });
  const entries = promoted.map((entry) => ({ ...entry, book: tested.book })).sort(compareEntries);
  return {
    folds,
    plan: {
      ...tested,
      batches: (cut_us) => withEntries(tested.batches(cut_us), entries),
    },
  };
}

/** The batches with more entries at their places. The release stays the first of all. */
export async function* withEntries(
  batches: AsyncIterable<readonly Entry[]>,
  more: readonly Entry[],
): AsyncGenerator<readonly Entry[]> {
  let next = 0;
  for await (const batch of batches) {
    const merged: Entry[] = [];
    for (const entry of batch) {
      const isMarket = entry.kind !== EntryKind.RELEASE && entry.kind !== EntryKind.WARMUP;
      while (isMarket && next < more.length && compareEntries(more[next]!, entry) < 0)
        merged.push(more[next++]!);
      merged.push(entry);
    }
    yield merged;
  }
}
