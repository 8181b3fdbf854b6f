import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { FEATURES } from '@bellwether/features';
import { SEQUENCE_CODES } from '@bellwether/model-slots';
import {
  TRAINED_MODELS,
  finalSplit,
  rowFolds,
  rowWidth,
  type DataSet,
  type TrainedModelName,
} from '@bellwether/training';
import { filePlan, namesNoData, samplePlan, type DataOptions } from '../data/data-plan.js';
import { showProgress } from '../progress.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { PlanDataSets, dataOf } from '../training/data-sets.js';
import { rowParts, writeRows } from '../training/rows-file.js';
import { foldsFor } from '../training/train-options.js';

export interface DataSetCommandOptions extends DataOptions {
  readonly out: string;
  readonly seed: string;
  readonly folds?: number;
}

/** `bw dataset build`: rows.parquet and dataset.json in a folder. */
export async function buildDataSet(name: string, options: DataSetCommandOptions): Promise<void> {
  const model = TRAINED_MODELS.find((one) => one === name);
  if (model === undefined) {
    throw new BellwetherError(
      'usage',
      `There are no rows for ${name}: expected ${TRAINED_MODELS.join(', ')}`,
    );
  }
  const folds = foldsFor(options);
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const set = await new PlanDataSets(plan, { folds, seed: options.seed }, [model]).of(model);
  const folder = path.resolve(options.out);
  await mkdir(folder, { recursive: true });
  const progress = showProgress('rows written', set.rows);
  const parts = partsOf(set, folds);
  await writeRows(set, parts, path.join(folder, 'rows.parquet'), (done) => {
    progress.update(done);
  });
  progress.end();
  const file = path.join(folder, 'dataset.json');
  const description = { ...describe(set, model), data: dataOf(plan), folds, seed: options.seed };
  await writeFile(`${file}.partial`, `${JSON.stringify(description, null, 1)}\n`);
  await rename(`${file}.partial`, file);
  const lines = [
    ...(plan.synthetic ? [SYNTHETIC_LINE, ''] : []),
    `${set.rows} rows of ${model} over ${new Set(set.session).size} sessions, SHA-256 ${set.sha256}`,
    `rows.parquet and dataset.json in ${path.relative(process.cwd(), folder) || '.'}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function partsOf(set: DataSet, folds: number): ReturnType<typeof rowParts> {
  return rowParts(set.rows, rowFolds(set, folds), finalSplit(set));
}

function describe(set: DataSet, model: TrainedModelName): Readonly<Record<string, unknown>> {
  const shape = set.input.steps === null ? [set.input.columns] : [set.input.steps, set.input.columns];
  return {
    format: 1,
    model,
    rows: set.rows,
    sha256: set.sha256,
    schema_sha256: set.schema_sha256,
    interval_us: set.interval_us,
    inputs: [
      { name: 'features', shape, numbers: rowWidth(set.input) },
      { name: 'mask', shape, numbers: rowWidth(set.input) },
    ],
    // The confidence model has nineteen more behind them (docs/how-to/train-elsewhere.md).
    features: model === 'rl_model' ? SEQUENCE_CODES : FEATURES.map(({ code }) => code),
    labels: set.labels.map((label) => `label_${label}`),
    notes: set.notes.map((note) => `note_${note}`),
  };
}
