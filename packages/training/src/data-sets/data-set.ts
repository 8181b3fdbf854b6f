import { createHash } from 'node:crypto';
import { assert } from '@bellwether/kernel';
import { averageUniqueness } from './uniqueness.js';

/** Models of the line that have a trainer here. */
export const TRAINED_MODELS = [
  'regime_classifier',
  'rl_model',
  'confidence_prediction',
  'strategy_selection',
] as const;
export type TrainedModelName = (typeof TRAINED_MODELS)[number];

/** Note of the regime (`RegimeState`) that the row's bar was taken for, where a model may have a variant for each. */
export const REGIME_NOTE = 'regime_state';

/** What goes into a model: so many numbers a row, or so many a step. */
export interface InputShape {
  /** Null where a row is no sequence. */
  readonly steps: number | null;
  readonly columns: number;
}

/** One number a row: a label, or what was known besides the features. NaN where there is none. */
export interface Column {
  readonly name: string;
  readonly values: Float64Array;
}

/** One row before it is laid out. */
export interface DataRow {
  readonly symbol: string;
  /** yyyymmdd of the session. */
  readonly session: number;
  /** When the inputs were known: the close of the bar. Microseconds UTC. */
  readonly start_us: number;
  /** When the label was known. */
  readonly end_us: number;
  /** What the stage would ask with: all values, then all of the mask. */
  readonly inputs: Float32Array;
  readonly labels: readonly number[];
  readonly notes: readonly number[];
  /** How much it counts beside the uniqueness of its label; 1 where it is absent. */
  readonly weight?: number;
}

/** What the rows are of. */
export interface DataSetForm {
  readonly model: TrainedModelName;
  readonly input: InputShape;
  readonly labels: readonly string[];
  /** Names of what is known at the row and no model sees: for baselines. */
  readonly notes: readonly string[];
  readonly interval_us: number;
  /** `schema_sha256` of the feature vectors. */
  readonly schema_sha256: string;
}

/** Rows in order of time, column by column. */
export interface DataSet extends DataSetForm {
  readonly rows: number;
  /** [rows, steps, columns]; 0 where the mask is 0. */
  readonly features: Float32Array;
  readonly mask: Float32Array;
  readonly labelColumns: readonly Column[];
  readonly noteColumns: readonly Column[];
  /** Average uniqueness of the label times the weight of the row, 1 on average. */
  readonly weights: Float32Array;
  readonly symbols: readonly string[];
  readonly session: Int32Array;
  readonly start_us: Float64Array;
  readonly end_us: Float64Array;
  /** Over everything above. */
  readonly sha256: string;
}

/** Numbers in one row of features. */
export function rowWidth({ steps, columns }: InputShape): number {
  return (steps ?? 1) * columns;
}

function byTime(a: DataRow, b: DataRow): number {
  if (a.start_us !== b.start_us) return a.start_us - b.start_us;
  return a.symbol === b.symbol ? 0 : a.symbol < b.symbol ? -1 : 1;
}

/** Lays rows out by columns. Rows of equal time and symbol keep their order. */
export function dataSetOf(form: DataSetForm, given: readonly DataRow[]): DataSet {
  const rows = [...given].sort(byTime);
  const width = rowWidth(form.input);
  const features = new Float32Array(rows.length * width);
  const mask = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    assert(row.inputs.length === 2 * width, `A row of ${form.model} has ${2 * width} numbers`);
    features.set(row.inputs.subarray(0, width), i * width);
    mask.set(row.inputs.subarray(width), i * width);
  });
  const column = (name: string, of: (row: DataRow) => number | undefined): Column => ({
    name,
    values: Float64Array.from(rows, (row) => of(row) ?? NaN),
  });
  const laid = {
    ...form,
    rows: rows.length,
    features,
    mask,
    labelColumns: form.labels.map((name, k) => column(name, ({ labels }) => labels[k])),
    noteColumns: form.notes.map((name, k) => column(name, ({ notes }) => notes[k])),
    weights: weightsOf(rows, form.interval_us),
    symbols: rows.map(({ symbol }) => symbol),
    session: Int32Array.from(rows, ({ session }) => session),
    start_us: Float64Array.from(rows, ({ start_us }) => start_us),
    end_us: Float64Array.from(rows, ({ end_us }) => end_us),
  };
  return { ...laid, sha256: hashOf(laid) };
}

function weightsOf(rows: readonly DataRow[], interval_us: number): Float32Array {
  const unique = averageUniqueness(rows, interval_us);
  if (rows.every(({ weight = 1 }) => weight === 1)) return unique;
  const weights = unique.map((value, i) => value * (rows[i]!.weight ?? 1));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / rows.length;
  return weights.map((weight) => weight / mean);
}

function hashOf(set: Omit<DataSet, 'sha256'>): string {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([
      set.model,
      set.input,
      set.labels,
      set.notes,
      set.interval_us,
      set.schema_sha256,
      set.symbols,
    ]),
  );
  const numbers = [
    ...[set.features, set.mask, set.weights, set.session, set.start_us, set.end_us],
    ...[...set.labelColumns, ...set.noteColumns].map(({ values }) => values),
  ];
  for (const array of numbers) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest('hex');
}

export function columnNamed(columns: readonly Column[], name: string): Float64Array {
  const found = columns.find((column) => column.name === name);
  assert(found !== undefined, `There is a column ${name}`);
  return found.values;
}
