export { BOOTSTRAP_DAYS_MIN, automaticBlockLength, type BlockLengths } from './bootstrap/block-length.js';
export {
  LEVEL_DEFAULT,
  bootstrapInterval,
  percentileInterval,
  performanceOf,
  type Estimate,
  type Interval,
  type IntervalOptions,
  type Performance,
} from './bootstrap/intervals.js';
export {
  RESAMPLES_DEFAULT,
  RESAMPLES_MAX,
  drawStationary,
  forEachResample,
  type ResampleOptions,
} from './bootstrap/stationary.js';
export {
  BINS_DEFAULT,
  brierDecomposition,
  brierScore,
  calibrationError,
  calibrationErrorFloor,
  logLoss,
  reliabilityCurve,
  type Binning,
  type BrierDecomposition,
  type CalibrationError,
  type ErrorFloor,
  type Forecasts,
  type ReliabilityBin,
} from './calibration/binary.js';
export {
  balancedAccuracy,
  classBrierScore,
  classLogLoss,
  classwiseErrors,
  topLabelError,
  type ClassForecasts,
} from './calibration/classes.js';
export {
  CALIBRATION_CASES_MIN,
  ISOTONIC_CASES_MIN,
  fitBeta,
  fitIsotonic,
  fitPlatt,
  fitTemperature,
  improves,
  improvesClasses,
} from './calibration/fit-maps.js';
export { flatMap, mapOfFlat, type FlatMap } from './calibration/flat-map.js';
export { poolAdjacentViolators } from './calibration/isotonic.js';
export { IDENTITY, calibrated, calibratedClasses, type CalibrationMap } from './calibration/maps.js';
export {
  finite,
  known,
  missing,
  type Known,
  type Measure,
  type Missing,
  type MissingReason,
} from './measure.js';
export { momentsOf, sortedQuantile, type Moments } from './moments.js';
export { normalCdf, normalDensity, normalQuantile } from './normal.js';
export {
  evaluateAccount,
  outcomesByStart,
  resampledOutcomes,
  type AccountDay,
  type Evaluation,
  type EvaluationRules,
  type Outcome,
  type OutcomeShares,
} from './outcome/account-outcome.js';
export { benjaminiHochberg, holm } from './overfitting/corrections.js';
export {
  CSCV_BLOCKS_DEFAULT,
  CSCV_BLOCKS_MAX,
  backtestOverfitting,
  type Overfitting,
} from './overfitting/cscv.js';
export {
  realityCheck,
  romanoWolf,
  superiorAbility,
  type AdjustedSeries,
  type RealityCheck,
  type SuperiorAbility,
} from './overfitting/reality-check.js';
export { pairedDifference, type PairedDifference } from './paired.js';
export {
  TAIL_SHARE,
  annualised,
  compoundedDrawdown,
  conditionalValueAtRisk,
  maximumDrawdown,
  sharpeRatio,
  sortinoRatio,
} from './performance.js';
export {
  deflatedSharpe,
  deflatedSharpeOf,
  expectedMaximumSharpe,
  type DeflatedSharpe,
  type Trials,
} from './sharpe/deflated.js';
export {
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
  type SharpeSample,
} from './sharpe/probabilistic.js';
export { CLUSTERED_MAX, effectiveTrials, type EffectiveTrials } from './trials/effective.js';
export {
  configurationText,
  countTrials,
  variantText,
  type LogicVersion,
  type TrialCounts,
  type Variant,
  type VariantParameter,
} from './trials/variant.js';
export {
  combinatorialSplits,
  purgedFolds,
  type CombinatorialSplit,
  type CombinatorialSplits,
} from './validation/cross-validation.js';
export { purgedSplit, type LabelledRow, type Split } from './validation/label-spans.js';
export {
  walkForward,
  type TooShort,
  type WalkForwardFold,
  type WalkForwardPlan,
} from './validation/walk-forward.js';
export { wilsonInterval } from './wilson.js';
