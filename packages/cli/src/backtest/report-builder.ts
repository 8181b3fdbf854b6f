import { createHash } from 'node:crypto';
import {
  CONTRACT_VERSION,
  FillLegName,
  PolicyName,
  REASONS,
  RegimeStateName,
  Side,
  StrategyName,
  type BookConfig,
} from '@bellwether/contracts';
import {
  REPORT_FORMAT,
  REPORT_LIMITS,
  candleDays,
  evidenceOf,
  groupsOf,
  rHistogram,
  sealReport,
  verdictOf,
  type BacktestReport,
  type ReportBody,
  type ReportTrade,
} from '@bellwether/backtest-report';
import { stageVersions } from '@bellwether/line';
import { REPORT_LEVEL } from '@bellwether/backtest-report';
import type { DayRow } from './day-book.js';
import { assumptionsOf } from './assumptions.js';
import type { RunCollector } from './run-collector.js';
import type { TradeRow } from './trade-book.js';

/** What a report needs besides the run itself. */
export interface ReportParts {
  readonly data: ReportBody['data'];
  readonly references: ReportBody['run']['data'];
  readonly digest: string;
  readonly statistics: ReportBody['statistics'];
  readonly ambiguity: ReportBody['ambiguity'];
  readonly prop_firm: ReportBody['prop_firm'];
  readonly walk_forward: ReportBody['walk_forward'];
  readonly in_sample: ReportBody['run']['in_sample'];
}

/** Seed of all draws of a report: the same run gives the same intervals. */
export const REPORT_SEED = 'report';

/** SHA-256 of a book's configuration without its name, which may carry a hash of the data. */
export function configHash(config: BookConfig): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...config, book: '' }))
    .digest('hex');
}

/** `report.json` of a run. */
export function buildReport(run: RunCollector, config: BookConfig, parts: ReportParts): BacktestReport {
  const days = run.days.days();
  const trades = reportTrades(run.trades.trades, run.days.start_cents);
  const { profile, ...account } = {
    profile: config.account,
    start_balance_cents: run.days.start_cents,
    max_loss_cents: config.account?.max_loss_cents ?? null,
  };
  const shown = trades.slice(-REPORT_LIMITS.trades);
  const options = { seed: REPORT_SEED, level: REPORT_LEVEL };
  const body = {
    format: REPORT_FORMAT,
    run: runPart(run, config, days, parts),
    data: parts.data,
    account: { profile: profile?.name ?? null, ...account },
    statistics: parts.statistics,
    days: reportDays(days, run.days.start_cents).slice(-REPORT_LIMITS.days),
    trades: shown,
    trades_total: trades.length,
    candles: candlesOf(run, config, trades),
    regimes: run.regimes.slice(-REPORT_LIMITS.regimeSpans).map(({ trade_date, state, from_us, to_us }) => ({
      ...{ from_us, to_us, date: trade_date },
      regime: RegimeStateName[state],
    })),
    groups: groupsOf(trades, options),
    costs: costsOf(run.trades.trades),
    r_histogram: rHistogram(trades),
    decisions: decisionsOf(run),
    ambiguity: parts.ambiguity,
    prop_firm: parts.prop_firm,
    walk_forward: parts.walk_forward,
  } satisfies Omit<ReportBody, 'verdict'>;
  return sealReport({ ...body, verdict: verdictOf(evidenceOf(body)) });
}

function runPart(
  run: RunCollector,
  config: BookConfig,
  days: readonly DayRow[],
  { references, digest, in_sample }: ReportParts,
): ReportBody['run'] {
  return {
    book: config.book,
    policy: PolicyName[config.policy],
    data: references,
    interval_us: config.bar_interval_us,
    first_date: days[0]?.trade_date ?? null,
    last_date: days.at(-1)?.trade_date ?? null,
    sessions: days.length,
    warmup_sessions: run.warmupDates.size,
    bars: run.bars,
    entries: run.entries,
    contract_version: CONTRACT_VERSION,
    stages: stageVersions().map(({ stage, logic_version }) => ({ stage, logic_version })),
    config_hash: configHash(config),
    decisions_digest: digest,
    in_sample,
    assumptions: [...assumptionsOf(config)],
  };
}

function reportDays(days: readonly DayRow[], start_cents: number): ReportBody['days'] {
  let peak = start_cents;
  return days.map(({ trade_date, net_cents, worst_cents, best_cents, fees_cents, trades, ...rest }) => {
    const { equity_cents, headroom_cents } = rest;
    peak = Math.max(peak, equity_cents);
    const drawdown_cents = peak - equity_cents;
    return {
      ...{ date: trade_date, net_cents, worst_cents, best_cents, fees_cents, trades },
      ...{ equity_cents, drawdown_cents, headroom_cents },
    };
  });
}

/** Trades in the order of their close, with the equity of closed trades alone. */
export function reportTrades(rows: readonly TradeRow[], start_cents: number): ReportTrade[] {
  let equity_cents = start_cents;
  let peak = start_cents;
  return rows.map(({ trade, trade_date, entry_price, exit_price, slippage_cents }) => {
    equity_cents += trade.net_cents;
    peak = Math.max(peak, equity_cents);
    return {
      ...{ id: trade.decision_id, symbol: trade.symbol, date: trade_date },
      arm: StrategyName[trade.strategy],
      regime: RegimeStateName[trade.regime],
      side: trade.side === Side.SHORT ? 'short' : 'long',
      quantity: trade.quantity,
      ...{ opened_us: trade.opened_us, closed_us: trade.closed_us, entry_price, exit_price },
      exit_leg: FillLegName[trade.exit_leg],
      ...{ gross_cents: trade.gross_cents, fees_cents: trade.fees_cents, net_cents: trade.net_cents },
      ...{ slippage_cents, risk_cents: trade.risk_cents, r: trade.net_r },
      ...{ mae_r: trade.mae_r, mfe_r: trade.mfe_r, ambiguous: trade.ambiguous },
      ...{ equity_cents, drawdown_cents: peak - equity_cents },
    };
  });
}

function candlesOf(
  run: RunCollector,
  { bar_interval_us }: BookConfig,
  trades: readonly ReportTrade[],
): ReportBody['candles'] {
  const interval_us = Math.max(bar_interval_us, 300_000_000);
  return candleDays(trades).map(({ date, symbol }) => ({
    ...{ date, symbol, interval_us },
    bars: run.candles.candles(date, symbol).slice(0, REPORT_LIMITS.candlesPerDay),
  }));
}

function costsOf(rows: readonly TradeRow[]): ReportBody['costs'] {
  const sum = (of: (row: TradeRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const outside = rows.some(({ slippage_cents }) => slippage_cents === null);
  return {
    gross_cents: sum(({ trade }) => trade.gross_cents),
    fees_cents: sum(({ trade }) => trade.fees_cents),
    slippage_cents: outside
      ? { missing: 'outside_fills' }
      : { value: sum(({ slippage_cents }) => slippage_cents ?? 0) },
    net_cents: sum(({ trade }) => trade.net_cents),
  };
}

function decisionsOf({ decisions }: RunCollector): ReportBody['decisions'] {
  const { asked, entries, exits, holds, refusals } = decisions;
  return {
    ...{ asked, entries, exits, holds },
    refusals: [...refusals]
      .map(([reason, count]) => ({ reason: REASONS[reason].name, count }))
      .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
      .slice(0, REPORT_LIMITS.refusals),
  };
}
