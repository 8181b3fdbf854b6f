export * from './generated/messages.js';
export { ContractError, LIST_LENGTH_MAX, TEXT_LENGTH_MAX } from './canonical.js';
export {
  CONTRACT_VERSION,
  MESSAGE_BYTES_MAX,
  decodeAuditAnswer,
  decodeAuditHead,
  decodeAuditQuery,
  decodeEntry,
  decodeFrame,
  decodeModelShadow,
  decodeStatus,
  encodeAuditAnswer,
  encodeAuditHead,
  encodeAuditQuery,
  encodeEntry,
  encodeFrame,
  encodeModelShadow,
  encodeStatus,
  equalBytes,
  sameRequest,
} from './codec.js';
export { FrameEncoder } from './frame-encoder.js';
export {
  BOOK_NAME,
  ID_LENGTH_MAX,
  STAGES,
  STREAMS,
  streamOf,
  subjectMatches,
  subjectToken,
  subjects,
  type StageName,
  type StreamDefinition,
} from './subjects.js';
export {
  BellwetherError,
  ERRORS,
  REASONS,
  isErrorCode,
  type ErrorCode,
  type ErrorText,
  type Problem,
  type ReasonText,
} from './codes.js';
export {
  SYMBOL_COST_DEFAULTS,
  bookConfigOf,
  type BookFile,
  type BookSettings,
  type KnownTime,
} from './book-config.js';
export {
  EVIDENCE_NAMES,
  LEARNED_PARTS,
  OVERRIDE_ALL,
  isWithheld,
  mayDecide,
  type LearnedPart,
} from './evidence-names.js';
export {
  STRATEGY_DEFAULTS,
  STRATEGY_KEYS,
  strategyParameterList,
  strategyParametersOf,
} from './strategy-parameters.js';
export {
  STRATEGY_SCHEMAS,
  strategiesSchema,
  type StrategyKey,
  type StrategyParameters,
} from './strategy-schemas.js';
export { STREAMS_DEFAULTS } from './streams-config.js';
export {
  REGIME_FACTORS,
  REGIME_KEYS,
  type ByRegime,
  type CommonParameters,
  type RegimeKey,
} from './parameter-schema.js';
export { PROFILE_NAMES, namedProfile, profileOf, type ProfileFile } from './account-profile.js';
