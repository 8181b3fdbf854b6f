import { UNGATED_PAST } from '@bellwether/evidence';
import { html, intervalChart, renderPage, responsive, table, type IntervalRow } from '@bellwether/report';
import {
  COLUMNS,
  VERDICT_WORDS,
  headLines,
  sentenceOf,
  share,
  type AblationReport,
} from './ablation-text.js';
import type { JudgedComparison } from './judge.js';
import { PART_TEXTS } from './parts.js';

const dollars = (cents: number | null): string => (cents === null ? '' : (cents / 100).toFixed(2));

function chartRow({ name, mean_cents, low_cents, high_cents, verdict }: JudgedComparison): IntervalRow {
  const interval =
    low_cents === null || high_cents === null ? null : { low: low_cents / 100, high: high_cents / 100 };
  return {
    ...{ name, value: mean_cents === null ? null : mean_cents / 100, interval },
    tone: verdict === 'gain' ? 'good' : verdict === 'loss' ? 'bad' : 'quiet',
    note: verdict === 'unclear' ? '' : verdict,
  };
}

/** The same as the text, as one page that loads nothing. */
export function ablationPage(report: AblationReport): string {
  const rows = report.comparisons.map((one) => [
    ...[one.name, dollars(one.mean_cents), `${dollars(one.low_cents)} to ${dollars(one.high_cents)}`],
    ...[share(one.p), share(one.p_adjusted), dollars(one.net_cents[0]), dollars(one.net_cents[1])],
    ...[`${one.trades[0]} / ${one.trades[1]}`, VERDICT_WORDS[one.verdict]],
  ]);
  const parts = [
    ...report.parts.map((part) => [part, PART_TEXTS[part].on, PART_TEXTS[part].off]),
    ...report.absent.map(({ part, why }) => [part, 'ABSENT', why]),
  ];
  const title = 'Difference a day in US dollars, with 95 % intervals';
  return renderPage({
    title: 'What each part adds',
    subtitle: report.title,
    badges: [
      report.synthetic ? { text: 'synthetic', tone: 'bad' } : { text: 'market data', tone: 'main' },
      { text: `data: ${report.mark.result}`, tone: report.mark.result === 'pass' ? 'good' : 'warn' },
      ...(report.in_sample.length === 0 ? [] : [{ text: 'in sample', tone: 'bad' } as const]),
    ],
    warning: headLines(report)
      .filter((line) => /^(SYNTHETIC|IN SAMPLE)/.test(line))
      .join(' '),
    sections: [
      {
        title: 'What may be said',
        body: html`<p class="sentence">${sentenceOf(report)}</p>
          ${report.notes.map((note) => html`<p class="lead">${note}</p>`)}`,
      },
      {
        title: 'Differences',
        lead: `Baseline: ${report.fixed} alone, one contract, no regime, no learning. Each part is added alone to it, and removed alone from all.`,
        body: html`${responsive((width) => intervalChart({ title, rows: report.comparisons.map(chartRow) }, width))}
        ${table(COLUMNS, rows, [1, 3, 4, 5, 6, 7])}`,
      },
      { title: 'Parts', body: table(['part', 'on', 'off'], parts) },
    ],
    footer: `${UNGATED_PAST} Paired by day, stationary bootstrap; p adjusted for every comparison (Holm). ${report.trials} variants were ever run in this workspace.`,
  });
}
