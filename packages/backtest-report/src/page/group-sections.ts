import {
  html,
  histogram,
  intervalChart,
  responsive,
  rowChart,
  scatter,
  table,
  type Html,
  type IntervalRow,
  type ScatterPoint,
  type Section,
} from '@bellwether/report';
import { intervalOf, valueOf } from '../figures.js';
import type { BacktestReport, ReportGroup, ReportTrade } from '../report-model.js';
import { tradeLabel } from './candle-section.js';
import {
  figureText,
  intervalText,
  percent,
  plain,
  reasonText,
  regimeName,
  toneOf,
  usd,
  whole,
} from './figure-text.js';

const POINTS_MAX = 1_000;

const WEEKDAY_NAMES: ReadonlyMap<string, string> = new Map([
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
]);

type Named = (key: string) => string;

function rowOf({ key, trades, mean_r }: ReportGroup, name: Named): IntervalRow {
  const value = valueOf(mean_r);
  const interval = intervalOf(mean_r);
  const sure = interval !== null && (interval.low > 0 || interval.high < 0);
  const made = `${whole(trades)} ${trades === 1 ? 'trade' : 'trades'}`;
  return {
    ...{ name: name(key), value, interval },
    // A colour is a claim: only an interval that leaves out zero has one.
    tone: sure && value !== null ? toneOf(value) : 'quiet',
    note: 'missing' in mean_r ? `${made}, no R` : made,
  };
}

function groupTable(what: string, groups: readonly ReportGroup[], name: Named): Html {
  const rows = groups.map((group) => [
    name(group.key),
    whole(group.trades),
    usd(group.net_cents),
    figureText('missing' in group.mean_r ? group.mean_r : { value: group.mean_r.value }, plain(2)),
    intervalText(group.mean_r, plain(2)),
    figureText('missing' in group.hit ? group.hit : { value: group.hit.value }, percent),
    intervalText(group.hit, percent),
    figureText(group.cost_r, plain(2)),
  ]);
  const head = [what, 'trades', 'net', 'mean R', 'interval', 'winners', 'interval', 'costs in R'];
  return table(head, rows, [1, 2, 3, 4, 5, 6, 7]);
}

function groupBody(what: string, groups: readonly ReportGroup[], name: Named): Html {
  if (groups.length === 0) return html`<p class="missing">No trades.</p>`;
  const chart = { title: `Mean R by ${what}`, rows: groups.map((group) => rowOf(group, name)) };
  return html`<h3>By ${what}</h3>
    ${responsive((width) => intervalChart(chart, width))}
    <details>
      <summary>Numbers by ${what}</summary>
      ${groupTable(what, groups, name)}
    </details>`;
}

/** Arms, regimes, hours and weekdays. */
export function groupsSection({ groups, statistics }: BacktestReport): Section {
  const level = `${Math.round(100 * statistics.level)} %`;
  const cost = groups.arms.flatMap((group) => {
    const value = valueOf(group.cost_r);
    return value === null ? [] : [`${group.key.toUpperCase()} ${plain(2)(value)}`];
  });
  return {
    title: 'By arm, regime, hour and weekday',
    lead: `Mean net R of the trades with its interval of ${level}; grey where that holds zero, without a bar where there are too few trades for one. Of so many groups some look good by chance. Costs in R by arm: ${cost.length === 0 ? 'missing' : cost.join(', ')}.`,
    body: html`${groupBody('arm', groups.arms, (key) => key.toUpperCase())}
    ${groupBody('regime', groups.regimes, regimeName)}
    ${groupBody('hour', groups.hours, (key) => `${key}:00 CT`)}
    ${groupBody('weekday', groups.weekdays, (key) => WEEKDAY_NAMES.get(key) ?? key)}`,
  };
}

/** How results in R are spread, and how far trades went against and with their side. */
export function resultSection({ r_histogram: bins, trades }: BacktestReport): Section {
  const spread =
    'missing' in bins
      ? html`<p class="missing">missing: ${reasonText(bins.missing)}</p>`
      : html`${responsive((width, phone) =>
            histogram({ title: 'Results in R', ...bins }, { width, height: phone ? 160 : 200 }),
          )}
          <p class="legend">
            below ${bins.from} R: ${whole(bins.below)}; ${bins.to} R and more: ${whole(bins.above)}; R not
            known: ${whole(bins.unknown)}
          </p>`;
  return {
    title: 'Results in R, and how far trades went',
    lead: 'R is the risk at entry: the distance to the first stop. MAE and MFE are the farthest that the price went against and with a trade.',
    body: html`<h3>Net results</h3>
      ${spread}
      <h3>MAE and MFE</h3>
      ${excursions(trades)}`,
  };
}

function excursions(trades: readonly ReportTrade[]): Html {
  const known = trades.flatMap((trade): ScatterPoint[] =>
    trade.mae_r === null || trade.mfe_r === null
      ? []
      : [{ x: trade.mae_r, y: trade.mfe_r, tone: toneOf(trade.net_cents), label: tradeLabel(trade) }],
  );
  if (known.length === 0)
    return html`<p class="missing">
      missing: ${reasonText(trades.length === 0 ? 'no_trades' : 'no_risk_known')}
    </p>`;
  const step = Math.ceil(known.length / POINTS_MAX);
  const points = known.filter((_, i) => i % step === 0);
  const chart = { title: 'MAE and MFE', xTitle: 'against it (MAE), R', yTitle: 'with it (MFE), R', points };
  return html`${responsive((width, phone) => scatter(chart, { width, height: phone ? 260 : 320 }))}${
    step === 1 ? null : html`<p class="legend">Every ${step}th trade.</p>`
  }`;
}

/** Fees, slippage, and how bars that hold stop and target are read. */
export function costsSection({ costs, ambiguity, trades_total }: BacktestReport): Section {
  const before =
    'value' in costs.slippage_cents
      ? { value: costs.gross_cents + costs.slippage_cents.value }
      : costs.slippage_cents;
  const perTrade = (cents: number): string => (trades_total === 0 ? '' : usd(cents / trades_total));
  const taken = 'value' in costs.slippage_cents ? perTrade(-costs.slippage_cents.value) : '';
  const policies = ambiguity.policies.map(({ policy, net_cents, trades, sharpe }) => [
    policy === 'coin' ? 'coin flip' : `${policy} order`,
    figureText(net_cents, usd),
    // One reason is said once.
    'missing' in trades && 'missing' in net_cents ? '' : figureText(trades, whole),
    'missing' in sharpe && 'missing' in net_cents ? '' : figureText(sharpe, plain(3)),
  ]);
  const share = ambiguity.fills === 0 ? 'none' : percent(ambiguity.ambiguous_fills / ambiguity.fills);
  return {
    title: 'Costs, and bars of unknown order',
    body: html`${table(
        ['', 'together', 'a trade'],
        [
          ['before all costs', figureText(before, usd), 'value' in before ? perTrade(before.value) : ''],
          [
            'slippage',
            figureText(
              'value' in costs.slippage_cents ? { value: -costs.slippage_cents.value } : costs.slippage_cents,
              usd,
            ),
            taken,
          ],
          ['fees', usd(-costs.fees_cents), perTrade(-costs.fees_cents)],
          ['net', usd(costs.net_cents), perTrade(costs.net_cents)],
        ],
        [1, 2],
      )}
      <h3>Bars that hold stop and target</h3>
      <p class="lead">
        ${whole(ambiguity.ambiguous_fills)} of ${whole(ambiguity.fills)} fills (${share}) are in bars whose
        order inside is not known. The verdict goes by the worst.
      </p>
      ${table(['read as', 'net', 'trades', 'Sharpe ratio'], policies, [1, 2, 3])}`,
  };
}

const REFUSALS_SHOWN = 20;

/** Why no entry was made. */
export function refusalSection({ decisions }: BacktestReport): Section {
  const { asked, entries, exits, holds, refusals } = decisions;
  const shown = refusals.slice(0, REFUSALS_SHOWN);
  const rest = refusals.slice(REFUSALS_SHOWN).reduce((sum, { count }) => sum + count, 0);
  const chart = {
    title: 'Refusals',
    tone: 'main' as const,
    rows: shown.map(({ reason, count }) => ({
      name: reason,
      value: count,
      note: asked === 0 ? whole(count) : `${whole(count)}, ${percent(count / asked)}`,
    })),
  };
  return {
    title: 'Refusals',
    lead: `${whole(asked)} decisions were asked for: ${whole(entries)} entries, ${whole(exits)} exits, ${whole(holds)} holds. Reasons: docs/reference/codes.md.`,
    body:
      shown.length === 0
        ? html`<p class="missing">Nothing was refused.</p>`
        : html`${responsive((width) => rowChart(chart, width))}${
            rest === 0 ? null : html`<p class="legend">More reasons: ${whole(rest)}.</p>`
          }`,
  };
}
