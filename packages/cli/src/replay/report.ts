import Table from 'cli-table3';
import {
  ExecutionMode,
  FillLegName,
  RegimeStateName,
  SideName,
  StrategyName,
  type AuditHead,
  type ClosedTrade,
} from '@bellwether/contracts';
import { chicagoText } from '@bellwether/market';
import { markText, type DataMark } from '@bellwether/verdict';
import type { RunSummary } from './summary.js';

export const SYNTHETIC_LINE =
  'SYNTHETIC DATA: made by a generator, not market data. No number below says anything about a market.';

/** Rows of the trade list before it is cut: a screen, not a wall. */
const TRADE_ROWS_MAX = 40;

const PLAIN = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' },
  ...{ 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' },
  ...{ right: '', 'right-mid': '', middle: '  ' },
};

function plainTable(head: string[], rows: (string | number)[][], right: number[] = []): string {
  const table = new Table({
    head,
    chars: PLAIN,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, i) => (right.includes(i) ? 'right' : 'left')),
  });
  for (const row of rows) table.push(row.map(String));
  return table.toString();
}

export function money(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  return `${sign}${(Math.abs(cents) / 100).toFixed(2)} USD`;
}

/** The tables that end a run. The digest line is printed by the caller, last. */
export function renderSummary(summary: RunSummary, wallMs: number, data: DataMark): string {
  const parts: string[] = [];
  if (summary.synthetic) parts.push(SYNTHETIC_LINE);
  const gated =
    summary.gatedShare === null ? 'no decision bars' : `${(100 * summary.gatedShare).toFixed(1)} %`;
  parts.push(
    plainTable(
      ['book', summary.book],
      [
        ['bars', summary.bars],
        ['sessions', summary.sessions],
        ['journal entries', summary.frames],
        ['fills', `${summary.fills} (${summary.ambiguousFills} in bars that held stop and target)`],
        ['trades closed', summary.trades.length],
        ['open at the end', summary.openPositions],
        ['fees', money(summary.feesCents)],
        ['net P&L after costs', money(summary.netCents)],
        ['data', markText(data)],
        ['share of decision bars gated', gated],
        ['wall time', `${(wallMs / 1000).toFixed(1)} s (${rate(summary.bars, wallMs)} bars/s)`],
      ],
    ),
  );
  parts.push(
    plainTable(
      ['action', 'reason', 'decisions'],
      summary.decisions.map((row) => [row.action, row.reason, row.count]),
      [2],
    ),
  );
  parts.push(renderManagement(summary));
  parts.push(renderByStrategy(summary.trades));
  parts.push(renderAssumptions(summary));
  if (summary.trades.length > 0) parts.push(renderTrades(summary.trades));
  return parts.join('\n\n');
}

function renderManagement({ managed, stopMoves }: RunSummary): string {
  if (managed.length === 0) return 'No trade was managed.';
  const rows = managed.map(({ action, count }): (string | number)[] => [action, count]);
  return plainTable(['trade management', 'bars'], [...rows, ['stops moved', stopMoves]], [1]);
}

/** Fills in bars of unknown order, above which finer data are needed (domain.md 8.4). */
const AMBIGUOUS_SHARE_MAX = 0.05;

/** Whatever a paper fill takes for granted: a result says nothing without it. */
function renderAssumptions({ config, fills, ambiguousFills }: RunSummary): string {
  if (config?.execution !== ExecutionMode.PAPER) return 'Fills came from outside: nothing was assumed.';
  const { paper } = config;
  const volume = (paper?.volume_share_e4 ?? 0) / 100;
  const rows: string[][] = [
    ...config.symbols.map(({ symbol, slippage_ticks, fee_per_side_cents }) => [
      symbol,
      `${slippage_ticks} ticks slippage and ${money(fee_per_side_cents)} a contract and side`,
    ]),
    ['latency', `${(paper?.latency_us ?? 0) / 1_000} ms, then the next open`],
    [
      'thin market',
      `slippage times ${paper?.thin_slippage_factor ?? 2}: outside 08:31 to 15:00, after a wide bar`,
    ],
    ['profit orders', `traded through by ${paper?.limit_through_ticks ?? 1} tick, filled at their price`],
    ['stops', 'filled where touched, behind a gap at the open, slippage on top'],
    ['inside a bar', 'the worst order: stop before profit'],
    ['volume', volume === 0 ? 'no bound' : `an entry takes at most ${volume} % of its bar`],
  ];
  const share = fills === 0 ? 0 : ambiguousFills / fills;
  const warning =
    share > AMBIGUOUS_SHARE_MAX
      ? `\n${(100 * share).toFixed(1)} % of the fills are in bars of unknown order: use finer data.`
      : '';
  return plainTable(['paper fills', 'assumed'], rows) + warning;
}

function rate(bars: number, wallMs: number): string {
  return wallMs > 0 ? Math.round((1000 * bars) / wallMs).toLocaleString('en-US') : '-';
}

function renderByStrategy(trades: readonly ClosedTrade[]): string {
  if (trades.length === 0) return 'No trade was closed.';
  const names = [...new Set(trades.map((trade) => StrategyName[trade.strategy]))].sort();
  const rows = names.map((name) => {
    const own = trades.filter((trade) => StrategyName[trade.strategy] === name);
    const measured = own.filter((trade) => trade.net_r !== null);
    const meanR = measured.reduce((sum, trade) => sum + (trade.net_r ?? 0), 0) / measured.length;
    return [
      name.toUpperCase(),
      own.length,
      own.filter((trade) => trade.net_cents > 0).length,
      money(own.reduce((sum, trade) => sum + trade.net_cents, 0)),
      measured.length === 0 ? 'unknown' : meanR.toFixed(2),
    ];
  });
  return plainTable(['strategy', 'trades', 'winners', 'net', 'mean net R'], rows, [1, 2, 3, 4]);
}

function renderTrades(trades: readonly ClosedTrade[]): string {
  const rows = trades
    .slice(0, TRADE_ROWS_MAX)
    .map((trade) => [
      trade.decision_id,
      StrategyName[trade.strategy].toUpperCase(),
      `${SideName[trade.side]} ${trade.quantity} ${trade.symbol}`,
      RegimeStateName[trade.regime],
      chicagoText(trade.opened_us),
      FillLegName[trade.exit_leg],
      money(trade.net_cents),
      trade.net_r === null ? 'unknown' : trade.net_r.toFixed(2),
    ]);
  const head = ['decision', 'arm', 'trade', 'regime', 'opened', 'exit', 'net', 'net R'];
  const cut =
    trades.length > TRADE_ROWS_MAX
      ? `\n… and ${trades.length - TRADE_ROWS_MAX} more; --out DIR writes them all to trades.csv`
      : '';
  return plainTable(head, rows, [6, 7]) + cut;
}

/** Where the audit log of a book ends, and how to check it. */
export function renderAuditHead({ book, record, seq, hash, key_id }: AuditHead, folder: string): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    `audit log: ${count(record)} records for ${count(seq)} frames, each hashed with all before it`,
    `  hash ${hash}`,
    `  signed by key ${key_id}`,
    `Check it: npx bw audit verify --folder ${folder} --book ${book}`,
  ].join('\n');
}

/** All trades as CSV, one header line. Money in cents, times in microseconds UTC. */
export function tradesCsv(trades: readonly ClosedTrade[], synthetic: boolean): string {
  const head =
    'data_origin,decision_id,strategy,symbol,side,quantity,regime,opened_us,closed_us,exit_leg,gross_cents,fees_cents,net_cents,risk_cents,net_r,ambiguous';
  const rows = trades.map((trade) =>
    [
      synthetic ? 'synthetic' : 'market',
      trade.decision_id,
      StrategyName[trade.strategy],
      trade.symbol,
      SideName[trade.side],
      trade.quantity,
      RegimeStateName[trade.regime],
      trade.opened_us,
      trade.closed_us,
      FillLegName[trade.exit_leg],
      trade.gross_cents,
      trade.fees_cents,
      trade.net_cents,
      trade.risk_cents ?? '',
      trade.net_r ?? '',
      trade.ambiguous,
    ].join(','),
  );
  return `${[head, ...rows].join('\n')}\n`;
}
