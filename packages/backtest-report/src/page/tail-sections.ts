import { chicagoText } from '@bellwether/market';
import {
  dateText,
  facts,
  html,
  ribbon,
  responsive,
  table,
  type Html,
  type HtmlPart,
  type Section,
} from '@bellwether/report';
import type { BacktestReport } from '../report-model.js';
import { dollars, figureText, percent, plain, reasonText, regimeName, usd, whole } from './figure-text.js';

/** Rows before the list is cut: `report.json` has them all. */
const TRADES_SHOWN = 150;
const FOLDS_SHOWN = 60;
const MINUTE_US = 60_000_000;

const SHARE_MARKS = [0, 0.5, 1].map((at) => ({ at, label: percent(at) }));

type Shares = Extract<BacktestReport['prop_firm'], { profile: string }>['by_start'];

function sharesPicture(title: string, shares: Shares): Html {
  if ('missing' in shares)
    return html`<h3>${title}</h3>
      <p class="missing">missing: ${reasonText(shares.missing)}</p>`;
  const { passed, breached, open, evaluations, days_to_pass } = shares;
  const edges = [0, passed, passed + breached, 1];
  const names = [
    `passed ${percent(passed)}`,
    `breached ${percent(breached)}`,
    `open at the end ${percent(open)}`,
  ];
  const parts = (['good', 'bad', 'quiet'] as const).flatMap((tone, i) => {
    const [from, to] = [edges[i]!, edges[i + 1]!];
    return to > from ? [{ from, to, tone, label: names[i]! }] : [];
  });
  const median = days_to_pass === null ? 'none passed' : `${plain(1)(days_to_pass)} days to a pass (median)`;
  return html`<h3>${title}</h3>
    ${responsive((width) => ribbon({ title, parts, marks: SHARE_MARKS }, { width, height: 44 }))}
    <p class="legend">${names.join(', ')}; ${whole(evaluations)} evaluations; ${median}</p>`;
}

/** What an evaluation account would have come to with such days. */
export function propFirmSection({ prop_firm: outcome }: BacktestReport): Section {
  const title = 'Prop-firm outcome';
  if ('missing' in outcome) {
    return { title, body: html`<p class="missing">missing: ${reasonText(outcome.missing)}</p>` };
  }
  return {
    title,
    lead: `The days played through the rules of ${outcome.profile}, to a target of ${usd(outcome.target_cents, 0)}. Evaluations that start on neighbouring days share most of their days: their number says nothing of how sure the shares are.`,
    body: html`${sharesPicture('From each day on', outcome.by_start)}
    ${sharesPicture('Days drawn anew, in blocks', outcome.resampled)}`,
  };
}

type Period = { readonly from: number; readonly to: number; readonly sessions: number } | null;
const periodText = (period: Period): string =>
  period === null ? 'none' : `${dateText(period.from)} to ${dateText(period.to)} (${period.sessions})`;

/** A table of training and test parts looks like a choice that was tested; under this policy there was none. */
const NOTHING_FITTED =
  ' The policy is rules: nothing is fitted to the training parts and nothing is chosen by them. The folds are parts of one run, beside each other.';

/** Each fold of walking forward, judged on what it was not fitted on. */
export function walkForwardSection({ walk_forward: walk, run }: BacktestReport): Section {
  const title = 'Walking forward';
  if ('missing' in walk) {
    return { title, body: html`<p class="missing">missing: ${reasonText(walk.missing)}</p>` };
  }
  const rows = walk.folds
    .slice(0, FOLDS_SHOWN)
    .map((fold, i) => [
      whole(i + 1),
      periodText(fold.train),
      periodText(fold.validate),
      periodText(fold.test),
      fold.train_net_cents === null ? '' : usd(fold.train_net_cents),
      usd(fold.test_net_cents),
      whole(fold.test_trades),
      figureText(fold.test_sharpe, plain(3)),
    ]);
  const gains = walk.folds.filter(({ test_net_cents }) => test_net_cents > 0).length;
  const net = walk.folds.reduce((sum, { test_net_cents }) => sum + test_net_cents, 0);
  const head = [
    'fold',
    'train',
    'validate',
    'test',
    'net, train',
    'net, test',
    'trades',
    'Sharpe ratio, test',
  ];
  return {
    title,
    lead: `${whole(walk.folds.length)} folds, embargo ${walk.embargo} sessions${walk.anchored ? ', each trained from the first session on' : ''}. Tests together: ${usd(net)}; ${gains} of them gained.${run.policy === 'rules' ? NOTHING_FITTED : ''}`,
    body: html`${table(head, rows, [0, 4, 5, 6, 7])}${walk.folds.length > FOLDS_SHOWN ? html`<p class="legend">The first ${FOLDS_SHOWN}; report.json has all.</p>` : null}`,
  };
}

const price = plain(2);
const known = (value: number | null, show: (value: number) => string): HtmlPart =>
  value === null ? html`<span class="missing">unknown</span>` : show(value);

/** The trades themselves, the latest last. */
export function tradesSection({ trades, trades_total }: BacktestReport): Section {
  const shown = trades.slice(-TRADES_SHOWN);
  const rows = shown.map((trade) => [
    html`<span class="nowrap">${chicagoText(trade.opened_us).slice(0, 16)}</span>`,
    chicagoText(trade.closed_us).slice(11, 16),
    trade.arm.toUpperCase(),
    html`<span class="nowrap">${regimeName(trade.regime)}</span>`,
    html`<span class="nowrap">${trade.side} ${trade.quantity} ${trade.symbol}</span>`,
    known(trade.entry_price, price),
    known(trade.exit_price, price),
    html`${trade.exit_leg}${trade.ambiguous ? ' (order unknown)' : null}`,
    dollars(-trade.fees_cents - (trade.slippage_cents ?? 0)),
    dollars(trade.net_cents),
    known(trade.r, plain(2)),
    html`<code class="nowrap">${trade.id}</code>`,
  ]);
  const head = [
    'opened, Chicago',
    'closed',
    'arm',
    'regime',
    'trade',
    'entry',
    'exit',
    'by',
    'costs, USD',
    'net, USD',
    'R',
    'decision',
  ];
  const cut =
    shown.length < trades_total
      ? `The last ${whole(shown.length)} of ${whole(trades_total)}; the rest is in the files of the run.`
      : '';
  return {
    title: 'Trades',
    ...(cut === '' ? {} : { lead: cut }),
    body:
      rows.length === 0
        ? html`<p class="missing">No trade was made.</p>`
        : table(head, rows, [5, 6, 8, 9, 10]),
  };
}

/** What was run on what: enough to run it again. */
export function runSection({ run, account, statistics, hash }: BacktestReport): Section {
  const dated = (date: number | null): string => (date === null ? 'none' : dateText(date));
  return {
    title: 'The run',
    body: html`${facts([
      ['book', run.book],
      ['account', account.profile ?? 'no profile'],
      ['first day', dated(run.first_date)],
      ['last day', dated(run.last_date)],
      ['sessions', `${whole(run.sessions)} (${whole(run.warmup_sessions)} more to warm up)`],
      ['bars', `${whole(run.bars)} of ${plain(0)(run.interval_us / MINUTE_US)} min`],
      ['journal entries', whole(run.entries)],
      ['seed of the resamples', statistics.seed],
      [
        'logic versions',
        run.stages.map(({ stage, logic_version }) => `${stage} ${logic_version}`).join(', '),
      ],
    ])}
    ${table(
      ['symbol', 'data', 'rows'],
      run.data.map(({ symbol, reference, rows }) => [
        symbol,
        html`<span class="reference">${reference}</span>`,
        whole(rows),
      ]),
      [2],
    )}
    ${
      run.assumptions.length === 0
        ? null
        : table(
            ['what fills take for granted', ''],
            run.assumptions.map(({ name, text }) => [name, text]),
          )
    }
    ${table(
      ['', 'SHA-256'],
      [
        ...run.data.map(({ symbol, sha256 }) => [
          `bars of ${symbol}`,
          sha256 === null ? 'generated' : html`<code>${sha256}</code>`,
        ]),
        ['configuration', html`<code>${run.config_hash}</code>`],
        [
          'decisions',
          html`<code>${run.decisions_digest}</code>${run.in_sample.length === 0 ? '' : ' in sample'}`,
        ],
        ['this report', html`<code>${hash}</code>`],
      ],
    )}`,
  };
}
