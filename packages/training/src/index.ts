export { afterMap, betterCalibration, type BetterCalibration } from './trainers/calibrate.js';
export {
  balancedAccuracy,
  emptyConfusion,
  logLoss,
  macroF1,
  Reliability,
  type Confusion,
} from './classification-scores.js';
export {
  LABEL_HORIZON_US,
  labelsAfter,
  newLabelMemory,
  regimeLabels,
  type KnownLabel,
  type LabelBar,
  type LabelMemory,
  type RegimeLabel,
} from './regime-labels.js';
export { RegimeRun, type RegimeBar } from './regime-run.js';
export { evaluateAxis, type AxisBar, type AxisScores, type Scores } from './axis-evaluation.js';
export {
  regimeReport,
  type FourStateScores,
  type RegimeReport,
  type ReportedDates,
} from './regime-report.js';
export { REPORTED_STATES, regimeTime, type RegimeTime, type StateTime } from './regime-time.js';
export { knownRegimes, WARM_UP_SESSIONS, type KnownRegimes, type StateAccuracies } from './known-regimes.js';
export { runWorld, type SaidOfWorld } from './world-run.js';
export {
  REGIME_NOTE,
  TRAINED_MODELS,
  columnNamed,
  rowWidth,
  type Column,
  type DataSet,
  type TrainedModelName,
} from './data-sets/data-set.js';
export {
  LOGGED_EFFECTIVE_MIN,
  LOGGED_TRADES_MIN,
  WEIGHT_CLIP,
  loggedDataSet,
  loggedWeights,
  thinLog,
  type LoggedTrade,
  type LoggedWeights,
} from './data-sets/logged-rows.js';
export { TradeRows, type ForecastAt } from './data-sets/trade-rows.js';
export { MarketRun, isDecided, type HistoryBar, type MarketBar } from './data-sets/market-run.js';
export {
  FORECAST_HORIZON_US,
  REGIME_CLASSES,
  classOf,
  forecastDataSet,
  regimeDataSet,
} from './data-sets/market-rows.js';
export { EMBARGO_SESSIONS, finalSplit, rowFolds, type FinalSplit, type RowFold } from './trainers/folds.js';
export { MODEL_PLANS, TRAINER_VERSION, type ModelPlan } from './trainers/model-plans.js';
export { tooFewRows, type RegimeVariant } from './trainers/regime-variant.js';
export { scoreText, verdictOf } from './trainers/model-card.js';
export {
  SESSIONS_MIN,
  compareScores,
  type Comparison,
  type Gain,
  type Score,
  type TestedRow,
} from './trainers/session-scores.js';
export {
  calibratedModel,
  recalibrated,
  type CalibrationRequest,
  type Recalibration,
} from './trainers/recalibrate.js';
export {
  LEVEL,
  modelsNamed,
  trainModel,
  versionOf,
  type DataOfModel,
  type TrainRequest,
  type TrainedModel,
} from './trainers/train-model.js';
export { valueWalkForward, type ValueScores } from './trainers/value-scores.js';
export {
  walkForwardScores,
  type FoldResult,
  type FoldStore,
  type ScoredRequest,
  type WalkForwardScores,
} from './trainers/walk-forward-scores.js';
