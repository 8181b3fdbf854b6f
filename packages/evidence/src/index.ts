/** Evidence on learned parts and arms, the rule that judges it, and the gate that it puts before a book of market data. */
export { NO_EVIDENCE, parseEvidence, type EvidenceEntry, type EvidenceFile } from './evidence-file.js';
export { CHANCE_MAX, SESSIONS_MIN, judged, numbersText, type Judged, type StatusWord } from './rule.js';
export { MODELS_OF, inUse, isLearnedPart, modelsOf, settingsOf, type Situation } from './situation.js';
export { gated, staleness, standingsOf, statusOf, type GateRequest } from './standing.js';
export { withEvidence, type NewEvidence } from './update.js';
export { STATUS_WORDS, UNGATED_PAST, UNGATED_SYNTHETIC, evidenceLine } from './text.js';
