import { present } from '@bellwether/kernel';
import { sessionOf } from '@bellwether/market';
import { QUALIFYING } from '@bellwether/regime';
import { evaluateAxis, type AxisBar, type AxisScores } from './axis-evaluation.js';
import { balancedAccuracy, emptyConfusion, logLoss, macroF1 } from './classification-scores.js';
import { LABEL_HORIZON_US, regimeLabels, type RegimeLabel } from './regime-labels.js';
import type { RegimeBar } from './regime-run.js';
import { regimeTime, type RegimeTime } from './regime-time.js';

/** All four states at once: the most probable against the label. */
export interface FourStateScores {
  readonly cases: number;
  /** 0.25 is chance; null where a state never came. */
  readonly balanced_accuracy: number | null;
  readonly macro_f1: number | null;
  readonly log_loss: number;
}

/** What the regime stage did on a series of bars, and what it is worth against what came. */
export interface RegimeReport {
  readonly time: RegimeTime;
  /** Of the bars with probabilities: no state reached its threshold. Null without any. */
  readonly unqualified_share: number | null;
  /** Null where nothing could be labelled: that needs twenty full sessions before. */
  readonly volatility: AxisScores | null;
  readonly trend: AxisScores | null;
  readonly four_states: FourStateScores | null;
}

type Axis = 'highvol' | 'trend';

const BUCKET_US = 300_000_000;

/** By bar: the place of the bar that closed half an hour earlier in the same session, or -1. */
function placesBefore(bars: readonly RegimeBar[]): readonly number[] {
  let start = 0;
  return bars.map((bar) => {
    const at_us = bar.open_us - LABEL_HORIZON_US;
    while (bars[start]!.open_us < at_us) start += 1;
    const found = bars[start]!;
    return found.open_us === at_us && found.trade_date === bar.trade_date ? start : -1;
  });
}

function probabilityOf(axis: Axis, probabilities: readonly number[]): number {
  const [calmTrend = 0, , highvolTrend = 0, highvolChop = 0] = probabilities;
  const p = axis === 'trend' ? calmTrend + highvolTrend : highvolTrend + highvolChop;
  return Math.min(1, p);
}

function axisBars(
  bars: readonly RegimeBar[],
  labels: readonly RegimeLabel[],
  axis: Axis,
): readonly AxisBar[] {
  const before = placesBefore(bars);
  return bars.flatMap((bar, i) => {
    const came = labels[i]![axis];
    const was = labels[before[i]!]?.[axis] ?? null;
    if (came === null || was === null || bar.probabilities === null) return [];
    const session = present(sessionOf(bar.trade_date), `the session of ${bar.trade_date}`);
    const bucket = Math.floor((bar.open_us - session.open_us) / BUCKET_US);
    return [
      { trade_date: bar.trade_date, bucket, came, was, probability: probabilityOf(axis, bar.probabilities) },
    ];
  });
}

function indexOfLargest(values: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

function fourStates(bars: readonly RegimeBar[], labels: readonly RegimeLabel[]): FourStateScores | null {
  const confusion = emptyConfusion(QUALIFYING.length);
  let [cases, loss] = [0, 0];
  for (const [i, { probabilities }] of bars.entries()) {
    const { highvol, trend } = labels[i]!;
    if (highvol === null || trend === null || probabilities === null) continue;
    const came = (highvol ? 2 : 0) + (trend ? 0 : 1);
    confusion[came]![indexOfLargest(probabilities)]! += 1;
    loss += logLoss(Math.min(1, probabilities[came]!));
    cases += 1;
  }
  if (cases === 0) return null;
  return {
    cases,
    balanced_accuracy: balancedAccuracy(confusion),
    macro_f1: macroF1(confusion),
    log_loss: loss / cases,
  };
}

function unqualifiedShare(bars: readonly RegimeBar[]): number | null {
  const asked = bars.flatMap(({ probabilities }) => (probabilities === null ? [] : [probabilities]));
  if (asked.length === 0) return null;
  const none = asked.filter((values) => {
    const best = indexOfLargest(values);
    return values[best]! < QUALIFYING[best]!.threshold;
  });
  return none.length / asked.length;
}

/** Trade dates (yyyymmdd) that are reported, both included; all bars serve as history. */
export interface ReportedDates {
  readonly from: number;
  readonly to: number;
}

/** Measures a run. Bars are of one symbol and interval, in order of time. */
export function regimeReport(
  all: readonly RegimeBar[],
  { from, to }: ReportedDates = { from: 0, to: Infinity },
): RegimeReport {
  const labelsOfAll = regimeLabels(all);
  const places = all.flatMap(({ trade_date }, i) => (trade_date >= from && trade_date <= to ? [i] : []));
  const bars = places.map((i) => all[i]!);
  const labels = places.map((i) => labelsOfAll[i]!);
  return {
    time: regimeTime(bars),
    unqualified_share: unqualifiedShare(bars),
    volatility: evaluateAxis(axisBars(bars, labels, 'highvol')),
    trend: evaluateAxis(axisBars(bars, labels, 'trend')),
    four_states: fourStates(bars, labels),
  };
}
