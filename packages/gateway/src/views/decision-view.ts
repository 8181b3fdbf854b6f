import {
  EntryKindName,
  PolicyName,
  REASONS,
  ReasonCodeName,
  SideName,
  ActionName,
  type Frame,
} from '@bellwether/contracts';
import { chosenCandidate, featureId, present, symbolOf } from '@bellwether/kernel';
import type { FoundOne } from '../audit/decision-lookup.js';
import { isoText } from '@bellwether/events';
import { auditedView, headView } from './audited.js';
import {
  decisionIdOf,
  entryIntent,
  instrumentOfFrame,
  isSynthetic,
  milliseconds,
  originName,
  regimeName,
  strategyLabel,
} from './decision.js';
import type { DecisionDetail, DecisionSummary } from '../schema/decision-answer.js';
import { plainMessage } from './plain.js';
import { seedView } from './seed-view.js';

/** A decision in brief: an item of `/v1/decisions` and an event of `/v1/stream`. */
export function decisionSummary(frame: Frame, latency_us: number | null): DecisionSummary {
  const risk = present(frame.risk, 'the risk part of a decision');
  const entry = present(frame.entry, 'the entry of a frame');
  const side = entryIntent(frame)?.side ?? chosenCandidate(frame)?.setup?.side;
  const tick = instrumentOfFrame(frame)?.tick_size_e4 ?? null;
  return {
    decision_id: decisionIdOf(frame),
    feature_id: featureId(frame.book, frame.seq),
    book: frame.book,
    seq: frame.seq,
    timestamp: isoText(entry.event_us),
    event_us: entry.event_us,
    book_time_us: frame.book_time_us,
    entry_id: entry.id,
    entry_kind: EntryKindName[entry.kind],
    symbol: symbolOf(frame),
    action: ActionName[risk.action].toUpperCase(),
    size: risk.size,
    side: side === undefined ? null : SideName[side].toUpperCase(),
    strategy: strategyLabel(chosenCandidate(frame)?.setup?.strategy ?? entryIntent(frame)?.strategy),
    regime: regimeName(frame.regime),
    reason: ReasonCodeName[risk.reason],
    reason_text: REASONS[risk.reason].meaning,
    policy: PolicyName[risk.policy],
    intents: risk.intents.map((intent) => plainMessage(intent, 'intents', tick)),
    valid_until: risk.valid_until_us === null ? null : isoText(risk.valid_until_us),
    valid_until_us: risk.valid_until_us,
    latency_ms: latency_us === null ? null : milliseconds(latency_us),
    synthetic: isSynthetic(frame),
    data_origin: originName(frame.origin),
  };
}

/** All that a decision holds: the summary, the seed's audit record and the whole frame. */
export function decisionDetail({ found, head }: FoundOne): DecisionDetail {
  const { frame, latency_us } = found;
  const risk = present(frame.risk, 'the risk part of a decision');
  const tick = instrumentOfFrame(frame)?.tick_size_e4 ?? null;
  return {
    ...decisionSummary(frame, latency_us),
    ...auditedView(found),
    audit_head: headView(head),
    next: REASONS[risk.reason].next,
    seed_view: seedView(frame, latency_us),
    frame: plainMessage(frame, 'frame', tick),
  };
}
