import { facts, html, type Badge, type Html, type Section, type Tone } from '@bellwether/report';
import type { BacktestReport } from '../report-model.js';
import { dollars, estimateText, figureText, percent, plain, usd, whole } from './figure-text.js';

const RESULT_TONES: Readonly<Record<BacktestReport['data']['result'], Tone>> = {
  pass: 'good',
  warn: 'warn',
  refuse: 'bad',
  unknown: 'bad',
};
const BEST_DAYS = 5;

/** What must not be overlooked; empty where there is nothing. */
export function warningOf(report: BacktestReport): string {
  return [dataWarning(report), inSampleWarning(report)].filter((text) => text !== '').join(' ');
}

function inSampleWarning({ run: { in_sample } }: BacktestReport): string {
  if (in_sample.length === 0) return '';
  const names = in_sample.map(({ model }) => model).join(', ');
  return `IN SAMPLE: ${names} learned from these very days or later ones. Nothing on this page says what they are worth.`;
}

function dataWarning({ data: { origin, result, accepted } }: BacktestReport): string {
  if (origin === 'synthetic') {
    return 'SYNTHETIC DATA: made by a generator, not market data. No number on this page says anything about a market.';
  }
  if (result === 'refuse') {
    return `REFUSED DATA: these bars cannot be believed${accepted ? ', and were taken all the same' : ''}. No number on this page may be.`;
  }
  return result === 'unknown'
    ? 'DATA NOT JUDGED: nobody has looked at whether these bars can be believed.'
    : '';
}

export function badgesOf({ data, verdict, run }: BacktestReport): readonly Badge[] {
  const market = data.result === 'refuse' ? 'said to be market data' : 'market data';
  return [
    data.origin === 'synthetic'
      ? { text: 'synthetic', tone: 'bad' }
      : { text: market, tone: data.result === 'refuse' ? 'bad' : 'main' },
    { text: `data: ${data.result}`, tone: RESULT_TONES[data.result] },
    verdict.outcome === 'evidence'
      ? { text: 'evidence of an edge', tone: 'good' }
      : { text: 'no evidence of an edge', tone: 'quiet' },
    { text: `policy: ${run.policy}`, tone: 'quiet' },
    ...(run.in_sample.length === 0 ? [] : [{ text: 'in sample', tone: 'bad' } as const]),
  ];
}

function remarks(
  items: readonly { readonly code: string; readonly text: string }[],
  tone: string,
): Html | null {
  if (items.length === 0) return null;
  return html`<ul class="findings">
    ${items.map(({ code, text }) => html`<li class="${tone}">${text} <code class="quiet">${code}</code></li>`)}
  </ul>`;
}

/** The verdict on the run, what stands against it, and what is said of the data. */
export function verdictSection({ verdict, data }: BacktestReport): Section {
  const { sentence, against, caveats } = verdict;
  const told = data.findings.map(({ code, message, level }) => ({
    code,
    level,
    text: `${level}: ${message}`,
  }));
  const findings = told.filter(({ level }) => level !== 'note');
  const notes = told.filter(({ level }) => level === 'note');
  return {
    title: 'Verdict',
    body: html`<p class="sentence">${sentence}</p>
      ${remarks(against, 'bad')} ${remarks(caveats, 'warn')}
      <p class="lead">Data: ${data.result} (${data.reason}).</p>
      ${remarks(findings, data.result === 'refuse' ? 'bad' : 'warn')}
      ${
        notes.length === 0
          ? null
          : html`<details>
              <summary>Notes on the data (${notes.length})</summary>
              ${remarks(notes, 'quiet')}
            </details>`
      }`,
  };
}

/** What is left without the days that made the most. */
function withoutBest(report: BacktestReport): string | Html {
  if (report.days.length <= BEST_DAYS) return figureText({ missing: 'too_few' }, usd);
  const nets = report.days.map(({ net_cents }) => net_cents).sort((a, b) => a - b);
  return usd(nets.slice(0, -BEST_DAYS).reduce((sum, net) => sum + net, 0));
}

export function keyFigures(report: BacktestReport): Section {
  const { statistics: all, costs, days, trades_total } = report;
  const year = Math.sqrt(all.days_per_year);
  const ratio = plain(3);
  const percentLevel = Math.round(100 * all.level);
  return {
    title: 'Key figures',
    lead: `Small: intervals of ${percentLevel} % from ${whole(all.resamples)} resamples of days (stationary bootstrap). Ratios are per day unless they say otherwise.`,
    body: facts([
      ['net, after all costs', usd(costs.net_cents)],
      ['mean of a day', estimateText(all.mean_cents, usd, dollars)],
      ['Sharpe ratio', estimateText(all.sharpe, ratio)],
      ['Sharpe ratio, a year', estimateText(all.sharpe, (value) => plain(2)(value * year))],
      ['Sortino ratio', estimateText(all.sortino, ratio)],
      ['deflated Sharpe ratio', figureText(all.dsr, ratio)],
      ['trials counted', html`${whole(all.trials.count)}<br /><small>${all.trials.scope}</small>`],
      ['probability of a ratio above 0', figureText(all.psr, ratio)],
      ['days needed for 95 %', figureText(all.minimum_track_record, (value) => whole(Math.ceil(value)))],
      ['probability of overfitting', figureText(all.pbo, ratio)],
      ['reality check, p', figureText(all.reality_check_p, ratio)],
      ['largest drawdown', estimateText(all.drawdown_cents, usd, dollars)],
      ['worst 5 % of days, mean', estimateText(all.cvar_cents, usd, dollars)],
      [`net without the ${BEST_DAYS} best days`, withoutBest(report)],
      ['days, trades', `${whole(days.length)}, ${whole(trades_total)}`],
      ['decision bars gated or refused', holdShare(report)],
    ]),
  };
}

function holdShare({ decisions: { asked, holds } }: BacktestReport): string | Html {
  return figureText(asked === 0 ? { missing: 'undefined' } : { value: holds / asked }, percent);
}
