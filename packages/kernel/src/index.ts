export { InvariantError, assert, present } from './assertions.js';
export { chosenCandidate, flattens, isDecision, symbolOf } from './frame-facts.js';
export {
  FIRST_FRAME_HEAD,
  asksForDecision,
  assertPayload,
  compareEntries,
  frameHead,
  makeEntry,
  openFrame,
  type FrameHead,
} from './frame.js';
export {
  abandonEntryId,
  accountEntryId,
  auditEntryId,
  barId,
  clockId,
  closeEntryId,
  decisionId,
  featureId,
  fillEntryId,
  intentId,
  operatorEntryId,
  orderEndEntryId,
  modeEntryId,
  controlFillId,
  orderAckEntryId,
  orderEntryId,
  paperFillId,
  parseDecisionId,
  parseFeatureId,
  releaseId,
  signalEntryId,
  warmupId,
} from './ids.js';
export { hash32, nextUniform, randomState, uniformOf, uniformSource, type RandomState } from './random.js';
export { presentAt } from './sparse-vector.js';
export {
  withPart,
  type AnyStage,
  type Applied,
  type InferenceOutput,
  type InferenceRequest,
  type Stage,
  type StagePart,
} from './stage.js';
