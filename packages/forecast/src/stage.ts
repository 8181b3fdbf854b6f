import { EntryKind, ReasonCode, type Fault, type ForecastPart, type Frame } from '@bellwether/contracts';
import { present, type Stage } from '@bellwether/kernel';

/** Nothing is remembered: a caller's forecast is good for its own signal only. */
export type ForecastStageState = Readonly<Record<string, never>>;

const LOGIC_VERSION = 1;

/**
 * P(price higher in 15 minutes), or why there is none (architecture.md section 10). No model is loaded in this version:
 * the only forecast is the one that a caller sends with its signal.
 */
export const stage: Stage<ForecastStageState, 'forecast'> = {
  name: 'forecast',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => ({}),
  apply: (state, frame) => ({ state, part: partOf(frame) }),
  faulted: (fault: Fault) => ({ ...without(ReasonCode.STAGE_FAULT), fault }),
};

function partOf(frame: Frame): ForecastPart {
  const { kind, signal } = present(frame.entry, 'the entry of a frame');
  if (kind !== EntryKind.BAR && kind !== EntryKind.SIGNAL) return NOT_ASKED;
  const cloud = signal?.cloud ?? null;
  // A number that is no probability, or one of nobody's model, counts as missing.
  if (cloud === null || !(cloud.p >= 0 && cloud.p <= 1) || cloud.source_model_id === '') {
    return NO_MODEL;
  }
  return {
    ...without(ReasonCode.CALLER_FORECAST),
    p_cloud: cloud.p,
    // 0.7 p_cloud + 0.3 p_online when both are there; there is only the one half.
    p_final: cloud.p,
    caller_model_id: cloud.source_model_id,
  };
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
  };
}
