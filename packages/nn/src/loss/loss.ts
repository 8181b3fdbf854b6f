import type { Block } from '../engine/arena.js';

/** Weights of a loss; what is left out counts as 1 everywhere. */
export interface LossWeights {
  /** One for each row of the batch. */
  readonly rows?: ArrayLike<number>;
  /** One for each number of the output, [rows, width]: 0 where nothing was observed. */
  readonly elements?: ArrayLike<number>;
}

/**
 * A loss over a batch: `sum` is over rows (and numbers of a row), each times its weight, and `weight` that of all. The mean
 * that is made smaller is sum / weight; the sums of several batches may be added.
 */
export interface LossValue {
  readonly sum: number;
  readonly weight: number;
}

/** Where a loss reads and writes: [rows, width] each. */
export interface LossPlace {
  readonly output: Block;
  /** Takes the gradient of the mean loss. */
  readonly gradient: Block;
  readonly rows: number;
  readonly width: number;
}

/** One number's loss, or its derivative. `squashed` is what lies in the gradient before: sigmoid(output), where a loss puts it. */
export type ElementLoss = (output: number, target: number, squashed: number) => number;

/**
 * A loss that is a sum over numbers: value and derivative of each. Where all weights are 0 there is nothing to learn: the
 * gradient is 0, and so are sum and weight.
 */
export function elementwiseLoss(
  { output, gradient, rows, width }: LossPlace,
  targets: ArrayLike<number>,
  weights: LossWeights,
  value: ElementLoss,
  derivative: ElementLoss,
): LossValue {
  const [from, to] = [output.view, gradient.view];
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < rows * width; i++) weight += weightOf(weights, i, width);
  for (let i = 0; i < rows * width; i++) {
    const own = weightOf(weights, i, width);
    if (own === 0) {
      to[i] = 0;
      continue;
    }
    const squashed = to[i]!;
    sum += own * value(from[i]!, targets[i]!, squashed);
    to[i] = (own / weight) * derivative(from[i]!, targets[i]!, squashed);
  }
  return { sum, weight };
}

function weightOf({ rows, elements }: LossWeights, at: number, width: number): number {
  const ofRow = rows === undefined ? 1 : rows[Math.floor(at / width)]!;
  return elements === undefined ? ofRow : ofRow * elements[at]!;
}
