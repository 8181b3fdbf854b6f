/**
 * A second, deliberately naive account: it knows no state and replays the whole history each time it is asked. It shares
 * nothing with packages/portfolio and packages/risk but the calendar and the contract table.
 */
import { Side, type AccountProfile, type Bar, type Fill, type RiskLimits } from '@bellwether/contracts';
import { instrumentOf, tradeDateAt } from '@bellwether/market';

/** What happened, in the order of the journal. */
export interface Happened {
  readonly event_us: number;
  readonly fill: Fill | null;
  readonly bar: Bar | null;
}

/** The account after a history; money in cents. */
export interface OracleAccount {
  readonly net: Readonly<Record<string, number>>;
  readonly balance: number;
  readonly equity: number;
  readonly floor: number;
  readonly worst_day: number;
  readonly headroom: number;
  readonly soft: boolean;
  readonly kill: boolean;
  readonly breached: boolean;
  readonly day_contracts: number;
}

interface Held {
  net: number;
  /** Entry prices of the contracts open, summed; never negative. */
  cost: number;
  opened_us: number;
}

interface Rules {
  readonly profile: AccountProfile;
  readonly limits: RiskLimits;
  readonly fee_per_side: (symbol: string) => number;
}

export function replayed(history: readonly Happened[], rules: Rules): OracleAccount {
  const { profile, limits } = rules;
  const held = new Map<string, Held>();
  const marks = new Map<string, Bar>();
  const seen = new Set<string>();
  let date = 0;
  let balance = profile.start_balance_cents;
  let day_start = balance;
  let floor = balance - profile.max_loss_cents;
  let soft = false;
  let kill = false;
  let breached = false;
  let day_contracts = 0;
  const value = (kind: 'close' | 'worst' | 'best'): number => {
    let sum = 0;
    for (const [symbol, position] of held) sum += openValue(symbol, position, marks.get(symbol), kind);
    return sum;
  };
  const exitFees = (): number =>
    [...held].reduce((sum, [symbol, { net }]) => sum + Math.abs(net) * rules.fee_per_side(symbol), 0);
  for (const { event_us, fill, bar } of history) {
    const today = tradeDateAt(event_us);
    if (today > date) {
      if (date !== 0 && profile.max_loss_mode === 1) floor = raised(floor, balance, profile);
      date = today;
      day_start = balance;
      soft = false;
      kill = false;
      day_contracts = 0;
    }
    if (bar !== null) marks.set(bar.symbol, bar);
    if (fill !== null && !seen.has(fill.fill_id)) {
      seen.add(fill.fill_id);
      balance += traded(held, fill) - fill.fee_cents;
      day_contracts += fill.quantity;
    }
    if (profile.max_loss_mode === 2) floor = raised(floor, balance + value('best'), profile);
    const worst = balance - day_start + value('worst');
    const lowest = Math.min(worst, balance - day_start + value('close'));
    soft = soft || lowest <= -limits.daily_soft_loss_cents;
    kill = kill || lowest <= -limits.daily_kill_loss_cents;
    breached = breached || balance + value('worst') - exitFees() <= floor;
  }
  return {
    net: Object.fromEntries(
      [...held].filter(([, { net }]) => net !== 0).map(([symbol, { net }]) => [symbol, net]),
    ),
    balance,
    equity: balance + value('close'),
    floor,
    worst_day: balance - day_start + value('worst'),
    headroom: balance + value('worst') - exitFees() - floor,
    ...{ soft, kill, breached, day_contracts },
  };
}

function raised(floor: number, money: number, profile: AccountProfile): number {
  return Math.max(floor, Math.min(profile.floor_lock_cents, money - profile.max_loss_cents));
}

/** Books one contract after the other. Gives what was realised, in cents. */
function traded(held: Map<string, Held>, fill: Fill): number {
  const sign = fill.side === Side.LONG ? 1 : -1;
  const position = held.get(fill.symbol) ?? { net: 0, cost: 0, opened_us: 0 };
  held.set(fill.symbol, position);
  const closing = Math.sign(position.net) === -sign ? Math.min(fill.quantity, Math.abs(position.net)) : 0;
  let realised = 0;
  if (closing > 0) {
    const open = Math.abs(position.net);
    const share = closing === open ? position.cost : Math.floor((position.cost * closing) / open);
    realised = -sign * (fill.price_ticks * closing - share);
    position.cost -= share;
    position.net += sign * closing;
  }
  const opening = fill.quantity - closing;
  if (opening > 0) {
    if (position.net === 0) position.opened_us = fill.fill_us;
    position.net += sign * opening;
    position.cost += opening * fill.price_ticks;
  }
  return realised * (instrumentOf(fill.symbol)?.tick_value_cents ?? 0) + 0;
}

function openValue(
  symbol: string,
  { net, cost, opened_us }: Held,
  bar: Bar | undefined,
  kind: 'close' | 'worst' | 'best',
): number {
  if (net === 0 || bar === undefined) return 0;
  const younger = opened_us >= bar.open_us + bar.interval_us;
  const extreme = net > 0 === (kind === 'worst') ? bar.low_ticks : bar.high_ticks;
  const price = kind === 'close' || younger ? bar.close_ticks : extreme;
  const ticks = Math.sign(net) * (price * Math.abs(net) - cost);
  return ticks * (instrumentOf(symbol)?.tick_value_cents ?? 0);
}
