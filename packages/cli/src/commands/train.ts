import process from 'node:process';
import path from 'node:path';
import { loadOrCreateKey } from '@bellwether/signing';
import { BellwetherError } from '@bellwether/contracts';
import { MODEL_REGIMES, slotOf, type ModelRegime } from '@bellwether/models';
import {
  REGIME_NOTE,
  TRAINED_MODELS,
  modelsNamed,
  scoreText,
  tooFewRows,
  verdictOf,
  versionOf,
  type DataSet,
  type TrainedModel,
  type TrainedModelName,
  type ValueScores,
} from '@bellwether/training';
import { filePlan, namesNoData, samplePlan, type DataOptions } from '../data/data-plan.js';
import { openRegistry } from '../data/plan-models.js';
import { modelKeyFolder, trainingFolder } from '../folders.js';
import { plainTable } from '../plain-table.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { PlanDataSets } from '../training/data-sets.js';
import { FoldFiles } from '../training/fold-files.js';
import { trainOne, type TrainedNow, type Training } from '../training/train-one.js';

export interface TrainOptions extends DataOptions {
  readonly seed: string;
  readonly out: string;
  readonly folds?: number;
  readonly force?: boolean;
  /** A new model becomes challenger where the place has a champion. */
  readonly challenge?: boolean;
  /** Also a variant for each regime, of the models that may have one. */
  readonly regimes?: boolean;
}

/** Folds where none are asked for: the sample is short. */
const FOLDS_SAMPLE = 1;
const FOLDS_DATA = 4;
const FOLDS_MAX = 50;
const HASH_SHOWN = 16;

/** The models that are meant. Throws `usage` for a name that has no trainer. */
export function modelsFor(name: string): readonly TrainedModelName[] {
  const models = modelsNamed(name);
  if (models.length === 0) {
    throw new BellwetherError(
      'usage',
      `There is no trainer for ${name}: expected all, ${TRAINED_MODELS.join(', ')}`,
    );
  }
  return models;
}

export function foldsFor(options: DataOptions & { readonly folds?: number }): number {
  const folds = options.folds ?? (namesNoData(options) ? FOLDS_SAMPLE : FOLDS_DATA);
  if (folds < 1 || folds > FOLDS_MAX)
    throw new BellwetherError('usage', `Expected 1 to ${FOLDS_MAX} --folds, was ${folds}`);
  return folds;
}

/** The command that trains a model again, without folders of this machine. */
export function commandOf(model: TrainedModelName, options: TrainOptions, folds: number): string {
  const { data, symbol, from, to, seed, regimes } = options;
  const parts = [`bw train ${model}`];
  data.forEach((one, i) => {
    parts.push(`--data ${one.startsWith('catalog:') ? one : path.basename(one)}`);
    if (symbol[i] !== undefined) parts.push(`--symbol ${symbol[i]}`);
  });
  if (from !== undefined) parts.push(`--from ${from}`);
  if (to !== undefined) parts.push(`--to ${to}`);
  if (regimes === true) parts.push('--regimes');
  return [...parts, `--seed ${seed}`, `--folds ${folds}`].join(' ');
}

interface Row {
  readonly model: string;
  readonly seconds: string;
  readonly base: string;
  readonly own: string;
  readonly gain: string;
  readonly verdict: string;
  readonly version: string;
  readonly hash: string;
}

function rowOf(slot: string, { facts, scores }: TrainedModel, seconds: number, sha256: string): Row {
  const comparison = scores.axes[0]?.comparison;
  const { value } = scores;
  const base = comparison?.others.get('base_rate')?.log_loss ?? value?.others.get('arm_mean');
  const own = comparison?.scores.log_loss ?? value?.error;
  const gain = comparison?.gains.get('base_rate')?.log_loss ?? value?.gains.get('arm_mean');
  return {
    model: slot,
    seconds: seconds.toFixed(1),
    base: base?.value.toFixed(4) ?? '',
    own: own?.value.toFixed(4) ?? '',
    gain: gain === undefined ? '' : scoreText(gain),
    verdict: verdictOf(scores),
    version: facts.version,
    hash: sha256.slice(0, HASH_SHOWN),
  };
}

const HEAD = [
  'model',
  'seconds',
  'loss of the baseline',
  'model',
  'gain (95 %)',
  'verdict',
  'version',
  'SHA-256',
];

/** What each model and each of its baselines is worth, axis by axis. */
function detailOf(slot: string, { facts, scores }: TrainedModel): string {
  const rows = scores.axes.flatMap(({ axis, comparison }) => {
    const others = [...comparison.others].map(([name, own]) => ({
      name,
      own,
      gain: comparison.gains.get(name)?.log_loss,
    }));
    return [{ name: 'model', own: comparison.scores, gain: undefined }, ...others].map(
      ({ name, own, gain }) => [
        ...[axis, name, scoreText(own.log_loss), scoreText(own.brier), scoreText(own.balanced_accuracy)],
        ...[scoreText(own.calibration_error), gain === undefined ? '' : scoreText(gain)],
      ],
    );
  });
  const tested = `${slot}: ${scores.rows} rows of ${scores.sessions} sessions that it had not seen, ${scores.folds.length} fold(s)`;
  if (scores.value !== null) return `${tested}\n\n${valueTable(scores.value)}`;
  const head = [
    'what',
    'who',
    'log loss',
    'Brier',
    'balanced accuracy',
    'calibration error',
    'log loss more than the model',
  ];
  return `${tested}; calibration of the kept model: ${facts.calibration.method}\n\n${plainTable(head, rows)}`;
}

/** Mean squared errors in R. */
function valueTable({ error, others, gains }: ValueScores): string {
  const rows = [...others].map(([name, own]) => {
    const gain = gains.get(name);
    return [name, scoreText(own), gain === undefined ? '' : scoreText(gain)];
  });
  return plainTable(
    ['who', 'squared error of net R', 'more than the model'],
    [['model', scoreText(error), ''], ...rows],
  );
}

/** What was trained, for the table and beside it. */
interface Told {
  readonly row: Row;
  readonly detail: string;
}

function told({ slot, trained, seconds, sha256 }: TrainedNow): Told {
  return { row: rowOf(slot, trained, seconds, sha256), detail: detailOf(slot, trained) };
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

const KEPT = 'trained before on the same data with the same seed; --force trains it again.';

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

/** `bw train`: models into the registry, what they are worth on standard output. */
export async function train(name: string, options: TrainOptions): Promise<void> {
  const models = modelsFor(name);
  const folds = foldsFor(options);
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
  const registry = await openRegistry({ models: options.out });
  const { seed } = options;
  const kept = foldsKept(options, folds);
  const sets = new PlanDataSets(plan, { folds, seed, foldsOf: (set) => kept.of(set, null) }, models);
  const place = path.relative(process.cwd(), registry.store.place) || '.';
  const training = {
    ...{ plan, sets, registry, key, folds, seed, foldsOf: kept.of },
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
  const lines = [
    ...(plan.synthetic ? [SYNTHETIC_LINE] : []),
    `Trained on ${plan.title}, ${folds} fold(s), seed ${options.seed}, into ${place}.`,
    ...trained.map(({ detail }) => detail),
    ...(trained.length === 0
      ? []
      : [
          plainTable(
            HEAD,
            trained.map(({ row }) => Object.values(row) as string[]),
          ),
        ]),
    ...others,
  ];
  process.stdout.write(`${lines.join('\n\n')}\n`);
}
