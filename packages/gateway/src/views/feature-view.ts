import { ReasonCodeName, type AuxVector, type FeatureVector } from '@bellwether/contracts';
import { decisionId, featureId, symbolOf } from '@bellwether/kernel';
import { AUX_NUMBERS } from '@bellwether/streams';
import type { FoundOne } from '../audit/decision-lookup.js';
import { isoText } from '@bellwether/events';
import { auditedView, headView } from './audited.js';
import { instrumentOfFrame, isSynthetic, missingReason, originName } from './decision.js';
import type { FeatureAnswer } from '../schema/feature-answer.js';
import { plainMessage } from './plain.js';

/** Groups of the 43 numbers in order (domain.md 4.3): price, volume, technical, regime, time. */
const GROUPS = [
  ['P', 12],
  ['V', 8],
  ['T', 15],
  ['R', 4],
  ['M', 4],
] as const;

const CODES: readonly string[] = GROUPS.flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
);

/** Value of each number of a vector by its index, and why it has none where it has none. */
function valuesOf(
  vector: FeatureVector | AuxVector | null,
  missing: string,
): (index: number) => { readonly value: number | null; readonly reason: string | null } {
  const values = new Map(vector?.present_index.map((index, i) => [index, vector.present_value[i]]));
  const reasons = new Map(vector?.masked_index.map((index, i) => [index, vector.masked_reason[i]]));
  return (index) => {
    const value = values.get(index) ?? null;
    const reason = reasons.get(index);
    const why = reason === undefined ? missing : ReasonCodeName[reason];
    return { value, reason: value === null ? why : null };
  };
}

/** All 43 numbers of a vector, each with its value or its reason. */
export function featureValues(vector: FeatureVector | null, missing: string): FeatureAnswer['features'] {
  const at = valuesOf(vector, missing);
  return CODES.map((code, index) => ({ index, code, ...at(index) }));
}

/** All numbers of the streams beside bars, each with its value or its reason. */
export function auxiliaryValues(vector: AuxVector | null, missing: string): FeatureAnswer['auxiliary'] {
  const at = valuesOf(vector, missing);
  return AUX_NUMBERS.map(([code, name], index) => ({ index, code, name, ...at(index) }));
}

/** `/v1/features/:id`: what a decision was made from. */
export function featureView({ found, head }: FoundOne): FeatureAnswer {
  const { frame } = found;
  const { features } = frame;
  const values = featureValues(features?.vector ?? null, missingReason(features?.reason));
  const tick = instrumentOfFrame(frame)?.tick_size_e4 ?? null;
  const indicators = features?.indicators ?? null;
  return {
    feature_id: featureId(frame.book, frame.seq),
    decision_id: decisionId(frame.book, frame.seq),
    book: frame.book,
    seq: frame.seq,
    symbol: symbolOf(frame),
    timestamp: frame.entry === null ? null : isoText(frame.entry.event_us),
    reason: features === null ? missingReason(undefined) : ReasonCodeName[features.reason],
    fault: features?.fault ? plainMessage(features.fault, 'fault', null) : null,
    feature_set_version: features?.vector?.set_version ?? null,
    schema_sha256: features?.vector?.schema_sha256 ?? null,
    present: values.filter((item) => item.value !== null).length,
    features: values,
    auxiliary: auxiliaryValues(features?.aux ?? null, missingReason(features?.reason)),
    auxiliary_set_version: features?.aux?.set_version ?? null,
    indicators: indicators === null ? null : plainMessage(indicators, 'indicators', tick),
    clock: features?.clock ? plainMessage(features.clock, 'clock', null) : null,
    synthetic: isSynthetic(frame),
    data_origin: originName(frame.origin),
    ...auditedView(found),
    audit_head: headView(head),
  };
}
