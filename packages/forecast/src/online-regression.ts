/**
 * Logistic regression that learns one row at a time: FTRL-Proximal (McMahan et al., "Ad Click Prediction: a View from the
 * Trenches", KDD 2013, algorithm 1), with the rates of its coordinates kept apart. Plain data, never changed in place.
 */

const ALPHA = 0.05;
const BETA = 1;
const L2 = 1;
/** Labels before it is listened to: about a session of one-minute bars. */
export const LABELS_MIN = 300;

export interface OnlineRegression {
  readonly labels: number;
  readonly z: Float64Array;
  readonly n: Float64Array;
}

/** A row: places and values of what is there, the bias at the last place. */
export interface SparseRow {
  readonly places: readonly number[];
  readonly values: readonly number[];
}

export function newRegression(width: number): OnlineRegression {
  return { labels: 0, z: new Float64Array(width), n: new Float64Array(width) };
}

function weightAt({ z, n }: OnlineRegression, place: number): number {
  return -z[place]! / ((BETA + Math.sqrt(n[place]!)) / ALPHA + L2);
}

export function probabilityOf(regression: OnlineRegression, { places, values }: SparseRow): number {
  let sum = 0;
  for (let i = 0; i < places.length; i++) sum += weightAt(regression, places[i]!) * values[i]!;
  return sum >= 0 ? 1 / (1 + Math.exp(-sum)) : Math.exp(sum) / (1 + Math.exp(sum));
}

/** After one label, 1 or 0. */
export function afterLabel(regression: OnlineRegression, row: SparseRow, label: 0 | 1): OnlineRegression {
  const error = probabilityOf(regression, row) - label;
  const z = regression.z.slice();
  const n = regression.n.slice();
  for (let i = 0; i < row.places.length; i++) {
    const place = row.places[i]!;
    const gradient = error * row.values[i]!;
    const before = regression.n[place]!;
    const after = before + gradient * gradient;
    const rate = (Math.sqrt(after) - Math.sqrt(before)) / ALPHA;
    z[place] = z[place]! + gradient - rate * weightAt(regression, place);
    n[place] = after;
  }
  return { labels: regression.labels + 1, z, n };
}
