import { ReasonCode, type FeatureVector } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { FeatureContext } from './feature-context.js';
import { FEATURES, FIVE_MINUTES_US, ONE_MINUTE_US, schemaSha256, warmUpBars } from './feature-set.js';
import { putPriceFeatures } from './price-features.js';
import { putRegimeFeatures } from './regime-features.js';
import { putTechnicalFeatures } from './technical-features.js';
import { putTimeFeatures } from './time-features.js';
import { emptyDraft, vectorFrom, type VectorDraft } from './vector-draft.js';
import { putVolumeFeatures } from './volume-features.js';

/** Bars that each feature waits for, by the book's interval. */
const WARM_UP_BARS: ReadonlyMap<number, readonly number[]> = new Map(
  [ONE_MINUTE_US, FIVE_MINUTES_US].map((interval_us) => [
    interval_us,
    FEATURES.map((feature) => warmUpBars(feature, interval_us)),
  ]),
);

/** Written anew for every vector, and handed to nobody. */
const DRAFT = emptyDraft();

/** A number that is there before its memory has faded is not told. What is missing for another reason keeps it. */
function maskWarmUp({ reasons }: VectorDraft, bars: number, warm_up: readonly number[]): void {
  for (let at = 0; at < reasons.length; at++) {
    if (bars >= warm_up[at]!) continue;
    const reason = reasons[at]!;
    if (reason === ReasonCode.OK || reason === ReasonCode.UNDEFINED) reasons[at] = ReasonCode.WARM_UP;
  }
}

/**
 * The 43 numbers after the last bar: each with a value in [-1, 1] or with the reason why it has none. `before` is the
 * vector of the bar before, where there is one.
 */
export function vectorOf(
  context: FeatureContext,
  bar_interval_us: number,
  before: FeatureVector | null,
): FeatureVector {
  putPriceFeatures(DRAFT, context);
  putVolumeFeatures(DRAFT, context);
  putTechnicalFeatures(DRAFT, context);
  putRegimeFeatures(DRAFT, context);
  putTimeFeatures(DRAFT, context);
  const warm_up = present(WARM_UP_BARS.get(bar_interval_us), 'the warm-up of an accepted interval');
  maskWarmUp(DRAFT, context.history.run.windows.count, warm_up);
  return vectorFrom(DRAFT, present(schemaSha256(bar_interval_us), 'the schema of an accepted bar'), before);
}
