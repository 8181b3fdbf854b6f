import { assert } from '@bellwether/kernel';

/**
 * What was tried, in all that can change its result. Two runs of one variant are one trial; a run with anything else in it is
 * another one.
 */
export interface Variant {
  /** What kind of run: `backtest`, `sweep`, `strategies-report`. Part of the identity. */
  readonly kind: string;
  /** Hash of the canonical configuration, such as the bytes of the book's configuration. */
  readonly configuration: string;
  /** References of the data, each with what fixes its content (a hash, a seed). The order does not matter. */
  readonly data: readonly string[];
  /** Logic version of each stage that took part. The order does not matter. */
  readonly logic: readonly LogicVersion[];
  /** What the run was told besides: an arm, a policy, values of a grid. The order does not matter. */
  readonly parameters: readonly VariantParameter[];
}

export interface LogicVersion {
  readonly stage: string;
  readonly logic_version: number;
}

export interface VariantParameter {
  readonly name: string;
  readonly value: string | number | boolean;
}

/**
 * The identity of a variant as one line of text: equal variants give equal text, whatever the order of their parts. Its
 * SHA-256 is the id of the variant.
 */
export function variantText(variant: Variant): string {
  const { kind, configuration, data, logic, parameters } = variant;
  return JSON.stringify([
    'variant-1',
    kind,
    configuration,
    [...new Set(data)].sort(byText),
    pairs(logic.map(({ stage, logic_version }) => [stage, logic_version])),
    pairs(parameters.map(({ name, value }) => [name, value])),
  ]);
}

/** The identity of what was tried without the data: how many ways of trading were compared. */
export function configurationText(variant: Variant): string {
  return variantText({ ...variant, data: [] });
}

type Pair = readonly [string, string | number | boolean];

function pairs(given: readonly Pair[]): readonly Pair[] {
  for (const [name, value] of given) {
    assert(typeof value !== 'number' || Number.isFinite(value), `Expected a finite value of ${name}`);
  }
  const sorted = [...given].sort(([a], [b]) => byText(a, b));
  const twice = sorted.find(([name], i) => i > 0 && sorted[i - 1]![0] === name);
  assert(twice === undefined, `${twice?.[0] ?? ''} stands twice in one variant`);
  return sorted;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How often was looked at results before one of them was shown. */
export interface TrialCounts {
  readonly runs: number;
  /** Distinct variants: the N of the deflated Sharpe ratio over the whole workspace. */
  readonly variants: number;
  /** Distinct variants that are not told apart by their data. */
  readonly configurations: number;
}

/** Counts the runs that a log holds. */
export function countTrials(variants: readonly Variant[]): TrialCounts {
  return {
    runs: variants.length,
    variants: new Set(variants.map(variantText)).size,
    configurations: new Set(variants.map(configurationText)).size,
  };
}
