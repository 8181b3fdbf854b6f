import type { Indicators } from '@bellwether/contracts';
import { atrOf, averageOf, vwapOf } from '@bellwether/indicators';
import { squeezeOf } from './five-minute-run.js';
import { er30Of } from './indicator-run.js';
import { rv30RankOf } from './session-profiles.js';
import type { SessionMemory, SymbolHistory } from './symbol-state.js';

/** The raw indicators after the last bar, in natural units; null where one cannot be computed. */
export function indicatorsOf(
  { last, run, vwap: anchored }: SymbolHistory,
  memory: SessionMemory,
): Indicators {
  const { profiles } = memory;
  const vwap = anchored.state === null ? null : vwapOf(anchored.state);
  const { rv30 } = run;
  const usualVolume = last.volume === null ? null : profiles.now.volume;
  const volumeRel =
    last.volume === null || usualVolume === null ? null : Math.log2((last.volume + 1) / (usualVolume + 1));
  return {
    vwap_ticks: vwap === null ? null : vwap.vwap_ticks,
    vwap_sd_ticks: vwap === null ? null : vwap.sd_ticks,
    vwap_z: vwap === null ? null : vwap.z,
    vwap_z_prev: vwap === null ? null : vwap.z_previous,
    vwap_slope15_ticks: vwap === null ? null : vwap.slope15_ticks,
    atr14_ticks: atrOf(run.atr14),
    atr14_m5_ticks: atrOf(run.m5.atr14),
    ema9_ticks: averageOf(run.ema9),
    ema21_ticks: averageOf(run.ema21),
    er30: er30Of(run),
    rv30,
    rv30_percentile: rv30 === null ? null : rv30RankOf(profiles, rv30),
    volume_rel_log2: volumeRel,
    volume_tod_median: usualVolume,
    high3_ticks: run.windows.count < 3 ? null : run.prices.high3,
    low3_ticks: run.windows.count < 3 ? null : run.prices.low3,
    squeeze: squeezeOf(run.m5),
  };
}
