import { FINDING_CODES, type FindingLevel } from './codes.js';
import type { Verdict, VerdictResult } from './data-verdict.js';

/** What is said of the data beside a profit or loss: a verdict, or that none was made and why. */
export interface DataMark {
  readonly result: VerdictResult | 'unknown';
  readonly reason: string;
}

/** Codes that a line names before it says how many more there are. */
const CODES_NAMED_MAX = 4;
/** The worse, the higher: what nobody judged may be anything, but a refusal was seen. */
const WEIGHT: Readonly<Record<DataMark['result'], number>> = { pass: 0, warn: 1, unknown: 2, refuse: 3 };

export const SYNTHETIC_MARK: DataMark = {
  result: 'warn',
  reason: 'synthetic: made by a generator, not market data',
};

/** One thing that a mark rests on, for people. */
export interface MarkFinding {
  readonly code: string;
  readonly level: FindingLevel;
  readonly message: string;
}

/** What {@link SYNTHETIC_MARK} rests on. */
export const SYNTHETIC_FINDINGS: readonly MarkFinding[] = [
  { code: 'synthetic', level: 'warn', message: FINDING_CODES.synthetic.meaning },
];

const LEVELS: readonly FindingLevel[] = ['refuse', 'warn', 'note'];

/**
 * Findings as a report keeps them, the worst first. Those that were written down before there were levels are notes: they refused
 * nothing.
 */
export function markFindings(
  found: readonly {
    readonly code: string;
    readonly level?: FindingLevel | undefined;
    readonly message: string;
  }[],
): readonly MarkFinding[] {
  return found
    .map(({ code, level, message }) => ({ code, level: level ?? 'note', message }))
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

export function unknownMark(reason: string): DataMark {
  return { result: 'unknown', reason };
}

/** What a verdict says in one line. `accepted`: a user took the data although they were refused. */
export function markOf(
  verdict: Pick<Verdict, 'result' | 'origin'> & {
    readonly findings: readonly { readonly code: string; readonly level?: string | undefined }[];
  },
  source: string,
  accepted = false,
): DataMark {
  const { result, origin, findings } = verdict;
  const codes = findings
    .filter(({ level, code }) => level === (result === 'refuse' ? 'refuse' : 'warn') && code !== 'synthetic')
    .map(({ code }) => code);
  const more = codes.length > CODES_NAMED_MAX ? ` and ${codes.length - CODES_NAMED_MAX} more` : '';
  const told = [
    ...(origin === 'synthetic' ? [SYNTHETIC_MARK.reason] : []),
    ...(codes.length > 0 ? [`${codes.slice(0, CODES_NAMED_MAX).join(', ')}${more}`] : []),
    ...(accepted ? ['accepted all the same by --accept-verdict'] : []),
    source,
  ];
  return { result, reason: told.join('; ') };
}

/** The mark of data that come from several sources: the worst one, with the reason of each as bad. */
export function worstMark(marks: readonly DataMark[]): DataMark {
  const [first] = marks;
  if (first === undefined) return unknownMark('no data were named');
  const worst = marks.reduce((a, b) => (WEIGHT[b.result] > WEIGHT[a.result] ? b : a), first);
  const reasons = new Set(marks.filter(({ result }) => result === worst.result).map(({ reason }) => reason));
  return { result: worst.result, reason: [...reasons].join(' | ') };
}

/** `warn (no_volume; bars.csv.gz)` */
export function markText({ result, reason }: DataMark): string {
  return `${result} (${reason})`;
}

/** The line that stands beside every profit and loss: `data: warn (no_volume; bars.csv.gz)`. */
export function dataLine(mark: DataMark): string {
  return `data: ${markText(mark)}`;
}
