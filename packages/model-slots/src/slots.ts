import {
  CalibrationMethod,
  DataOrigin,
  PromotionCause,
  ReasonCode,
  RegimeState,
  type Entry,
  type FeatureVector,
  type Frame,
  type ModelPromotion,
  type ModelsConfig,
} from '@bellwether/contracts';
import type { InferenceRequest } from '@bellwether/kernel';
import { IDENTITY, mapOfFlat, type CalibrationMap, type FlatMap } from '@bellwether/statistics';

/** A model that took its place by an entry of the journal. */
export interface ModelInUse {
  readonly model: string;
  /** The regime it is for; unspecified for all. */
  readonly regime: RegimeState;
  readonly version: string;
  readonly sha256: string;
  readonly schema_hash: string;
  /** Numbers of a question and of an answer. */
  readonly inputs: number;
  readonly outputs: number;
  readonly synthetic: boolean;
  readonly trained_until_us: number;
  readonly calibration: CalibrationMap;
}

/** The models of one stage: one for each place, at most one for each regime besides. */
export type ModelSlots = readonly ModelInUse[];

const METHODS: Readonly<Record<CalibrationMethod, FlatMap['method']>> = {
  [CalibrationMethod.UNSPECIFIED]: 'identity',
  [CalibrationMethod.IDENTITY]: 'identity',
  [CalibrationMethod.PLATT]: 'platt',
  [CalibrationMethod.BETA]: 'beta',
  [CalibrationMethod.ISOTONIC]: 'isotonic',
  [CalibrationMethod.TEMPERATURE]: 'temperature',
};

/** A model as a stage keeps it. */
export function modelInUse(promotion: ModelPromotion): ModelInUse {
  return {
    model: promotion.model,
    regime: promotion.regime,
    version: promotion.version,
    sha256: promotion.sha256,
    schema_hash: promotion.schema_hash,
    inputs: promotion.inputs,
    outputs: promotion.outputs,
    synthetic: promotion.trained_on_synthetic,
    trained_until_us: promotion.trained_until_us,
    // A promotion is verified before its entry is written: numbers that make no map are none of ours.
    calibration:
      mapOfFlat({ method: METHODS[promotion.calibration], parameters: promotion.calibration_parameters }) ??
      IDENTITY,
  };
}

/** The promotion of an entry where it is about this model, or null. A review is for the record: it changes nothing. */
export function promotionOf({ model: promotion }: Entry, model: string): ModelPromotion | null {
  if (promotion?.model !== model || promotion.cause === PromotionCause.REVIEWED) return null;
  return promotion;
}

/** The places after a promotion; the same list where it is not about this model. */
export function afterPromotion(slots: ModelSlots, entry: Entry, model: string): ModelSlots {
  const promotion = promotionOf(entry, model);
  if (promotion === null) return slots;
  const others = slots.filter(({ regime }) => regime !== promotion.regime);
  return promotion.version === '' ? others : [...others, modelInUse(promotion)];
}

/**
 * A question to the model that an entry promotes: all zeros. Whoever cannot load the model stops here, before anything was
 * decided with it, and its answer in the frame shows that it was there.
 */
export function probeOf(entry: Entry, model: string): readonly InferenceRequest[] {
  const promotion = promotionOf(entry, model);
  if (promotion === null || promotion.version === '') return [];
  const { version, sha256, inputs } = promotion;
  return [
    { model: placeOf(promotion.model, promotion.regime), version, sha256, inputs: new Float32Array(inputs) },
  ];
}

const REGIME_NAMES: Readonly<Partial<Record<RegimeState, string>>> = {
  [RegimeState.CALM_TREND]: 'calm_trend',
  [RegimeState.CALM_CHOP]: 'calm_chop',
  [RegimeState.HIGHVOL_TREND]: 'highvol_trend',
  [RegimeState.HIGHVOL_CHOP]: 'highvol_chop',
};

/** Where the registry keeps it: `rl_model`, or `rl_model@calm_chop` for one regime. */
export function placeOf(model: string, regime: RegimeState): string {
  const name = REGIME_NAMES[regime];
  return name === undefined ? model : `${model}@${name}`;
}

/** What a stage says of an entry that promotes its model; null where it does not. */
export function promotionReason(entry: Entry, model: string): ReasonCode | null {
  const promotion = promotionOf(entry, model);
  if (promotion === null) return null;
  return promotion.version === '' ? ReasonCode.MODEL_LEFT : ReasonCode.MODEL_TAKEN;
}

export interface Circumstances {
  readonly config: ModelsConfig;
  readonly regime: RegimeState;
  /** Of the features in this frame. */
  readonly schema_hash: string;
  readonly synthetic: boolean;
  /** Market time. */
  readonly now_us: number;
}

/** The circumstances of a frame; `regime` is unspecified where a model is of none. */
export function circumstancesOf(
  { origin, book_time_us }: Frame,
  vector: FeatureVector,
  config: ModelsConfig,
  regime: RegimeState,
): Circumstances {
  return {
    config,
    regime,
    schema_hash: vector.schema_sha256,
    synthetic: origin === DataOrigin.SYNTHETIC,
    now_us: book_time_us,
  };
}

/** The model to ask, that of the regime before the general one; or why none is asked. */
export function modelFor(slots: ModelSlots, about: Circumstances): ModelInUse | ReasonCode {
  const own = about.config.regime_variants ? slots.find(({ regime }) => regime === about.regime) : undefined;
  const general = slots.find(({ regime }) => regime === RegimeState.UNSPECIFIED);
  let reason: ReasonCode = ReasonCode.NO_MODEL;
  for (const model of [own, general]) {
    if (model === undefined) continue;
    const refused = refusalOf(model, about);
    if (refused === null) return model;
    reason = refused;
  }
  return reason;
}

/** Why a model is not asked under these circumstances, or null. */
export function refusalOf(
  model: ModelInUse,
  { config, schema_hash, synthetic, now_us }: Circumstances,
): ReasonCode | null {
  if (model.synthetic && !synthetic && !config.allow_synthetic) return ReasonCode.TRAINED_ON_SYNTHETIC;
  if (model.schema_hash !== schema_hash) return ReasonCode.MODEL_SCHEMA;
  if (now_us - model.trained_until_us > config.stale_after_us) return ReasonCode.MODEL_STALE;
  return null;
}

export function questionTo(model: ModelInUse, inputs: Float32Array): InferenceRequest {
  const { version, sha256 } = model;
  return { model: placeOf(model.model, model.regime), version, sha256, inputs };
}
