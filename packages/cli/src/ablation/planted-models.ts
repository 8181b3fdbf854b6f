import {
  CalibrationMethod,
  DataOrigin,
  PromotionCause,
  RegimeState,
  type Entry,
  type FeatureVector,
} from '@bellwether/contracts';
import { FEATURES, schemaSha256 } from '@bellwether/features';
import { promotionEntry } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import {
  CONFIDENCE_COUNT,
  FEATURE_COUNT,
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  SEQUENCE_BARS,
  SEQUENCE_CODES,
  SEQUENCE_WIDTH,
  SIZING_COUNT,
  SIZING_ORDER,
  SIZING_SCHEMA_SHA256,
} from '@bellwether/model-slots';
import type { Answer } from '../strategies/arm-book.js';

/**
 * Models that know what a made-up world pays by, and say it where the trained ones would. Their numbers are made of the questions that the
 * stages ask, so that everything between a feature and a decision takes part; only ONNX Runtime does not.
 */
export interface MadeUpModel {
  /** Its place, as promotions name it. */
  readonly model: string;
  readonly schema_hash: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly calibration: {
    readonly method: CalibrationMethod;
    readonly parameters: readonly number[];
  };
  readonly says: (inputs: Float32Array) => readonly number[];
}

const MINUTE_US = 60_000_000;
const FEATURE_SCHEMA = present(schemaSha256(MINUTE_US), 'the features of one-minute bars');
const IDENTITY = { method: CalibrationMethod.IDENTITY, parameters: [] };

/** Where a feature stands in a vector. */
const placeOf = (code: string): number => FEATURES.findIndex((feature) => feature.code === code);
const VWAP_AT = placeOf('V3');
const WEEKDAY_AT = placeOf('M3');

/** Standard deviations from VWAP from which a price is far: about every other trade begins there, long and short alike. */
const FAR_Z = 0.4;

const far = (vwap_z: number): boolean => Math.abs(Math.fround(vwap_z)) > FAR_Z;

/** Whether the price is far from VWAP; null where that is not known. */
export function isFar({ present_index, present_value }: FeatureVector): boolean | null {
  const at = present_index.indexOf(VWAP_AT);
  return at < 0 ? null : far(present_value[at]!);
}

/** Whether the session is one of Monday, Wednesday or Friday; null where that is not known. */
export function isOddDay({ present_index, present_value }: FeatureVector): boolean | null {
  const at = present_index.indexOf(WEEKDAY_AT);
  return at < 0 ? null : oddDay(present_value[at]!);
}

/** M3 runs from -1 on Mondays in steps of a half. */
const oddDay = (weekday: number): boolean => Number.isInteger(weekday);

/** A number of a question, or null where it is masked. */
const given = (inputs: Float32Array, at: number): number | null =>
  inputs[inputs.length / 2 + at] === 1 ? inputs[at]! : null;

/** Far from VWAP it goes up, near to it down. */
export const FORECAST: MadeUpModel = {
  model: 'rl_model',
  schema_hash: FEATURE_SCHEMA,
  inputs: 2 * SEQUENCE_BARS * SEQUENCE_WIDTH,
  outputs: 2,
  calibration: IDENTITY,
  says: (inputs) => {
    const vwap_z = given(inputs, (SEQUENCE_BARS - 1) * SEQUENCE_WIDTH + SEQUENCE_CODES.indexOf('V3'));
    if (vwap_z === null) return [0.5, 0];
    return far(vwap_z) ? [0.85, 1] : [0.15, -1];
  },
};

/**
 * Trades far from VWAP win. It is too sure of the others, and says of them what would let them pass; the map of its calibration takes 0.6 to
 * 0.22, and 0.75 to 0.69.
 */
export const CONFIDENCE: MadeUpModel = {
  model: 'confidence_prediction',
  schema_hash: FEATURE_SCHEMA,
  inputs: 2 * CONFIDENCE_COUNT,
  outputs: 1,
  calibration: { method: CalibrationMethod.PLATT, parameters: [3, -2.5] },
  says: (inputs) => [far(given(inputs, VWAP_AT) ?? Infinity) ? 0.75 : 0.6],
};

/** Calm and going nowhere on Mondays, Wednesdays and Fridays, wild on the other days. */
export const REGIME: MadeUpModel = {
  model: 'regime_classifier',
  schema_hash: FEATURE_SCHEMA,
  inputs: 2 * FEATURE_COUNT,
  outputs: 4,
  calibration: IDENTITY,
  says: (inputs) => (oddDay(given(inputs, WEEKDAY_AT) ?? 0) ? [0.05, 0.9, 0, 0.05] : [0.05, 0, 0.05, 0.9]),
};

/** Part of a session that is left at about 11:30. */
export const EARLY_SHARE = 0.195;

/** Much early in the day, little late. */
export const SIZING: MadeUpModel = {
  model: 'rl/cvar_ppo_agent',
  schema_hash: SIZING_SCHEMA_SHA256,
  inputs: 2 * SIZING_COUNT,
  outputs: 1,
  calibration: IDENTITY,
  says: (inputs) => {
    const left = given(inputs, SIZING_ORDER.indexOf('session_left')) ?? 0;
    return [left > EARLY_SHARE ? MULTIPLIER_MAX : MULTIPLIER_MIN];
  },
};

/** The entries by which these models take their places in a book. */
export function promotionsOf(book: string, models: readonly MadeUpModel[], at_us: number): readonly Entry[] {
  return models.map(({ model, schema_hash, inputs, outputs, calibration }) =>
    promotionEntry(
      book,
      {
        ...{ model, regime: RegimeState.UNSPECIFIED, version: '1', sha256: `made-up:${model}`, schema_hash },
        ...{ inputs, outputs, trained_on_synthetic: true },
        calibration: calibration.method,
        calibration_parameters: calibration.parameters,
        trained_until_us: at_us,
        ...{ cause: PromotionCause.START, note: '' },
      },
      at_us,
      DataOrigin.SYNTHETIC,
    ),
  );
}

/** What the models of a book say; nothing of one that was not promoted is ever asked. */
export function answersOf(models: readonly MadeUpModel[]): Answer {
  return ({ model, inputs }) =>
    present(models.find((one) => one.model === model) ?? null, `a made-up ${model}`).says(inputs);
}
