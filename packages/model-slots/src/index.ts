export { CONFIDENCE_COUNT, confidenceInputs, type ConfidenceQuestion } from './confidence-inputs.js';
export {
  FEATURE_COUNT,
  SEQUENCE_BARS,
  SEQUENCE_CODES,
  SEQUENCE_WIDTH,
  fillVector,
  sequenceInputs,
  sequenceRow,
  vectorInputs,
} from './inputs.js';
export {
  afterPromotion,
  circumstancesOf,
  modelFor,
  modelInUse,
  placeOf,
  probeOf,
  promotionOf,
  promotionReason,
  questionTo,
  refusalOf,
  type Circumstances,
  type ModelInUse,
  type ModelSlots,
} from './slots.js';
export {
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  SIZING_COUNT,
  SIZING_OBSERVATIONS,
  SIZING_ORDER,
  SIZING_SCHEMA_SHA256,
  sizingInputs,
  sizingSeen,
  sizingSchemaText,
} from './sizing-inputs.js';
export { policyRules, rulesAfter, NO_RULES, type PolicyRules } from './policy-rules.js';
