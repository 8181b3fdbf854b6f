export { callerSetup, type CallerPlan } from './caller-setup.js';
export {
  CLOSE_MARGIN_MINUTES,
  STOP_DISTANCE_MAX_ATR_M5,
  STOP_DISTANCE_MIN_TICKS,
  TARGET_DISTANCE_MIN_COSTS,
  signOf,
  type EntryWindow,
} from './entry-rules.js';
export { REGIME_MODIFIERS, inRegime, type ByRegime, type RegimeModifier } from './regime-table.js';
export { STRATEGIES } from './registry.js';
export { S2_DEFAULTS, evaluateS2, type S2InRegime, type S2Parameters } from './s2-vwap-reversion.js';
export { S3_DEFAULTS, evaluateS3, type S3InRegime, type S3Parameters } from './s3-compression-breakout.js';
export type { Evaluation, StrategyContext, StrategyRule } from './strategy.js';
