export {
  DUE_MAX,
  IDLE_GRACE_US,
  IDLE_RUN_MAX,
  afterEntry,
  clockHeadAt,
  clockRuleOf,
  nextClock,
  type ClockHead,
  type ClockRule,
  type NextClock,
} from './clock-rule.js';
export { inspectCsv, readCsvBars, type CsvFacts, type CsvOptions, type CsvProgress } from './csv-bars.js';
export { EVENT_LOOKBACK_US, RUN_EVENTS_MAX, type EventSeries } from './event-queue.js';
export { readCheckedRows, type CheckedRowsOptions } from './csv-checked-rows.js';
export { type CsvProblem, type CsvRow } from './csv-row.js';
export { bookInputBatches, bookInputs, originOf, type InputOptions } from './inputs.js';
export {
  appendInput,
  runIngestion,
  type AppendInputOptions,
  type IngestionOptions,
  type IngestionProgress,
  type IngestionResult,
} from './ingestion-service.js';
export { runLiveClock, type LiveClockOptions } from './live-clock.js';
export { barEntry, clockEntry, closeOf, warmupEntry, type BarSource } from './market-entries.js';
export { type BarSeries } from './merge-bars.js';
export { latestRelease, nextRelease, releaseEntry, type ReleaseRequest } from './release.js';
export { WARMUP_BARS_MAX, WARMUP_SESSIONS_MAX } from './warmup-window.js';
export {
  journaledModels,
  journaledPromotions,
  newPromotions,
  promotionEntry,
  reviewEntry,
  type JournaledModels,
  type JournaledPromotion,
} from './promotion.js';
