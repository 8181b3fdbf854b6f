export { ActivityProfile } from './activity-profile.js';
export { type JudgedBars } from './bar-judge.js';
export { barLength } from './bar-length.js';
export { type RawBar } from './bar.js';
export {
  FINDING_CODES,
  type FindingCode,
  type FindingGroup,
  type FindingLevel,
  type VerdictFinding,
} from './codes.js';
export {
  SYNTHETIC_FINDINGS,
  SYNTHETIC_MARK,
  dataLine,
  markFindings,
  markOf,
  markText,
  unknownMark,
  worstMark,
  type DataMark,
  type MarkFinding,
} from './data-mark.js';
export {
  DataVerdict,
  VERDICT_VERSION,
  type Verdict,
  type VerdictOptions,
  type VerdictResult,
} from './data-verdict.js';
export { MARKS, type MarketNumbers } from './market-marks.js';
export { type DateCoverage } from './session-coverage.js';
export { VERDICT_SYMBOLS, subjectOf, type Subject, type SubjectKind } from './subject.js';
export { bothClocks } from './tally.js';
