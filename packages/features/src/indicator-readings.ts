import type { Indicators } from '@bellwether/contracts';
import { atrOf, extremesOf, isFull, vwapOf, type NumberWindow } from '@bellwether/indicators';
import { emasOf, er30Of, rv30Of, squeezeOf } from './indicator-run.js';
import { rv30RankAt, usualVolumeAt, type SessionProfiles } from './session-profiles.js';
import { sessionOfBar, type SymbolHistory } from './symbol-state.js';

function extremeOf(window: NumberWindow, side: 'high' | 'low'): number | null {
  return isFull(window) ? (extremesOf(window)?.[side] ?? null) : null;
}

/** The raw indicators after the last bar, in natural units; null where one cannot be computed. */
export function indicatorsOf(history: SymbolHistory, profiles: SessionProfiles): Indicators {
  const { last, run } = history;
  const session = sessionOfBar(last);
  const vwap = history.vwap.state === null ? null : vwapOf(history.vwap.state);
  const rv30 = rv30Of(run);
  const { ema9, ema21 } = emasOf(run);
  const usualVolume = last.volume === null ? null : usualVolumeAt(profiles, session, last.open_us);
  const volumeRel =
    last.volume === null || usualVolume === null ? null : Math.log2((last.volume + 1) / (usualVolume + 1));
  return {
    vwap_ticks: vwap?.vwap_ticks ?? null,
    vwap_sd_ticks: vwap?.sd_ticks ?? null,
    vwap_z: vwap?.z ?? null,
    vwap_z_prev: vwap?.z_previous ?? null,
    vwap_slope15_ticks: vwap?.slope15_ticks ?? null,
    atr14_ticks: atrOf(run.atr14),
    atr14_m5_ticks: atrOf(run.m5_atr14),
    ema9_ticks: ema9,
    ema21_ticks: ema21,
    er30: er30Of(run),
    rv30,
    rv30_percentile: rv30 === null ? null : rv30RankAt(profiles, session, last.open_us, rv30),
    volume_rel_log2: volumeRel,
    volume_tod_median: usualVolume,
    high3_ticks: extremeOf(run.highs3, 'high'),
    low3_ticks: extremeOf(run.lows3, 'low'),
    squeeze: squeezeOf(run),
  };
}
