export { callerSetup, type CallerPlan } from './caller-setup.js';
export { CLOSE_MARGIN_MINUTES, signOf } from './entry-rules.js';
export { inRegime } from './regime-table.js';
export { STRATEGIES } from './registry.js';
export { evaluateS1 } from './s1-opening-range-breakout.js';
export { evaluateS2 } from './s2-vwap-reversion.js';
export { evaluateS3 } from './s3-compression-breakout.js';
export { evaluateS4 } from './s4-trend-pullback.js';
export { evaluateS5 } from './s5-gap-fade.js';
export { evaluateS6 } from './s6-range-trading.js';
export { evaluateS7 } from './s7-initial-balance.js';
export { evaluateS8 } from './s8-vwap-continuation.js';
export { evaluateS9 } from './s9-sweep-reversal.js';
export { evaluateS10 } from './s10-zone-retest.js';
export { evaluateS11 } from './s11-exhaustion-fade.js';
export { evaluateS12 } from './s12-closing-drive.js';
export { NO_READINGS, underStreams } from './stream-rules.js';
export type {
  Evaluation,
  ReleaseDistance,
  StrategyContext,
  StrategyRule,
  StreamReadings,
  Zone,
} from './strategy.js';
