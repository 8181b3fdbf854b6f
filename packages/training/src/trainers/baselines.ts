import { columnNamed, type DataSet } from '../data-sets/data-set.js';
import { REGIME_CLASSES } from '../data-sets/market-rows.js';
import { fitNetwork, predictRows } from './fit-network.js';
import { linearNetworkOf, linearPlan, type ModelPlan } from './model-plans.js';
import type { RegimeVariant } from './regime-variant.js';

/** Something that a model must beat. */
export interface Baseline {
  readonly name: string;
  /** Probabilities of each class for the tested rows. */
  readonly probabilities: readonly (readonly number[])[];
}

interface Parts {
  readonly train: Int32Array;
  readonly validate: Int32Array;
  readonly test: Int32Array;
}

/** Shares of the classes, with one of each added. */
function shares(outcomes: readonly number[], classes: number): readonly number[] {
  const counts = new Array<number>(classes).fill(1);
  for (const outcome of outcomes) counts[outcome]! += 1;
  return counts.map((count) => count / (outcomes.length + classes));
}

/**
 * Baselines of a fold: the shares of the training rows; what came before comes again, as often as it did there; the rule of the
 * regime stage; a logistic regression over the same inputs; the general model, where this one is of one regime.
 */
export function baselinesOf(
  plan: ModelPlan,
  set: DataSet,
  { train, validate, test }: Parts,
  seed: string,
  variant: RegimeVariant | null,
): readonly Baseline[] {
  const labels = columnNamed(set.labelColumns, plan.heads[0]!.label);
  const classes = Math.max(2, plan.heads[0]!.head.out);
  const known = Array.from(train).filter((row) => Number.isFinite(labels[row]!));
  const base = shares(
    known.map((row) => labels[row]!),
    classes,
  );
  const found: Baseline[] = [{ name: 'base_rate', probabilities: Array.from(test, () => base) }];
  const before = set.noteColumns.find(({ name }) => name.endsWith('_before'));
  if (before !== undefined) {
    const after = Array.from({ length: classes }, (_, was) =>
      shares(
        known.filter((row) => before.values[row] === was).map((row) => labels[row]!),
        classes,
      ),
    );
    found.push({
      name: 'persistence',
      probabilities: Array.from(test, (row) => after[before.values[row]!] ?? base),
    });
  }
  const arms = set.noteColumns.find(({ name }) => name === 'arm');
  if (arms !== undefined) found.push(armRates(arms.values, labels, known, test));
  if (plan.model === 'regime_classifier') found.push(ruleOf(set, test, base));
  if (plan.model === 'rl_model') found.push(linear(plan, set, { train, validate, test }, seed));
  if (variant !== null) {
    const { general } = variant;
    found.push({ name: 'general', probabilities: Array.from(test, (row) => general.get(row) ?? base) });
  }
  return found;
}

/** What each arm won before: how often a trade wins hangs on where its stop and target stand, with or without an edge. */
function armRates(
  arms: Float64Array,
  labels: Float64Array,
  known: readonly number[],
  test: Int32Array,
): Baseline {
  const rates = new Map<number, readonly number[]>();
  for (const arm of new Set(arms)) {
    const own = known.filter((row) => arms[row] === arm);
    rates.set(
      arm,
      shares(
        own.map((row) => labels[row]!),
        2,
      ),
    );
  }
  return { name: 'arm_rate', probabilities: Array.from(test, (row) => rates.get(arms[row]!) ?? [0.5, 0.5]) };
}

/** Where the rule was silent, the base rate speaks. */
function ruleOf(set: DataSet, test: Int32Array, base: readonly number[]): Baseline {
  const said = REGIME_CLASSES.map((name) => columnNamed(set.noteColumns, `rule_${name}`));
  const probabilities = Array.from(test, (row) => {
    const row4 = said.map((column) => column[row]!);
    const sum = row4.reduce((total, p) => total + p, 0);
    return Number.isFinite(sum) ? row4.map((p) => p / sum) : base;
  });
  return { name: 'rule', probabilities };
}

function linear(plan: ModelPlan, set: DataSet, { train, validate, test }: Parts, seed: string): Baseline {
  const own = linearPlan(plan);
  const description = linearNetworkOf(own, set.input);
  const fitted = fitNetwork({
    ...{ plan: own, description, set, train, validate, epochs: own.epochsMax, seed: `${seed} linear` },
    onEpoch: () => undefined,
  });
  const said = predictRows(fitted, set, test).get(own.heads[0]!.head.name) ?? new Float32Array();
  return { name: 'logistic_regression', probabilities: Array.from(said, (p) => [1 - p, p]) };
}
