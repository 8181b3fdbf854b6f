import {
  Action,
  OrderTypeName,
  PolicyName,
  REASONS,
  ReasonCode,
  SideName,
  type BookConfig,
  type Frame,
  type OrderIntent,
} from '@bellwether/contracts';
import { chosenCandidate, featureId, present } from '@bellwether/kernel';
import { ticksToPoints, type Instrument } from '@bellwether/market';
import { TRADE_ACTIONS, type SignalAnswer } from '../schema/signal-answer.js';
import { isoText } from '@bellwether/events';
import {
  decisionIdOf,
  entryIntent,
  instrumentOfFrame,
  isSynthetic,
  milliseconds,
  originName,
  missingReason,
  regimeName,
  strategyLabel,
  usd,
} from './decision.js';
import { plainMessage } from './plain.js';

const ACTION_LABELS = {
  [Action.UNSPECIFIED]: 'NONE',
  [Action.NONE]: 'NONE',
  [Action.HOLD]: 'HOLD',
  [Action.BUY]: 'BUY',
  [Action.SELL]: 'SELL',
  [Action.EXIT]: 'EXIT',
} as const satisfies Record<Action, string>;

/** What is known of a call apart from its decision. */
export interface SignalCall {
  readonly book: string;
  readonly signal_id: string;
  readonly symbol: string;
  readonly latency_us: number;
}

export type AbandonEffect = SignalAnswer['abandon_effect'];

function latency(call: SignalCall): Pick<SignalAnswer, 'latency_ms' | 'latencyMs'> {
  const ms = milliseconds(call.latency_us);
  return { latency_ms: ms, latencyMs: ms };
}

/**
 * The answer at the deadline: hold, and ask again. `journaled` says whether the abandon entry is stored;
 * null: not known.
 */
export function timeoutAnswer(call: SignalCall, journaled: true | null): SignalAnswer {
  const { name, meaning, next } = REASONS[ReasonCode.TIMEOUT];
  return {
    action: 'HOLD',
    size: 0,
    final: false,
    reason: name,
    reason_text: meaning,
    next,
    signal_id: call.signal_id,
    book: call.book,
    symbol: call.symbol,
    decision_id: null,
    decisionId: null,
    feature_id: null,
    seq: null,
    strategy_id: null,
    side: null,
    confidence: null,
    confidence_reason: REASONS[ReasonCode.NO_MODEL].name,
    regime: null,
    regime_reason: name,
    gate: false,
    regime_gate_open: null,
    policy: null,
    p_cloud: null,
    p_online: null,
    p_final: null,
    forecast_reason: name,
    ucb: null,
    ucb_reason: name,
    proposedContracts: null,
    finalContracts: 0,
    risk: null,
    management_plan: null,
    managementPlan: null,
    valid_until: null,
    valid_until_us: null,
    headroom_usd: null,
    headroom_after_usd: null,
    abandoned: journaled,
    abandon_effect: journaled === true ? 'pending' : null,
    synthetic: null,
    data_origin: null,
    ...latency(call),
  };
}

/** The answer that a decision gives. `effect` is null where the call was never given up on. */
export function signalAnswer(
  call: SignalCall,
  frame: Frame,
  config: BookConfig,
  effect: AbandonEffect,
): SignalAnswer {
  const risk = present(frame.risk, 'the risk part of a decision');
  const { name, meaning, next } = REASONS[risk.reason];
  const instrument = instrumentOfFrame(frame);
  const chosen = chosenCandidate(frame);
  const intent = entryIntent(frame);
  const decision = decisionIdOf(frame);
  const enters = (risk.action === Action.BUY || risk.action === Action.SELL) && risk.size > 0;
  const side = intent?.side ?? chosen?.setup?.side;
  return {
    action: ACTION_LABELS[risk.action],
    size: risk.size,
    final: true,
    reason: name,
    reason_text: meaning,
    next,
    signal_id: call.signal_id,
    book: call.book,
    symbol: call.symbol,
    decision_id: decision,
    decisionId: decision,
    feature_id: featureId(frame.book, frame.seq),
    seq: frame.seq,
    strategy_id: strategyLabel(chosen?.setup?.strategy ?? intent?.strategy),
    side: side === undefined ? null : SideName[side].toUpperCase(),
    confidence: null,
    confidence_reason: REASONS[ReasonCode.NO_MODEL].name,
    regime: regimeName(frame.regime),
    regime_reason: regimeName(frame.regime) === null ? missingReason(frame.regime?.reason) : null,
    gate: enters,
    regime_gate_open: frame.regime?.gate_open ?? null,
    policy: PolicyName[risk.policy],
    ...forecast(frame),
    ucb: chosen?.ucb ?? null,
    ucb_reason: ucbReason(frame),
    proposedContracts: frame.sizing?.proposed_contracts ?? null,
    finalContracts: risk.size,
    risk: riskBlock(frame, instrument, config),
    ...plans(frame, intent, instrument, config.management !== null),
    valid_until: risk.valid_until_us === null ? null : isoText(risk.valid_until_us),
    valid_until_us: risk.valid_until_us,
    headroom_usd: risk.headroom_cents === null ? null : usd(risk.headroom_cents),
    headroom_after_usd: risk.headroom_after_cents === null ? null : usd(risk.headroom_after_cents),
    abandoned: effect !== null,
    abandon_effect: effect,
    synthetic: isSynthetic(frame),
    data_origin: originName(frame.origin),
    ...latency(call),
  };
}

function forecast({
  forecast,
}: Frame): Pick<SignalAnswer, 'p_cloud' | 'p_online' | 'p_final' | 'forecast_reason'> {
  const [p_cloud, p_online, p_final] = [
    forecast?.p_cloud ?? null,
    forecast?.p_online ?? null,
    forecast?.p_final ?? null,
  ];
  const missing = p_cloud === null || p_online === null || p_final === null;
  return { p_cloud, p_online, p_final, forecast_reason: missing ? missingReason(forecast?.reason) : null };
}

/** A chosen arm without a score has too few trades to have one. */
function ucbReason(frame: Frame): string | null {
  const chosen = chosenCandidate(frame);
  if (chosen === null) return missingReason(frame.bandit?.reason);
  return chosen.ucb === null ? REASONS[ReasonCode.WARM_UP].name : null;
}

function stopPoints(frame: Frame, instrument: Instrument | null): number | null {
  const ticks = frame.sizing?.stop_distance_ticks ?? null;
  return ticks === null || instrument === null ? null : ticksToPoints(ticks, instrument.tick_size_e4);
}

function riskBlock(frame: Frame, instrument: Instrument | null, config: BookConfig): SignalAnswer['risk'] {
  const stop_points = stopPoints(frame, instrument);
  const point_value =
    instrument === null ? null : usd(instrument.tick_value_cents) / ticksToPoints(1, instrument.tick_size_e4);
  const soft = config.limits?.daily_soft_loss_cents ?? null;
  const pnl = frame.portfolio?.day?.pnl_cents ?? null;
  const remaining = soft === null || pnl === null ? null : usd(Math.max(0, soft + pnl));
  return {
    stop_points,
    point_value,
    daily_soft_loss_remaining_usd: remaining,
    checks: (frame.risk?.checks ?? []).map((check) => plainMessage(check, 'checks', null)),
    stopPoints: stop_points,
    pointValue: point_value,
    dailySoftLossRemaining: remaining,
  };
}

function plans(
  frame: Frame,
  intent: OrderIntent | null,
  instrument: Instrument | null,
  managed: boolean,
): Pick<SignalAnswer, 'management_plan' | 'managementPlan'> {
  if (intent === null) return { management_plan: null, managementPlan: null };
  const points = (ticks: number | null): number | null =>
    ticks === null ? null : ticksToPoints(ticks, intent.tick_size_e4);
  const plan = frame.risk?.plan ?? null;
  // Without trade management a holder may let the plan run, or close and report it by /v1/close.
  const actions = managed ? [...TRADE_ACTIONS] : (['Hold', 'Close'] as const).slice();
  return {
    management_plan: {
      order_type: OrderTypeName[intent.order_type],
      trigger: points(intent.trigger_ticks),
      entry: points(plan?.entry_ticks ?? null),
      stop: points(intent.stop_ticks),
      tp1: points(plan?.tp1_ticks ?? null),
      break_even: points(plan?.break_even_ticks ?? null),
      target: points(intent.target_ticks),
      trail_atr: plan?.trail_atr ?? null,
      risk_usd: plan === null ? null : usd(plan.risk_cents),
      tp1_at_r: intent.tp1_r,
      tp1_contracts: intent.tp1_quantity,
      time_stop_s: intent.time_stop_us === null ? null : intent.time_stop_us / 1_000_000,
      flat_by: intent.flat_by_us === null ? null : isoText(intent.flat_by_us),
      entry_expires: isoText(intent.expires_us),
      allowed_actions: actions,
    },
    managementPlan: {
      tp1AtR: intent.tp1_r,
      stopPoints: stopPoints(frame, instrument),
      allowedActions: actions,
    },
  };
}
