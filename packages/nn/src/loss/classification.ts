import { assert } from '@bellwether/kernel';
import type { Engine } from '../engine/engine.js';
import { elementwiseLoss, type LossPlace, type LossValue, type LossWeights } from './loss.js';

/** Weights of a loss over classes: a row counts its own weight times that of its class. */
export interface ClassWeights {
  readonly rows?: ArrayLike<number>;
  readonly classes?: ArrayLike<number>;
}

/** Below this a probability of single precision has lost its digits, and the loss is taken from the logits. */
const PROBABILITY_LEAST = 1e-30;

/** Cross-entropy of softmax(output) against the class of each row, 0 to width - 1. */
export function softmaxCrossEntropy(
  engine: Engine,
  { output, gradient, rows, width }: LossPlace,
  labels: ArrayLike<number>,
  weights: ClassWeights = {},
): LossValue {
  engine.kernels.softmax(output.offset, gradient.offset, rows, width);
  const [logits, to] = [output.view, gradient.view];
  let sum = 0;
  let weight = 0;
  for (let row = 0; row < rows; row++) weight += weightOf(weights, row, labels[row]!);
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!;
    assert(Number.isInteger(label) && label >= 0 && label < width, `A class is 0 to ${width - 1}: ${label}`);
    const own = weightOf(weights, row, label);
    const first = row * width;
    if (own === 0) {
      to.fill(0, first, first + width);
      continue;
    }
    const p = to[first + label]!;
    sum += own * (p > PROBABILITY_LEAST ? -Math.log(p) : distance(logits, first, width, label));
    const share = own / weight;
    for (let j = 0; j < width; j++) to[first + j] = share * (to[first + j]! - (j === label ? 1 : 0));
  }
  return { sum, weight };
}

function weightOf({ rows, classes }: ClassWeights, row: number, label: number): number {
  return (rows === undefined ? 1 : rows[row]!) * (classes === undefined ? 1 : classes[label]!);
}

/** log of the sum of exponentials, less the label's logit. */
function distance(logits: ArrayLike<number>, first: number, width: number, label: number): number {
  let highest = -Infinity;
  for (let j = 0; j < width; j++) highest = Math.max(highest, logits[first + j]!);
  let sum = 0;
  for (let j = 0; j < width; j++) sum += Math.exp(logits[first + j]! - highest);
  return highest + Math.log(sum) - logits[first + label]!;
}

/** Cross-entropy of sigmoid(output) against targets in [0, 1], for each number alone. */
export function sigmoidCrossEntropy(
  engine: Engine,
  place: LossPlace,
  targets: ArrayLike<number>,
  weights: LossWeights = {},
): LossValue {
  const { output, gradient, rows, width } = place;
  engine.kernels.sigmoid(output.offset, gradient.offset, rows * width);
  return elementwiseLoss(
    place,
    targets,
    weights,
    (logit, target) => Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit))),
    (_, target, squashed) => squashed - target,
  );
}
