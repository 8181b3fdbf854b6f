export { runChild, type ChildEnd, type ChildWork } from './child-work.js';
export { endedBefore } from './ended-sessions.js';
export { commandOf, type TrainerConfig } from './job-commands.js';
export { createTrainerMetrics, type TrainerMetrics } from './metrics.js';
export { SAMPLE_SESSIONS, checkSelections, newestSessions } from './newest-sessions.js';
export { busRecords, folderRecords, type RecordStore } from './record-stores.js';
export {
  ATTEMPTS_MAX,
  NO_RUNS,
  isAnswered,
  lastRunsOf,
  readRecords,
  recordOf,
  recordsText,
  withRecord,
  type Outcome,
  type RunRecord,
  type RunRecords,
} from './run-records.js';
export {
  childEnvironment,
  configOf,
  serveTrainer,
  type ServeTrainerOptions,
  type TrainerSettings,
} from './serve-trainer.js';
export { Trainer, type TrainerEvents, type TrainerOptions } from './trainer.js';
