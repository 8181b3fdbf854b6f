import { faultOf, known, missing, type Measure } from '../measure.js';
import { meanOf } from '../moments.js';

/** Days below which a bootstrap of days says too little: its intervals come out too narrow. */
export const BOOTSTRAP_DAYS_MIN = 20;

/** Mean block lengths in days for the two kinds of block bootstrap. */
export interface BlockLengths {
  readonly stationary: number;
  readonly circular: number;
}

/**
 * The block length that keeps as much dependence as the series has: Politis and White (2004) with the correction of
 * Patton, Politis and White (2009). Autocorrelations are looked at up to the lag behind which a run of them is
 * insignificant; a flat-top window weighs them. Below 1 means that days may be drawn alone.
 */
export function automaticBlockLength(values: readonly number[]): Measure<BlockLengths> {
  const fault = faultOf(values, BOOTSTRAP_DAYS_MIN);
  if (fault !== null) return fault;
  const n = values.length;
  const mean = meanOf(values);
  const deviations = Float64Array.from(values, (value) => value - mean);
  const run = Math.max(5, Math.floor(Math.log10(n)));
  const lagMax = Math.ceil(Math.sqrt(n)) + run;
  const { covariances, correlations } = autocovariances(deviations, lagMax);
  if (covariances[0] === 0) return missing('zero_variance');
  const lag = significantLag(correlations, run, 2 * Math.sqrt(Math.log10(n) / n));
  const window = Math.min(lag === null ? lagMax : 2 * Math.max(lag, 1), lagMax);
  let slope = 0;
  let longRun = covariances[0]!;
  for (let k = 1; k <= window; k++) {
    const weight = k / window <= 0.5 ? 1 : 2 * (1 - k / window);
    slope += 2 * weight * k * covariances[k]!;
    longRun += 2 * weight * covariances[k]!;
  }
  const square = longRun * longRun;
  if (square === 0) return missing('undefined');
  const lengthMax = Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));
  const lengthOf = (d: number): number => Math.min(Math.cbrt((2 * slope * slope * n) / d), lengthMax);
  return known({ stationary: lengthOf(2 * square), circular: lengthOf((4 / 3) * square) });
}

function autocovariances(
  deviations: Float64Array,
  lagMax: number,
): { readonly covariances: readonly number[]; readonly correlations: readonly number[] } {
  const n = deviations.length;
  const covariances: number[] = [];
  const correlations: number[] = [];
  for (let lag = 0; lag <= lagMax; lag++) {
    let cross = 0;
    for (let i = lag; i < n; i++) cross += deviations[i]! * deviations[i - lag]!;
    // One value fewer at each end than the pairs have, as in the authors' code.
    let late = 0;
    for (let i = lag + 1; i < n; i++) late += deviations[i]! * deviations[i]!;
    let early = 0;
    for (let i = 0; i < n - lag - 1; i++) early += deviations[i]! * deviations[i]!;
    covariances.push(cross / n);
    correlations.push(Math.abs(cross) / Math.sqrt(late * early));
  }
  return { covariances, correlations };
}

/** The lag behind which a run of correlations is insignificant; null where there is none. */
function significantLag(correlations: readonly number[], run: number, critical: number): number | null {
  for (let lag = run; lag < correlations.length; lag++) {
    if (correlations.slice(lag - run, lag).every((value) => value < critical)) return lag - run;
  }
  return null;
}
