import process from 'node:process';
import path from 'node:path';
import { loadOrCreateKey } from '@bellwether/signing';
import { BellwetherError } from '@bellwether/contracts';
import {
  TRAINED_MODELS,
  modelsNamed,
  scoreText,
  verdictOf,
  versionOf,
  type DataSet,
  type TrainedModel,
  type TrainedModelName,
} from '@bellwether/training';
import { filePlan, namesNoData, samplePlan, type DataOptions } from '../data/data-plan.js';
import { openRegistry } from '../data/plan-models.js';
import { modelKeyFolder, trainingFolder } from '../folders.js';
import { plainTable } from '../plain-table.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { PlanDataSets } from '../training/data-sets.js';
import { FoldFiles } from '../training/fold-files.js';
import { trainOne, type TrainedNow } from '../training/train-one.js';

export interface TrainOptions extends DataOptions {
  readonly seed: string;
  readonly out: string;
  readonly folds?: number;
  readonly force?: boolean;
  /** A new model becomes challenger where the place has a champion. */
  readonly challenge?: boolean;
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
  const { data, symbol, from, to, seed } = options;
  const parts = [`bw train ${model}`];
  data.forEach((one, i) => {
    parts.push(`--data ${one.startsWith('catalog:') ? one : path.basename(one)}`);
    if (symbol[i] !== undefined) parts.push(`--symbol ${symbol[i]}`);
  });
  if (from !== undefined) parts.push(`--from ${from}`);
  if (to !== undefined) parts.push(`--to ${to}`);
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

function rowOf({ facts, scores }: TrainedModel, seconds: number, sha256: string): Row {
  const comparison = scores.axes[0]?.comparison;
  const base = comparison?.others.get('base_rate')?.log_loss.value;
  const gain = comparison?.gains.get('base_rate')?.log_loss;
  return {
    model: facts.name,
    seconds: seconds.toFixed(1),
    base: base?.toFixed(4) ?? '',
    own: comparison?.scores.log_loss.value.toFixed(4) ?? '',
    gain: gain === undefined ? '' : scoreText(gain),
    verdict: verdictOf(scores),
    version: facts.version,
    hash: sha256.slice(0, HASH_SHOWN),
  };
}

const HEAD = [
  'model',
  'seconds',
  'log loss, base rate',
  'model',
  'gain (95 %)',
  'verdict',
  'version',
  'SHA-256',
];

/** What each model and each of its baselines is worth, axis by axis. */
function detailOf({ facts, scores }: TrainedModel): string {
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
  const head = [
    'what',
    'who',
    'log loss',
    'Brier',
    'balanced accuracy',
    'calibration error',
    'log loss more than the model',
  ];
  const tested = `${facts.name}: ${scores.rows} rows of ${scores.sessions} sessions that it had not seen, ${scores.folds.length} fold(s)`;
  return `${tested}; calibration of the kept model: ${facts.calibration.method}\n\n${plainTable(head, rows)}`;
}

/** What was trained, for the table and beside it. */
function told({ trained, seconds, sha256 }: TrainedNow): { readonly row: Row; readonly detail: string } {
  return { row: rowOf(trained, seconds, sha256), detail: detailOf(trained) };
}

/** `bw train`: models into the registry, what they are worth on standard output. */
export async function train(name: string, options: TrainOptions): Promise<void> {
  const models = modelsFor(name);
  const folds = foldsFor(options);
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
  const registry = await openRegistry({ models: options.out });
  const foldFiles = new Map<string, FoldFiles>();
  const foldsOf = (set: DataSet): FoldFiles => {
    const version = versionOf(set, folds, options.seed, process.version);
    const files = foldFiles.get(version) ?? new FoldFiles(trainingFolder(), set.model, version);
    foldFiles.set(version, files);
    return files;
  };
  const sets = new PlanDataSets(plan, { folds, seed: options.seed, foldsOf }, models);
  const place = path.relative(process.cwd(), registry.store.place) || '.';
  const trained: ReturnType<typeof told>[] = [];
  const kept: TrainedModelName[] = [];
  for (const model of models) {
    const command = commandOf(model, options, folds);
    const done = await trainOne(
      {
        ...{ plan, sets, registry, key, folds, foldsOf, command, seed: options.seed },
        again: options.force === true,
      },
      options.challenge === true,
      model,
    );
    if (done === null) kept.push(model);
    else trained.push(told(done));
  }
  for (const files of foldFiles.values()) files.remove();
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
    ...kept.map(
      (model) => `${model}: trained before on the same data with the same seed; --force trains it again.`,
    ),
  ];
  process.stdout.write(`${lines.join('\n\n')}\n`);
}
