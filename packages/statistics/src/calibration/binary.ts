import { assert, uniformSource } from '@bellwether/kernel';
import type { Interval } from '../bootstrap/intervals.js';
import { finite, known, missing, type Measure, type Missing } from '../measure.js';
import { sortedQuantile } from '../moments.js';
import { wilsonInterval } from '../wilson.js';

/** Probabilities of an event, and whether it came: 1 or 0. */
export interface Forecasts {
  readonly probabilities: readonly number[];
  readonly outcomes: readonly number[];
}

/** Null where the forecasts are probabilities with outcomes. */
export function faultOfForecasts({ probabilities, outcomes }: Forecasts): Missing | null {
  if (probabilities.length !== outcomes.length) return missing('unequal_lengths');
  if (probabilities.length === 0) return missing('too_few');
  if (!probabilities.every(Number.isFinite)) return missing('not_finite');
  const valid =
    probabilities.every((p) => p >= 0 && p <= 1) &&
    outcomes.every((outcome) => outcome === 0 || outcome === 1);
  return valid ? null : missing('out_of_range');
}

/** Mean square of probability minus outcome (Brier 1950): 0 is perfect, 0.25 is what always saying 1/2 gives. */
export function brierScore(forecasts: Forecasts): Measure {
  const fault = faultOfForecasts(forecasts);
  if (fault !== null) return fault;
  const { probabilities, outcomes } = forecasts;
  return known(probabilities.reduce((sum, p, i) => sum + (p - outcomes[i]!) ** 2, 0) / probabilities.length);
}

/** Mean of minus the logarithm of the probability given to what came. Missing where a certainty was wrong. */
export function logLoss(forecasts: Forecasts): Measure {
  const fault = faultOfForecasts(forecasts);
  if (fault !== null) return fault;
  const { probabilities, outcomes } = forecasts;
  const sum = probabilities.reduce(
    (total, p, i) => total - (outcomes[i] === 1 ? Math.log(p) : Math.log1p(-p)),
    0,
  );
  return finite(sum / probabilities.length);
}

/** Equal width: 0 to 1 cut evenly. Equal mass: as many forecasts in each, equal probabilities never parted. */
export type Binning = 'equal_width' | 'equal_mass';

export const BINS_DEFAULT = 15;
const BINS_MAX = 1_000;

export interface ReliabilityBin {
  readonly count: number;
  readonly meanProbability: number;
  /** Share of events. */
  readonly share: number;
  /** 95 % interval of the share. */
  readonly interval: Interval;
}

/** Non-empty bins in the order of their probabilities. */
export function reliabilityCurve(
  forecasts: Forecasts,
  binning: Binning = 'equal_width',
  bins = BINS_DEFAULT,
): Measure<readonly ReliabilityBin[]> {
  const fault = faultOfForecasts(forecasts);
  if (fault !== null) return fault;
  return known(
    groupsOf(forecasts.probabilities, binning, bins).map((group) => {
      const { count, probability, events } = sumsOf(group, forecasts);
      const interval = wilsonInterval(events, count).value ?? { low: 0, high: 1 };
      return { count, meanProbability: probability / count, share: events / count, interval };
    }),
  );
}

function sumsOf(
  group: readonly number[],
  { probabilities, outcomes }: Forecasts,
): { readonly count: number; readonly probability: number; readonly events: number } {
  let probability = 0;
  let events = 0;
  for (const i of group) {
    probability += probabilities[i]!;
    events += outcomes[i]!;
  }
  return { count: group.length, probability, events };
}

/** Places of the forecasts in each non-empty bin. */
function groupsOf(
  probabilities: readonly number[],
  binning: Binning,
  bins: number,
): readonly (readonly number[])[] {
  assert(Number.isInteger(bins) && bins >= 1 && bins <= BINS_MAX, `Expected 1 to ${BINS_MAX} bins`);
  const groups = Array.from({ length: bins }, (): number[] => []);
  if (binning === 'equal_width') {
    probabilities.forEach((p, i) => groups[Math.min(bins - 1, Math.floor(p * bins))]!.push(i));
  } else {
    const order = [...probabilities.keys()].sort((a, b) => probabilities[a]! - probabilities[b]! || a - b);
    let bin = 0;
    order.forEach((i, rank) => {
      const same = rank > 0 && probabilities[order[rank - 1]!] === probabilities[i];
      if (!same) bin = Math.floor((rank * bins) / order.length);
      groups[bin]!.push(i);
    });
  }
  return groups.filter((group) => group.length > 0);
}

export interface CalibrationError {
  /** Expected calibration error: distance of share and mean probability, weighted by the bins' counts. */
  readonly expected: number;
  /** The largest distance of a bin. */
  readonly maximum: number;
  readonly bins: number;
}

/**
 * Calibration error over bins (Naeini et al. 2015; Guo et al. 2017). A perfect model has one too, by chance: compare it with
 * {@link calibrationErrorFloor}, never with a fixed bound.
 */
export function calibrationError(
  forecasts: Forecasts,
  binning: Binning = 'equal_width',
  bins = BINS_DEFAULT,
): Measure<CalibrationError> {
  const curve = reliabilityCurve(forecasts, binning, bins);
  if (curve.missing !== null) return curve;
  let expected = 0;
  let maximum = 0;
  for (const { count, share, meanProbability } of curve.value) {
    const distance = Math.abs(share - meanProbability);
    expected += (count / forecasts.probabilities.length) * distance;
    maximum = Math.max(maximum, distance);
  }
  return known({ expected, maximum, bins: curve.value.length });
}

export interface ErrorFloor {
  /** Mean expected calibration error of outcomes that follow the probabilities exactly. */
  readonly mean: number;
  /** What it stays below in the share of cases asked for: an error above this is evidence of miscalibration. */
  readonly high: number;
}

/** What the expected calibration error would be if these probabilities were the truth, by simulation. */
export function calibrationErrorFloor(
  probabilities: readonly number[],
  seed: string,
  {
    binning = 'equal_width',
    bins = BINS_DEFAULT,
    draws = 200,
    level = 0.95,
  }: {
    readonly binning?: Binning;
    readonly bins?: number;
    readonly draws?: number;
    readonly level?: number;
  } = {},
): Measure<ErrorFloor> {
  const fault = faultOfForecasts({ probabilities, outcomes: probabilities.map(() => 0) });
  if (fault !== null) return fault;
  const uniform = uniformSource(seed);
  const errors = new Float64Array(draws);
  // Which forecasts stand in a bin hangs on no outcome, so that a draw is one pass over them.
  const groups = groupsOf(probabilities, binning, bins);
  const binOf = new Int32Array(probabilities.length);
  groups.forEach((group, bin) => {
    for (const i of group) binOf[i] = bin;
  });
  const means = groups.map((group) => group.reduce((sum, i) => sum + probabilities[i]!, 0) / group.length);
  const events = new Float64Array(groups.length);
  for (let draw = 0; draw < draws; draw++) {
    events.fill(0);
    for (let i = 0; i < probabilities.length; i++) if (uniform() < probabilities[i]!) events[binOf[i]!]! += 1;
    let error = 0;
    for (let bin = 0; bin < groups.length; bin++) {
      const count = groups[bin]!.length;
      error += (count / probabilities.length) * Math.abs(events[bin]! / count - means[bin]!);
    }
    errors[draw] = error;
  }
  const mean = errors.reduce((sum, error) => sum + error, 0) / draws;
  return known({ mean, high: sortedQuantile(errors.sort(), level) });
}

/** Brier score = reliability - resolution + uncertainty + within. */
export interface BrierDecomposition {
  readonly brier: number;
  /** How far the shares lie from the probabilities: 0 is best. */
  readonly reliability: number;
  /** How far the shares of the bins lie from that of all: more is better. */
  readonly resolution: number;
  /** Variance of the outcomes: what the market gives and no model changes. */
  readonly uncertainty: number;
  /** What differs inside the bins (Stephenson, Coelho, Jolliffe 2008); 0 where each bin has one probability. */
  readonly within: number;
}

/** Murphy's decomposition (1973) over bins, with the term that makes it exact for any binning. */
export function brierDecomposition(
  forecasts: Forecasts,
  binning: Binning = 'equal_width',
  bins = BINS_DEFAULT,
): Measure<BrierDecomposition> {
  const brier = brierScore(forecasts);
  if (brier.missing !== null) return brier;
  const { probabilities, outcomes } = forecasts;
  const n = probabilities.length;
  const base = outcomes.reduce((sum, outcome) => sum + outcome, 0) / n;
  let [reliability, resolution, within] = [0, 0, 0];
  for (const group of groupsOf(probabilities, binning, bins)) {
    const { count, probability, events } = sumsOf(group, forecasts);
    const [p, share] = [probability / count, events / count];
    reliability += (count / n) * (p - share) ** 2;
    resolution += (count / n) * (share - base) ** 2;
    for (const i of group) {
      const own = probabilities[i]! - p;
      within += (own * own - 2 * own * (outcomes[i]! - share)) / n;
    }
  }
  const uncertainty = base * (1 - base);
  return known({ brier: brier.value, reliability, resolution, uncertainty, within });
}
