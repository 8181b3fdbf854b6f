import {
  forEachResample,
  known,
  percentileInterval,
  type Interval,
  type Measure,
} from '@bellwether/statistics';
import type { LoggedChoice } from './logged-choices.js';
import { modelledRewards } from './reward-model.js';

/** Below so many choices nothing is estimated. */
export const CHOICES_MIN = 100;
/** Choices of the policy itself that the weighted log must be worth. */
export const EFFECTIVE_MIN = 50;
/** Share of the policy's choices that the log may never have been able to make. */
export const UNSUPPORTED_MAX = 0.01;
/** Days from which on whole days are drawn; below, choices. */
const DAYS_MIN = 30;
export const EVALUATION_LEVEL = 0.9;
const RESAMPLES = 1_000;

/** Why a policy is not judged by a log. */
export type Refusal = 'too_few_choices' | 'no_support' | 'thin_support';

export interface ValueEstimate {
  readonly value: number;
  readonly interval: Measure<Interval>;
}

/** What the log says of its support for the policy. */
export interface Support {
  readonly choices: number;
  /** Choices of the policy itself that the weights are worth: (sum w)^2 / sum w^2. */
  readonly effective: number;
  readonly largest_weight: number;
  /** Share of the policy's choices of arms that the log could not choose. */
  readonly unsupported: number;
  /** Share of the choices in which the policy trades at all. */
  readonly trades: number;
}

/** Value of a policy in R a choice. */
export type Evaluation = { readonly policy: string; readonly support: Support } & (
  | { readonly refused: Refusal }
  | {
      readonly refused: null;
      /** Inverse propensity: unbiased, wide. */
      readonly ips: ValueEstimate;
      /** Self-normalised: a little biased, narrower. */
      readonly snips: ValueEstimate;
      /** Doubly robust: right where either the propensities or the reward model are. */
      readonly dr: ValueEstimate;
      /** What an interval drew: whole days, or choices where there are too few days. */
      readonly drawn: 'days' | 'choices';
    }
);

export interface EvaluationOptions {
  readonly policy: string;
  /** Probability of each arm of each choice; they need not sum to 1 (see `TargetPolicy`). */
  readonly vectors: readonly (readonly number[])[];
  readonly seed: string;
  readonly level?: number;
  readonly resamples?: number;
}

/** What one choice adds to each estimate. */
interface Terms {
  readonly weight: Float64Array;
  readonly weighted: Float64Array;
  readonly mass: Float64Array;
  readonly robust: Float64Array;
}

/**
 * What a policy would have earned, from choices that another one made with known probabilities (Dudik, Langford and Li 2011;
 * Swaminathan and Joachims 2015), with bootstrap intervals. Refuses where the log is too small or hardly chose what the policy
 * would.
 */
export function evaluatePolicy(choices: readonly LoggedChoice[], options: EvaluationOptions): Evaluation {
  const { policy, vectors } = options;
  const support = supportOf(choices, vectors);
  const refused = refusalOf(support);
  if (refused !== null) return { policy, support, refused };
  const days = new Set(choices.map(({ trade_date }) => trade_date));
  const drawn = days.size >= DAYS_MIN ? 'days' : 'choices';
  const terms = termsOf(choices, vectors, drawn === 'choices');
  const sums = clustered(terms, drawn === 'days' ? choices.map(({ trade_date }) => trade_date) : null);
  const intervals = intervalsOf(sums, options);
  const values = estimatesOf(sums, sums.keys());
  const estimate = (i: number): ValueEstimate => ({ value: values[i]!, interval: intervals[i]! });
  return { policy, support, refused, ips: estimate(0), snips: estimate(1), dr: estimate(2), drawn };
}

function weightOf({ chosen, probabilities }: LoggedChoice, vector: readonly number[]): number {
  const logged = probabilities[chosen]!;
  return logged > 0 ? vector[chosen]! / logged : 0;
}

function supportOf(choices: readonly LoggedChoice[], vectors: readonly (readonly number[])[]): Support {
  let [sum, squares, largest_weight, mass, outside] = [0, 0, 0, 0, 0];
  choices.forEach((choice, i) => {
    const vector = vectors[i]!;
    const weight = weightOf(choice, vector);
    sum += weight;
    squares += weight * weight;
    largest_weight = Math.max(largest_weight, weight);
    vector.forEach((share, arm) => {
      mass += share;
      if (!(choice.probabilities[arm]! > 0)) outside += share;
    });
  });
  return {
    choices: choices.length,
    effective: squares > 0 ? (sum * sum) / squares : 0,
    largest_weight,
    unsupported: mass > 0 ? outside / mass : 0,
    trades: choices.length > 0 ? mass / choices.length : 0,
  };
}

function refusalOf({ choices, effective, unsupported }: Support): Refusal | null {
  if (choices < CHOICES_MIN) return 'too_few_choices';
  if (unsupported > UNSUPPORTED_MAX) return 'no_support';
  return effective < EFFECTIVE_MIN ? 'thin_support' : null;
}

function termsOf(
  choices: readonly LoggedChoice[],
  vectors: readonly (readonly number[])[],
  few: boolean,
): Terms {
  const n = choices.length;
  const expected = modelledRewards(
    choices.map(({ arms, chosen, x, reward, trade_date }, i) => ({
      ...{ arms, chosen, x, reward },
      // On few days, folds are of choices: each is a group of its own.
      group: few ? i : trade_date,
    })),
  );
  const terms: Terms = {
    weight: new Float64Array(n),
    weighted: new Float64Array(n),
    mass: new Float64Array(n),
    robust: new Float64Array(n),
  };
  choices.forEach((choice, i) => {
    const vector = vectors[i]!;
    const model = expected[i]!;
    const weight = weightOf(choice, vector);
    terms.weight[i] = weight;
    terms.weighted[i] = weight * choice.reward;
    let [mass, direct] = [0, 0];
    vector.forEach((share, arm) => {
      mass += share;
      direct += share * model[arm]!;
    });
    terms.mass[i] = mass;
    terms.robust[i] = direct + weight * (choice.reward - model[choice.chosen]!);
  });
  return terms;
}

/** Sums of the terms of one cluster: a day, or a choice. */
interface ClusterSums {
  readonly count: number;
  readonly weight: number;
  readonly weighted: number;
  readonly mass: number;
  readonly robust: number;
}

function clustered(terms: Terms, groups: readonly number[] | null): readonly ClusterSums[] {
  const sums = new Map<number, { -readonly [K in keyof ClusterSums]: number }>();
  for (let i = 0; i < terms.weight.length; i++) {
    const group = groups === null ? i : groups[i]!;
    const own = sums.get(group) ?? { count: 0, weight: 0, weighted: 0, mass: 0, robust: 0 };
    own.count += 1;
    own.weight += terms.weight[i]!;
    own.weighted += terms.weighted[i]!;
    own.mass += terms.mass[i]!;
    own.robust += terms.robust[i]!;
    sums.set(group, own);
  }
  return [...sums.values()];
}

/** Inverse propensity, self-normalised, doubly robust, over the clusters at these places. */
function estimatesOf(
  clusters: readonly ClusterSums[],
  places: Iterable<number>,
): readonly [number, number, number] {
  let [count, weight, weighted, mass, robust] = [0, 0, 0, 0, 0];
  for (const place of places) {
    const own = clusters[place]!;
    count += own.count;
    weight += own.weight;
    weighted += own.weighted;
    mass += own.mass;
    robust += own.robust;
  }
  const snips = weight > 0 ? (weighted / weight) * (mass / count) : NaN;
  return [weighted / count, snips, robust / count];
}

function intervalsOf(
  clusters: readonly ClusterSums[],
  { seed, level = EVALUATION_LEVEL, resamples = RESAMPLES }: EvaluationOptions,
): readonly Measure<Interval>[] {
  const draws = [0, 1, 2].map(() => new Float64Array(resamples));
  forEachResample(clusters.length, 1, { seed, resamples }, (places, b) => {
    const values = estimatesOf(clusters, places);
    for (let k = 0; k < draws.length; k++) draws[k]![b] = values[k]!;
  });
  return draws.map((values) => percentileInterval(values, level));
}

/** The mean reward of the log itself: what its own policy earned. */
export function loggedValue(choices: readonly LoggedChoice[]): Measure {
  if (choices.length === 0) return { value: null, missing: 'too_few' };
  return known(choices.reduce((sum, { reward }) => sum + reward, 0) / choices.length);
}
