import { assert } from '@bellwether/kernel';

/** Counts of cases by class: the rows are what was, the columns what was said. */
export type Confusion = readonly (readonly number[])[];

export function emptyConfusion(classes: number): number[][] {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
}

/** Mean over the classes of the share that was named rightly; null where a class never came. 1 / classes is chance. */
export function balancedAccuracy(confusion: Confusion): number | null {
  let total = 0;
  for (const [k, row] of confusion.entries()) {
    const count = row.reduce((sum, n) => sum + n, 0);
    if (count === 0) return null;
    total += row[k]! / count;
  }
  return total / confusion.length;
}

/** Mean over the classes of the harmonic mean of precision and recall; null where a class never came. */
export function macroF1(confusion: Confusion): number | null {
  let total = 0;
  for (const [k, row] of confusion.entries()) {
    const was = row.reduce((sum, n) => sum + n, 0);
    if (was === 0) return null;
    const said = confusion.reduce((sum, other) => sum + other[k]!, 0);
    total += (2 * row[k]!) / (was + said);
  }
  return total / confusion.length;
}

/** A probability of 0 or 1 would make one miss count for everything. */
const PROBABILITY_MIN = 1e-6;

/** What a probability costs that was given to what came: minus its logarithm, in nats. */
export function logLoss(probability: number): number {
  assert(probability >= 0 && probability <= 1, `Expected a probability, was ${probability}`);
  return -Math.log(Math.max(PROBABILITY_MIN, Math.min(1 - PROBABILITY_MIN, probability)));
}

/** Bins of equal width of a reliability curve. */
const BINS = 10;

/** Probabilities of a yes against what came: how often it came where so much was said. Mutable. */
export class Reliability {
  private readonly said = new Float64Array(BINS);
  private readonly came = new Float64Array(BINS);
  private readonly count = new Float64Array(BINS);

  add(probability: number, came: boolean): void {
    const bin = Math.min(BINS - 1, Math.floor(probability * BINS));
    this.said[bin]! += probability;
    this.came[bin]! += came ? 1 : 0;
    this.count[bin]! += 1;
  }

  /** Mean distance between what was said and what came, weighted by cases; 0 without a case. */
  expectedCalibrationError(): number {
    const total = this.count.reduce((sum, n) => sum + n, 0);
    let distance = 0;
    for (let bin = 0; bin < BINS; bin++) distance += Math.abs(this.said[bin]! - this.came[bin]!);
    return total === 0 ? 0 : distance / total;
  }
}
