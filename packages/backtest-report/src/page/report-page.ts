import { dateText, renderPage } from '@bellwether/report';
import type { BacktestReport } from '../report-model.js';
import { candleSection } from './candle-section.js';
import { dailySection, equitySection, headroomSection } from './equity-sections.js';
import { costsSection, groupsSection, refusalSection, resultSection } from './group-sections.js';
import { shortReference } from './figure-text.js';
import { badgesOf, keyFigures, verdictSection, warningOf } from './head-sections.js';
import { regimeSection } from './regime-section.js';
import { propFirmSection, runSection, tradesSection, walkForwardSection } from './tail-sections.js';

/** No page is larger, whatever the run: lists are cut, curves thinned, days of a long run added up. */
export const PAGE_BYTES_MAX = 4 * 1_024 * 1_024;

/** References that a subtitle names before it says how many more there are. */
const REFERENCES_NAMED = 3;

/** The whole names stand in the last section. */
function sourcesText(references: readonly string[]): string {
  const named = references.slice(0, REFERENCES_NAMED).map((one) => shortReference(one));
  const more = references.length - named.length;
  return `${named.join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The page of a backtest: one file that loads nothing. The same report gives the same bytes. */
export function reportPage(report: BacktestReport): string {
  const { run, hash, format } = report;
  const symbols = run.data.map(({ symbol }) => symbol).join(', ');
  const days =
    run.first_date === null || run.last_date === null
      ? 'no day'
      : `${dateText(run.first_date)} to ${dateText(run.last_date)}`;
  return renderPage({
    title: `Backtest of ${run.book}`,
    subtitle: `${symbols}, ${days}: ${sourcesText(run.data.map(({ reference }) => reference))}`,
    badges: badgesOf(report),
    warning: warningOf(report),
    sections: [
      verdictSection(report),
      keyFigures(report),
      equitySection(report),
      dailySection(report),
      headroomSection(report),
      candleSection(report),
      regimeSection(report),
      groupsSection(report),
      resultSection(report),
      propFirmSection(report),
      costsSection(report),
      refusalSection(report),
      walkForwardSection(report),
      tradesSection(report),
      runSection(report),
    ],
    footer: `No evidence gate stands before a measurement: every part and arm of the book decided. Report ${hash}, format ${format}. Fields: docs/reference/report.md; measures: docs/reference/statistics.md. This page loads nothing from anywhere.`,
  });
}
