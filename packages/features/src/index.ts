export {
  FEATURES,
  FEATURE_NAMES,
  FEATURE_SET_VERSION,
  schemaSha256,
  schemaText,
  type FeatureDefinition,
} from './feature-set.js';
export { stage, type FeaturesState } from './stage.js';
export type { SymbolState } from './symbol-state.js';
