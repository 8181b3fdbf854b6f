import { UNGATED_PAST } from '@bellwether/evidence';
import { dataLine, type DataMark } from '@bellwether/verdict';
import { inSampleLine, type InSampleModel } from '../backtest/in-sample.js';
import { plainTable } from '../plain-table.js';
import { SYNTHETIC_LINE, money } from '../replay/report.js';
import { LEVEL, type JudgedComparison } from './judge.js';
import { PART_TEXTS, type Part } from './parts.js';

/** A part that was not run, and why. */
export interface AbsentPart {
  readonly part: Part;
  readonly why: string;
}

/** Everything that the pages of an ablation say. */
export interface AblationReport {
  readonly title: string;
  readonly synthetic: boolean;
  readonly mark: DataMark;
  readonly in_sample: readonly InSampleModel[];
  /** The strategy of the baseline. */
  readonly fixed: string;
  readonly parts: readonly Part[];
  readonly absent: readonly AbsentPart[];
  readonly notes: readonly string[];
  readonly comparisons: readonly JudgedComparison[];
  /** Variants in the research log of the workspace, these among them. */
  readonly trials: number;
}

const PICTURE = 44;

const dollars = (cents: number | null): string => (cents === null ? 'missing' : money(Math.round(cents)));
export const share = (value: number | null): string => (value === null ? '' : value.toFixed(3));

export const VERDICT_WORDS: Readonly<Record<JudgedComparison['verdict'], string>> = {
  gain: 'GAIN',
  loss: 'LOSS',
  unclear: 'not told apart from none',
  same: 'same trades: it did not act',
  too_few: 'too few days',
  idle: 'no trade is left: standing aside',
};

const intervalText = ({ low_cents, high_cents }: JudgedComparison): string =>
  low_cents === null || high_cents === null ? '' : `${dollars(low_cents)} to ${dollars(high_cents)}`;

function rowOf(one: JudgedComparison): readonly (string | number)[] {
  return [
    ...[one.name, dollars(one.mean_cents), intervalText(one), share(one.p), share(one.p_adjusted)],
    ...[dollars(one.net_cents[0]), dollars(one.net_cents[1]), `${one.trades[0]} / ${one.trades[1]}`],
    VERDICT_WORDS[one.verdict],
  ];
}

/** Each comparison as a row: `o` the mean, `-` its interval, `|` zero. */
export function picture(comparisons: readonly JudgedComparison[]): string {
  const values = comparisons.flatMap(({ mean_cents, low_cents, high_cents }) =>
    [mean_cents, low_cents, high_cents].filter((value) => value !== null),
  );
  const reach = Math.max(1, ...values.map(Math.abs));
  const half = Math.floor(PICTURE / 2);
  const place = (cents: number): number => half + Math.round((cents / reach) * half);
  const width = Math.max(...comparisons.map(({ name }) => name.length));
  const lines = comparisons.map(({ name, mean_cents, low_cents, high_cents, verdict }) => {
    const row = new Array<string>(2 * half + 1).fill(' ');
    if (low_cents !== null && high_cents !== null)
      for (let i = place(low_cents); i <= place(high_cents); i++) row[i] = '-';
    row[half] = '|';
    if (mean_cents !== null) row[place(mean_cents)] = 'o';
    const told = verdict === 'gain' || verdict === 'loss' ? ` ${VERDICT_WORDS[verdict]}` : '';
    return `${name.padEnd(width)}  ${row.join('')}${told}`;
  });
  const scale = `${' '.repeat(width)}  ${dollars(-reach).padEnd(half)}0${dollars(reach).padStart(half)} a day`;
  return [...lines, scale].join('\n');
}

/** What may be said of the whole. */
export function sentenceOf({ comparisons, in_sample }: AblationReport): string {
  if (in_sample.length > 0) return 'In sample: nothing here says what a learned part is worth.';
  const told = (verdict: 'gain' | 'loss'): readonly string[] =>
    comparisons.filter((one) => one.verdict === verdict).map(({ name }) => name);
  const [gains, losses] = [told('gain'), told('loss')];
  if (gains.length + losses.length === 0)
    return `No part is told apart from none at ${Math.round(100 * LEVEL)} % after correction for ${comparisons.length} comparisons.`;
  return [
    ...(gains.length === 0 ? [] : [`Gain shown: ${gains.join('; ')}.`]),
    ...(losses.length === 0 ? [] : [`Loss shown: ${losses.join('; ')}.`]),
  ].join(' ');
}

/** What every page says above its numbers. */
export function headLines(report: AblationReport): readonly string[] {
  const inSample = inSampleLine(report.in_sample);
  return [
    ...(report.synthetic ? [SYNTHETIC_LINE] : []),
    dataLine(report.mark),
    ...(inSample === '' ? [] : [inSample]),
    UNGATED_PAST,
  ];
}

export const COLUMNS = ['', 'a day', '95 %', 'p', 'p, all', 'net with', 'net without', 'trades', ''];

/** `bw ablate` on standard output. */
export function ablationText(report: AblationReport): string {
  const days = report.comparisons[0]?.days ?? 0;
  return [
    ...headLines(report),
    '',
    sentenceOf(report),
    '',
    `${report.title}: ${days} days. Baseline: ${report.fixed} alone, one contract, no regime, no learning. Differences are paired by day; intervals of the`,
    `stationary bootstrap; "p, all" is adjusted for every comparison of the table (Holm). ${report.trials} variants were ever run in this workspace.`,
    '',
    plainTable(COLUMNS, report.comparisons.map(rowOf), [1, 3, 4, 5, 6, 7]),
    '',
    picture(report.comparisons),
    '',
    ...report.parts.map((part) => `${part}: ${PART_TEXTS[part].on}; off: ${PART_TEXTS[part].off}`),
    ...report.absent.map(({ part, why }) => `${part}: ABSENT, ${why}`),
    ...report.notes.map((note) => `note: ${note}`),
  ].join('\n');
}
