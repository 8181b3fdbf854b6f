import path from 'node:path';
import Table from 'cli-table3';
import { Action, BellwetherError, REASONS, type Frame, type ReasonCode } from '@bellwether/contracts';
import { readDecisionLog } from '../replay/decision-log.js';
import { dataLine, type DataMark } from '@bellwether/verdict';
import { money } from '../replay/report.js';
import { runMark } from '../replay/run-mark.js';

/** One trade date of an account. */
export interface AccountDay {
  readonly trade_date: number;
  trades: number;
  net_cents: number;
  balance_cents: number;
  floor_cents: number;
  /** The least headroom of the date, at the worst price; null before the account is known. */
  worst_headroom_cents: number | null;
  /** Positions of the last frame of the date. */
  open: number;
  latched: 'kill' | 'soft' | '';
  readonly refusals: Map<ReasonCode, number>;
}

/** How much of the whole profit the best trade date made (domain.md 2.1): reported, never enforced. */
export interface Consistency {
  best_day_cents: number;
  /** Since the start of the account, without open profit. */
  profit_cents: number;
  /** Largest share that the firm allows; null where it has no such rule. */
  max_share: number | null;
}

export interface AccountHistory {
  readonly days: readonly AccountDay[];
  /** Null before the account is known. */
  readonly consistency: Consistency | null;
}

/** The days of an account, from the frames of its book in order. */
export async function accountHistory(frames: AsyncIterable<Frame>): Promise<AccountHistory> {
  const days: AccountDay[] = [];
  let max_share: number | null = null;
  let consistency: Consistency | null = null;
  for await (const frame of frames) {
    max_share = frame.entry?.release?.config?.account?.best_day_max_share ?? max_share;
    const account = frame.portfolio?.account ?? null;
    if (account !== null) {
      const profit_cents = account.balance_cents - account.start_balance_cents;
      consistency = { best_day_cents: account.best_day_cents, profit_cents, max_share };
    }
    const date = frame.portfolio?.day?.trade_date ?? 0;
    if (date === 0) continue;
    let day = days.at(-1);
    if (day?.trade_date !== date) {
      day = emptyDay(date);
      days.push(day);
    }
    noteFrame(day, frame);
  }
  return { days, consistency };
}

function emptyDay(trade_date: number): AccountDay {
  return {
    ...{ trade_date, trades: 0, net_cents: 0, balance_cents: 0, floor_cents: 0, open: 0 },
    ...{ worst_headroom_cents: null, latched: '', refusals: new Map() },
  };
}

function noteFrame(day: AccountDay, { portfolio, risk }: Frame): void {
  const account = portfolio?.account ?? null;
  day.open = portfolio?.positions.length ?? 0;
  for (const trade of portfolio?.closed ?? []) {
    day.trades += 1;
    day.net_cents += trade.net_cents;
  }
  if (account !== null) {
    day.balance_cents = account.balance_cents;
    day.floor_cents = account.floor_cents;
    day.worst_headroom_cents = Math.min(
      day.worst_headroom_cents ?? account.headroom_cents,
      account.headroom_cents,
    );
  }
  if (risk?.latches?.kill_trade_date === day.trade_date) day.latched = 'kill';
  else if (risk?.latches?.soft_trade_date === day.trade_date) day.latched = 'soft';
  // A refusal of the account has checks behind it: what no strategy wanted has none.
  if (risk === null || risk.action !== Action.HOLD || risk.checks.length === 0) return;
  day.refusals.set(risk.reason, (day.refusals.get(risk.reason) ?? 0) + 1);
}

/** `bw account`: the days of a replayed book, with what its limits did. */
export async function account(options: { readonly from: string }): Promise<void> {
  const file = path.join(options.from, 'decisions.frames');
  const history = await accountHistory(readDecisionLog(file)).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('data_unreadable', `${file}: ${why}`, [], { cause });
  });
  process.stdout.write(`${renderAccount(history, await runMark(options.from))}\n`);
}

/** The days as a table, with sums below. */
export function renderAccount({ days, consistency }: AccountHistory, data: DataMark): string {
  const table = new Table({
    head: ['trade date', 'trades', 'net', 'balance', 'floor', 'worst headroom', 'latch', 'open', 'refused'],
    style: { head: [], border: [] },
  });
  for (const day of days) {
    table.push([
      ...[day.trade_date, day.trades, money(day.net_cents), money(day.balance_cents), money(day.floor_cents)],
      day.worst_headroom_cents === null ? '' : money(day.worst_headroom_cents),
      ...[day.latched, day.open, refusalText(day.refusals)],
    ]);
  }
  const all = new Map<ReasonCode, number>();
  for (const { refusals } of days) {
    for (const [code, count] of refusals) all.set(code, (all.get(code) ?? 0) + count);
  }
  const worst = days.flatMap((day) => (day.worst_headroom_cents === null ? [] : [day.worst_headroom_cents]));
  const flat = days.filter(({ open }) => open === 0).length;
  return [
    table.toString(),
    dataLine(data),
    `${flat} of ${days.length} trade dates end flat`,
    worst.length === 0 ? 'no account' : `worst headroom ${money(Math.min(...worst))}`,
    `refused by the account: ${all.size === 0 ? 'nothing' : refusalText(all)}`,
    ...(consistency === null ? [] : [consistencyText(consistency)]),
  ].join('\n');
}

function refusalText(refusals: ReadonlyMap<ReasonCode, number>): string {
  const sorted = [...refusals].sort((a, b) => b[1] - a[1]);
  return sorted.map(([code, count]) => `${REASONS[code].name} ${count}`).join(', ');
}

function consistencyText({ best_day_cents, profit_cents, max_share }: Consistency): string {
  const rule = max_share === null ? 'no rule' : `the firm allows ${percent(max_share)}`;
  const best = `best trade date ${money(best_day_cents)}`;
  if (profit_cents <= 0) return `${best}, no profit in all that it could be a share of (${rule})`;
  const share = best_day_cents / profit_cents;
  const over = max_share !== null && share > max_share ? ', MORE THAN THAT' : '';
  return `${best}, ${percent(share)} of the profit of ${money(profit_cents)} (${rule}${over})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
