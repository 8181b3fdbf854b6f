/**
 * Goal: the verdict line says no more than its numbers carry.
 * Method: evidence in which everything speaks for an edge; each thing that may speak against it is put in, one at a time.
 */
import { describe, expect, it } from '@jest/globals';
import { inventedReport } from './invented-report-for-tests.js';
import { VERDICT_BOUNDS, evidenceOf, verdictOf, type Evidence } from './verdict-rule.js';

const STRONG: Evidence = {
  data: { origin: 'market', result: 'pass' },
  in_sample: 0,
  days: 500,
  trades: 800,
  idle_days: 2,
  mean_cents: { value: 5_000, low: 2_000, high: 8_000 },
  sharpe: { value: 0.15, low: 0.06, high: 0.24 },
  level: 0.9,
  dsr: { value: 0.98 },
  trials: 12,
  minimum_track_record: { value: 140.2 },
  pbo: { value: 0.05 },
  reality_check_p: { value: 0.01 },
  worst_net_cents: { value: 1_000_000 },
  tested_net_cents: { value: 200_000 },
};

describe('a verdict', () => {
  it('speaks of an edge where everything speaks for it, with its numbers, and of these data alone', () => {
    const verdict = verdictOf(STRONG);
    expect(verdict).toEqual({
      outcome: 'evidence',
      sentence:
        'Evidence of an edge in these data: 20.00 USD to 80.00 USD a day (90 %) over 500 days and 800 trades, ' +
        'deflated Sharpe ratio 0.980 after 12 trials. It says nothing of other data.',
      against: [],
      caveats: [],
    });
  });

  const cases: readonly (readonly [code: string, change: Partial<Evidence>])[] = [
    ['in_sample', { in_sample: 2 }],
    ['data_refused', { data: { origin: 'market', result: 'refuse' } }],
    ['data_not_judged', { data: { origin: 'market', result: 'unknown' } }],
    ['no_trades', { trades: 0 }],
    ['too_few_days', { days: VERDICT_BOUNDS.days - 1, minimum_track_record: { value: 10 } }],
    ['too_few_trades', { trades: VERDICT_BOUNDS.trades - 1 }],
    ['record_too_short', { minimum_track_record: { value: 500.5 } }],
    ['mean_holds_zero', { mean_cents: { value: 5_000, low: -1, high: 8_000 } }],
    ['mean_holds_zero', { mean_cents: { value: 5_000, low: 0, high: 8_000 } }],
    ['mean_below_zero', { mean_cents: { value: -5_000, low: -8_000, high: -10 } }],
    ['mean_unknown', { mean_cents: { value: 5_000, interval_missing: 'unstable' } }],
    ['sharpe_holds_zero', { sharpe: { value: 0.1, low: -0.01, high: 0.2 } }],
    ['sharpe_unknown', { sharpe: { missing: 'too_few' } }],
    ['dsr_low', { dsr: { value: 0.949 } }],
    ['dsr_unknown', { dsr: { missing: 'results_lost' } }],
    ['pbo_high', { pbo: { value: 0.21 } }],
    ['reality_check_high', { reality_check_p: { value: 0.05 } }],
    ['worst_order_loses', { worst_net_cents: { value: 0 } }],
    ['walk_forward_loses', { tested_net_cents: { value: -1 } }],
  ];

  it.each(cases)('sees no evidence: %s', (code, change) => {
    const { outcome, sentence, against } = verdictOf({ ...STRONG, ...change });
    expect(outcome).toBe('no_evidence');
    expect(against.map((one) => one.code)).toEqual([code]);
    expect(sentence).toBe(`No evidence of an edge: ${against[0]?.text ?? ''}.`);
  });

  it('holds at its bounds', () => {
    const edge = verdictOf({
      ...STRONG,
      ...{ days: VERDICT_BOUNDS.days, trades: VERDICT_BOUNDS.trades, minimum_track_record: { value: 60 } },
      ...{ dsr: { value: VERDICT_BOUNDS.dsr }, pbo: { value: VERDICT_BOUNDS.pbo } },
    });
    expect(edge.outcome).toBe('evidence');
  });

  it('names the first two things against it and counts the rest', () => {
    const { sentence, against } = verdictOf({
      ...STRONG,
      ...{ data: { origin: 'market', result: 'refuse' }, trades: 3, dsr: { value: 0.2 } },
    });
    expect(against).toHaveLength(3);
    expect(sentence).toBe(
      'No evidence of an edge: the data were refused, 3 trades are too few (50 at least), and 1 more.',
    );
  });

  it('never calls what a generator made market data', () => {
    const { sentence, caveats } = verdictOf({ ...STRONG, data: { origin: 'synthetic', result: 'warn' } });
    expect(sentence).toContain('in these synthetic data');
    expect(caveats.map(({ code }) => code)).toEqual(['synthetic']);
  });

  it('says that an account stopped trading, where that fills the record with days of zero', () => {
    const codes = (idle_days: number | null): readonly string[] =>
      verdictOf({ ...STRONG, idle_days }).caveats.map(({ code }) => code);
    expect([null, 0, 125].map(codes)).toEqual([[], [], []]);
    expect(codes(126)).toEqual(['stopped_trading']);
    const report = inventedReport();
    const [first] = report.trades;
    const early = { ...report, trades: report.trades.slice(0, 1), trades_total: 1 };
    expect(evidenceOf(early).idle_days).toBe(
      report.days.filter(({ date }) => date > (first?.date ?? 0)).length,
    );
    expect(evidenceOf({ ...report, trades: [], trades_total: 0 }).idle_days).toBeNull();
  });

  it('says what was not measured', () => {
    const unmeasured = { missing: 'not_asked' } as const;
    const { outcome, caveats } = verdictOf({
      ...STRONG,
      data: { origin: 'market', result: 'warn' },
      ...{ pbo: unmeasured, reality_check_p: unmeasured, worst_net_cents: unmeasured },
    });
    expect(outcome).toBe('evidence');
    const codes = ['data_warned', 'pbo_unknown', 'reality_check_unknown', 'order_untested'];
    expect(caveats.map(({ code }) => code)).toEqual(codes);
  });
});

describe('the verdict of a report', () => {
  it('is the one that its own numbers give', () => {
    const report = inventedReport();
    expect(report.verdict).toEqual(verdictOf(evidenceOf(report)));
    expect(report.verdict.outcome).toBe('no_evidence');
  });

  it('finds an edge that was put in, and none where none was', () => {
    const outcomes = [0, 0.5].map((edge) => inventedReport({ edge, days: 250, trades: 500 }).verdict.outcome);
    expect(outcomes).toEqual(['no_evidence', 'evidence']);
  });
});
