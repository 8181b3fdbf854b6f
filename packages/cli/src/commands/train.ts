import process from 'node:process';
import path from 'node:path';
import { loadOrCreateKey, type SigningKey } from '@bellwether/signing';
import { BellwetherError } from '@bellwether/contracts';
import {
  MODEL_REGIMES,
  modelFiles,
  slotNamed,
  slotOf,
  type ModelRegistry,
  type RegistryState,
} from '@bellwether/models';
import {
  REGIME_NOTE,
  TRAINED_MODELS,
  modelsNamed,
  scoreText,
  tooFewRows,
  trainModel,
  verdictOf,
  versionOf,
  type RegimeVariant,
  type TrainedModel,
  type TrainedModelName,
  type ValueScores,
  type WalkForwardScores,
} from '@bellwether/training';
import { filePlan, namesNoData, samplePlan, type DataOptions, type DataPlan } from '../data/data-plan.js';
import { openRegistry } from '../data/plan-models.js';
import { modelKeyFolder } from '../folders.js';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { PlanDataSets, dataOf } from '../training/data-sets.js';

export interface TrainOptions extends DataOptions {
  readonly seed: string;
  readonly out: string;
  readonly folds?: number;
  readonly force?: boolean;
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

function isKept(state: RegistryState, slot: string, version: string): boolean {
  return slotNamed(state, slot)?.versions.some((one) => one.version === version) === true;
}

interface Training {
  readonly plan: DataPlan;
  readonly options: TrainOptions;
  readonly folds: number;
  readonly sets: PlanDataSets;
  readonly registry: ModelRegistry;
  readonly key: SigningKey;
}

/** What was trained, for the table and beside it. */
interface Done {
  readonly row: Row;
  readonly detail: string;
}

/** Trains one model, or its variant for a regime, and keeps it; null where the registry has it already. */
async function trainOne(
  training: Training,
  model: TrainedModelName,
  variant: RegimeVariant | null,
): Promise<Done | null> {
  const { plan, options, folds, sets, registry, key } = training;
  const started = performance.now();
  const set = await sets.of(model);
  const regime = variant?.regime ?? null;
  const slot = slotOf(model, regime);
  const version = versionOf(set, folds, options.seed, process.version, regime);
  if (options.force !== true && isKept(await registry.state(), slot, version)) return null;
  const progress = showProgress(slot, 1_000);
  const trained = trainModel({
    ...{ set, data: dataOf(plan), folds, seed: options.seed, node: process.version, variant },
    command: commandOf(model, options, folds),
    onProgress: (done, total) => {
      progress.update(Math.round((1_000 * done) / total));
    },
  });
  progress.end();
  if (variant === null) sets.keep(model, trained.scores);
  const files = modelFiles(trained.facts, trained, key);
  const note = { at_us: Date.now() * 1_000, by: 'bw train', reason: commandOf(model, options, folds) };
  const manifest = await registry.add(files, note);
  const empty = (slotNamed(await registry.state(), slot)?.champion ?? null) === null;
  if (empty && mayFill(trained.scores, variant)) {
    await registry.promote(slot, manifest.version, { ...note, reason: 'The place was empty' });
  }
  const seconds = (performance.now() - started) / 1_000;
  return { row: rowOf(slot, trained, seconds, manifest.sha256), detail: detailOf(slot, trained) };
}

/** A variant takes an empty place only where it was shown to be better than the general model, which speaks there otherwise. */
function mayFill({ axes }: WalkForwardScores, variant: RegimeVariant | null): boolean {
  if (variant === null) return true;
  return (axes[0]?.comparison.gains.get('general')?.log_loss.low ?? 0) > 0;
}

/** The variants of a model for each regime; what cannot be trained is told. */
async function trainVariants(
  training: Training,
  model: TrainedModelName,
  told: (line: string) => void,
): Promise<readonly Done[]> {
  const { folds, sets } = training;
  const set = await sets.of(model);
  if (!set.noteColumns.some(({ name }) => name === REGIME_NOTE)) return [];
  const general = await sets.saidOf(model);
  const trained: Done[] = [];
  for (const regime of MODEL_REGIMES) {
    const variant = { regime, general };
    const few = tooFewRows(set, folds, variant);
    const done = few === null ? await trainOne(training, model, variant) : null;
    if (done !== null) trained.push(done);
    else told(`${slotOf(model, regime)}: ${few ?? KEPT}`);
  }
  return trained;
}

const KEPT = 'trained before on the same data with the same seed; --force trains it again.';

/** `bw train`: models into the registry, what they are worth on standard output. */
export async function train(name: string, options: TrainOptions): Promise<void> {
  const models = modelsFor(name);
  const folds = foldsFor(options);
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
  const registry = await openRegistry({ models: options.out });
  const sets = new PlanDataSets(plan, { folds, seed: options.seed }, models);
  const trained: Done[] = [];
  const told: string[] = [];
  const training = { plan, options, folds, sets, registry, key };
  for (const model of models) {
    const done = await trainOne(training, model, null);
    if (done === null) told.push(`${model}: ${KEPT}`);
    else trained.push(done);
    if (options.regimes !== true) continue;
    trained.push(...(await trainVariants(training, model, (line) => told.push(line))));
  }
  const lines = [
    ...(plan.synthetic ? [SYNTHETIC_LINE] : []),
    `Trained on ${plan.title}, ${folds} fold(s), seed ${options.seed}, into ${path.relative(process.cwd(), registry.store.place) || '.'}.`,
    ...trained.map(({ detail }) => detail),
    ...(trained.length === 0
      ? []
      : [
          plainTable(
            HEAD,
            trained.map(({ row }) => Object.values(row) as string[]),
          ),
        ]),
    ...told,
  ];
  process.stdout.write(`${lines.join('\n\n')}\n`);
}
