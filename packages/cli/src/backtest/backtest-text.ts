import { intervalOf, type BacktestReport, type Estimate, type Figure } from '@bellwether/backtest-report';
import { UNGATED_PAST } from '@bellwether/evidence';
import { dataLine, type DataMark } from '@bellwether/verdict';
import { plainTable } from '../plain-table.js';
import { inSampleLine } from './in-sample.js';
import { SYNTHETIC_LINE, money } from '../replay/report.js';

const fixed = (value: number): string => value.toFixed(3);

function told(figure: Figure | Estimate, show: (value: number) => string): string {
  if ('missing' in figure) return `missing (${figure.missing})`;
  const interval = 'low' in figure ? intervalOf(figure) : null;
  const value = show(figure.value);
  return interval === null ? value : `${value}  [${show(interval.low)}, ${show(interval.high)}]`;
}

/** What `bw backtest` prints: what may be believed first, then the verdict, then numbers. */
export function backtestText(report: BacktestReport, mark: DataMark, notes: readonly string[]): string {
  const { run, statistics, verdict } = report;
  return [
    ...(report.data.origin === 'synthetic' ? [SYNTHETIC_LINE] : []),
    dataLine(mark),
    ...(run.in_sample.length === 0 ? [] : [inSampleLine(run.in_sample)]),
    UNGATED_PAST,
    '',
    verdict.sentence,
    ...verdict.against.map(({ text }) => `  against: ${text}`),
    ...verdict.caveats.map(({ text }) => `  note: ${text}`),
    '',
    `${run.book}: ${run.sessions} sessions (${run.first_date ?? ''} to ${run.last_date ?? ''}), ${run.warmup_sessions} before them warm up; ` +
      `${run.bars.toLocaleString('en-US')} bars`,
    plainTable(['', `value  [${Math.round(100 * statistics.level)} % interval]`], figureRows(report)),
    '',
    armTable(report),
    '',
    ambiguityTable(report),
    '',
    propFirmText(report),
    ...walkForwardText(report),
    ...refusalText(report),
    ...notes,
    `decisions ${run.decisions_digest}${run.in_sample.length === 0 ? '' : ' (in sample)'}`,
    `report ${report.hash}`,
  ].join('\n');
}

function figureRows({
  statistics,
  costs,
  trades,
  trades_total,
  days,
  account,
}: BacktestReport): [string, string][] {
  const headroom = days.flatMap(({ headroom_cents }) => headroom_cents ?? []);
  const { trials } = statistics;
  const lastTrade = trades.at(-1);
  return [
    ['trades', lastTrade === undefined ? '0' : `${trades_total}, the last on ${lastTrade.date}`],
    ['net', money(costs.net_cents)],
    ['fees', money(costs.fees_cents)],
    ['slippage', told(costs.slippage_cents, money)],
    ['mean of a day', told(statistics.mean_cents, (value) => money(Math.round(value)))],
    ['Sharpe ratio a day', told(statistics.sharpe, fixed)],
    ['Sortino ratio a day', told(statistics.sortino, fixed)],
    ['mean of the worst 5 % of days', told(statistics.cvar_cents, (value) => money(Math.round(value)))],
    ['largest drawdown', told(statistics.drawdown_cents, (value) => money(Math.round(value)))],
    [
      `least headroom to the floor (${account.profile ?? 'no profile'})`,
      headroom.length === 0 ? 'missing' : money(headroom.reduce((a, b) => Math.min(a, b))),
    ],
    ['probabilistic Sharpe', told(statistics.psr, fixed)],
    [`deflated Sharpe, ${trials.count} trial(s) in this workspace`, told(statistics.dsr, fixed)],
    ['days needed to tell it from zero', told(statistics.minimum_track_record, (value) => value.toFixed(0))],
    ['probability of overfitting', told(statistics.pbo, fixed)],
    ['p of the reality check', told(statistics.reality_check_p, fixed)],
  ];
}

function armTable({ groups }: BacktestReport): string {
  const rows = [...groups.arms, ...groups.regimes].map((one) => [
    ...[one.key, one.trades, told(one.hit, (value) => `${(100 * value).toFixed(0)} %`)],
    ...[told(one.mean_r, fixed), told(one.cost_r, fixed), money(one.net_cents)],
  ]);
  const head = ['arm, regime', 'trades', 'winners', 'mean R', 'costs in R', 'net'];
  return rows.length === 0 ? 'No trade was made.' : plainTable(head, rows, [1, 5]);
}

function ambiguityTable({ ambiguity }: BacktestReport): string {
  const { fills, ambiguous_fills, policies } = ambiguity;
  const rows = policies.map(({ policy, net_cents, trades, sharpe }) => [
    ...[policy, told(net_cents, money), told(trades, String), told(sharpe, fixed)],
  ]);
  const head = [
    `${ambiguous_fills} of ${fills} fills in bars with stop and target`,
    'net',
    'trades',
    'Sharpe',
  ];
  return plainTable(head, rows, [1, 2, 3]);
}

function propFirmText({ prop_firm }: BacktestReport): string {
  if ('missing' in prop_firm) return `prop firm: missing (${prop_firm.missing})`;
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const lines = (['by_start', 'resampled'] as const).map((name) => {
    const one = prop_firm[name];
    const title = name === 'by_start' ? 'from each day on' : 'days drawn anew';
    if ('missing' in one) return `  ${title}: missing (${one.missing})`;
    return `  ${title}: passed ${share(one.passed)}, breached ${share(one.breached)}, open ${share(one.open)} of ${one.evaluations}`;
  });
  return [`${prop_firm.profile}, profit target ${money(prop_firm.target_cents)}:`, ...lines].join('\n');
}

function walkForwardText({ walk_forward, run }: BacktestReport): string[] {
  if ('missing' in walk_forward) return [];
  const rows = walk_forward.folds.map(
    ({ train, test, train_net_cents, test_net_cents, test_trades, test_sharpe }) => [
      ...[`${train.from} to ${train.to}`, train_net_cents === null ? '' : money(train_net_cents)],
      ...[`${test.from} to ${test.to}`, test_trades, money(test_net_cents), told(test_sharpe, fixed)],
    ],
  );
  const isTrained = walk_forward.folds.every(({ train_net_cents }) => train_net_cents === null);
  const note = isTrained
    ? 'Before each fold the models were trained on its training sessions alone; only the tests are run.'
    : run.policy === 'rules'
      ? 'Nothing is fitted under the policy of rules: the folds are parts of one run, beside each other.'
      : 'The models stay as they were before the run, whatever they were trained on: the folds are parts of one run, beside each other.';
  return ['', plainTable(['train', 'net', 'test', 'trades', 'net', 'Sharpe'], rows, [1, 3, 4, 5]), note];
}

const REFUSALS_SHOWN = 8;

function refusalText({ decisions }: BacktestReport): string[] {
  const shown = decisions.refusals.slice(0, REFUSALS_SHOWN).map(({ reason, count }) => `${reason} ${count}`);
  return shown.length === 0 ? [] : ['', `held back: ${shown.join(', ')}`, ''];
}
