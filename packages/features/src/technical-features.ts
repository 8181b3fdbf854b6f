import { ReasonCode } from '@bellwether/contracts';
import {
  adxOf,
  atrOf,
  averageOf,
  macdHistogramOf,
  macdLineOf,
  regressionEndOf,
  rsiOf,
  stochasticOf,
  type RsiState,
} from '@bellwether/indicators';
import type { FeatureContext } from './feature-context.js';
import { FAST_K, SQUEEZE_DEVIATION } from './bar-windows.js';
import type { IndicatorRun } from './indicator-run.js';
import { clip, logRatio, ratio } from './scaling.js';
import { AT, put, type VectorDraft } from './vector-draft.js';

function rsiFeature(state: RsiState): number | null {
  const rsi = rsiOf(state);
  return rsi === null ? null : (rsi - 50) / 50;
}

/** tanh(x / unit); null where one of them is not known. */
function inUnits(x: number | null, unit: number | null): number | null {
  return x === null || unit === null ? null : Math.tanh(ratio(x, unit));
}

function putBands(draft: VectorDraft, run: IndicatorRun, close: number, atr: number | null): void {
  const { band_mean, band_deviation, band_width_rank } = run;
  const known = band_mean !== null && band_deviation !== null;
  put(draft, AT.T5, known ? clip(ratio(close - band_mean, 2 * band_deviation), 2) : null, ReasonCode.WARM_UP);
  put(draft, AT.T6, band_width_rank === null ? null : 2 * band_width_rank - 1, ReasonCode.WARM_UP);
  put(
    draft,
    AT.T14,
    band_deviation === null || atr === null ? null : clip(ratio(3 * atr - 4 * band_deviation, 3 * atr), 1),
    ReasonCode.WARM_UP,
  );
  const momentum = regressionEndOf(run.derived, SQUEEZE_DEVIATION, 20);
  put(draft, AT.T15, inUnits(momentum, atr === null ? null : 2 * atr), ReasonCode.WARM_UP);
}

function putRange(draft: VectorDraft, run: IndicatorRun, atr: number | null): void {
  const slow = atrOf(run.atr100);
  if (atr === null || slow === null) put(draft, AT.T7, null, ReasonCode.WARM_UP);
  else {
    const log = logRatio(atr, slow);
    put(draft, AT.T7, log === null ? null : clip(log, 2), ReasonCode.UNDEFINED);
  }
  const adx = adxOf(run.adx14);
  const { plus, minus } = run.adx14;
  put(draft, AT.T8, adx === null ? null : clip((adx - 25) / 25, 1), ReasonCode.WARM_UP);
  put(draft, AT.T9, ratio(plus - minus, plus + minus), ReasonCode.WARM_UP);
  const stochastic = stochasticOf(run.derived, FAST_K);
  put(draft, AT.T10, stochastic === null ? null : (stochastic.k - 50) / 50, ReasonCode.WARM_UP);
  put(
    draft,
    AT.T11,
    stochastic === null ? null : clip((stochastic.k - stochastic.d) / 50, 1),
    ReasonCode.WARM_UP,
  );
}

/** T1 to T15. */
export function putTechnicalFeatures(draft: VectorDraft, { history, indicators }: FeatureContext): void {
  const { last, run } = history;
  const close = last.close_ticks;
  const { atr14_ticks: atr, atr14_m5_ticks, ema9_ticks, ema21_ticks } = indicators;
  const hist = macdHistogramOf(run.macd);
  const ema50 = averageOf(run.ema50);
  put(draft, AT.T1, rsiFeature(run.rsi14), ReasonCode.WARM_UP);
  put(draft, AT.T2, rsiFeature(run.m5.rsi14), ReasonCode.WARM_UP);
  put(draft, AT.T3, inUnits(hist === null ? null : 2 * hist, atr), ReasonCode.WARM_UP);
  put(draft, AT.T4, inUnits(macdLineOf(run.m5.macd), atr14_m5_ticks), ReasonCode.WARM_UP);
  putBands(draft, run, close, atr);
  putRange(draft, run, atr);
  const stack = ema9_ticks === null || ema21_ticks === null ? null : ema9_ticks - ema21_ticks;
  put(draft, AT.T12, inUnits(stack, atr), ReasonCode.WARM_UP);
  put(
    draft,
    AT.T13,
    inUnits(ema50 === null ? null : close - ema50, atr === null ? null : 3 * atr),
    ReasonCode.WARM_UP,
  );
}
