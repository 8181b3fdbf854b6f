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

/** Indices of the features that this set computes, in their order. */
const COMPUTED: readonly number[] = FEATURES.flatMap(({ warm_up_bars }, index) =>
  warm_up_bars === null ? [] : [index],
);

/** Values by place in {@link COMPUTED}; null while warming up. */
function valuesOf({ last, run }: SymbolHistory, indicators: Indicators): readonly (number | null)[] {
  const close = last.close_ticks;
  const meanSquare = meanSquareOfLast(run.returns, 60);
  const rsi = rsiOf(run.rsi14);
  const session = sessionOfBar(last);
  const angle = (2 * Math.PI * (last.close_us - session.open_us)) / (SESSION_MINUTES * ONE_MINUTE_US);
  const { er30, rv30_percentile } = indicators;
  return [
    // P1 to P4, P9, P10
    returnFeature(run, close, meanSquare, 1),
    returnFeature(run, close, meanSquare, 5),
    returnFeature(run, close, meanSquare, 15),
    returnFeature(run, close, meanSquare, 60),
    ratio(close - last.open_ticks, last.high_ticks - last.low_ticks),
    wickOf(last),
    // T1, T5, R1, R2
    rsi === null ? null : (rsi - 50) / 50,
    pctBOf(run, close),
    rv30_percentile === null ? null : 2 * rv30_percentile - 1,
    er30 === null ? null : 2 * er30 - 1,
    // M1 to M3
    Math.sin(angle),
    Math.cos(angle),
    weekdayFeature(session),
  ];
}

/** Which features have a value: everything in a vector but the values. */
interface Layout {
  readonly present_index: readonly number[];
  readonly masked_index: readonly number[];
  readonly masked_reason: readonly ReasonCode[];
}

/**
 * Layouts by what is present, bit i for the i-th computed feature. There is a handful of them, the same for thousands of
 * bars. A pure cache, bounded by the number of computed features.
 */
const layouts = new Map<number, Layout>();

function layoutOf(pattern: number): Layout {
  const known = layouts.get(pattern);
  if (known !== undefined) return known;
  const isPresent = (index: number): boolean => (pattern & (1 << COMPUTED.indexOf(index))) !== 0;
  const all = FEATURES.map((_, index) => index);
  const present_index = COMPUTED.filter(isPresent);
  const masked_index = all.filter((index) => !present_index.includes(index));
  const masked_reason = masked_index.map((index) =>
    COMPUTED.includes(index) ? ReasonCode.WARM_UP : ReasonCode.NOT_AVAILABLE,
  );
  const made = { present_index, masked_index, masked_reason };
  layouts.set(pattern, made);
  return made;
}

/** The 43 numbers after the last bar: each with a value in [-1, 1] or with the reason why it has none. */
export function vectorOf(
  history: SymbolHistory,
  indicators: Indicators,
  bar_interval_us: number,
): FeatureVector {
  const values = valuesOf(history, indicators);
  const present_value: number[] = [];
  let pattern = 0;
  for (let i = 0; i < COMPUTED.length; i++) {
    const value = values[i] ?? null;
    if (value === null || history.run.bars < (FEATURES[COMPUTED[i]!]!.warm_up_bars ?? 0)) continue;
    present_value.push(value);
    pattern |= 1 << i;
  }
  const { present_index, masked_index, masked_reason } = layoutOf(pattern);
  return {
    set_version: FEATURE_SET_VERSION,
    schema_sha256: present(schemaSha256(bar_interval_us), 'the schema of an accepted bar'),
    present_index,
    present_value,
    masked_index,
    masked_reason,
  };
}
