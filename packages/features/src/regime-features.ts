import { ReasonCode } from '@bellwether/contracts';
import { choppinessOf, varianceRatioOf } from '@bellwether/indicators';
import type { FeatureContext } from './feature-context.js';
import { SUMMED } from './bar-windows.js';
import type { IndicatorRun } from './indicator-run.js';
import { VARIANCE_RETURNS } from './return-statistics.js';
import { AT, put, type VectorDraft } from './vector-draft.js';

const CHOP_BARS = 30;

function varianceOf({ windows, returns }: IndicatorRun): number | null {
  if (windows.count <= VARIANCE_RETURNS) return null;
  const { sum120, squares120, five_sum, five_squares } = returns;
  const sums = { sum: sum120, squares: squares120, long_sum: five_sum, long_squares: five_squares };
  return varianceRatioOf(sums, VARIANCE_RETURNS, SUMMED);
}

/** R1 to R4. */
export function putRegimeFeatures(draft: VectorDraft, { history, indicators }: FeatureContext): void {
  const { run } = history;
  const { ranges30, high30, low30 } = run.prices;
  const { rv30_percentile, er30 } = indicators;
  const variance = varianceOf(run);
  const chop = run.windows.count < CHOP_BARS ? null : choppinessOf(ranges30, high30, low30, CHOP_BARS);
  put(draft, AT.R1, rv30_percentile === null ? null : 2 * rv30_percentile - 1, ReasonCode.WARM_UP);
  put(draft, AT.R2, er30 === null ? null : 2 * er30 - 1, ReasonCode.WARM_UP);
  put(draft, AT.R3, variance === null ? null : Math.tanh(variance - 1), ReasonCode.WARM_UP);
  // Between 0 and 1 before it is turned: jumps over a break make the index leave that range.
  const share = chop === null ? null : Math.max(0, Math.min(1, chop / 100));
  put(draft, AT.R4, share === null ? null : 1 - 2 * share, ReasonCode.UNDEFINED);
}
