import { assert, present } from '@bellwether/kernel';
import {
  Adam,
  HIDDEN,
  Network,
  encodeInputs,
  fitEncoding,
  huber,
  initialParameters,
  parameterRanges,
  parametersOf,
  predict,
  setParameters,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  train,
  wasmEngine,
  type Engine,
  type InputEncoding,
  type LossPlace,
  type LossValue,
  type NetworkDescription,
} from '@bellwether/nn';
import { columnNamed, rowWidth, type DataSet } from '../data-sets/data-set.js';
import type { HeadPlan, ModelPlan } from './model-plans.js';
import { foldConstantColumns } from './constant-columns.js';

const BATCH_PREDICT = 512;
const GRADIENT_MAX = 1;
const RATE_FINAL_SHARE = 0.1;

/** A trained network and how its inputs are read. */
export interface FittedNetwork {
  readonly description: NetworkDescription;
  readonly encoding: InputEncoding;
  readonly parameters: Float32Array;
  /** Epochs that were of use. */
  readonly epochs: number;
}

export interface FitRequest {
  readonly plan: ModelPlan;
  readonly description: NetworkDescription;
  readonly set: DataSet;
  readonly train: Int32Array;
  /** Rows that say when to end; null trains for `epochs`. */
  readonly validate: Int32Array | null;
  readonly epochs: number;
  readonly seed: string;
  /** Called after each epoch. */
  readonly onEpoch: () => void;
}

/** Values of some rows, each of so many numbers. */
function gathered(from: Float32Array, width: number, rows: Int32Array): Float32Array {
  const to = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    to.set(from.subarray(row * width, (row + 1) * width), i * width);
  });
  return to;
}

/** Inputs of the network for some rows. */
export function encodedRows(encoding: InputEncoding, set: DataSet, rows: Int32Array): Float32Array {
  const width = rowWidth(set.input);
  return encodeInputs(encoding, gathered(set.features, width, rows), gathered(set.mask, width, rows));
}

/** Labels of a head for the rows of one training. */
interface HeadTask {
  readonly plan: HeadPlan;
  readonly place: LossPlace;
  /** 0 where there is none. */
  readonly labels: Float32Array;
  /** The row's weight, 0 without a label. */
  readonly weights: Float32Array;
  /** Place of the row's arm among the numbers of the head; null where all of them have a label. */
  readonly arms: Int32Array | null;
  readonly batchLabels: Float32Array;
  readonly batchWeights: Float32Array;
}

function headTask(
  network: Network,
  plan: HeadPlan,
  { set, train: rows }: FitRequest,
  batch: number,
): HeadTask {
  const { name, out } = plan.head;
  const column = columnNamed(set.labelColumns, plan.label);
  const known = Array.from(rows, (row) => Number.isFinite(column[row]!));
  const arms = plan.loss === 'arms' ? armPlaces(set, rows) : null;
  const numbers = arms === null ? batch : batch * plan.head.out;
  return {
    arms,
    plan,
    place: { output: network.output(name), gradient: network.outputGradient(name), rows: 0, width: out },
    labels: Float32Array.from(rows, (row, i) => (known[i]! ? column[row]! : 0)),
    weights: Float32Array.from(rows, (row, i) => (known[i]! ? set.weights[row]! : 0)),
    batchLabels: new Float32Array(numbers),
    batchWeights: new Float32Array(numbers),
  };
}

/** Where the number of each row's arm stands in the head. */
export function armPlaces(set: DataSet, rows: Int32Array): Int32Array {
  const arms = columnNamed(set.noteColumns, 'arm');
  return rows.map((row) => arms[row]! - 1);
}

/** A loss of the arm that traded: nothing is known of what the others would have come to. */
function armsLoss({ place, labels, weights, arms, plan, ...batch }: HeadTask, rows: Int32Array): LossValue {
  const { out } = plan.head;
  const [targets, elements] = [batch.batchLabels.fill(0), batch.batchWeights.fill(0)];
  rows.forEach((row, i) => {
    const at = i * out + (arms?.[row] ?? 0);
    targets[at] = labels[row]!;
    elements[at] = weights[row]!;
  });
  return huber({ ...place, rows: rows.length }, targets, 1, { elements });
}

function lossOf(engine: Engine, task: HeadTask, rows: Int32Array): LossValue {
  const { plan, labels, weights, batchLabels, batchWeights } = task;
  if (plan.loss === 'arms') return armsLoss(task, rows);
  rows.forEach((row, i) => {
    batchLabels[i] = labels[row]!;
    batchWeights[i] = weights[row]!;
  });
  const place = { ...task.place, rows: rows.length };
  const own = { rows: batchWeights };
  if (plan.loss === 'classes') return softmaxCrossEntropy(engine, place, batchLabels, own);
  if (plan.loss === 'yes') return sigmoidCrossEntropy(engine, place, batchLabels, own);
  const value = huber(place, batchLabels, 1, own);
  const { view } = place.gradient;
  for (let i = 0; i < rows.length; i++) view[i]! *= plan.share;
  return { sum: value.sum * plan.share, weight: value.weight };
}

/** Mean of the losses of all heads: each is a mean of its own. */
function together(values: readonly LossValue[]): LossValue {
  const weight = Math.max(...values.map((value) => value.weight));
  const mean = values.reduce((sum, value) => sum + (value.weight === 0 ? 0 : value.sum / value.weight), 0);
  return { sum: mean * weight, weight };
}

/** Heads begin at what is said without a look at the inputs: the shares of the classes, the mean. */
function withBaseRates(
  { plan, description }: FitRequest,
  tasks: readonly HeadTask[],
  seed: string,
): Float32Array {
  const parameters = initialParameters(description, seed);
  const ranges = parameterRanges(description);
  for (const { plan: head, labels, weights, arms } of tasks) {
    const { name, out } = head.head;
    const range = (part: string): Float32Array => {
      const { offset, rows, columns } = present(
        ranges.find((one) => one.name === `${name}.${part}`),
        `${part} of ${name} of ${plan.model}`,
      );
      return parameters.subarray(offset, offset + rows * columns);
    };
    range('weights').fill(0);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const share = (of: (label: number) => number): number =>
      (labels.reduce((sum, label, i) => sum + of(label) * weights[i]!, 0) + 1) / (total + 2);
    const bias = range('bias');
    if (head.loss === 'classes') {
      for (let k = 0; k < out; k++) bias[k] = Math.log(share((label) => (label === k ? 1 : 0)));
    } else if (head.loss === 'yes') {
      const yes = share((label) => label);
      bias[0] = Math.log(yes / (1 - yes));
    } else if (head.loss === 'arms') {
      for (let k = 0; k < out; k++) bias[k] = armMean(k, labels, weights, arms);
    } else {
      bias[0] = 0;
    }
  }
  return parameters;
}

/** Weighted mean of an arm's labels; 0 without one. */
function armMean(arm: number, labels: Float32Array, weights: Float32Array, arms: Int32Array | null): number {
  let [sum, weight] = [0, 0];
  labels.forEach((label, i) => {
    if (arms?.[i] !== arm) return;
    sum += label * weights[i]!;
    weight += weights[i]!;
  });
  return weight === 0 ? 0 : sum / weight;
}

/** Trains a network on some rows. The same rows and seed give the same parameters. */
export function fitNetwork(request: FitRequest): FittedNetwork {
  const { plan, description, set, seed, validate, epochs } = request;
  assert(request.train.length > 0, `${plan.model}: there are rows to train on`);
  const encoding = encodingOf(set, request.train);
  const engine = wasmEngine();
  const network = new Network(engine, description, Math.max(plan.batch, BATCH_PREDICT));
  const tasks = plan.heads.map((head) => headTask(network, head, request, plan.batch));
  setParameters(network, withBaseRates(request, tasks, seed));
  const inputs = encodedRows(encoding, set, request.train);
  const steps = epochs * Math.ceil(request.train.length / plan.batch);
  const optimiser = new Adam(engine, network, {
    schedule: { kind: 'cosine', rate: plan.rate, final: plan.rate * RATE_FINAL_SHARE, steps },
    ...{ decay: plan.decay, gradientMax: GRADIENT_MAX },
  });
  const stopping = validate === null ? null : new Stopping(network, request, encoding, validate);
  const done = train({
    ...{ network, optimiser, inputs, batch: plan.batch, seed, epochs },
    outputs: plan.heads.map(({ head }) => head.name),
    loss: (rows) => together(tasks.map((task) => lossOf(engine, task, rows))),
    onEpoch: ({ epoch }) => {
      request.onEpoch();
      return stopping?.after(epoch) === true ? 'stop' : 'go_on';
    },
  });
  const parameters = foldConstantColumns(
    description,
    stopping?.best ?? parametersOf(network),
    inputs,
    description.input.width,
  );
  return { description, encoding, parameters, epochs: stopping?.bestEpochs ?? done.length };
}

function encodingOf(set: DataSet, rows: Int32Array): InputEncoding {
  const width = rowWidth(set.input);
  return fitEncoding(
    gathered(set.features, width, rows),
    gathered(set.mask, width, rows),
    set.input.columns,
    true,
  );
}

/** Keeps the parameters with the least loss on the validated rows. */
class Stopping {
  best: Float32Array | null = null;
  bestEpochs = 0;
  private least = Infinity;
  private readonly inputs: Float32Array;

  constructor(
    private readonly network: Network,
    private readonly request: FitRequest,
    encoding: InputEncoding,
    private readonly rows: Int32Array,
  ) {
    this.inputs = encodedRows(encoding, request.set, rows);
  }

  /** True where it is time to end. */
  after(epoch: number): boolean {
    const loss = this.loss();
    if (this.best === null || loss < this.least) {
      this.least = loss;
      this.best = parametersOf(this.network);
      this.bestEpochs = epoch + 1;
    }
    return epoch + 1 - this.bestEpochs >= this.request.plan.patience;
  }

  private loss(): number {
    const { plan, set } = this.request;
    const { head, label, loss } = plan.heads[0]!;
    const said = predict(this.network, this.inputs, head.name);
    const arms = loss === 'arms' ? armPlaces(set, this.rows) : null;
    const labels = columnNamed(set.labelColumns, label);
    let [sum, weight] = [0, 0];
    this.rows.forEach((row, i) => {
      const came = labels[row]!;
      if (!Number.isFinite(came)) return;
      if (arms !== null) {
        sum += set.weights[row]! * (said[i * head.out + arms[i]!]! - came) ** 2;
        weight += set.weights[row]!;
        return;
      }
      const p = head.out === 1 ? (came === 1 ? said[i]! : 1 - said[i]!) : said[i * head.out + came]!;
      sum -= set.weights[row]! * Math.log(Math.max(1e-9, p));
      weight += set.weights[row]!;
    });
    return weight === 0 ? 0 : sum / weight;
  }
}

/** What the heads of a fitted network and its last layer (`hidden`) say of some rows, by their names: [rows, width]. */
export function predictRows(
  { description, encoding, parameters }: FittedNetwork,
  set: DataSet,
  rows: Int32Array,
): ReadonlyMap<string, Float32Array> {
  const network = new Network(wasmEngine(), description, BATCH_PREDICT);
  setParameters(network, parameters);
  const inputs = encodedRows(encoding, set, rows);
  const names = [
    ...description.heads.map(({ name }) => name),
    ...(description.layers.length > 0 ? [HIDDEN] : []),
  ];
  return new Map(names.map((name) => [name, predict(network, inputs, name)]));
}
