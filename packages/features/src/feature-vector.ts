import { ReasonCode, type FeatureVector, type Indicators } from '@bellwether/contracts';
import { meanSquareOfLast, rsiOf, sumOfLast } from '@bellwether/indicators';
import { present } from '@bellwether/kernel';
import type { TradeSession } from '@bellwether/market';
import { FEATURES, FEATURE_SET_VERSION, ONE_MINUTE_US, schemaSha256 } from './feature-set.js';
import { bollinger20Of, type IndicatorRun } from './indicator-run.js';
import { sessionOfBar, type AcceptedBar, type SymbolHistory } from './symbol-state.js';

const DAY_US = 24 * 60 * ONE_MINUTE_US;
const SESSION_MINUTES = 1_380;

/** clip(x, k) of domain.md 4.3: -1 to 1. */
function clip(x: number, k: number): number {
  return Math.max(-k, Math.min(k, x)) / k;
}

/** q/0 is 0. */
function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/**
 * P1 to P4: sum of the last n returns over twice its usual size; null while `meanSquare` of 60 is not
 * known.
 */
function returnFeature(
  run: IndicatorRun,
  close: number,
  meanSquare: number | null,
  n: number,
): number | null {
  const sum = sumOfLast(run.returns, n);
  if (meanSquare === null || sum === null) return null;
  const s60 = Math.max(Math.sqrt(meanSquare), 0.5 / close);
  return Math.tanh(sum / (2 * s60 * Math.sqrt(n)));
}

function wickOf(bar: AcceptedBar): number {
  const upper = bar.high_ticks - Math.max(bar.open_ticks, bar.close_ticks);
  const lower = Math.min(bar.open_ticks, bar.close_ticks) - bar.low_ticks;
  return ratio(upper - lower, bar.high_ticks - bar.low_ticks);
}

function pctBOf(run: IndicatorRun, close: number): number | null {
  const bands = bollinger20Of(run);
  return bands === null ? null : clip(ratio(close - bands.middle, 2 * bands.sd), 2);
}

/** M3: the weekday of the trade date, Monday -1 to Friday 1. */
function weekdayFeature(session: TradeSession): number {
  // A session closes on the UTC day of its trade date; 1970-01-01 was a Thursday, Monday is 0.
  return (((Math.floor(session.close_us / DAY_US) + 3) % 7) - 2) / 2;
}

/** Values by code; null while warming up. Codes that are not here are not computed in this set. */
function valuesOf(
  { last, run }: SymbolHistory,
  indicators: Indicators,
): Readonly<Record<string, number | null>> {
  const close = last.close_ticks;
  const meanSquare = meanSquareOfLast(run.returns, 60);
  const rsi = rsiOf(run.rsi14);
  const session = sessionOfBar(last);
  const angle = (2 * Math.PI * (last.close_us - session.open_us)) / (SESSION_MINUTES * ONE_MINUTE_US);
  const { er30, rv30_percentile } = indicators;
  return {
    P1: returnFeature(run, close, meanSquare, 1),
    P2: returnFeature(run, close, meanSquare, 5),
    P3: returnFeature(run, close, meanSquare, 15),
    P4: returnFeature(run, close, meanSquare, 60),
    P9: ratio(close - last.open_ticks, last.high_ticks - last.low_ticks),
    P10: wickOf(last),
    T1: rsi === null ? null : (rsi - 50) / 50,
    T5: pctBOf(run, close),
    R1: rv30_percentile === null ? null : 2 * rv30_percentile - 1,
    R2: er30 === null ? null : 2 * er30 - 1,
    M1: Math.sin(angle),
    M2: Math.cos(angle),
    M3: weekdayFeature(session),
  };
}

/** The 43 numbers after the last bar: each with a value in [-1, 1] or with the reason why it has none. */
export function vectorOf(
  history: SymbolHistory,
  indicators: Indicators,
  bar_interval_us: number,
): FeatureVector {
  const values = valuesOf(history, indicators);
  const present_index: number[] = [];
  const present_value: number[] = [];
  const masked_index: number[] = [];
  const masked_reason: ReasonCode[] = [];
  for (let index = 0; index < FEATURES.length; index++) {
    const { code, warm_up_bars } = FEATURES[index]!;
    const value = warm_up_bars === null || history.run.bars < warm_up_bars ? null : (values[code] ?? null);
    if (value !== null) {
      present_index.push(index);
      present_value.push(value);
    } else {
      masked_index.push(index);
      masked_reason.push(warm_up_bars === null ? ReasonCode.NOT_AVAILABLE : ReasonCode.WARM_UP);
    }
  }
  return {
    set_version: FEATURE_SET_VERSION,
    schema_sha256: present(schemaSha256(bar_interval_us), 'the schema of an accepted bar'),
    present_index,
    present_value,
    masked_index,
    masked_reason,
  };
}
