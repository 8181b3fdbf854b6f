import { ReasonCode, Side, type Frame, type Setup, type StrategyVerdict } from '@bellwether/contracts';
import { present, type InferenceOutput, type InferenceRequest } from '@bellwether/kernel';
import {
  confidenceInputs,
  circumstancesOf,
  modelFor,
  policyRules,
  questionTo,
  type ModelInUse,
  type ModelSlots,
  type PolicyRules,
} from '@bellwether/model-slots';
import { calibrated } from '@bellwether/statistics';

/** Features, regime, arm, side and forecast in, the probability that the trade ends positive net out. */
export const MODEL = 'confidence_prediction';

interface Known {
  readonly rules: PolicyRules;
  readonly models: ModelSlots;
}

/** The model to ask about the setups of a frame, or why none is; null where models do not decide. */
function modelOf({ rules, models }: Known, frame: Frame): ModelInUse | ReasonCode | null {
  const config = policyRules(rules);
  if (config === null || !config.confidence) return null;
  const { features, regime } = frame;
  const vector = features?.vector ?? null;
  if (vector === null || vector.present_index.length === 0) return ReasonCode.MODEL_INPUTS_MISSING;
  return modelFor(
    models,
    circumstancesOf(frame, vector, config, present(regime, 'a regime behind an open gate').state),
  );
}

/** One question for each setup, in their order. */
export function confidenceQuestions(
  known: Known,
  frame: Frame,
  setups: readonly Setup[],
): readonly InferenceRequest[] {
  const model = modelOf(known, frame);
  if (model === null || typeof model === 'number') return [];
  const { features, regime, forecast } = frame;
  return setups.map((setup) =>
    questionTo(
      model,
      confidenceInputs({
        vector: present(features?.vector ?? null, 'features behind an open gate'),
        regime: present(regime, 'a regime behind an open gate').state,
        setup,
        p_up: forecast?.p_final ?? null,
        atr_ticks: features?.indicators?.atr14_ticks ?? null,
      }),
    ),
  );
}

/** What the model and the forecast leave of the setups. */
export interface Confident {
  readonly setups: readonly Setup[];
  /** Of each setup that is left; null without a model. */
  readonly confidences: readonly (number | null)[];
  readonly refused: readonly StrategyVerdict[];
  /** Why there is no confidence; null where there is one, and under rules. */
  readonly reason: ReasonCode | null;
}

export function confident(
  known: Known,
  frame: Frame,
  setups: readonly Setup[],
  outputs: readonly InferenceOutput[],
): Confident {
  const config = policyRules(known.rules);
  const model = modelOf(known, frame);
  if (config === null) return { setups, confidences: setups.map(() => null), refused: [], reason: null };
  const isModel = model !== null && typeof model !== 'number';
  const asked = isModel && !config.confidence_shadow;
  const left: Setup[] = [];
  const confidences: (number | null)[] = [];
  const refused: StrategyVerdict[] = [];
  setups.forEach((setup, i) => {
    const p = asked ? (outputs[i]?.outputs[0] ?? null) : null;
    const confidence = p === null || !asked || !config.calibration ? p : calibrated(model.calibration, p);
    const reason =
      confidence !== null && confidence < config.confidence_min
        ? ReasonCode.CONFIDENCE_LOW
        : against(frame, setup, config.forecast_min)
          ? ReasonCode.FORECAST_AGAINST
          : null;
    if (reason !== null) {
      refused.push({ strategy: setup.strategy, reason });
      return;
    }
    left.push(setup);
    confidences.push(confidence);
  });
  const unused = isModel && !asked ? ReasonCode.MODEL_IN_SHADOW : null;
  return { setups: left, confidences, refused, reason: typeof model === 'number' ? model : unused };
}

/** The forecast gives the setup's side less than the book asks for. */
function against({ forecast }: Frame, { side }: Setup, least: number): boolean {
  const p = forecast?.p_final ?? null;
  if (p === null || least === 0) return false;
  return (side === Side.LONG ? p : 1 - p) < least;
}
