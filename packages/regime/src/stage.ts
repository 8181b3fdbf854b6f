import {
  ReasonCode,
  RegimeMethod,
  RegimeState,
  type Bar,
  type Fault,
  type FeaturesPart,
  type Frame,
  type RegimePart,
} from '@bellwether/contracts';
import {
  present,
  type Applied,
  type InferenceOutput,
  type InferenceRequest,
  type Stage,
} from '@bellwether/kernel';
import { instrumentOf, sessionAt } from '@bellwether/market';
import {
  NO_RULES,
  afterPromotion,
  probeOf,
  promotionReason,
  rulesAfter,
  type ModelSlots,
  type PolicyRules,
} from '@bellwether/model-slots';
import { MODEL, classified, modelQuestion } from './model-classifier.js';
import { afterGap, observe, type RegimeMemory } from './state-machine.js';

/** One memory a symbol, in the order in which the symbols first came. There are as many as instruments. */
export interface RegimeStageState {
  readonly symbols: readonly RegimeMemory[];
  readonly rules: PolicyRules;
  readonly models: ModelSlots;
}

const LOGIC_VERSION = 3;

/** Which of four states the market of one symbol is in, once a bar, and whether the gate is open (domain.md 5). */
export const stage: Stage<RegimeStageState, 'regime'> = {
  name: 'regime',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => ({ symbols: [], rules: NO_RULES, models: [] }),
  prepare: (state, frame) => questions(state, frame),
  apply: (before, frame, outputs) => {
    const entry = present(frame.entry, 'the entry of a frame');
    const { bar, signal } = entry;
    if (bar !== null) return onBar(before, frame, bar, outputs);
    if (signal !== null) return { state: before, part: onSignal(before, frame, signal.symbol) };
    const state = informed(before, frame);
    const model_reason = promotionReason(entry, MODEL);
    return { state, part: model_reason === null ? NOT_ASKED : { ...NOT_ASKED, model_reason } };
  },
  faulted: (fault: Fault) => ({ ...closed(null, ReasonCode.STAGE_FAULT), fault }),
};

/** The state with what a release, a promotion or a change of mode says. */
function informed(state: RegimeStageState, frame: Frame): RegimeStageState {
  const entry = present(frame.entry, 'the entry of a frame');
  const rules = rulesAfter(state.rules, entry);
  const models = afterPromotion(state.models, entry, MODEL);
  return rules === state.rules && models === state.models ? state : { ...state, rules, models };
}

function questions(state: RegimeStageState, frame: Frame): readonly InferenceRequest[] {
  const entry = present(frame.entry, 'the entry of a frame');
  if (entry.bar === null) return probeOf(entry, MODEL);
  return refusal(frame.features) === null ? modelQuestion(state, frame) : [];
}

/** Why the features of this frame cannot be used, or null. */
function refusal(features: FeaturesPart | null): ReasonCode | null {
  if (features === null || features.fault !== null) return ReasonCode.STAGE_FAULT;
  return features.reason === ReasonCode.OK ? null : features.reason;
}

function memoryOf(state: RegimeStageState, symbol: string): RegimeMemory | null {
  return state.symbols.find((memory) => memory.symbol === symbol) ?? null;
}

function onBar(
  state: RegimeStageState,
  frame: Frame,
  bar: Bar,
  outputs: readonly InferenceOutput[],
): Applied<RegimeStageState, 'regime'> {
  const memory = memoryOf(state, bar.symbol);
  const refused = refusal(frame.features);
  if (refused !== null) return { state, part: closed(memory, refused) };
  if (instrumentOf(bar.symbol) === null) return { state, part: closed(null, ReasonCode.UNKNOWN_SYMBOL) };

  const said = classified(state, frame, outputs);
  const next = observe(memory, {
    symbol: bar.symbol,
    trade_date: sessionAt(bar.open_us)?.trade_date ?? 0,
    open_us: bar.open_us,
    close_us: bar.open_us + bar.interval_us,
    interval_us: bar.interval_us,
    probabilities: said.probabilities,
  });
  const symbols =
    memory === null
      ? [...state.symbols, next]
      : state.symbols.map((known) => (known === memory ? next : known));
  const { rules, models } = state;
  return {
    state: { symbols, rules, models },
    part: spoken(next, next.reason, said.method, said.model_reason),
  };
}

/** Repeats what the last bar said, unless no bar can follow that one without a gap any more. */
function onSignal(state: RegimeStageState, frame: Frame, symbol: string): RegimePart {
  const memory = memoryOf(state, symbol);
  const refused = refusal(frame.features);
  if (refused !== null) return closed(memory, refused);
  const now_us = present(frame.entry, 'the entry of a frame').event_us;
  if (memory === null || outdated(memory, now_us)) return closed(null, ReasonCode.REGIME_UNKNOWN);
  return spoken(memory);
}

function outdated(memory: RegimeMemory, now_us: number): boolean {
  const session = sessionAt(now_us);
  if (session !== null && session.trade_date > memory.trade_date) return true;
  // The newest bar that can be complete by now opened one interval ago.
  return afterGap(memory, now_us - memory.interval_us);
}

function spoken(
  memory: RegimeMemory,
  reason: ReasonCode = memory.reason,
  method: RegimeMethod = RegimeMethod.RULE,
  model_reason: ReasonCode | null = null,
): RegimePart {
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    method,
    state: memory.state,
    gate_open: reason === ReasonCode.OK,
    probabilities: memory.probabilities,
    pending: memory.pending,
    pending_since_us: memory.pending_since_us,
    state_since_us: memory.state_since_us,
    model_reason,
  };
}

/** The gate is closed for another reason than the machine's own. */
function closed(memory: RegimeMemory | null, reason: ReasonCode): RegimePart {
  if (memory !== null) return spoken(memory, reason);
  return { ...silent(reason), method: RegimeMethod.RULE, state: RegimeState.UNKNOWN };
}

/** The frame is about no market. */
function silent(reason: ReasonCode): RegimePart {
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    method: RegimeMethod.UNSPECIFIED,
    state: RegimeState.UNSPECIFIED,
    gate_open: false,
    probabilities: [],
    pending: null,
    pending_since_us: null,
    state_since_us: null,
    model_reason: null,
  };
}

/** The same object each time: its bytes need not be written anew. */
const NOT_ASKED = silent(ReasonCode.NOT_ASKED);
