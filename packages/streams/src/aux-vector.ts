import { ReasonCode, type AuxVector } from '@bellwether/contracts';
import { AUX_NUMBERS, AUX_SCHEMA_SHA256, AUX_SET_VERSION } from './aux-set.js';

/** The numbers while they are put together. */
export interface AuxDraft {
  /** A number where its reason is OK. */
  readonly values: number[];
  readonly reasons: ReasonCode[];
}

export function emptyAuxDraft(): AuxDraft {
  return { values: AUX_NUMBERS.map(() => 0), reasons: AUX_NUMBERS.map(() => ReasonCode.UNDEFINED) };
}

/** Puts a number in its place, or the reason why there is none. */
export function putAux(draft: AuxDraft, at: number, value: number | null, missing: ReasonCode): void {
  draft.values[at] = value ?? 0;
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
  const present_value = values.slice(0, count);
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
  const places = reasons.map((_, at) => at);
  return {
    set_version: AUX_SET_VERSION,
    schema_sha256: AUX_SCHEMA_SHA256,
    present_index: places.filter((at) => reasons[at] === ReasonCode.OK),
    present_value,
    masked_index: places.filter((at) => reasons[at] !== ReasonCode.OK),
    masked_reason: reasons.filter((reason) => reason !== ReasonCode.OK),
  };
}

/** The number at a place, or null where it is missing. */
export function auxValue(vector: AuxVector | null, at: number): number | null {
  if (vector === null) return null;
  const found = vector.present_index.indexOf(at);
  return found === -1 ? null : vector.present_value[found]!;
}
