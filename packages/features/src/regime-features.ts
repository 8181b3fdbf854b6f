import { ReasonCode } from '@bellwether/contracts';
import { choppinessOf, varianceRatioOf } from '@bellwether/indicators';
import type { FeatureContext } from './feature-context.js';
import { HIGH, LOW, RETURN, TRUE_RANGE } from './indicator-run.js';
import { AT, put, type VectorDraft } from './vector-draft.js';

const CHOP_RINGS = { high: HIGH, low: LOW, true_range: TRUE_RANGE } as const;

/** R1 to R4. */
export function putRegimeFeatures(draft: VectorDraft, { history, indicators }: FeatureContext): void {
  const { windows } = history.run;
  const { rv30_percentile, er30 } = indicators;
  const variance = varianceRatioOf(windows, RETURN, 120, 5);
  const chop = choppinessOf(windows, CHOP_RINGS, 30);
  put(draft, AT.R1, rv30_percentile === null ? null : 2 * rv30_percentile - 1, ReasonCode.WARM_UP);
  put(draft, AT.R2, er30 === null ? null : 2 * er30 - 1, ReasonCode.WARM_UP);
  put(draft, AT.R3, variance === null ? null : Math.tanh(variance - 1), ReasonCode.WARM_UP);
  // Between 0 and 1 before it is turned: jumps over a break make the index leave that range.
  const share = chop === null ? null : Math.max(0, Math.min(1, chop / 100));
  put(draft, AT.R4, share === null ? null : 1 - 2 * share, ReasonCode.UNDEFINED);
}
