import { ReasonCode, type AuxVector } from '@bellwether/contracts';
import { presentAt } from '@bellwether/kernel';
import { AUX_NUMBERS, AUX_SCHEMA_SHA256, AUX_SET_VERSION } from './aux-set.js';

/** The numbers while they are put together. */
export interface AuxDraft {
  /** A number where its reason is OK. */
  readonly values: number[];
  readonly reasons: ReasonCode[];
}

/** Lists that begin as fractions stay plain doubles; one of whole numbers is made anew by each reader that met fractions. */
const FRACTIONS: readonly number[] = Array.from({ length: AUX_NUMBERS.length }, () => 0.5);

export function emptyAuxDraft(): AuxDraft {
  return { values: FRACTIONS.slice(), reasons: AUX_NUMBERS.map(() => ReasonCode.UNDEFINED) };
}

/** Puts a number in its place, or the reason why there is none. */
export function putAux(draft: AuxDraft, at: number, value: number | null, missing: ReasonCode): void {
  // In a frame zero has no sign, and a part with one is copied whole: a sum with 0 has none.
  draft.values[at] = value === null ? 0 : value + 0;
  draft.reasons[at] = value === null ? missing : ReasonCode.OK;
}

/** One reason for places from `from` on, up to and with `to`. */
export function maskAux(draft: AuxDraft, from: number, to: number, reason: ReasonCode): void {
  for (let at = from; at <= to; at++) {
    draft.values[at] = 0;
    draft.reasons[at] = reason;
  }
}

function sameMask(reasons: readonly ReasonCode[], vector: AuxVector): boolean {
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

/** The vector of a draft; the lists that say what is missing are shared with the vector before where they are the same. */
export function auxVectorFrom({ values, reasons }: AuxDraft, before: AuxVector | null): AuxVector {
  const shared = before !== null && sameMask(reasons, before) ? before : null;
  let count = 0;
  for (let at = 0; at < values.length; at++) if (reasons[at] === ReasonCode.OK) count += 1;
  const present_value = FRACTIONS.slice(0, count);
  for (let at = 0, next = 0; next < count; at++) {
    if (reasons[at] === ReasonCode.OK) present_value[next++] = values[at]!;
  }
  if (shared !== null) {
    return {
      set_version: AUX_SET_VERSION,
      schema_sha256: AUX_SCHEMA_SHA256,
      present_index: shared.present_index,
      present_value,
      masked_index: shared.masked_index,
      masked_reason: shared.masked_reason,
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
    set_version: AUX_SET_VERSION,
    schema_sha256: AUX_SCHEMA_SHA256,
    present_index,
    present_value,
    masked_index,
    masked_reason,
  };
}

/** The number at a place, or null where it is missing. */
export function auxValue(vector: AuxVector | null, at: number): number | null {
  return vector === null ? null : presentAt(vector, at);
}
