import {
  EntryKind,
  ReasonCode,
  type Bar,
  type CallerForecast,
  type Fault,
  type FeatureVector,
  type ForecastPart,
  type Frame,
  type ModelsConfig,
} from '@bellwether/contracts';
import {
  present,
  type Applied,
  type InferenceOutput,
  type InferenceRequest,
  type Stage,
} from '@bellwether/kernel';
import {
  NO_RULES,
  afterPromotion,
  policyRules,
  probeOf,
  promotionReason,
  rulesAfter,
  type ModelSlots,
  type PolicyRules,
} from '@bellwether/model-slots';
import { blended } from './blend.js';
import { afterBar, sequenceWith, type ForecastMemory } from './memory.js';
import { MODEL, SILENT, networkQuestion, networkSaid, type Said } from './network.js';

/** What the last bar of a symbol was told, for the signals that follow it. */
interface Told {
  readonly symbol: string;
  readonly close_us: number;
  readonly interval_us: number;
  readonly said: Said;
  readonly p_online: number | null;
}

/** Plain data; one memory and one answer a symbol. */
export interface ForecastStageState {
  readonly rules: PolicyRules;
  readonly models: ModelSlots;
  readonly symbols: readonly ForecastMemory[];
  readonly told: readonly Told[];
}

const LOGIC_VERSION = 2;

/** P(price higher in 15 minutes), or why there is none (architecture.md section 10). */
export const stage: Stage<ForecastStageState, 'forecast'> = {
  name: 'forecast',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => ({ rules: NO_RULES, models: [], symbols: [], told: [] }),
  prepare: (state, frame) => questions(state, frame),
  apply: (state, frame, outputs) => {
    const entry = present(frame.entry, 'the entry of a frame');
    if (entry.bar !== null) return onBar(state, frame, entry.bar, outputs);
    if (entry.kind === EntryKind.SIGNAL) return { state, part: onSignal(state, frame) };
    const rules = rulesAfter(state.rules, entry);
    const models = afterPromotion(state.models, entry, MODEL);
    const model_reason = promotionReason(entry, MODEL);
    const next = rules === state.rules && models === state.models ? state : { ...state, rules, models };
    return { state: next, part: model_reason === null ? NOT_ASKED : { ...NOT_ASKED, model_reason } };
  },
  faulted: (fault: Fault) => ({ ...without(ReasonCode.STAGE_FAULT), fault }),
};

/** The features of a bar that was taken, or null. */
function vectorOf({ features }: Frame): FeatureVector | null {
  return features?.fault === null && features.reason === ReasonCode.OK ? features.vector : null;
}

function memoryOf(state: ForecastStageState, symbol: string): ForecastMemory | null {
  return state.symbols.find((memory) => memory.symbol === symbol) ?? null;
}

function questions(state: ForecastStageState, frame: Frame): readonly InferenceRequest[] {
  const entry = present(frame.entry, 'the entry of a frame');
  const { bar } = entry;
  if (bar === null) return probeOf(entry, MODEL);
  const vector = policyRules(state.rules) === null ? null : vectorOf(frame);
  if (vector === null) return [];
  return networkQuestion(state, frame, vector, sequenceWith(memoryOf(state, bar.symbol), bar, vector));
}

function onBar(
  state: ForecastStageState,
  frame: Frame,
  bar: Bar,
  outputs: readonly InferenceOutput[],
): Applied<ForecastStageState, 'forecast'> {
  const config = policyRules(state.rules);
  // Rules ask no forecast, and nothing is learned for nobody.
  if (config === null) return { state, part: NO_MODEL };
  const vector = vectorOf(frame);
  if (vector === null) return { state, part: without(frame.features?.reason ?? ReasonCode.STAGE_FAULT) };
  const memory = afterBar(memoryOf(state, bar.symbol), bar, vector, config.online);
  const told: Told = {
    symbol: bar.symbol,
    close_us: bar.open_us + bar.interval_us,
    interval_us: bar.interval_us,
    said: networkSaid(state, frame, vector, outputs),
    p_online: memory.p_online,
  };
  const next = {
    ...state,
    symbols: [...state.symbols.filter(({ symbol }) => symbol !== bar.symbol), memory],
    told: [...state.told.filter(({ symbol }) => symbol !== bar.symbol), told],
  };
  return { state: next, part: partOf(told.said, told.p_online, config) };
}

/** In shadow both answers are told, and there is no forecast. */
function partOf(said: Said, p_online: number | null, config: ModelsConfig): ForecastPart {
  const { p_final, reason } = blended(said.p_cloud, p_online, config.cloud_weight, said.reason);
  const unused = config.forecast_shadow && p_final !== null;
  return {
    ...without(unused ? ReasonCode.MODEL_IN_SHADOW : reason),
    p_cloud: said.p_cloud,
    p_online,
    p_final: unused ? null : p_final,
    expected_move_ticks: said.expected_move_ticks,
  };
}

/** Of a caller, who answers for his own forecast: what we have no evidence for says nothing beside it. */
function callerPart(
  p: number,
  caller_model_id: string,
  p_online: number | null,
  weight: number,
): ForecastPart {
  const { p_final } = blended(p, p_online, weight, ReasonCode.CALLER_FORECAST);
  return {
    ...without(ReasonCode.CALLER_FORECAST),
    ...{ p_cloud: p, p_online, p_final, caller_model_id },
    expected_move_ticks: SILENT.expected_move_ticks,
  };
}

/** A number that is no probability, or one of nobody's model, counts as missing. */
function callerOf({ entry }: Frame): CallerForecast | null {
  const cloud = entry?.signal?.cloud ?? null;
  return cloud !== null && cloud.p >= 0 && cloud.p <= 1 && cloud.source_model_id !== '' ? cloud : null;
}

/** What the last bar was told, as long as no newer bar can be complete; the caller's forecast in the network's place. */
function onSignal(state: ForecastStageState, frame: Frame): ForecastPart {
  const config = policyRules(state.rules);
  const caller = callerOf(frame);
  const { signal, event_us } = present(frame.entry, 'the entry of a frame');
  const told = state.told.find(({ symbol }) => symbol === signal?.symbol);
  const fresh = told !== undefined && event_us - told.close_us < 2 * told.interval_us ? told : null;
  const p_online = config === null ? null : (fresh?.p_online ?? null);
  if (caller !== null) {
    const own = config?.forecast_shadow === true ? null : p_online;
    return callerPart(caller.p, caller.source_model_id, own, config?.cloud_weight ?? 1);
  }
  return config === null ? NO_MODEL : partOf(fresh?.said ?? SILENT, p_online, config);
}

/** The same object each time: its bytes need not be written anew. */
const NOT_ASKED = without(ReasonCode.NOT_ASKED);
const NO_MODEL = without(ReasonCode.NO_MODEL);

function without(reason: ReasonCode): ForecastPart {
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    p_cloud: null,
    p_online: null,
    p_final: null,
    caller_model_id: null,
    expected_move_ticks: null,
    model_reason: null,
  };
}
