export type { AuditWatchOptions } from './audit-watch.js';
export { onDecision, onInput, type Folded } from './paper-broker.js';
export { PAPER_SOURCE } from './paper-broker-entries.js';
export type { IntrabarOrder } from './intrabar-order.js';
export { slippageTicks } from './paper-assumptions.js';
export {
  initialBroker,
  lastBar,
  type BrokerState,
  type LastBar,
  type PaperClose,
  type PaperOrder,
} from './paper-broker-state.js';
export { runExecution, type ExecutionOptions } from './execution-service.js';
export { EXECUTION_SERVICE } from './broker-snapshots.js';
export type { SessionSummary } from './execution-session.js';
