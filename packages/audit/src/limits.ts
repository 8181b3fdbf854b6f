import { MESSAGE_BYTES_MAX } from '@bellwether/contracts';
import { RECORD_OVERHEAD_BYTES } from './format.js';

const MIB = 1024 * 1024;

/** A segment that has reached this gets a successor. */
export const SEGMENT_BYTES_DEFAULT = 64 * MIB;
/** Smallest bound for a segment: one header and one small record, for tests. */
export const SEGMENT_BYTES_MIN = 1_024;
export const SEGMENT_BYTES_MAX = 1_024 * MIB;

/** Longest record: the largest frame that the bus carries. */
export const RECORD_BYTES_MAX = MESSAGE_BYTES_MAX + RECORD_OVERHEAD_BYTES;

/**
 * Most bytes between two signed heads. More than that behind the last signed head cannot be an unfinished commit, so
 * it is never cut (docs/reference/audit-format.md, "Resume").
 */
export const COMMIT_BYTES_MAX = 16 * MIB;

/** Read at a time when segments are gone through. */
export const SCAN_BYTES = MIB;
