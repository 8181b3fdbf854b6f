export {
  balancedAccuracy,
  emptyConfusion,
  logLoss,
  macroF1,
  Reliability,
  type Confusion,
} from './classification-scores.js';
export { LABEL_HORIZON_US, regimeLabels, type LabelBar, type RegimeLabel } from './regime-labels.js';
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
