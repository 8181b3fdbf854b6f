import { RegimeState, Side, type FeatureVector, type Setup } from '@bellwether/contracts';
import { FEATURE_COUNT, fillVector } from './inputs.js';

const REGIMES = [
  RegimeState.CALM_TREND,
  RegimeState.CALM_CHOP,
  RegimeState.HIGHVOL_TREND,
  RegimeState.HIGHVOL_CHOP,
];
const ARMS = 12;
/** Regime, arm, side, forecast for the side, stop in ATR. */
const OWN_COUNT = REGIMES.length + ARMS + 3;
export const CONFIDENCE_COUNT = FEATURE_COUNT + OWN_COUNT;

export interface ConfidenceQuestion {
  readonly vector: FeatureVector;
  readonly regime: RegimeState;
  readonly setup: Setup;
  /** P(price higher); null without a forecast. */
  readonly p_up: number | null;
  /** Null where the indicator is missing. */
  readonly atr_ticks: number | null;
}

/**
 * `features [62]`, `mask [62]`: the 43 features, four places for the regime, twelve for the arm, then side (+1, -1), the
 * forecast for that side less one half, and the distance to the stop in ATR14, over 4.
 */
export function confidenceInputs({
  vector,
  regime,
  setup,
  p_up,
  atr_ticks,
}: ConfidenceQuestion): Float32Array {
  const inputs = new Float32Array(2 * CONFIDENCE_COUNT);
  const features = new Float32Array(2 * FEATURE_COUNT);
  fillVector(features, vector);
  inputs.set(features.subarray(0, FEATURE_COUNT), 0);
  inputs.set(features.subarray(FEATURE_COUNT), CONFIDENCE_COUNT);
  const put = (at: number, value: number): void => {
    inputs[FEATURE_COUNT + at] = value;
    inputs[CONFIDENCE_COUNT + FEATURE_COUNT + at] = 1;
  };
  REGIMES.forEach((one, i) => {
    put(i, one === regime ? 1 : 0);
  });
  for (let arm = 1; arm <= ARMS; arm++) put(REGIMES.length + arm - 1, setup.strategy === arm ? 1 : 0);
  const sign = setup.side === Side.LONG ? 1 : -1;
  const own = REGIMES.length + ARMS;
  put(own, sign);
  if (p_up !== null) put(own + 1, sign * (p_up - 0.5));
  if (atr_ticks !== null && atr_ticks > 0) put(own + 2, stopTicks(setup) / atr_ticks / 4);
  return inputs;
}

function stopTicks(setup: Setup): number {
  return Math.abs(setup.entry_ticks - setup.stop_ticks);
}
