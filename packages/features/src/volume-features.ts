import { ReasonCode } from '@bellwether/contracts';
import { correlationOf, sumOfLast } from '@bellwether/indicators';
import type { FeatureContext } from './feature-context.js';
import { volumeStatisticsOf, type VolumeStatistics } from './bar-statistics.js';
import { BULK_VOLUME } from './bar-windows.js';
import type { IndicatorRun } from './indicator-run.js';
import { putAgainstUsual } from './price-features.js';
import { clip, ratio } from './scaling.js';
import { AT, put, type VectorDraft } from './vector-draft.js';

/** Why a window of `n` bars is not full of volumes: one is not known, or there are too few bars. */
function missingOver({ volume_bars, windows }: IndicatorRun, n: number): ReasonCode {
  return volume_bars < Math.min(n, windows.count) ? ReasonCode.NO_VOLUME : ReasonCode.WARM_UP;
}

/** Share of bought minus sold volume over 30 bars. The sum of parts of a volume stays within it but for rounding. */
function bulkShare30({ derived, volume_bars }: IndicatorRun, { volume30 }: VolumeStatistics): number | null {
  const sided = volume_bars < 30 ? null : sumOfLast(derived, BULK_VOLUME, 30);
  return sided === null ? null : clip(ratio(sided, volume30), 1);
}

function moneyFlow20({ volume_bars }: IndicatorRun, { sided20, volume20 }: VolumeStatistics): number | null {
  return volume_bars < 20 ? null : clip(ratio(sided20, volume20), 1);
}

/** V3 and V4: the score against VWAP and its slope, 0 in the first 15 bars after an anchor. */
function putVwap(draft: VectorDraft, { history, indicators }: FeatureContext): void {
  const { vwap_z, vwap_slope15_ticks, atr14_ticks } = indicators;
  const { vwap } = history;
  // With all volumes known and the sum at zero, there is nothing to weigh by.
  const missing = vwap.state === null ? vwap.reason : ReasonCode.UNDEFINED;
  put(draft, AT.V3, vwap_z === null ? null : clip(vwap_z, 4), missing);
  if (vwap_z === null) put(draft, AT.V4, null, missing);
  else if (atr14_ticks === null) put(draft, AT.V4, null, ReasonCode.WARM_UP);
  else put(draft, AT.V4, Math.tanh(ratio(vwap_slope15_ticks ?? 0, atr14_ticks)), ReasonCode.OK);
}

/** V1 to V8. Where the bar has no volume, all of them are missing. */
export function putVolumeFeatures(draft: VectorDraft, context: FeatureContext): void {
  const { history, memory, indicators } = context;
  const { last, run, vwap } = history;
  if (last.volume === null) {
    for (let at: number = AT.V1; at <= AT.V8; at++) put(draft, at, null, ReasonCode.NO_VOLUME);
    return;
  }
  const { volume_rel_log2 } = indicators;
  put(draft, AT.V1, volume_rel_log2 === null ? null : clip(volume_rel_log2, 3), ReasonCode.WARM_UP);
  if (vwap.state === null) put(draft, AT.V2, null, vwap.reason);
  else putAgainstUsual(draft, AT.V2, vwap.state.volume, memory.profiles.now.session_volume, 2);
  putVwap(draft, context);
  put(draft, AT.V5, run.bulk_share, ReasonCode.WARM_UP);
  const volumes = volumeStatisticsOf(run.windows);
  const correlation = run.volume_bars < 30 ? null : correlationOf(volumes, 30);
  put(draft, AT.V6, bulkShare30(run, volumes), missingOver(run, 30));
  put(draft, AT.V7, moneyFlow20(run, volumes), missingOver(run, 20));
  put(draft, AT.V8, correlation, missingOver(run, 30));
}
