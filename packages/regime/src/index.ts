export {
  TREND,
  classify,
  highVolatilityProbability,
  trendProbability,
  type TrendInputs,
} from './rule-classifier.js';
export { stage, type RegimeStageState } from './stage.js';
export {
  DWELL_US,
  GAP_US,
  PERSISTENCE_US,
  QUALIFYING,
  WARM_UP_BARS,
  type RegimeMemory,
} from './state-machine.js';
