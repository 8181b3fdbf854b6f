/** Values that a histogram is made of. They lie evenly over the whole file: the first days alone know nothing of later ones. */
export const SAMPLE_MAX = 8_192;
const BINS = 30;
/** Share of the values on each side that lies outside the picture: one of them would press all others into one bin. */
const OUTER_SHARE = 0.005;

export interface FeatureHistogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
  /** Shares of the values outside, 0 to 1. */
  readonly below: number;
  readonly above: number;
}

/** One feature's values in bounded memory: of more than it keeps, every second one is dropped, and then only every second one is taken. */
export class FeatureBins {
  readonly #sample = new Float64Array(SAMPLE_MAX);
  #kept = 0;
  #stride = 1;
  readonly missing = new Map<number, number>();
  present = 0;

  value(value: number): void {
    if (this.present++ % this.#stride !== 0) return;
    if (this.#kept === SAMPLE_MAX) {
      for (let i = 0; i < SAMPLE_MAX / 2; i++) this.#sample[i] = this.#sample[2 * i]!;
      this.#kept = SAMPLE_MAX / 2;
      this.#stride *= 2;
    }
    this.#sample[this.#kept++] = value;
  }

  miss(reason: number): void {
    this.missing.set(reason, (this.missing.get(reason) ?? 0) + 1);
  }

  /** From the 0.5th to the 99.5th percentile; null without a value. */
  histogram(): FeatureHistogram | null {
    if (this.#kept === 0) return null;
    const sorted = this.#sample.slice(0, this.#kept).sort();
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
    const [from, to] = [at(OUTER_SHARE), at(1 - OUTER_SHARE)];
    const width = to - from;
    const counts = new Array<number>(BINS).fill(0);
    let below = 0;
    let above = 0;
    for (const value of sorted) {
      if (value < from) below++;
      else if (value > to) above++;
      else counts[width > 0 ? Math.min(BINS - 1, Math.floor(((value - from) / width) * BINS)) : 0]!++;
    }
    return { from, to, counts, below: below / sorted.length, above: above / sorted.length };
  }
}
