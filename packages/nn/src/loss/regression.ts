import { assert } from '@bellwether/kernel';
import { elementwiseLoss, type LossPlace, type LossValue, type LossWeights } from './loss.js';

/** Half the squared error of each number. */
export function squaredError(
  place: LossPlace,
  targets: ArrayLike<number>,
  weights: LossWeights = {},
): LossValue {
  return elementwiseLoss(
    place,
    targets,
    weights,
    (output, target) => 0.5 * (output - target) ** 2,
    (output, target) => output - target,
  );
}

/** Half the squared error up to `delta`, beyond it delta times the distance less delta / 2 (Huber 1964). */
export function huber(
  place: LossPlace,
  targets: ArrayLike<number>,
  delta = 1,
  weights: LossWeights = {},
): LossValue {
  assert(delta > 0, 'The delta of a Huber loss is positive');
  return elementwiseLoss(
    place,
    targets,
    weights,
    (output, target) => {
      const size = Math.abs(output - target);
      return size <= delta ? 0.5 * size * size : delta * (size - delta / 2);
    },
    (output, target) => Math.max(-delta, Math.min(delta, output - target)),
  );
}
