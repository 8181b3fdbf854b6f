import { present } from '@bellwether/kernel';
import { columnNamed, type DataSet } from '../data-sets/data-set.js';
import { afterMap, chooseCalibration, type SaidRows } from './calibrate.js';
import { baselinesOf } from './baselines.js';
import { fitNetwork, predictRows, type FittedNetwork } from './fit-network.js';
import { halves, type RowFold } from './folds.js';
import { networkOf, type ModelPlan } from './model-plans.js';
import { foldsOf, type RegimeVariant } from './regime-variant.js';
import type { ValueScores } from './value-scores.js';
import { compareScores, type Comparison, type TestedRow } from './session-scores.js';

/** One axis of the regime, or the whole of what the model says. */
export interface AxisComparison {
  readonly axis: string;
  readonly comparison: Comparison;
}

export interface SizeScores {
  /** Mean distance between what was said and what came, in the label's unit. */
  readonly mean_error: number;
  /** Of always saying that nothing moves. */
  readonly mean_error_of_zero: number;
}

/** What a plan came to on sessions that it had not seen. */
export interface WalkForwardScores {
  readonly folds: readonly RowFold[];
  readonly rows: number;
  readonly sessions: number;
  readonly axes: readonly AxisComparison[];
  /** Of a head that says a size; null without one. */
  readonly size: SizeScores | null;
  /** Of a model that values arms, which says no probability; null of the others. */
  readonly value: ValueScores | null;
  /** Epochs after which each fold was at its best. */
  readonly epochs: readonly number[];
  /** Calibrated probabilities of the first head, by the tested row: said by a model that had not seen its session. */
  readonly said: ReadonlyMap<number, readonly number[]>;
}

export interface ScoredRequest {
  readonly plan: ModelPlan;
  readonly set: DataSet;
  readonly folds: number;
  readonly seed: string;
  readonly level: number;
  readonly onEpoch: () => void;
  /** Null: the general model, of all rows. */
  readonly variant: RegimeVariant | null;
}

/** Name of the model among the predictors. */
const MODEL = 'model';

/** Probabilities of each class from a head's numbers: a yes is the second of two. */
export function classRows(said: Float32Array, out: number): readonly (readonly number[])[] {
  const rows = said.length / out;
  return Array.from({ length: rows }, (_, i) => {
    if (out === 1) return [1 - said[i]!, said[i]!];
    const row = Array.from(said.subarray(i * out, (i + 1) * out));
    const sum = row.reduce((total, p) => total + p, 0);
    return row.map((p) => p / sum);
  });
}

/** What a fitted network says of the rows that have a label of its first head, and what came. */
export function saidOf(fitted: FittedNetwork, plan: ModelPlan, set: DataSet, rows: Int32Array): SaidRows {
  const { head, label } = plan.heads[0]!;
  const labels = columnNamed(set.labelColumns, label);
  const known = rows.filter((row) => Number.isFinite(labels[row]!));
  const said = predictRows(fitted, set, known).get(head.name) ?? new Float32Array();
  return {
    probabilities: classRows(said, head.out),
    outcomes: Array.from(known, (row) => labels[row]!),
  };
}

interface Tested {
  readonly rows: TestedRow[];
  readonly said: Map<string, (readonly number[])[]>;
  readonly all: Map<number, readonly number[]>;
  readonly epochs: number[];
  error: number;
  zero: number;
  sized: number;
}

/**
 * Trains on each fold and says of its tested rows what the model, calibrated on the validated sessions, and its baselines are worth.
 *
 * @throws BellwetherError `usage` where there are too few sessions
 */
export function walkForwardScores(request: ScoredRequest): WalkForwardScores {
  const { plan, set, seed, variant } = request;
  const folds = foldsOf(set, request.folds, variant);
  const tested: Tested = {
    ...{ rows: [], said: new Map(), all: new Map(), epochs: [], error: 0, zero: 0, sized: 0 },
  };
  folds.forEach((fold, i) => {
    testFold(request, fold, `${seed} fold ${i}`, tested);
  });
  return {
    folds,
    rows: tested.rows.length,
    sessions: new Set(tested.rows.map(({ session }) => session)).size,
    axes: axesOf(plan, tested, { seed: `${seed} scores`, level: request.level }),
    size:
      tested.sized === 0
        ? null
        : { mean_error: tested.error / tested.sized, mean_error_of_zero: tested.zero / tested.sized },
    value: null,
    epochs: tested.epochs,
    said: tested.all,
  };
}

function testFold(
  { plan, set, onEpoch, variant }: ScoredRequest,
  fold: RowFold,
  seed: string,
  tested: Tested,
): void {
  const { train, validate, test } = fold;
  const description = networkOf(plan, set.input);
  const fitted = fitNetwork({
    plan,
    description,
    set,
    train,
    validate,
    epochs: plan.epochsMax,
    seed,
    onEpoch,
  });
  tested.epochs.push(fitted.epochs);
  const [older, newer] = halves(set, validate);
  const map = chooseCalibration(saidOf(fitted, plan, set, older), saidOf(fitted, plan, set, newer));
  const predicted = predictRows(fitted, set, test);
  const { head, label } = plan.heads[0]!;
  const raw = classRows(predicted.get(head.name) ?? new Float32Array(), head.out);
  const said = raw.map((row) => afterMap(map, row));
  test.forEach((row, i) => tested.all.set(row, said[i]!));
  const labels = columnNamed(set.labelColumns, label);
  const known = Array.from(test.keys()).filter((i) => Number.isFinite(labels[test[i]!]!));
  const predictors = [
    { name: MODEL, probabilities: said },
    { name: 'uncalibrated', probabilities: raw },
    ...baselinesOf(plan, set, fold, seed, variant),
  ];
  for (const { name, probabilities } of predictors) {
    const own = tested.said.get(name) ?? [];
    for (const i of known) own.push(probabilities[i]!);
    tested.said.set(name, own);
  }
  const prior = present(
    predictors.find(({ name }) => name === 'base_rate'),
    'the base rate',
  ).probabilities;
  for (const i of known) {
    const row = test[i]!;
    tested.rows.push({ session: set.session[row]!, outcome: labels[row]!, prior: prior[i]! });
  }
  addSizes(plan, set, test, predicted, tested);
}

function addSizes(
  plan: ModelPlan,
  set: DataSet,
  test: Int32Array,
  predicted: ReadonlyMap<string, Float32Array>,
  tested: Tested,
): void {
  const sized = plan.heads.find(({ loss }) => loss === 'size');
  if (sized === undefined) return;
  const came = columnNamed(set.labelColumns, sized.label);
  const said = predicted.get(sized.head.name) ?? new Float32Array();
  test.forEach((row, i) => {
    if (!Number.isFinite(came[row]!)) return;
    tested.error += Math.abs(said[i]! - came[row]!);
    tested.zero += Math.abs(came[row]!);
    tested.sized += 1;
  });
}

/** Four classes as two questions: volatile or not, going somewhere or not. A good answer to one must not hide a bad one. */
const AXES = [
  { axis: 'volatility', yes: [2, 3] },
  { axis: 'trend', yes: [0, 2] },
] as const;

function axesOf(
  plan: ModelPlan,
  { rows, said }: Tested,
  options: { readonly seed: string; readonly level: number },
): readonly AxisComparison[] {
  const whole = { axis: 'all', comparison: compareScores(rows, said, MODEL, options) };
  if (plan.heads[0]!.loss !== 'classes') return [whole];
  const parts = AXES.map(({ axis, yes }) => {
    const two = (row: readonly number[]): readonly number[] => {
      const p = row[yes[0]]! + row[yes[1]]!;
      return [1 - p, p];
    };
    const came = (one: number): number => (one === yes[0] || one === yes[1] ? 1 : 0);
    const comparison = compareScores(
      rows.map(({ session, outcome, prior }) => ({
        ...{ session, outcome: came(outcome), prior: two(prior) },
      })),
      new Map([...said].map(([name, probabilities]) => [name, probabilities.map(two)])),
      MODEL,
      options,
    );
    return { axis, comparison };
  });
  return [whole, ...parts];
}
