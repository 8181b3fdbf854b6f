import { assert, uniformSource } from '@bellwether/kernel';

/** Draws that an interval or a p-value rests on, where nothing else is asked for. */
export const RESAMPLES_DEFAULT = 2_000;
/** Draws beyond which nothing is gained that the data could show. */
export const RESAMPLES_MAX = 100_000;

export interface ResampleOptions {
  /** The same seed and data give the same draws. */
  readonly seed: string;
  readonly resamples?: number;
  /** Mean length of a block in days, at least 1. Default: the automatic one of the data. */
  readonly meanBlock?: number;
}

/**
 * Places of one stationary resample of `n` days (Politis and Romano 1994): blocks start anywhere, their lengths are
 * geometric with the given mean, and the last day is followed by the first.
 */
export function drawStationary(into: Int32Array, meanBlock: number, uniform: () => number): void {
  const n = into.length;
  const start = 1 / meanBlock;
  // All are below 2^31, so that `| 0` rounds down.
  let place = (uniform() * n) | 0;
  for (let i = 0; i < n; i++) {
    if (i > 0) {
      // One draw says both whether a block begins and, where it does, at which day.
      const u = uniform();
      place = u < start ? ((u / start) * n) | 0 : place + 1 < n ? place + 1 : 0;
      if (place === n) place = n - 1;
    }
    into[i] = place;
  }
}

/** Calls `use` with the places of each resample. The array is reused. */
export function forEachResample(
  n: number,
  meanBlock: number,
  { seed, resamples = RESAMPLES_DEFAULT }: ResampleOptions,
  use: (places: Int32Array, resample: number) => void,
): void {
  assert(meanBlock >= 1, 'A mean block length is at least one day');
  assert(
    Number.isInteger(resamples) && resamples >= 1 && resamples <= RESAMPLES_MAX,
    `Expected 1 to ${RESAMPLES_MAX} resamples`,
  );
  const uniform = uniformSource(seed);
  const places = new Int32Array(n);
  for (let resample = 0; resample < resamples; resample++) {
    drawStationary(places, meanBlock, uniform);
    use(places, resample);
  }
}
