import { hash32 } from '@bellwether/kernel';

/**
 * Numbers drawn from one seed (mulberry32, as `nextUniform` of the kernel, without an object for each draw). Each part of
 * a run has a stream of its own, so that a draw more in one does not shift those of the others.
 */
export class Chance {
  #a: number;

  constructor(seed: string) {
    this.#a = hash32(seed);
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#a = (this.#a + 0x6d2b79f5) >>> 0;
    let t = this.#a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** Uniform between the two. */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from 0 up to, but without, `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)]!;
  }

  /** Exponential with this mean. */
  around(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }
}
