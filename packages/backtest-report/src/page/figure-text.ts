import { html, type Html, type Tone } from '@bellwether/report';
import type { Estimate, Figure, MissingFigure } from '../report-model.js';

/** Why a figure is missing, for people. */
const REASONS: Readonly<Record<MissingFigure, string>> = {
  too_few: 'too few values',
  not_finite: 'a value is no number',
  zero_variance: 'all values are equal',
  no_downside: 'no day below zero',
  out_of_range: 'a value lies where the formula has none',
  unequal_lengths: 'series of different lengths',
  one_class: 'one class alone',
  not_above_benchmark: 'the ratio is not above zero',
  undefined: 'the formula has no value here',
  too_many: 'too many series to compare',
  unstable: 'resamples without a value',
  not_asked: 'the run was not asked for it',
  no_trades: 'no trades',
  no_profile: 'the book has no account profile',
  no_risk_known: 'no trade with a known risk',
  outside_fills: 'fills came from outside',
  one_variant: 'one variant alone',
  results_lost: 'results of the variants are not at hand',
};

export function reasonText(missing: MissingFigure): string {
  return REASONS[missing];
}

/** What stands where a number is missing. */
export function missingText(missing: MissingFigure): Html {
  return html`<span class="missing">missing: ${reasonText(missing)}</span>`;
}

const grouped = (value: number, digits: number): string =>
  // Adding 0 turns -0 into 0.
  (Number(value.toFixed(digits)) + 0).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

/** Cents as US dollars, with the sign before the number. */
export function usd(cents: number, digits = 2): string {
  return `${grouped(cents / 100, digits)} USD`;
}

/** The same without the unit, where the unit stands beside it. */
export const dollars = (cents: number): string => grouped(cents / 100, 2);

export const plain =
  (digits: number) =>
  (value: number): string =>
    grouped(value, digits);
export const percent = (value: number): string => `${grouped(100 * value, 1)} %`;
export const whole = plain(0);

export type Show = (value: number) => string;

export function figureText(figure: Figure, show: Show): string | Html {
  return 'value' in figure ? show(figure.value) : missingText(figure.missing);
}

/** The value, and its interval below it. */
export function estimateText(estimate: Estimate, show: Show, bound: Show = show): Html {
  if ('missing' in estimate) return missingText(estimate.missing);
  const below =
    'low' in estimate
      ? html`<small class="nowrap">${bound(estimate.low)} to ${bound(estimate.high)}</small>`
      : html`<small class="missing">no interval: ${reasonText(estimate.interval_missing)}</small>`;
  return html`${show(estimate.value)}<br />${below}`;
}

/** The interval alone, for a column of a table. */
export function intervalText(estimate: Estimate, show: Show): string | Html {
  if ('missing' in estimate) return missingText(estimate.missing);
  if ('interval_missing' in estimate) {
    return html`<span class="missing">${reasonText(estimate.interval_missing)}</span>`;
  }
  return `${show(estimate.low)} to ${show(estimate.high)}`;
}

/** Characters of a reference to data that a title has room for. */
const REFERENCE_MAX = 56;

/** A name of bars with its middle left out where it is long: the beginning says what they are, the end how they are kept. */
export function shortReference(reference: string): string {
  if (reference.length <= REFERENCE_MAX) return reference;
  const half = Math.floor((REFERENCE_MAX - 1) / 2);
  return `${reference.slice(0, half)}…${reference.slice(-half)}`;
}

export function toneOf(value: number): Tone {
  return value > 0 ? 'good' : value < 0 ? 'bad' : 'quiet';
}

// Maps, for a report read from a file may name a regime `__proto__`, and an object has a value there.
const REGIME_NAMES: ReadonlyMap<string, string> = new Map([
  ['calm_trend', 'Calm-Trend'],
  ['calm_chop', 'Calm-Chop'],
  ['highvol_trend', 'HighVol-Trend'],
  ['highvol_chop', 'HighVol-Chop'],
]);
const REGIME_TONES: ReadonlyMap<string, Tone> = new Map([
  ['calm_trend', 'good'],
  ['calm_chop', 'main'],
  ['highvol_trend', 'warn'],
  ['highvol_chop', 'second'],
]);

export function regimeName(regime: string): string {
  return REGIME_NAMES.get(regime) ?? regime;
}

export function regimeTone(regime: string): Tone {
  return REGIME_TONES.get(regime) ?? 'quiet';
}

export const REGIME_LEGEND = [
  ...[...REGIME_NAMES.keys()].map((regime) => ({ text: regimeName(regime), tone: regimeTone(regime) })),
  { text: 'unknown', tone: 'quiet' as Tone },
];
