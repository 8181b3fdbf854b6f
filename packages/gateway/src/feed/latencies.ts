/** Decisions over which the mean is taken. */
const KEPT = 1_000;

/** Latencies of the last decisions. */
export class Latencies {
  readonly #values: number[] = [];
  #next = 0;

  add(us: number): void {
    this.#values[this.#next] = us;
    this.#next = (this.#next + 1) % KEPT;
  }

  get count(): number {
    return this.#values.length;
  }

  /** Null before the first one. */
  meanUs(): number | null {
    if (this.#values.length === 0) return null;
    return this.#values.reduce((sum, value) => sum + value, 0) / this.#values.length;
  }
}
