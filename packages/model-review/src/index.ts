export { Challengers, askWith } from './challengers.js';
export {
  GATE_BOUNDS,
  GATE_LEVEL,
  GATE_NAMES,
  apart,
  calibrationOf,
  reviewed,
  type Gate,
  type GateBounds,
  type GateName,
  type GateVerdict,
  type ReviewInput,
  type Verdict,
} from './gates.js';
export { baseRate, newOutcomeBook, outcomesAfter, type Outcome, type OutcomeBook } from './outcomes.js';
export { ROWS_MAX, newRecord, type ModelRecord, type ReviewRow } from './records.js';
export {
  findingText,
  gateWords,
  numberText,
  reviewInputOf,
  reviewRecord,
  verdictText,
  type ReviewedPlace,
} from './review.js';
export {
  readShadow,
  runShadow,
  shadowMessage,
  type ShadowOptions,
  type ShadowSnapshot,
} from './run-shadow.js';
export { scoresOf, type MeanLosses, type RecordScores } from './scores.js';
export {
  newShadowState,
  nextFrame,
  type AskChallenger,
  type ShadowAnswer,
  type ShadowSaid,
  type ShadowState,
} from './shadow-book.js';
export {
  isReviewed,
  modelsInUse,
  shadowStep,
  type Posed,
  type ReviewedModel,
  type ShadowStep,
} from './shadow-line.js';
export { failing, watched, type Finding, type WatchState, type Watched } from './watch.js';
