import process from 'node:process';
import { MODEL_REGIMES, slotOf, type ModelRegime, type ModelRegistry } from '@bellwether/models';
import type { SigningKey } from '@bellwether/signing';
import {
  REGIME_NOTE,
  tooFewRows,
  versionOf,
  type DataSet,
  type TrainedModelName,
} from '@bellwether/training';
import { filePlan, namesNoData, samplePlan } from '../data/data-plan.js';
import { trainingFolder } from '../folders.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { PlanDataSets, dataOf } from './data-sets.js';
import { FoldFiles } from './fold-files.js';
import { loggedSource, namesLog, type TrainingSource } from './logged-source.js';
import { told, trainedTable, type Told } from './score-tables.js';
import { commandOf, foldsFor, type TrainOptions } from './train-options.js';
import { trainOne, type Training } from './train-one.js';

export interface Into {
  readonly registry: ModelRegistry;
  readonly key: SigningKey;
  /** For people. */
  readonly place: string;
}

/** The variants of a model for each regime; what cannot be trained is told. */
async function trainVariants(
  training: Training,
  model: TrainedModelName,
  tell: (line: string) => void,
): Promise<readonly Told[]> {
  const { folds, sets } = training;
  const set = await sets.of(model);
  if (!set.noteColumns.some(({ name }) => name === REGIME_NOTE)) return [];
  const general = await sets.saidOf(model);
  const trained: Told[] = [];
  for (const regime of MODEL_REGIMES) {
    const variant = { regime, general };
    const few = tooFewRows(set, folds, variant);
    const done = few === null ? await trainOne(training, model, variant) : null;
    if (done !== null) trained.push(told(done));
    else tell(`${slotOf(model, regime)}: ${few ?? KEPT}`);
  }
  return trained;
}

/** Of a model that is there. */
export const KEPT = 'trained before on the same data with the same seed; --force trains it again.';

/** Folds of this training, by model and regime; gone when the command has ended well. */
function foldsKept({ seed }: TrainOptions, folds: number) {
  const kept = new Map<string, FoldFiles>();
  return {
    of: (set: DataSet, regime: ModelRegime | null): FoldFiles => {
      const version = versionOf(set, folds, seed, process.version, regime);
      const files = kept.get(version) ?? new FoldFiles(trainingFolder(), set.model, version);
      kept.set(version, files);
      return files;
    },
    remove: (): void => {
      for (const files of kept.values()) files.remove();
    },
  };
}

/** Bars of a file, a catalog or the sample. */
async function planSource(
  models: readonly TrainedModelName[],
  options: TrainOptions,
  folds: number,
  kept: ReturnType<typeof foldsKept>,
): Promise<TrainingSource> {
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const { seed } = options;
  const sets = new PlanDataSets(plan, { folds, seed, foldsOf: (set) => kept.of(set, null) }, models);
  return { title: plan.title, synthetic: plan.synthetic, data: dataOf(plan), sets, notes: [] };
}

/** Trains models on rows, of bars or of a log, into the registry; what they are worth, in paragraphs. */
export async function trainOnRows(
  models: readonly TrainedModelName[],
  options: TrainOptions,
  { registry, key, place }: Into,
): Promise<readonly string[]> {
  const folds = foldsFor(options);
  const { seed } = options;
  const kept = foldsKept(options, folds);
  const source = namesLog(options)
    ? await loggedSource(models, options)
    : await planSource(models, options, folds, kept);
  const training = {
    ...{ data: source.data, sets: source.sets, registry, key, folds, seed, foldsOf: kept.of },
    commandOf: (model: TrainedModelName) => commandOf(model, options, folds),
    again: options.force === true,
    challenge: options.challenge === true,
  };
  const trained: Told[] = [];
  const others: string[] = [];
  for (const model of models) {
    const done = await trainOne(training, model, null);
    if (done === null) others.push(`${model}: ${KEPT}`);
    else trained.push(told(done));
    if (options.regimes !== true) continue;
    trained.push(...(await trainVariants(training, model, (line) => others.push(line))));
  }
  kept.remove();
  return [
    ...(source.synthetic ? [SYNTHETIC_LINE] : []),
    ...source.notes,
    `Trained on ${source.title}, ${folds} fold(s), seed ${options.seed}, into ${place}.`,
    ...trained.map(({ detail }) => detail),
    ...(trained.length === 0 ? [] : [trainedTable(trained)]),
    ...others,
  ];
}
