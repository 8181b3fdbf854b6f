import type { BookConfig } from '@bellwether/contracts';
import { utcText } from '@bellwether/market';
import { renderPage, type Badge, type Section, type Tone } from '@bellwether/report';
import type { Verdict } from '@bellwether/verdict';
import type { JudgedData } from '../judged-data.js';
import { calendarSection, gapsSection } from './calendar-section.js';
import { daySections, levelSection, movesSection } from './chart-sections.js';
import { featureSection } from './feature-section.js';
import type { RawColumns } from './raw-columns.js';
import { factsSection, marksSection, verdictSection } from './verdict-sections.js';

const RESULT_TONES: Readonly<Record<Verdict['result'], Tone>> = { pass: 'good', warn: 'warn', refuse: 'bad' };
const KINDS: Readonly<Record<Verdict['kind'], string>> = {
  future: 'future',
  cash_index: 'cash index',
  etf: 'fund',
};
const MINUTE_US = 60_000_000;

export interface PageInput {
  readonly judged: JudgedData;
  readonly bars: RawColumns;
  /** Of a book for these bars; null where there can be none. */
  readonly config: BookConfig | null;
  readonly version: string;
}

function warningOf({ origin, result }: Verdict): string {
  if (origin === 'synthetic') {
    return 'SYNTHETIC DATA: made by a generator, not market data. Nothing on this page says anything about a market.';
  }
  return result === 'refuse' ? 'REFUSED: these bars cannot be believed. The reasons stand first.' : '';
}

/** The page of `bw data report`. */
export function dataPage({ judged, bars, config, version }: PageInput): string {
  const { verdict: machine, subject, title } = judged;
  const verdict = machine.result();
  const counted = machine.judged;
  const { interval_us, has_volume, kind, origin, result, rows } = verdict;
  const dates = counted.coverage.dates();
  const length = interval_us === null ? 'no fixed length' : `${interval_us / MINUTE_US} min`;
  const badges: readonly Badge[] = [
    { text: `verdict: ${result}`, tone: RESULT_TONES[result] },
    origin === 'synthetic'
      ? { text: 'synthetic', tone: 'bad' }
      : {
          text: result === 'refuse' ? 'said to be market data' : 'market data',
          tone: result === 'refuse' ? 'bad' : 'main',
        },
    { text: `${subject.symbol}, ${KINDS[kind]}`, tone: 'quiet' },
    { text: `bars of ${length}`, tone: 'quiet' },
  ];
  const number = (value: number): string => value.toLocaleString('en-US');
  const empty = bars.length === 0;
  const sections: readonly Section[] = [
    verdictSection(verdict),
    factsSection([
      ['rows', number(rows)],
      ['first bar', empty ? 'none' : utcText(bars.openAt(0))],
      ['last bar', empty ? 'none' : utcText(bars.openAt(bars.length - 1))],
      ['trade dates', number(counted.coverage.sessions)],
      ['volume', has_volume ? 'yes' : 'not known'],
      [
        'contract',
        subject.contract === null ? 'continuous, or not told' : `${subject.symbol} single contract`,
      ],
    ]),
    ...(empty ? [] : [levelSection(bars, subject), calendarSection(dates)]),
    ...(empty || interval_us === null ? [] : [gapsSection(bars, dates, interval_us)]),
    ...daySections(counted, has_volume, kind === 'future' && interval_us !== null),
    ...(empty ? [] : [movesSection(bars, counted, subject)]),
    marksSection(counted.numbers),
    ...(empty ? [] : [featureSection(bars, subject, interval_us, has_volume, config)]),
  ];
  return renderPage({
    title,
    subtitle: `Data report: can these bars be believed?`,
    ...{ badges, sections, warning: warningOf(verdict) },
    footer: `Bellwether ${version}, verdict logic ${verdict.version}. Codes of findings: docs/reference/verdict.md. This page loads nothing from anywhere.`,
  });
}
