export { alignedResults, effectiveTrialsOf, type ResearchHistory, type VariantHistory } from './history.js';
export { RESULT_DAYS_MAX, variantId, type RunResult } from './record.js';
export { LOG_NAME, ResearchLog, type ResearchLogOptions, type StartedRun } from './research-log.js';
