import { CalibrationMethod, PromotionCause, RegimeState, type ModelPromotion } from '@bellwether/contracts';
import { widthOf, type Manifest, type ModelRegime } from './manifest.js';

const METHODS: Readonly<Record<Manifest['calibration']['method'], CalibrationMethod>> = {
  identity: CalibrationMethod.IDENTITY,
  platt: CalibrationMethod.PLATT,
  beta: CalibrationMethod.BETA,
  isotonic: CalibrationMethod.ISOTONIC,
  temperature: CalibrationMethod.TEMPERATURE,
};

/** The regime that a variant is for, as stages call it. */
export const REGIME_OF_MODEL: Readonly<Record<ModelRegime, RegimeState>> = {
  calm_trend: RegimeState.CALM_TREND,
  calm_chop: RegimeState.CALM_CHOP,
  highvol_trend: RegimeState.HIGHVOL_TREND,
  highvol_chop: RegimeState.HIGHVOL_CHOP,
};

const regimeOf = (regime: ModelRegime | null): RegimeState =>
  regime === null ? RegimeState.UNSPECIFIED : REGIME_OF_MODEL[regime];

/** What a journal entry says of a model that takes its place. */
export function promotionFor(manifest: Manifest, cause: PromotionCause, note: string): ModelPromotion {
  return {
    model: manifest.name,
    regime: regimeOf(manifest.regime),
    version: manifest.version,
    sha256: manifest.sha256,
    schema_hash: manifest.schema_hash,
    inputs: widthOf(manifest.inputs),
    outputs: widthOf(manifest.outputs),
    trained_on_synthetic: manifest.trained_on === 'synthetic',
    calibration: METHODS[manifest.calibration.method],
    calibration_parameters: manifest.calibration.parameters,
    trained_until_us: manifest.trained_until_us,
    cause,
    note,
  };
}

/** What a journal entry says where nothing is asked any more. */
export function retirementOf(name: string, regime: ModelRegime | null, note: string): ModelPromotion {
  return {
    model: name,
    regime: regimeOf(regime),
    version: '',
    sha256: '',
    schema_hash: '',
    inputs: 0,
    outputs: 0,
    trained_on_synthetic: false,
    calibration: CalibrationMethod.UNSPECIFIED,
    calibration_parameters: [],
    trained_until_us: 0,
    cause: PromotionCause.RETIRED,
    note,
  };
}
