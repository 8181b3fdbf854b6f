/** Time that is left of a call, by a clock that never jumps. */
export class Deadline {
  readonly #end: number;

  constructor(ms: number) {
    this.#end = performance.now() + ms;
  }

  /** Milliseconds; at least 0. */
  get left(): number {
    return Math.max(0, this.#end - performance.now());
  }
}
