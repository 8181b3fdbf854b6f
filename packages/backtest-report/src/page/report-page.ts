import { dateText, renderPage } from '@bellwether/report';
import type { BacktestReport } from '../report-model.js';
import { candleSection } from './candle-section.js';
import { dailySection, equitySection, headroomSection } from './equity-sections.js';
import { costsSection, groupsSection, refusalSection, resultSection } from './group-sections.js';
import { badgesOf, keyFigures, verdictSection, warningOf } from './head-sections.js';
import { regimeSection } from './regime-section.js';
import { propFirmSection, runSection, tradesSection, walkForwardSection } from './tail-sections.js';

/** No page is larger, whatever the run: lists are cut, curves thinned, days of a long run added up. */
export const PAGE_BYTES_MAX = 4 * 1_024 * 1_024;

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
    subtitle: `${symbols}, ${days}: ${run.data.map(({ reference }) => reference).join('; ')}`,
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
    footer: `Report ${hash}, format ${format}. Fields: docs/reference/report.md; measures: docs/reference/statistics.md. This page loads nothing from anywhere.`,
  });
}
