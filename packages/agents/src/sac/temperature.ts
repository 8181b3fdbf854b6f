const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Worth of entropy, learned so that the policy keeps the entropy that was asked for. Adam over its logarithm. */
export class Temperature {
  #log: number;
  #mean = 0;
  #square = 0;
  #product1 = 1;
  #product2 = 1;

  constructor(
    first: number,
    private readonly targetEntropy: number,
    private readonly rate: number,
  ) {
    this.#log = Math.log(first);
  }

  get value(): number {
    return Math.exp(this.#log);
  }

  /** Rises where the entropy, minus the mean log-probability, is below its target. */
  learn(logProbabilities: Float64Array): void {
    let sum = 0;
    for (const log of logProbabilities) sum += log + this.targetEntropy;
    const gradient = -sum / logProbabilities.length;
    this.#mean = BETA1 * this.#mean + (1 - BETA1) * gradient;
    this.#square = BETA2 * this.#square + (1 - BETA2) * gradient * gradient;
    this.#product1 *= BETA1;
    this.#product2 *= BETA2;
    const mean = this.#mean / (1 - this.#product1);
    const square = this.#square / (1 - this.#product2);
    this.#log -= (this.rate * mean) / (Math.sqrt(square) + EPSILON);
  }
}
