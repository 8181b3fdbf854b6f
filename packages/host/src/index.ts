export { readBookFile } from './book-file.js';
export { readEvidence } from './evidence-file.js';
export { BookHost, InputGap, type BookHostOptions, type HostLog } from './book-host.js';
export { DecisionDigest } from './decision-digest.js';
export { Diverged, firstDifference, type Difference } from './divergence.js';
export { startHealthServer, type HealthServer, type HealthState } from './health-server.js';
export { keepLease, type LeaseOptions } from './lease.js';
export { REDACTED, createLogger, type LogLevel } from './logger.js';
export { createHostMetrics, noMetrics, type HostMetrics, type MetricsPage } from './metrics.js';
export { pause, untilAborted } from './pause.js';
export {
  BookRecomputation,
  type Divergence,
  type RecomputeOptions,
  type RecomputePosition,
  type SameFrame,
} from './recompute-book.js';
export { runBooks } from './run-books.js';
export {
  ConfigInvalid,
  auditSettings,
  AUDIT_BEHIND_FRAMES,
  AUDIT_BEHIND_MS,
  executionSettings,
  gatewaySettings,
  ingestionSettings,
  readSettings,
  serviceSettings,
  stageSettings,
  type ConfigProblem,
} from './service-config.js';
export {
  SNAPSHOT_BYTES_MAX,
  SnapshotCorrupt,
  SnapshotStore,
  decodeSnapshot,
  encodeSnapshot,
  type Covering,
  type Snapshot,
} from './snapshot.js';
export { ModelUnavailable, StageDown, StageUnit, noModels, type Infer, type UnitStep } from './stage-unit.js';
export { exitCodeOf, runService, type ServiceContext, type ServiceDefinition } from './service-process.js';
export { connectNats, runStageService, type ModelSettings, type OpenInfer } from './stage-service.js';
export { VERSION } from './version.js';
export { trainerSettings } from './trainer-settings.js';
