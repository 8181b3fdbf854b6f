import { ReasonCode, RegimeMethod, RegimeState, type FeatureVector, type Frame } from '@bellwether/contracts';
import type { InferenceOutput, InferenceRequest } from '@bellwether/kernel';
import {
  circumstancesOf,
  modelFor,
  policyRules,
  questionTo,
  vectorInputs,
  type ModelInUse,
  type ModelSlots,
  type PolicyRules,
} from '@bellwether/model-slots';
import { calibratedClasses } from '@bellwether/statistics';
import { classify } from './rule-classifier.js';

/** The trained classifier: `features [43]` and `mask [43]` in, four probabilities out (domain.md 5.4). */
export const MODEL = 'regime_classifier';
const CLASSES = 4;

export interface Known {
  readonly rules: PolicyRules;
  readonly models: ModelSlots;
}

export interface Classified {
  readonly probabilities: readonly number[] | null;
  readonly method: RegimeMethod;
  /** Null under rules. */
  readonly model_reason: ReasonCode | null;
}

/** The classifier to ask about this frame, or why the rule speaks; null where models do not decide. */
function modelOf(
  { rules, models }: Known,
  frame: Frame,
  vector: FeatureVector,
): ModelInUse | ReasonCode | null {
  const config = policyRules(rules);
  if (config === null || !config.regime) return null;
  return modelFor(models, circumstancesOf(frame, vector, config, RegimeState.UNSPECIFIED));
}

export function modelQuestion(known: Known, frame: Frame): readonly InferenceRequest[] {
  const vector = frame.features?.vector ?? null;
  // A model that saw nothing would say what is likely without looking.
  if (vector === null || vector.present_index.length === 0) return [];
  const model = modelOf(known, frame, vector);
  return model === null || typeof model === 'number' ? [] : [questionTo(model, vectorInputs(vector))];
}

/** Four probabilities: of the model where one answered, else of the rule. */
export function classified(known: Known, frame: Frame, outputs: readonly InferenceOutput[]): Classified {
  const indicators = frame.features?.indicators ?? null;
  const vector = frame.features?.vector ?? null;
  if (indicators === null || vector === null) {
    return { probabilities: null, method: RegimeMethod.RULE, model_reason: null };
  }
  const byRule = (model_reason: ReasonCode | null): Classified => ({
    probabilities: classify(indicators, vector),
    method: RegimeMethod.RULE,
    model_reason,
  });
  const model = modelOf(known, frame, vector);
  if (model === null) return byRule(null);
  if (typeof model === 'number') return byRule(model);
  const answer = outputs[0]?.outputs;
  if (answer?.length !== CLASSES) return byRule(ReasonCode.MODEL_INPUTS_MISSING);
  if (known.rules.config?.regime_shadow === true) return byRule(ReasonCode.MODEL_IN_SHADOW);
  // Only a temperature is a map of several classes.
  const mapped = known.rules.config?.calibration === true && model.calibration.kind === 'temperature';
  const probabilities = mapped ? calibratedClasses(model.calibration, answer) : answer;
  return { probabilities, method: RegimeMethod.MODEL, model_reason: ReasonCode.OK };
}
