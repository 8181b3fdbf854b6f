import { versionName, type Golden, type ModelFacts, type ModelRegime } from '@bellwether/models';
import { HIDDEN, hiddenWidth, networkWeights } from '@bellwether/nn';
import { encodeModel, type ModelMetadata } from '@bellwether/onnx';
import { IDENTITY, flatMap } from '@bellwether/statistics';
import {
  TRAINED_MODELS,
  rowWidth,
  type DataSet,
  type InputShape,
  type TrainedModelName,
} from '../data-sets/data-set.js';
import { chooseCalibration } from './calibrate.js';
import { fitNetwork, predictRows, type FittedNetwork } from './fit-network.js';
import { halves } from './folds.js';
import { modelCard } from './model-card.js';
import { MODEL_PLANS, TRAINER_VERSION, networkOf, type ModelPlan } from './model-plans.js';
import { finalSplitOf, type RegimeVariant } from './regime-variant.js';
import { valueWalkForward, type ValueScores } from './value-scores.js';
import { saidOf, walkForwardScores, type FoldStore, type WalkForwardScores } from './walk-forward-scores.js';

/** Where the rows came from. */
export interface DataOfModel {
  /** For people. */
  readonly title: string;
  readonly synthetic: boolean;
  /** For the card, in place of what it says of a training on bars. */
  readonly limits?: string;
  /** What fixes the bars; where a generator does, the hash of the data set stands for them. */
  readonly references: readonly { readonly reference: string; readonly sha256: string | null }[];
}

export interface TrainRequest {
  readonly set: DataSet;
  readonly data: DataOfModel;
  readonly folds: number;
  readonly seed: string;
  /** Command that trains it again. */
  readonly command: string;
  readonly node: string;
  /** Called after each epoch, `done` of at most `total`. */
  readonly onProgress: (done: number, total: number) => void;
  readonly foldStore?: FoldStore;
  /** Null: the general model, of all rows. */
  readonly variant: RegimeVariant | null;
}

export interface TrainedModel {
  readonly facts: ModelFacts;
  readonly onnx: Uint8Array;
  readonly golden: Golden;
  readonly card: string;
  readonly scores: WalkForwardScores;
}

/** Rows that a model must answer before it is loaded. */
const GOLDEN_ROWS = 8;
/** Of intervals in the table and the card. */
export const LEVEL = 0.95;

/** What is told of a model before it is trained: the same data, seed and settings have the same version. */
export function versionOf(
  set: DataSet,
  folds: number,
  seed: string,
  node: string,
  regime: ModelRegime | null,
): string {
  const last_us = set.end_us.reduce((most, us) => Math.max(most, us), 0);
  const plan = MODEL_PLANS[set.model];
  return versionName(last_us, [
    TRAINER_VERSION,
    plan,
    networkOf(plan, set.input),
    set.sha256,
    folds,
    seed,
    node,
    ...(regime === null ? [] : [regime]),
  ]);
}

/**
 * Walks forward over the data to say what the model is worth, then trains the one that is kept: on all sessions but the newest, for
 * as many epochs as the folds were best after, with a calibration fitted on the newest. The same request gives the same bytes.
 *
 * @throws BellwetherError `usage` where there are too few sessions; `model_not_finite`
 */
export function trainModel(request: TrainRequest): TrainedModel {
  const { set, folds, seed, node, variant } = request;
  const regime = variant?.regime ?? null;
  const plan = MODEL_PLANS[set.model];
  const total = (folds + 1) * plan.epochsMax;
  let done = 0;
  const onEpoch = (): void => {
    done += 1;
    request.onProgress(Math.min(done, total), total);
  };
  const kept = request.foldStore === undefined ? {} : { foldStore: request.foldStore };
  const values = plan.heads[0]?.loss === 'arms';
  const walk = values ? valueWalkForward : walkForwardScores;
  const scores = walk({ ...{ plan, set, folds, seed, level: LEVEL, onEpoch, variant }, ...kept });
  const { train, calibrate } = finalSplitOf(set, variant);
  const description = networkOf(plan, set.input);
  const epochs = Math.max(1, medianOf(scores.epochs));
  const fitted = fitNetwork({ plan, description, set, train, validate: null, epochs, seed, onEpoch });
  const [older, newer] = halves(set, calibrate);
  const calibration = values
    ? IDENTITY
    : chooseCalibration(saidOf(fitted, plan, set, older), saidOf(fitted, plan, set, newer));
  request.onProgress(total, total);
  const flat = flatMap(calibration);
  const facts: ModelFacts = {
    ...{ name: plan.model, version: versionOf(set, folds, seed, node, regime), regime },
    schema_hash: set.schema_sha256,
    ...tensorsOf(plan, set),
    trained_on: request.data.synthetic ? 'synthetic' : 'market',
    data: request.data.references.map(({ reference, sha256 }) => ({
      reference: reference.slice(0, 200),
      sha256: sha256 ?? set.sha256,
    })),
    trained_until_us: [...train, ...calibrate].reduce((most, row) => Math.max(most, set.end_us[row]!), 0),
    ...{ seed, command: request.command.slice(0, 500), node, producer: 'bellwether' },
    metrics: metricsOf(scores),
    calibration: { method: flat.method, parameters: [...flat.parameters] },
  };
  return {
    facts,
    onnx: onnxOf(fitted, request, scores),
    golden: goldenOf(fitted, plan, set),
    card: modelCard({ plan, set, facts, scores, data: request.data, train, calibrate, epochs }),
    scores,
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 1;
}

function tensorsOf(plan: ModelPlan, { input }: DataSet): Pick<ModelFacts, 'inputs' | 'outputs'> {
  const shape = input.steps === null ? [input.columns] : [input.steps, input.columns];
  return {
    inputs: [
      { name: 'features', shape },
      { name: 'mask', shape },
    ],
    outputs: outputsOf(plan, input).map(({ name, width }) => ({ name, shape: [width] })),
  };
}

/** Outputs of the graph in their order. */
function outputsOf(
  plan: ModelPlan,
  input: InputShape,
): readonly { readonly name: string; readonly width: number }[] {
  const heads = plan.heads.map(({ head }) => ({ name: head.name, width: head.out }));
  return plan.hidden ? [{ name: HIDDEN, width: hiddenWidth(networkOf(plan, input)) }, ...heads] : heads;
}

/** Log loss, Brier score, hits and calibration on each axis, and what each baseline loses against the model. */
function metricsOf({ axes, size, value }: WalkForwardScores): ModelFacts['metrics'] {
  const found: ModelFacts['metrics'] = value === null ? {} : valueMetrics(value);
  for (const { axis, comparison } of axes) {
    const prefix = axis === 'all' ? '' : `${axis}_`;
    const base = comparison.others.get('base_rate');
    for (const [name, score] of Object.entries(comparison.scores) as [
      keyof typeof comparison.scores,
      Score,
    ][]) {
      found[`${prefix}${name}`] = {
        ...score,
        baseline: base === undefined ? '' : 'base_rate',
        baseline_value: base?.[name].value ?? null,
      };
    }
    for (const [name, gain] of comparison.gains) {
      found[`${prefix}log_loss_gain_over_${name}`] = {
        ...gain.log_loss,
        baseline: name,
        baseline_value: comparison.others.get(name)?.log_loss.value ?? null,
      };
    }
  }
  if (size !== null) {
    found['move_error'] = {
      ...{ value: size.mean_error, low: null, high: null },
      ...{ baseline: 'no_move', baseline_value: size.mean_error_of_zero },
    };
  }
  return found;
}

function valueMetrics({ error, others, gains }: ValueScores): ModelFacts['metrics'] {
  const baseline_value = others.get('arm_mean')?.value ?? null;
  const found: ModelFacts['metrics'] = { squared_error: { ...error, baseline: 'arm_mean', baseline_value } };
  for (const [name, gain] of gains) {
    const own = others.get(name)?.value ?? null;
    found[`squared_error_gain_over_${name}`] = { ...gain, baseline: name, baseline_value: own };
  }
  return found;
}

type Score = WalkForwardScores['axes'][number]['comparison']['scores']['log_loss'];

function onnxOf(
  { description, encoding, parameters }: FittedNetwork,
  { set, data, seed, command, node }: TrainRequest,
  scores: WalkForwardScores,
): Uint8Array {
  const metadata: ModelMetadata = {
    model: set.model,
    schema_sha256: set.schema_sha256,
    data_sha256: [set.sha256],
    data_origin: data.synthetic ? 'synthetic' : 'real',
    ...{ seed, command, node_version: node },
    metrics: Object.fromEntries(Object.entries(metricsOf(scores)).map(([name, { value }]) => [name, value])),
    details: { sources: data.references.map(({ reference }) => reference).join(' ') },
  };
  const network = networkWeights(description, parameters);
  return encodeModel(
    {
      ...{ name: set.model, input: { steps: set.input.steps, ...encoding }, ...network },
      ...(MODEL_PLANS[set.model].hidden ? { hidden: HIDDEN } : {}),
    },
    metadata,
  );
}

/** Rows from the first to the last, evenly, with what the training itself says of them. */
function goldenOf(fitted: FittedNetwork, plan: ModelPlan, set: DataSet): Golden {
  const count = Math.min(GOLDEN_ROWS, set.rows);
  const rows = Int32Array.from({ length: count }, (_, i) =>
    Math.round((i * (set.rows - 1)) / Math.max(1, count - 1)),
  );
  const said = predictRows(fitted, set, rows);
  const width = rowWidth(set.input);
  return {
    rows: Array.from(rows, (row, i) => ({
      inputs: [set.features, set.mask].flatMap((part) =>
        Array.from(part.subarray(row * width, (row + 1) * width)),
      ),
      outputs: outputsOf(plan, set.input).flatMap(({ name, width: numbers }) =>
        Array.from((said.get(name) ?? new Float32Array()).subarray(i * numbers, (i + 1) * numbers)),
      ),
    })),
  };
}

/** The models of a name or of `all`, in the order in which one may need another; none where it has no trainer. */
export function modelsNamed(name: string): readonly TrainedModelName[] {
  return TRAINED_MODELS.filter((one) => name === 'all' || one === name);
}
