/**
 * Goal: the page says first what must not be overlooked, shows what is missing as missing, and stays small.
 * Method: pages of invented reports, and the hash of one of them.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { A_RUN, inventedBody, inventedReport } from './invented-report-for-tests.js';
import { PAGE_BYTES_MAX, reportPage } from './page/report-page.js';
import type { ReportBody } from './report-model.js';
import { sealReport } from './sealed-report.js';

/** Of the page of `inventedReport()`: it moves when the page or a statistic changes. Look at the page before writing a new one. */
const GOLDEN = '8742ee539bfaf56869f3cc407b08813479af9bd7bf8cfb8630a19b7845d735bd';

const SMALL = { ...A_RUN, days: 30, trades: 40 };
const pageOf = (changes: Partial<ReportBody>): string =>
  reportPage(sealReport({ ...inventedBody(SMALL), ...changes }));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the page of a backtest', () => {
  const report = inventedReport();
  const page = reportPage(report);

  it('is the one that was looked at', () => {
    expect(sha256(page)).toBe(GOLDEN);
  });

  it('says first what the data are, then the verdict, then figures, then pictures, then lists', () => {
    const order = [
      'SYNTHETIC DATA',
      report.verdict.sentence.slice(0, 20),
      ...[
        'Key figures',
        'Equity and drawdown',
        'Daily profit and loss',
        'Headroom to the maximum loss limit',
      ],
      ...[
        'Trades on candles',
        '<h2>Regimes',
        'By arm, regime, hour and weekday',
        'Results in R',
        'Prop-firm outcome',
      ],
      ...[
        'Bars that hold stop and target',
        '<h2>Refusals',
        'Walking forward',
        '<h2>Trades</h2>',
        'The run',
        report.hash,
      ],
    ];
    const places = order.map((text) => page.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('draws candles, marks of trades and the ribbon of regimes', () => {
    for (const part of ['class="candle up"', 'class="entry"', 'class="exit"', 'HighVol-Chop,']) {
      expect(page).toContain(part);
    }
    expect(page.match(/class="candle up"/g)).toHaveLength(2 * report.candles.length);
  });

  it.each([
    ['refuse', 'REFUSED DATA', 'said to be market data'],
    ['unknown', 'DATA NOT JUDGED', 'data: unknown'],
  ] as const)('warns of data that were %s', (result, warning, badge) => {
    const { data } = inventedBody(SMALL);
    const bad = pageOf({ data: { ...data, origin: 'market', result } });
    expect(bad).toContain(`role="alert">${warning}`);
    expect(bad).toContain(badge);
  });

  it('has no warning where market data were passed', () => {
    const { data } = inventedBody(SMALL);
    const good = pageOf({ data: { ...data, origin: 'market', result: 'pass', findings: [] } });
    expect(good).not.toContain('role="alert"');
  });

  it('names what was found in the data, and shortens long names of data above, not below', () => {
    const { data, run } = inventedBody(SMALL);
    const reference = `${'a-long-folder-name-'.repeat(8)}ES_1m.csv.gz`;
    const findings = [
      { code: 'missing_bars', level: 'warn', message: 'Bars are missing inside sessions: 12' },
      { code: 'time_zone_tested', level: 'note', message: 'The jump stands at 08:30' },
    ] as const;
    const told = pageOf({
      data: { ...data, origin: 'market', result: 'warn', findings: [...findings] },
      run: { ...run, data: run.data.map((one) => ({ ...one, reference })) },
    });
    expect(told).toContain('warn: Bars are missing inside sessions: 12');
    expect(told).toContain('Notes on the data (1)');
    expect(/class="subtitle">[^<]*/.exec(told)?.[0].length).toBeLessThan(140);
    expect(told).toContain(`<span class="reference">${reference}</span>`);
  });

  it('says of folds under the policy of rules that nothing was fitted to them', () => {
    const { run } = inventedBody(SMALL);
    const { walk_forward } = report;
    expect(walk_forward).toHaveProperty('folds');
    expect(pageOf({ walk_forward, run: { ...run, policy: 'rules' } })).toContain(
      'nothing is fitted to the training parts',
    );
    expect(pageOf({ walk_forward, run: { ...run, policy: 'learned' } })).not.toContain('nothing is fitted');
  });

  it('shows what is missing as missing, with the reason, and no number in its place', () => {
    const { statistics, days } = inventedBody(SMALL);
    const bare = pageOf({
      statistics: {
        ...statistics,
        ...{ sharpe: { missing: 'zero_variance' }, dsr: { missing: 'results_lost' } },
        mean_cents: { value: 123, interval_missing: 'unstable' },
      },
      days: days.map((day) => ({ ...day, headroom_cents: null })),
      ...{ r_histogram: { missing: 'no_risk_known' }, prop_firm: { missing: 'no_profile' } },
      ...{ walk_forward: { missing: 'not_asked' }, candles: [], regimes: [] },
    });
    for (const reason of [
      ...['missing: all values are equal', 'missing: results of the variants are not at hand'],
      ...['no interval: resamples without a value', 'missing: the book has no account profile'],
      ...['missing: no trade with a known risk', 'missing: the run was not asked for it'],
      ...['No day with trades is kept', 'No regime was told'],
    ]) {
      expect(bare).toContain(reason);
    }
  });

  it('stays small: 1,000 trades over three years, and 10,000 over five', () => {
    const usual = reportPage(inventedReport({ days: 756, trades: 1_000 }));
    expect(Buffer.byteLength(usual)).toBeLessThan(1.5 * 1_024 * 1_024);
    const large = reportPage(inventedReport({ days: 1_200, trades: 10_000, resamples: 50 }));
    expect(Buffer.byteLength(large)).toBeLessThan(PAGE_BYTES_MAX);
    expect(large).toContain('The last 150 of 10,000');
  });
});
