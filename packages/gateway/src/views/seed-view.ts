import { ReasonCode, ReasonCodeName, type Frame } from '@bellwether/contracts';
import { chosenCandidate, symbolOf } from '@bellwether/kernel';
import type { SeedView } from '../schema/decision-answer.js';
import { isoText } from '@bellwether/events';
import { milliseconds, missingReason, regimeName, strategyLabel } from './decision.js';

/**
 * A decision under the names of the seed's audit record (seed.md, "Decision Audit Trail"). What is missing is
 * null, and a field of the same name with `_reason` says why.
 */
export function seedView(frame: Frame, latency_us: number | null): SeedView {
  const chosen = chosenCandidate(frame);
  const view = {
    timestamp: frame.entry === null ? null : isoText(frame.entry.event_us),
    symbol: symbolOf(frame),
    regime: regimeName(frame.regime),
    strategy_selected: strategyLabel(chosen?.setup?.strategy),
    ucb_confidence: chosen?.ucb ?? null,
    ml_prediction: frame.forecast?.p_final ?? null,
    sac_size: frame.sizing?.multiplier ?? null,
    final_size: frame.risk?.size ?? null,
    risk_reason: frame.risk === null ? null : ReasonCodeName[frame.risk.reason],
    latency_ms: latency_us === null ? null : milliseconds(latency_us),
  };
  const notChosen = missingReason(frame.bandit?.reason);
  const reasons: Readonly<Record<string, string>> = {
    timestamp: missingReason(undefined),
    symbol: ReasonCodeName[ReasonCode.NOT_ASKED],
    regime: missingReason(frame.regime?.reason),
    strategy_selected: notChosen,
    // A chosen arm without a score has too few trades to have one.
    ucb_confidence: chosen === null ? notChosen : ReasonCodeName[ReasonCode.WARM_UP],
    ml_prediction: missingReason(frame.forecast?.reason),
    sac_size: missingReason(frame.sizing?.multiplier_reason),
    final_size: missingReason(undefined),
    risk_reason: missingReason(undefined),
    latency_ms: missingReason(undefined),
  };
  const why = Object.entries(view)
    .filter(([, value]) => value === null)
    .map(([name]) => [`${name}_reason`, reasons[name] ?? missingReason(undefined)] as const);
  return { ...view, ...Object.fromEntries(why) };
}
