import { createHash } from 'node:crypto';
import { CONTRACT_VERSION } from '@bellwether/contracts';
import { stageVersions } from '@bellwether/line';
import { outcomesByStart, resampledOutcomes, type Measure, type OutcomeShares } from '@bellwether/statistics';
import { SYNTHETIC_MARK } from '@bellwether/verdict';
import { candleDays } from './candle-days.js';
import { REPORT_FORMAT, type BacktestReport, type ReportBody } from './report-model.js';
import { REPORT_LEVEL, reportStatistics } from './report-statistics.js';
import { SampleRun } from './sample-run-for-tests.js';
import { sealReport } from './sealed-report.js';
import { groupsOf, rHistogram } from './trade-groups.js';
import { evidenceOf, verdictOf } from './verdict-rule.js';

const TARGET_CENTS = 300_000;
const RESAMPLES = 500;
const SEED = 'sample';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function sharesOf(
  shares: Measure<OutcomeShares>,
): Extract<ReportBody['prop_firm'], { profile: string }>['by_start'] {
  if (shares.missing !== null) return { missing: shares.missing };
  const { evaluations, passed, breached, open, daysToPass: days_to_pass } = shares.value;
  return { evaluations, passed, breached, open, days_to_pass };
}

function propFirm({ days, config }: SampleRun): ReportBody['prop_firm'] {
  const profile = config?.account ?? null;
  if (profile === null) return { missing: 'no_profile' };
  const rules = { profile, target_cents: TARGET_CENTS };
  return {
    profile: profile.name,
    target_cents: TARGET_CENTS,
    by_start: sharesOf(outcomesByStart(days, rules)),
    resampled: sharesOf(resampledOutcomes(days, rules, { seed: SEED, resamples: RESAMPLES })),
  };
}

function runOf({ config, days, counts, digest }: SampleRun): ReportBody['run'] {
  return {
    book: config?.book ?? '',
    policy: 'rules',
    data: [{ symbol: 'ES', reference: 'the synthetic sample', sha256: null, rows: counts.bars }],
    interval_us: config?.bar_interval_us ?? 0,
    first_date: days[0]?.date ?? null,
    last_date: days.at(-1)?.date ?? null,
    sessions: days.length,
    warmup_sessions: 0,
    bars: counts.bars,
    entries: counts.entries,
    contract_version: CONTRACT_VERSION,
    stages: stageVersions().map(({ stage, logic_version }) => ({ stage, logic_version })),
    config_hash: createHash('sha256').update(JSON.stringify(config)).digest('hex'),
    decisions_digest: digest,
    in_sample: [],
    assumptions: [{ name: 'inside a bar', text: 'the worst order: stop before profit' }],
  };
}

function decisionsOf({ counts, refusals }: SampleRun): ReportBody['decisions'] {
  const sorted = [...refusals]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count);
  return {
    asked: counts.asked,
    entries: counts.buys,
    exits: counts.exits,
    holds: sum(sorted.map(({ count }) => count)),
    refusals: sorted,
  };
}

function bodyOf(run: SampleRun): Omit<ReportBody, 'verdict'> {
  const { trades, days, regimes, counts } = run;
  const candles = candleDays(trades).map(({ date, symbol }) => {
    return { date, symbol, interval_us: 300_000_000, bars: run.candles.get(date) ?? [] };
  });
  const net = sum(trades.map(({ net_cents }) => net_cents));
  const statistics = reportStatistics({
    days: days.map(({ net_cents }) => net_cents),
    seed: SEED,
    resamples: RESAMPLES,
    trials: { count: 1, sharpes: [], effective: { missing: 'one_variant' }, scope: 'this run alone' },
    pbo: { missing: 'one_variant' },
    reality_check_p: { missing: 'one_variant' },
  });
  return {
    format: REPORT_FORMAT,
    run: runOf(run),
    data: { origin: 'synthetic', ...SYNTHETIC_MARK, result: 'warn', accepted: false, findings: [] },
    account: {
      profile: run.config?.account?.name ?? null,
      start_balance_cents: run.config?.account?.start_balance_cents ?? 0,
      max_loss_cents: run.config?.account?.max_loss_cents ?? null,
    },
    statistics,
    days,
    trades,
    trades_total: trades.length,
    candles,
    regimes,
    groups: groupsOf(trades, { seed: SEED, resamples: RESAMPLES, level: REPORT_LEVEL }),
    costs: {
      gross_cents: sum(trades.map(({ gross_cents }) => gross_cents)),
      fees_cents: sum(trades.map(({ fees_cents }) => fees_cents)),
      slippage_cents: { value: sum(trades.map(({ slippage_cents }) => slippage_cents ?? 0)) },
      net_cents: net,
    },
    r_histogram: rHistogram(trades),
    decisions: decisionsOf(run),
    ambiguity: {
      fills: counts.fills,
      ambiguous_fills: counts.ambiguous,
      policies: [
        {
          policy: 'worst',
          net_cents: { value: net },
          trades: { value: trades.length },
          sharpe: 'value' in statistics.sharpe ? { value: statistics.sharpe.value } : statistics.sharpe,
        },
        ...(['best', 'coin'] as const).map((policy) => ({
          policy,
          ...{ net_cents: { missing: 'not_asked' as const }, trades: { missing: 'not_asked' as const } },
          sharpe: { missing: 'not_asked' as const },
        })),
      ],
    },
    prop_firm: propFirm(run),
    walk_forward: { missing: 'not_asked' },
  };
}

/** A report of a real run of the line over the synthetic sample: every number in it is one that the line came to. */
export async function sampleReport(): Promise<BacktestReport> {
  const body = bodyOf(await SampleRun.overSample());
  return sealReport({ ...body, verdict: verdictOf(evidenceOf(body)) });
}
