import { REASONS } from '@bellwether/contracts';
import {
  FEATURES,
  SETTLED_DISTANCE,
  TAIL_BARS,
  isSettled,
  type FeatureCoverage,
  type History,
  type HistoryDistance,
  type LookAhead,
} from '@bellwether/features';
import { plainTable } from '../plain-table.js';
import type { FeatureCheck } from './check-program.js';

export type Verdict = 'ok' | 'looks ahead' | 'unsettled' | 'no value';

/** What is to be said of each feature on this file, in order. */
export function verdictsOf(check: FeatureCheck): readonly Verdict[] {
  return FEATURES.map((feature, at): Verdict => {
    if (check.lookAhead[at]!.differing > 0) return 'looks ahead';
    if (!isSettled(feature, check.histories, check.warmUp[at]!)) return 'unsettled';
    return check.coverage.features[at]!.present === 0 ? 'no value' : 'ok';
  });
}

/** True where no feature looks ahead and none is told too early. One that the file cannot give is no fault of it. */
export function isPassed(verdicts: readonly Verdict[]): boolean {
  return verdicts.every((verdict) => verdict === 'ok' || verdict === 'no value');
}

function share(part: number, all: number): string {
  const percent = (100 * part) / all;
  return percent > 0 && percent < 0.1 ? '<0.1' : percent.toFixed(1);
}

function missingText({ missing }: FeatureCoverage, bars: number): string {
  return missing.map(({ reason, bars: count }) => `${REASONS[reason].name} ${share(count, bars)}`).join(', ');
}

const fixed = (value: number | null): string => (value === null ? '' : value.toFixed(2));

function lookAheadText({ compared, differing, largest }: LookAhead): string {
  if (differing === 0) return `0 of ${compared}`;
  return `${differing} of ${compared}, ${largest === null ? 'value against none' : `by ${distanceText(largest)}`}`;
}

function distanceText(distance: number): string {
  if (distance === 0) return '0';
  return distance < 0.0001 ? distance.toExponential(0) : distance.toFixed(4);
}

/** Where each feature has values, and what was found when the file was cut. */
export function renderCoverage(check: FeatureCheck): string {
  const { coverage, lookAhead } = check;
  const verdicts = verdictsOf(check);
  const rows = FEATURES.map(({ code, name }, at) => {
    const one = coverage.features[at]!;
    return [
      code,
      name,
      one.first_session ?? 'never',
      one.first_bar ?? '',
      share(one.present, coverage.bars),
      missingText(one, coverage.bars),
      ...[fixed(one.lowest), fixed(one.highest), fixed(one.deviation)],
      lookAheadText(lookAhead[at]!),
      verdicts[at]!,
    ];
  });
  const head = ['', 'feature', 'session', 'bar', 'has %', 'missing %', 'min', 'max', 'sd', 'cut', 'verdict'];
  return plainTable(head, rows, [2, 3, 4, 6, 7, 8]);
}

const historyName = (history: History): string =>
  'bars' in history ? `${history.bars}` : `${history.sessions} d`;

function historyText({ asked, masked, largest, premature }: HistoryDistance): string {
  if (premature > 0) return 'early';
  if (asked === 0) return '';
  return largest === null || masked === asked ? '-' : distanceText(largest);
}

/** How far each feature is off when history begins so much before the bar. */
export function renderWarmUp({ histories, warmUp }: FeatureCheck): string {
  const rows = FEATURES.map(({ code, name }, at) => [code, name, ...warmUp[at]!.map(historyText)]);
  const head = ['', 'feature', ...histories.map(historyName)];
  return plainTable(
    head,
    rows,
    head.map((_, i) => i).filter((i) => i > 1),
  );
}

/** All of it, for people. */
export function renderCheck(check: FeatureCheck, title: string): string {
  const { coverage, cuts, asked } = check;
  const refused = coverage.refused.map(({ reason, bars }) => `${bars} ${REASONS[reason].name}`).join(', ');
  return [
    `${title}: ${coverage.bars} bars in ${coverage.sessions} sessions` +
      (refused === '' ? '' : `; not taken: ${refused}`),
    renderCoverage(check),
    'session, bar: the first with a value. missing %: share of bars without one, by reason. cut: of the last ' +
      `${TAIL_BARS} bars before each of ${cuts} cuts, and with each of them as the last of a short stretch, how many ` +
      'said something else than with the bars that follow.',
    renderWarmUp(check),
    'Largest difference from the whole history, when history begins so many bars (or so many full sessions, d) before the ' +
      `bar: over ${asked} bars of the later half. - : no value yet. early: a value that the whole history does not ` +
      `give. Above ${SETTLED_DISTANCE} a feature is told too early.`,
  ].join('\n\n');
}
