import process from 'node:process';
import { BellwetherError } from '@bellwether/contracts';
import {
  ModelHost,
  awaitsReview,
  modelFiles,
  readGolden,
  slotNamed,
  type ChangeNote,
  type Manifest,
  type ModelRegistry,
} from '@bellwether/models';
import { loadOrCreateKey, type SigningKey } from '@bellwether/signing';
import { mapOfFlat } from '@bellwether/statistics';
import {
  MODEL_PLANS,
  afterMap,
  calibratedModel,
  recalibrated,
  type DataSet,
  type Recalibration,
  type TrainedModelName,
} from '@bellwether/training';
import { filePlan, namesNoData, samplePlan, type DataOptions, type DataPlan } from '../data/data-plan.js';
import { modelStore, openRegistry, trustOf } from '../data/plan-models.js';
import { modelKeyFolder } from '../folders.js';
import { plainTable } from '../plain-table.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { PlanDataSets, dataOf, type SaidOfRows } from '../training/data-sets.js';
import { modelsFor } from '../training/train-options.js';

export interface CalibrateOptions extends DataOptions {
  readonly challenge?: boolean;
  readonly promote?: boolean;
}

/** Rows put to a graph at once. */
const BATCH_ROWS = 4_096;
const HEAD = ['model', 'champion', 'sessions behind it', 'log loss', 'Brier score', 'what was done'];

interface Calibrating {
  readonly plan: DataPlan;
  readonly registry: ModelRegistry;
  readonly host: ModelHost;
  readonly sets: PlanDataSets;
  readonly key: SigningKey;
  readonly options: CalibrateOptions;
}

async function championOf(registry: ModelRegistry, model: TrainedModelName): Promise<Manifest | null> {
  const champion = slotNamed(await registry.state(), model)?.champion ?? null;
  return champion === null ? null : registry.verified(model, champion);
}

/** Puts rows to the graph of a model, in order. */
function answersOf(host: ModelHost, { name, version, sha256 }: Manifest) {
  return async (rows: readonly Float32Array[]): Promise<readonly (readonly number[])[]> => {
    const answers: (readonly number[])[] = [];
    for (let from = 0; from < rows.length; from += BATCH_ROWS) {
      const batch = rows.slice(from, from + BATCH_ROWS);
      answers.push(...(await host.answerRows({ model: name, version, sha256 }, batch)));
    }
    return answers;
  };
}

/** What the champion of the forecast says of the rows that it has not seen; nothing where there is none. */
async function forecastSaid(registry: ModelRegistry, host: ModelHost, set: DataSet): Promise<SaidOfRows> {
  const manifest = await championOf(registry, 'rl_model');
  if (manifest === null) return new Map();
  const unseen = Array.from(set.start_us.keys()).filter(
    (row) => set.start_us[row]! >= manifest.trained_until_us,
  );
  const width = set.features.length / set.rows;
  const inputs = unseen.map((row) => {
    const both = new Float32Array(2 * width);
    both.set(set.features.subarray(row * width, (row + 1) * width));
    both.set(set.mask.subarray(row * width, (row + 1) * width), width);
    return both;
  });
  const map = mapOfFlat(manifest.calibration);
  const answers = await answersOf(host, manifest)(inputs);
  return new Map(
    unseen.map((row, i) => {
      const p = answers[i]![0]!;
      return [row, map === null ? [1 - p, p] : afterMap(map, [1 - p, p])] as const;
    }),
  );
}

function change(before: number, after: number): string {
  return `${before.toFixed(4)} to ${after.toFixed(4)}`;
}

async function keepBetter(
  calibrating: Calibrating,
  set: DataSet,
  manifest: Manifest,
  found: Recalibration & { readonly better: NonNullable<Recalibration['better']> },
): Promise<string> {
  const { plan, registry, key, options } = calibrating;
  const files = await registry.store.files(manifest.name, manifest.version);
  if (files === null)
    throw new BellwetherError('model_unknown', `${manifest.name} ${manifest.version} is gone`);
  const command = `bw calibrate ${manifest.name}`;
  const data = dataOf(plan);
  const made = { data, card: files.card, command, node: process.version };
  const { facts, card } = calibratedModel({ set, manifest }, found, made);
  const golden = readGolden(files.golden, 'golden.json');
  const { before, after } = found.better;
  const note: ChangeNote = {
    ...{ at_us: Date.now() * 1_000, by: 'bw calibrate' },
    reason: `Log loss ${change(before.log_loss, after.log_loss)} on the newer half of ${found.sessions} sessions up to ${found.newest}`,
  };
  await registry.add(modelFiles(facts, { onnx: files.onnx, golden, card }, key), note);
  if (options.promote === true) await registry.promote(manifest.name, facts.version, note);
  const challenges = options.challenge === true && !awaitsReview(await registry.state(), manifest.name);
  if (options.promote !== true && challenges) await registry.challenge(manifest.name, facts.version, note);
  const place = options.promote === true ? 'champion' : challenges ? 'challenger' : 'kept';
  return `${facts.calibration.method}: ${facts.version} (${place})`;
}

const REFUSED = {
  too_few_sessions: 'nothing: four sessions behind its training are needed',
  not_better: 'nothing: no map is better on the newest sessions',
} as const;

async function calibrateOne(calibrating: Calibrating, model: TrainedModelName): Promise<readonly string[]> {
  const { registry, host, sets } = calibrating;
  if (MODEL_PLANS[model].heads[0]?.loss === 'arms')
    return [model, '', '', '', '', 'nothing: it says no probability'];
  const manifest = await championOf(registry, model);
  if (manifest === null) return [model, '', '', '', '', 'nothing: the place has no champion'];
  const set = await sets.of(model);
  if (manifest.schema_hash !== set.schema_sha256) {
    return [model, manifest.version, '', '', '', 'nothing: the champion knows other features'];
  }
  const found = await recalibrated({ set, manifest, answers: answersOf(host, manifest) });
  const first = [model, manifest.version, `${found.sessions} (${found.rows} rows)`];
  const { better, why } = found;
  if (better === null) return [...first, '', '', why === 'better' ? '' : REFUSED[why]];
  const { before, after } = better;
  return [
    ...first,
    change(before.log_loss, after.log_loss),
    change(before.brier, after.brier),
    await keepBetter(calibrating, set, manifest, { ...found, better }),
  ];
}

/** `bw calibrate`: better calibrations of champions on sessions that came after their training. */
export async function calibrate(name: string, options: CalibrateOptions): Promise<void> {
  const models = modelsFor(name);
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const registry = await openRegistry(options);
  const host = new ModelHost({ store: await modelStore(options), trust: await trustOf(options) });
  const sets = new PlanDataSets(
    plan,
    { folds: 1, seed: '1', forecastSaid: (set) => forecastSaid(registry, host, set) },
    models,
  );
  const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
  const rows: (readonly string[])[] = [];
  try {
    for (const model of models) {
      rows.push(await calibrateOne({ plan, registry, host, sets, key, options }, model));
    }
  } finally {
    await host.close();
  }
  const lines = [
    ...(plan.synthetic ? [SYNTHETIC_LINE] : []),
    `Looked at ${plan.title}, for the champions of ${registry.store.place}.`,
    plainTable(
      HEAD,
      rows.map((row) => [...row]),
    ),
  ];
  process.stdout.write(`${lines.join('\n\n')}\n`);
}
