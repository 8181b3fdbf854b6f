import { assert } from '@bellwether/kernel';
import { intervalOf, valueOf } from './figures.js';
import type { BacktestReport, Estimate, Figure, ReportVerdict } from './report-model.js';

/** What the verdict line is made of: nothing else may speak for an edge. */
export interface Evidence {
  readonly data: Pick<BacktestReport['data'], 'origin' | 'result'>;
  /** Models that were trained on the tested days. */
  readonly in_sample: number;
  /** Trade dates with a result, and closed trades. */
  readonly days: number;
  readonly trades: number;
  /** Trade dates after that of the last trade; null without trades. */
  readonly idle_days: number | null;
  /** Net result a day in cents, and the Sharpe ratio a day. */
  readonly mean_cents: Estimate;
  readonly sharpe: Estimate;
  /** Of the intervals, such as 0.9. */
  readonly level: number;
  readonly dsr: Figure;
  readonly trials: number;
  readonly minimum_track_record: Figure;
  readonly pbo: Figure;
  readonly reality_check_p: Figure;
  /** Net result with bars that hold stop and target read the worst way. */
  readonly worst_net_cents: Figure;
  /** Net result over the test parts of walking forward. */
  readonly tested_net_cents: Figure;
}

/** Bounds below which nothing is said for an edge (learning.md 7, domain.md 9.4). */
export const VERDICT_BOUNDS = {
  days: 60,
  trades: 50,
  dsr: 0.95,
  pbo: 0.2,
  reality_check_p: 0.05,
} as const;

/** Share of the days after the last trade from which on a reader must know of them. */
const IDLE_SHARE = 0.25;

interface Remark {
  readonly code: string;
  readonly text: string;
}

const usd = (cents: number): string => {
  const digits = (Math.abs(cents) / 100).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return `${cents < 0 ? '-' : ''}${digits} USD`;
};
const share = (value: number): string => value.toFixed(3);
const whole = (value: number): string => value.toLocaleString('en-US');
const afterTrials = (trials: number): string => `after ${whole(trials)} ${trials === 1 ? 'trial' : 'trials'}`;

function againstData({ data: { result } }: Evidence): Remark[] {
  if (result === 'refuse') return [{ code: 'data_refused', text: 'the data were refused' }];
  if (result === 'unknown') return [{ code: 'data_not_judged', text: 'the data were not judged' }];
  return [];
}

function againstModels({ in_sample }: Evidence): Remark[] {
  if (in_sample === 0) return [];
  const text = `${whole(in_sample)} ${in_sample === 1 ? 'model was' : 'models were'} trained on these very days or later ones`;
  return [{ code: 'in_sample', text }];
}

function againstSize({ days, trades, minimum_track_record }: Evidence): Remark[] {
  const found: Remark[] = [];
  if (trades === 0) return [{ code: 'no_trades', text: 'no trade was made' }];
  if (days < VERDICT_BOUNDS.days) {
    found.push({
      code: 'too_few_days',
      text: `${whole(days)} days are too few (${VERDICT_BOUNDS.days} at least)`,
    });
  }
  if (trades < VERDICT_BOUNDS.trades) {
    found.push({
      code: 'too_few_trades',
      text: `${whole(trades)} trades are too few (${VERDICT_BOUNDS.trades} at least)`,
    });
  }
  const needed = valueOf(minimum_track_record);
  if (needed !== null && needed > days) {
    found.push({
      code: 'record_too_short',
      text: `a ratio like this takes ${whole(Math.ceil(needed))} days to tell from zero`,
    });
  }
  return found;
}

function againstInterval(
  name: string,
  code: string,
  estimate: Estimate,
  show: (value: number) => string,
): Remark[] {
  const interval = intervalOf(estimate);
  if (interval === null) return [{ code: `${code}_unknown`, text: `${name} has no interval` }];
  if (interval.low > 0) return [];
  const between = `${show(interval.low)} to ${show(interval.high)}`;
  return interval.high < 0
    ? [{ code: `${code}_below_zero`, text: `${name} lies below zero (${between})` }]
    : [{ code: `${code}_holds_zero`, text: `the interval of ${name} holds zero (${between})` }];
}

function againstTrials({ dsr, pbo, reality_check_p, trials }: Evidence): Remark[] {
  const found: Remark[] = [];
  const deflated = valueOf(dsr);
  if (deflated === null) found.push({ code: 'dsr_unknown', text: 'the deflated Sharpe ratio is missing' });
  else if (deflated < VERDICT_BOUNDS.dsr) {
    found.push({
      code: 'dsr_low',
      text: `the deflated Sharpe ratio is ${share(deflated)} ${afterTrials(trials)} (${VERDICT_BOUNDS.dsr} at least)`,
    });
  }
  const overfitted = valueOf(pbo);
  if (overfitted !== null && overfitted > VERDICT_BOUNDS.pbo) {
    found.push({
      code: 'pbo_high',
      text: `the probability of overfitting is ${share(overfitted)} (${VERDICT_BOUNDS.pbo} at most)`,
    });
  }
  const p = valueOf(reality_check_p);
  if (p !== null && p >= VERDICT_BOUNDS.reality_check_p) {
    found.push({
      code: 'reality_check_high',
      text: `p is ${share(p)} in the reality check (below ${VERDICT_BOUNDS.reality_check_p})`,
    });
  }
  return found;
}

function againstTests({ worst_net_cents, tested_net_cents }: Evidence): Remark[] {
  const found: Remark[] = [];
  const worst = valueOf(worst_net_cents);
  if (worst !== null && worst <= 0) {
    const text = `read the worst way, bars that hold stop and target leave ${usd(worst)}`;
    found.push({ code: 'worst_order_loses', text });
  }
  const tested = valueOf(tested_net_cents);
  if (tested !== null && tested <= 0) {
    found.push({
      code: 'walk_forward_loses',
      text: `the test parts of walking forward leave ${usd(tested)}`,
    });
  }
  return found;
}

function caveatsOf(evidence: Evidence): Remark[] {
  const found: Remark[] = [];
  if (evidence.data.origin === 'synthetic') {
    found.push({
      code: 'synthetic',
      text: 'The bars come from a generator: nothing here is about a market.',
    });
  }
  if (evidence.data.result === 'warn' && evidence.data.origin === 'market') {
    found.push({ code: 'data_warned', text: 'The data were taken with warnings; they stand below.' });
  }
  if (evidence.trials > 1 && valueOf(evidence.pbo) === null) {
    found.push({ code: 'pbo_unknown', text: 'The probability of overfitting is missing.' });
  }
  if (evidence.trials > 1 && valueOf(evidence.reality_check_p) === null) {
    found.push({
      code: 'reality_check_unknown',
      text: 'There was no reality check against the other variants.',
    });
  }
  if (valueOf(evidence.worst_net_cents) === null) {
    found.push({
      code: 'order_untested',
      text: 'Bars that hold stop and target were read in one order alone.',
    });
  }
  const { idle_days, days } = evidence;
  if (idle_days !== null && idle_days > IDLE_SHARE * days) {
    found.push({
      code: 'stopped_trading',
      text: `No trade was made in the last ${whole(idle_days)} of ${whole(days)} days; their results of zero are in every figure a day.`,
    });
  }
  return found;
}

/**
 * Says whether a run shows an edge: only where every one of the measures does, and then of these data alone. A missing measure
 * that decides stands against it. Pure.
 */
export function verdictOf(evidence: Evidence): ReportVerdict {
  const size = againstSize(evidence);
  const idle = size.some(({ code }) => code === 'no_trades');
  const figures = idle
    ? []
    : [
        ...againstInterval('the mean of a day', 'mean', evidence.mean_cents, usd),
        ...againstInterval('the Sharpe ratio', 'sharpe', evidence.sharpe, share),
        ...againstTrials(evidence),
        ...againstTests(evidence),
      ];
  const against = [...againstData(evidence), ...againstModels(evidence), ...size, ...figures];
  const caveats = caveatsOf(evidence);
  if (against.length > 0) {
    const [first, second] = against as [Remark, Remark | undefined];
    const more = against.length - 2;
    const rest = more > 0 ? `, and ${more} more` : '';
    const told = second === undefined ? first.text : `${first.text}, ${second.text}${rest}`;
    return { outcome: 'no_evidence', sentence: `No evidence of an edge: ${told}.`, against, caveats };
  }
  return { outcome: 'evidence', sentence: sentenceFor(evidence), against, caveats };
}

function sentenceFor({ mean_cents, level, dsr, trials, days, trades, data }: Evidence): string {
  const interval = intervalOf(mean_cents);
  const deflated = valueOf(dsr);
  assert(
    interval !== null && deflated !== null,
    'Nothing speaks for an edge without an interval and a ratio',
  );
  const made = data.origin === 'synthetic' ? 'these synthetic data' : 'these data';
  const between = `${usd(interval.low)} to ${usd(interval.high)} a day (${Math.round(100 * level)} %)`;
  const counted = `${whole(days)} days and ${whole(trades)} trades`;
  return `Evidence of an edge in ${made}: ${between} over ${counted}, deflated Sharpe ratio ${share(deflated)} ${afterTrials(trials)}. It says nothing of other data.`;
}

function idleDays({ days, trades }: Pick<BacktestReport, 'days' | 'trades'>): number | null {
  const last = trades.at(-1);
  return last === undefined ? null : days.filter(({ date }) => date > last.date).length;
}

/** The evidence that a report carries: the verdict can be made again from its own numbers. */
export function evidenceOf(
  report: Pick<
    BacktestReport,
    'run' | 'data' | 'statistics' | 'trades' | 'days' | 'trades_total' | 'ambiguity' | 'walk_forward'
  >,
): Evidence {
  const { run, data, statistics, trades_total, ambiguity, walk_forward } = report;
  const worst = ambiguity.policies.find(({ policy }) => policy === 'worst');
  return {
    data,
    in_sample: run.in_sample.length,
    days: statistics.days,
    trades: trades_total,
    idle_days: idleDays(report),
    mean_cents: statistics.mean_cents,
    sharpe: statistics.sharpe,
    level: statistics.level,
    dsr: statistics.dsr,
    trials: statistics.trials.count,
    minimum_track_record: statistics.minimum_track_record,
    pbo: statistics.pbo,
    reality_check_p: statistics.reality_check_p,
    worst_net_cents: worst?.net_cents ?? { missing: 'not_asked' },
    tested_net_cents:
      'missing' in walk_forward
        ? walk_forward
        : { value: walk_forward.folds.reduce((sum, { test_net_cents }) => sum + test_net_cents, 0) },
  };
}
