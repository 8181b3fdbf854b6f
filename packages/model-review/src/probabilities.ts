import type { ModelInUse } from '@bellwether/model-slots';
import { calibrated, calibratedClasses } from '@bellwether/statistics';

const CLASSES = 4;

/**
 * What a model says of its question, as the stages read it: probabilities of each class, a yes the second of two. Null where
 * the answer has not the form of this model.
 *
 * @param calibration whether the book takes answers as the model's calibration says
 */
export function probabilitiesOf(
  model: ModelInUse,
  outputs: readonly number[],
  calibration: boolean,
): readonly number[] | null {
  if (model.model === 'regime_classifier') {
    if (outputs.length !== CLASSES) return null;
    // Only a temperature is a map of several classes.
    const mapped = calibration && model.calibration.kind === 'temperature';
    return mapped ? calibratedClasses(model.calibration, outputs) : outputs;
  }
  const [p] = outputs;
  if (p === undefined) return null;
  const yes = calibration ? calibrated(model.calibration, p) : p;
  return [1 - yes, yes];
}
