import { CalibrationMethod, PromotionCause, RegimeState, type ModelPromotion } from '@bellwether/contracts';

/** The place of the model that arms are chosen over. */
export const TRUNK = 'strategy_selection';
/** `features [43]`, `mask [43]` in; `hidden [64]`, `values [12]` out. */
const INPUTS = 86;
export const TRUNK_OUTPUTS = 76;
const HEX_DIGITS = 64;

const shaOf = (version: string): string => version.repeat(HEX_DIGITS);
/** Of the one that takes over in the middle. */
export const SECOND_TRUNK = shaOf('2');

/** A trunk that answers differently each time it is asked, as the model of the forecast does. */
export function trunkPromotion(version: string, schema_hash: string): ModelPromotion {
  return {
    ...{ model: TRUNK, regime: RegimeState.UNSPECIFIED, version, schema_hash },
    ...{ sha256: shaOf(version), inputs: INPUTS, outputs: TRUNK_OUTPUTS },
    ...{ trained_on_synthetic: true, trained_until_us: 0, cause: PromotionCause.PROMOTED, note: '' },
    ...{ calibration: CalibrationMethod.IDENTITY, calibration_parameters: [] },
  };
}
