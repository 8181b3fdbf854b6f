import { BellwetherError } from '@bellwether/contracts';

/** Bounds how many calls wait for the line at one time. */
export class Pending {
  #count = 0;

  constructor(private readonly max: number) {}

  /** Runs a call, or throws {@link BellwetherError} `too_busy`. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#count >= this.max) throw new BellwetherError('too_busy', `${this.max} calls wait already`);
    this.#count += 1;
    try {
      return await call();
    } finally {
      this.#count -= 1;
    }
  }
}
