import { uniformSource } from '@bellwether/kernel';
import { sessionAfter, sessionOf } from '@bellwether/market';
import { candleDays } from './candle-days.js';
import {
  REPORT_FORMAT,
  type BacktestReport,
  type ReportBody,
  type ReportDay,
  type ReportTrade,
} from './report-model.js';
import { REPORT_LEVEL, reportStatistics } from './report-statistics.js';
import { sealReport } from './sealed-report.js';
import { groupsOf, rHistogram } from './trade-groups.js';
import { evidenceOf, verdictOf } from './verdict-rule.js';

export interface Invented {
  readonly seed: string;
  readonly days: number;
  readonly trades: number;
  /** Added to the result of each trade in R: what makes an edge. */
  readonly edge: number;
  readonly resamples: number;
  /** Stands wherever a text may stand. */
  readonly text: string;
}

export const A_RUN: Invented = {
  seed: 'invented',
  days: 120,
  trades: 240,
  edge: 0,
  resamples: 200,
  text: 'invented',
};

const FIRST_DATE = 20_220_103;
const START_CENTS = 5_000_000;
const MAX_LOSS_CENTS = 200_000;
const RISK_CENTS = 10_000;
const FEES_CENTS = 280;
const MINUTE_US = 60_000_000;
const REGIMES = ['calm_trend', 'calm_chop', 'highvol_trend', 'highvol_chop', 'unknown'];
const HASH = 'ab'.repeat(32);

interface Session {
  readonly trade_date: number;
  readonly rth_open_us: number;
}

function sessionsOf(count: number): readonly Session[] {
  const found: Session[] = [];
  for (let session = sessionOf(FIRST_DATE); session !== null && found.length < count;) {
    found.push(session);
    session = sessionAfter(session.open_us);
  }
  return found;
}

/** Trades in order, spread over the days; their results are drawn, and their sums follow. */
function tradesOf({ seed, trades, edge, days }: Invented, sessions: readonly Session[]): ReportTrade[] {
  const draw = uniformSource(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(draw() * values.length)]!;
  let equity_cents = START_CENTS;
  let peak = START_CENTS;
  return Array.from({ length: days === 0 ? 0 : trades }, (_, i): ReportTrade => {
    const session = sessions[Math.floor((i / trades) * sessions.length)]!;
    // Three losses of one risk to two gains of one and a half, before costs.
    const r = (draw() < 0.6 ? -1 : 1.5) + 0.2 * (draw() - 0.5) + edge;
    const net_cents = Math.round(r * RISK_CENTS) - FEES_CENTS;
    equity_cents += net_cents;
    peak = Math.max(peak, equity_cents);
    const long = draw() < 0.5;
    const opened_us = session.rth_open_us + Math.floor(draw() * 300) * MINUTE_US;
    const entry_price = 5_000 + Math.round(200 * draw()) / 4;
    return {
      id: `invented-${i}`,
      symbol: 'ES',
      arm: `s${1 + Math.floor(draw() * 12)}`,
      regime: pick(REGIMES),
      side: long ? 'long' : 'short',
      quantity: 1,
      date: session.trade_date,
      opened_us,
      closed_us: opened_us + (5 + Math.floor(draw() * 40)) * MINUTE_US,
      entry_price,
      exit_price: entry_price + (long ? 2 : -2) * r,
      exit_leg: r > 0 ? 'target' : 'stop',
      gross_cents: net_cents + FEES_CENTS,
      fees_cents: FEES_CENTS,
      slippage_cents: 2_500,
      net_cents,
      risk_cents: RISK_CENTS,
      r: net_cents / RISK_CENTS,
      mae_r: r < 0 ? 1 + 0.1 * draw() : draw(),
      mfe_r: r > 0 ? r + 0.5 * draw() : 1.2 * draw(),
      ambiguous: draw() < 0.03,
      equity_cents,
      drawdown_cents: peak - equity_cents,
    };
  });
}

function daysOf(trades: readonly ReportTrade[], sessions: readonly Session[]): ReportDay[] {
  let equity_cents = START_CENTS;
  let peak = START_CENTS;
  return sessions.map(({ trade_date: date }) => {
    const own = trades.filter((trade) => trade.date === date);
    const net_cents = own.reduce((sum, one) => sum + one.net_cents, 0);
    equity_cents += net_cents;
    peak = Math.max(peak, equity_cents);
    return {
      date,
      net_cents,
      worst_cents: Math.min(0, net_cents) - 2_000 * own.length,
      best_cents: Math.max(0, net_cents) + 1_000 * own.length,
      fees_cents: FEES_CENTS * own.length,
      trades: own.length,
      equity_cents,
      drawdown_cents: peak - equity_cents,
      headroom_cents: MAX_LOSS_CENTS - (peak - equity_cents),
    };
  });
}

function candlesOf(
  { seed }: Invented,
  trades: readonly ReportTrade[],
  sessions: readonly Session[],
): ReportBody['candles'] {
  const draw = uniformSource(`${seed} candles`);
  return candleDays(trades).map(({ date, symbol }) => {
    const from = sessions.find(({ trade_date }) => trade_date === date)?.rth_open_us ?? 0;
    let close = 5_025;
    const bars = Array.from({ length: 84 }, (_, i) => {
      const open = close;
      close = open + Math.round(16 * (draw() - 0.5)) / 4;
      const [high, low] = [Math.max(open, close) + 0.5, Math.min(open, close) - 0.5];
      return { open_us: from + i * 5 * MINUTE_US, open, high, low, close };
    });
    return { date, symbol, interval_us: 5 * MINUTE_US, bars };
  });
}

function regimesOf({ seed }: Invented, sessions: readonly Session[]): ReportBody['regimes'] {
  const draw = uniformSource(`${seed} regimes`);
  return sessions.flatMap(({ trade_date, rth_open_us }) =>
    Array.from({ length: 6 }, (_, i) => {
      const from_us = rth_open_us + i * 70 * MINUTE_US;
      const regime = REGIMES[Math.floor(draw() * REGIMES.length)]!;
      return { from_us, to_us: from_us + 70 * MINUTE_US, date: trade_date, regime };
    }),
  );
}

function walkForwardOf(days: readonly ReportDay[]): ReportBody['walk_forward'] {
  const folds = [];
  for (let start = 0; start + 40 <= days.length; start += 20) {
    const [train, test] = [days.slice(start, start + 20), days.slice(start + 20, start + 40)];
    const period = (part: readonly ReportDay[]): { from: number; to: number; sessions: number } => {
      return { from: part[0]!.date, to: part.at(-1)!.date, sessions: part.length };
    };
    const net = (part: readonly ReportDay[]): number => part.reduce((sum, one) => sum + one.net_cents, 0);
    folds.push({
      ...{ train: period(train), validate: null, test: period(test) },
      ...{ train_net_cents: net(train), test_net_cents: net(test) },
      test_trades: test.reduce((sum, one) => sum + one.trades, 0),
      test_sharpe: { missing: 'too_few' as const },
    });
  }
  return folds.length === 0 ? { missing: 'too_few' } : { embargo: 1, anchored: false, folds };
}

function runOf({ seed, text }: Invented, days: readonly ReportDay[]): ReportBody['run'] {
  return {
    book: 'invented',
    policy: 'rules',
    data: [{ symbol: 'ES', reference: text, sha256: HASH, rows: 1_380 * days.length }],
    interval_us: MINUTE_US,
    first_date: days[0]?.date ?? null,
    last_date: days.at(-1)?.date ?? null,
    sessions: days.length,
    warmup_sessions: 20,
    bars: 1_380 * days.length,
    entries: 1_400 * days.length,
    contract_version: 1,
    stages: [{ stage: 'features', logic_version: 3 }],
    config_hash: HASH,
    decisions_digest: HASH,
    in_sample: [],
    assumptions: [{ name: text, text: `${text} ${seed}` }],
  };
}

/** A report out of drawn trades, marked synthetic: whatever its size, every field of it is filled. */
export function inventedBody(invented: Invented): ReportBody {
  const { seed, resamples, text } = invented;
  const sessions = sessionsOf(invented.days);
  const trades = tradesOf(invented, sessions);
  const days = daysOf(trades, sessions);
  const net_cents = trades.reduce((sum, one) => sum + one.net_cents, 0);
  const body = {
    format: REPORT_FORMAT as typeof REPORT_FORMAT,
    run: runOf(invented, days),
    data: {
      ...{ origin: 'synthetic' as const, result: 'warn' as const, reason: text, accepted: false },
      findings: [{ code: 'synthetic', level: 'warn' as const, message: text }],
    },
    account: { profile: text, start_balance_cents: START_CENTS, max_loss_cents: MAX_LOSS_CENTS },
    statistics: reportStatistics({
      ...{ seed, resamples, days: days.map((day) => day.net_cents) },
      trials: { count: 1, sharpes: [], effective: { missing: 'one_variant' }, scope: text },
      ...{ pbo: { missing: 'one_variant' }, reality_check_p: { missing: 'one_variant' } },
    }),
    ...{ days, trades, trades_total: trades.length },
    candles: candlesOf(invented, trades, sessions),
    regimes: regimesOf(invented, sessions),
    groups: groupsOf(trades, { seed, resamples, level: REPORT_LEVEL }),
    costs: {
      gross_cents: net_cents + FEES_CENTS * trades.length,
      fees_cents: FEES_CENTS * trades.length,
      slippage_cents: { value: 2_500 * trades.length },
      net_cents,
    },
    r_histogram: rHistogram(trades),
    decisions: {
      ...{ asked: 5_000 + trades.length, entries: trades.length, exits: 0, holds: 5_000 },
      refusals: [
        { reason: 'no_setup', count: 4_000 },
        { reason: 'regime_uncertain', count: 1_000 },
      ],
    },
    ambiguity: {
      ...{ fills: 2 * trades.length, ambiguous_fills: trades.filter(({ ambiguous }) => ambiguous).length },
      policies: (['worst', 'best', 'coin'] as const).map((policy) => ({
        ...{ policy, net_cents: { value: net_cents }, trades: { value: trades.length } },
        sharpe: { missing: 'too_few' as const },
      })),
    },
    prop_firm: {
      ...{ profile: text, target_cents: 300_000, resampled: { missing: 'too_few' as const } },
      by_start: { evaluations: 10, passed: 0.25, breached: 0.5, open: 0.25, days_to_pass: 12.5 },
    },
    walk_forward: walkForwardOf(days),
  } satisfies Omit<ReportBody, 'verdict'>;
  return { ...body, verdict: verdictOf(evidenceOf(body)) };
}

export function inventedReport(changes: Partial<Invented> = {}): BacktestReport {
  return sealReport(inventedBody({ ...A_RUN, ...changes }));
}
