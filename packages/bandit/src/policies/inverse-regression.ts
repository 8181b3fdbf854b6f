/**
 * Ridge regression whose inverse is kept, for features too wide for a Cholesky factor at each reward. Nothing is forgotten
 * here (Sherman and Morrison's update; its drift is below 1e-12 after 100,000 of them, design/learning.md section 4). It
 * changes in place: a study of millions of rounds makes one, a stage never does.
 */
export class InverseRegression {
  /** A^-1 by rows, and the weights A^-1 b. */
  private readonly inverse: Float64Array;
  private readonly weights: Float64Array;
  private readonly spread: Float64Array;

  constructor(
    private readonly dimension: number,
    ridge: number,
  ) {
    this.inverse = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) this.inverse[i * (dimension + 1)] = 1 / ridge;
    this.weights = new Float64Array(dimension);
    this.spread = new Float64Array(dimension);
  }

  /** Expected reward of the features. */
  expected(x: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += this.weights[i]! * x[i]!;
    return sum;
  }

  /** x' A^-1 x: the variance of the expected reward in units of the noise. */
  variance(x: Float64Array): number {
    this.spreadOf(x);
    return this.along(x);
  }

  observe(x: Float64Array, reward: number): void {
    const { dimension, inverse, weights, spread } = this;
    const error = reward - this.expected(x);
    this.spreadOf(x);
    const scale = 1 / (1 + this.along(x));
    for (let i = 0; i < dimension; i++) {
      const share = scale * spread[i]!;
      if (share === 0) continue;
      weights[i] = weights[i]! + share * error;
      const row = i * dimension;
      for (let j = 0; j < dimension; j++) inverse[row + j] = inverse[row + j]! - share * spread[j]!;
    }
  }

  /** `spread` <- A^-1 x, by the columns of what is not 0: a row of codes is mostly zeros. */
  private spreadOf(x: Float64Array): void {
    const { dimension, inverse, spread } = this;
    spread.fill(0);
    for (let j = 0; j < dimension; j++) {
      const value = x[j]!;
      if (value === 0) continue;
      const row = j * dimension;
      for (let i = 0; i < dimension; i++) spread[i] = spread[i]! + inverse[row + i]! * value;
    }
  }

  private along(x: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += this.spread[i]! * x[i]!;
    return sum;
  }
}
