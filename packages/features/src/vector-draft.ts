import { ReasonCode, type FeatureVector } from '@bellwether/contracts';
import { FEATURES, FEATURE_SET_VERSION } from './feature-set.js';

/** Place of each feature in the vector. */
export const AT = {
  P1: 0,
  P2: 1,
  P3: 2,
  P4: 3,
  P5: 4,
  P6: 5,
  P7: 6,
  P8: 7,
  P9: 8,
  P10: 9,
  P11: 10,
  P12: 11,
  V1: 12,
  V2: 13,
  V3: 14,
  V4: 15,
  V5: 16,
  V6: 17,
  V7: 18,
  V8: 19,
  T1: 20,
  T2: 21,
  T3: 22,
  T4: 23,
  T5: 24,
  T6: 25,
  T7: 26,
  T8: 27,
  T9: 28,
  T10: 29,
  T11: 30,
  T12: 31,
  T13: 32,
  T14: 33,
  T15: 34,
  R1: 35,
  R2: 36,
  R3: 37,
  R4: 38,
  M1: 39,
  M2: 40,
  M3: 41,
  M4: 42,
} as const;

/** The 43 numbers while they are put together. */
export interface VectorDraft {
  /** A number where its reason is OK. */
  readonly values: number[];
  readonly reasons: ReasonCode[];
}

/** Lists that begin as fractions stay plain doubles; one of whole numbers is made anew by each reader that met fractions. */
const FRACTIONS: readonly number[] = Array.from({ length: FEATURES.length }, () => 0.5);

export function emptyDraft(): VectorDraft {
  return { values: FRACTIONS.slice(), reasons: FEATURES.map(() => ReasonCode.UNDEFINED) };
}

/** Puts a number in its place, or the reason why there is none. */
export function put(draft: VectorDraft, at: number, value: number | null, missing: ReasonCode): void {
  // In a frame zero has no sign, and a part with one is copied whole: a sum with 0 has none.
  draft.values[at] = value === null ? 0 : value + 0;
  draft.reasons[at] = value === null ? missing : ReasonCode.OK;
}

function sameMask(reasons: readonly ReasonCode[], vector: FeatureVector): boolean {
  const { masked_index, masked_reason } = vector;
  let masked = 0;
  for (let at = 0; at < reasons.length; at++) {
    const reason = reasons[at]!;
    if (reason === ReasonCode.OK) continue;
    if (masked_index[masked] !== at || masked_reason[masked] !== reason) return false;
    masked += 1;
  }
  return masked === masked_index.length;
}

/**
 * The vector of a draft. Bars that follow each other mostly lack the same numbers, so the lists that say which are shared
 * with the vector before.
 */
export function vectorFrom(
  { values, reasons }: VectorDraft,
  schema_sha256: string,
  before: FeatureVector | null,
): FeatureVector {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (reasons[at] === ReasonCode.OK) count += 1;
  const present_value = FRACTIONS.slice(0, count);
  for (let at = 0, next = 0; next < count; at++) {
    if (reasons[at] === ReasonCode.OK) present_value[next++] = values[at]!;
  }
  if (before !== null && sameMask(reasons, before)) {
    return {
      set_version: FEATURE_SET_VERSION,
      schema_sha256,
      present_index: before.present_index,
      present_value,
      masked_index: before.masked_index,
      masked_reason: before.masked_reason,
    };
  }
  const present_index: number[] = [];
  const masked_index: number[] = [];
  const masked_reason: ReasonCode[] = [];
  for (let at = 0; at < reasons.length; at++) {
    const reason = reasons[at]!;
    if (reason === ReasonCode.OK) present_index.push(at);
    else {
      masked_index.push(at);
      masked_reason.push(reason);
    }
  }
  return {
    set_version: FEATURE_SET_VERSION,
    schema_sha256,
    present_index,
    present_value,
    masked_index,
    masked_reason,
  };
}
