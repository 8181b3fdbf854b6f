export type { AuditClaim, AuditFiles } from './audit-files.js';
export { ANSWER_FRAMES_MAX } from './answer.js';
export { auditKeyOf, loadOrCreateAuditKey, newPrivatePem, type AuditKey } from './audit-key.js';
export { AuditLog, type AuditLogOptions, type FrameReceipt } from './audit-log.js';
export { AuditDamage, type DamagePlace } from './chain.js';
export { headLine, parseHeadLine } from './heads.js';
export { auditedFrames } from './audited-frames.js';
export type { AuditReplay } from './background-replay.js';
export type { AuditIndex } from './index/audit-index.js';
export { openAuditIndex } from './index/duck-index.js';
export { memoryAuditIndex } from './index/memory-index.js';
export { SEGMENT_BYTES_DEFAULT, SEGMENT_BYTES_MAX, SEGMENT_BYTES_MIN } from './limits.js';
export { readAuditRecord, readAuditedFrame, type AuditRecord, type LogPlace } from './log-reader.js';
export {
  memoryAuditFiles,
  type Crash,
  type FileFault,
  type FileOperation,
  type MemoryAuditFiles,
  type MemoryFilesOptions,
} from './memory-files.js';
export { AUDIT_SERVICE, createAuditMetrics, noAuditMetrics, type AuditMetrics } from './metrics.js';
export { nodeAuditFiles, type NodeAuditFiles } from './node-files.js';
export { newestHead, type Resumed } from './resume.js';
export { runAudit, type AuditOptions } from './run-audit.js';
export { verifyAudit, type AuditVerdict, type VerifyOptions } from './verify.js';
