import { ReasonCode, RegimeState, type FeatureVector, type Frame } from '@bellwether/contracts';
import type { InferenceOutput, InferenceRequest } from '@bellwether/kernel';
import {
  circumstancesOf,
  modelFor,
  policyRules,
  questionTo,
  sequenceInputs,
  type ModelInUse,
  type ModelSlots,
  type PolicyRules,
} from '@bellwether/model-slots';
import { calibrated } from '@bellwether/statistics';

/** Looks at 30 bars: `features [30, 8]` and `mask [30, 8]` in, P(price higher in 15 minutes) and the move in ATR14 out. */
export const MODEL = 'rl_model';
const OUTPUTS = 2;

export interface Said {
  readonly p_cloud: number | null;
  readonly expected_move_ticks: number | null;
  /** Why there is no number; OK where there is one. */
  readonly reason: ReasonCode;
}

export const SILENT: Said = { p_cloud: null, expected_move_ticks: null, reason: ReasonCode.NO_MODEL };

interface Known {
  readonly rules: PolicyRules;
  readonly models: ModelSlots;
}

function networkOf({ rules, models }: Known, frame: Frame, vector: FeatureVector): ModelInUse | ReasonCode {
  const config = policyRules(rules);
  if (config === null || !config.forecast) return ReasonCode.NO_MODEL;
  return modelFor(models, circumstancesOf(frame, vector, config, frame.regime?.state ?? RegimeState.UNKNOWN));
}

export function networkQuestion(
  known: Known,
  frame: Frame,
  vector: FeatureVector,
  rows: readonly (readonly number[])[] | null,
): readonly InferenceRequest[] {
  const model = networkOf(known, frame, vector);
  return typeof model === 'number' || rows === null ? [] : [questionTo(model, sequenceInputs(rows))];
}

export function networkSaid(
  known: Known,
  frame: Frame,
  vector: FeatureVector,
  outputs: readonly InferenceOutput[],
): Said {
  const model = networkOf(known, frame, vector);
  if (typeof model === 'number') return { ...SILENT, reason: model };
  const answer = outputs[0]?.outputs;
  if (answer?.length !== OUTPUTS) return { ...SILENT, reason: ReasonCode.MODEL_WARMING };
  const [p, move] = [answer[0]!, answer[1]!];
  const atr = frame.features?.indicators?.atr14_ticks ?? null;
  return {
    p_cloud: known.rules.config?.calibration === true ? calibrated(model.calibration, p) : p,
    expected_move_ticks: atr === null ? null : move * atr,
    reason: ReasonCode.OK,
  };
}
