export { coverageOf, type Coverage, type FeatureCoverage } from './analysis/coverage.js';
export { partOf, stageProgram, type BarSource, type FeatureProgram } from './analysis/feature-program.js';
export { STRETCH_COST, TAIL_BARS, checkLookAhead, cutPlaces, type LookAhead } from './analysis/look-ahead.js';
export {
  SETTLED_DISTANCE,
  askedPlaces,
  checkWarmUp,
  isSettled,
  type History,
  type HistoryDistance,
} from './analysis/warm-up-distance.js';
export {
  FEATURES,
  FEATURE_NAMES,
  FEATURE_SET_VERSION,
  schemaSha256,
  schemaText,
  warmUpBars,
  type FeatureDefinition,
} from './feature-set.js';
export { stage, type FeaturesState } from './stage.js';
export type { SymbolState } from './symbol-state.js';
