import { FillLeg, IntentKind, Side, type Account, type BookConfig } from '@bellwether/contracts';
import { aFillEntry, anOrderEntry } from '@bellwether/testkit';
import type { OracleAccount } from './oracle.js';
import {
  demand,
  enters,
  entryFill,
  fillOf,
  microsHeld,
  type LiveOrder,
  type Stages,
  type Stepped,
} from './world.js';

/** The account of the portfolio is that of the oracle, to the cent. */
export function checkAccount({ portfolio }: Stepped, oracle: OracleAccount, before: Account | null): void {
  const { account, day } = portfolio;
  demand(account !== null && day !== null, 'There is an account');
  if (account === null || day === null) return;
  const ours = {
    balance: account.balance_cents,
    equity: account.equity_cents,
    floor: account.floor_cents,
    worst_day: account.worst_day_pnl_cents,
    headroom: account.headroom_cents,
    breached: account.breached,
    day_contracts: account.day_contracts,
  };
  for (const [key, value] of Object.entries(ours)) {
    demand(value === oracle[key as keyof typeof ours], `The oracle agrees on ${key}`, value, oracle);
  }
  const nets = Object.fromEntries(
    portfolio.positions.map(({ symbol, side, quantity }) => [
      symbol,
      side === Side.LONG ? quantity : -quantity,
    ]),
  );
  for (const symbol of new Set([...Object.keys(nets), ...Object.keys(oracle.net)])) {
    demand(
      nets[symbol] === oracle.net[symbol],
      `The oracle agrees on the position in ${symbol}`,
      nets,
      oracle.net,
    );
  }
  demand(day.pnl_cents === day.realised_cents + day.open_pnl_cents - day.fees_cents, 'A day adds up', day);
  demand((before?.floor_cents ?? 0) <= account.floor_cents, 'The floor never falls', before, account);
}

/** What was decided keeps every limit, as the oracle and execution's own book see them. */
export function checkDecision(
  { portfolio, risk }: Stepped,
  oracle: OracleAccount,
  orders: readonly LiveOrder[],
  { limits, account }: BookConfig,
): void {
  const entering = enters(risk);
  demand(
    risk.intents.filter(({ kind }) => kind === IntentKind.ENTER).length === (entering ? 1 : 0),
    'One entry at most',
  );
  if (oracle.soft || oracle.kill || oracle.breached) {
    demand(!entering, 'Nothing but exits after soft, kill or breach', risk.reason, oracle);
  }
  if (oracle.kill) demand(risk.dry_run, 'A kill is followed by a dry run');
  if (risk.dry_run) demand(!entering, 'A dry run enters nothing');
  const micros = microsHeld(portfolio, orders);
  const {
    max_es_contracts = 0,
    max_nq_contracts = 0,
    max_total_contracts = 0,
    max_step_contracts = 0,
  } = limits ?? {};
  demand(micros.ES <= 10 * max_es_contracts, 'The cap of ES holds', micros);
  demand(micros.NQ <= 10 * max_nq_contracts, 'The cap of NQ holds', micros);
  demand(micros.ES + micros.NQ <= 10 * max_total_contracts, 'The cap of all holds', micros);
  if (!entering) return;
  const minis = risk.intents.at(-1)?.symbol === 'MES' ? 10 : 1;
  demand(risk.size <= minis * max_step_contracts, 'The step holds', risk.size);
  demand(
    (risk.headroom_after_cents ?? -1) >= (account?.min_headroom_cents ?? 0),
    'The headroom after the worst case holds',
    risk.headroom_after_cents,
  );
  demand((risk.heat_after ?? 2) <= (account?.heat_block ?? 0) + 1e-9, 'The heat holds', risk.heat_after);
}

/**
 * The worst that may follow a decision without breaking its word: every order is filled in full, a tick worse than its
 * reference, and everything open is then stopped a tick beyond its stop. What is left must keep the headroom.
 *
 * Where a symbol has more than one of them, as no strategy asks for (one position per symbol), they net against each
 * other, and no stop stands for each: then there is nothing to drill.
 */
export function drill(from: Stages, orders: readonly LiveOrder[], at: number): void {
  if (!oneByOne(from, orders)) return;
  const stages = from.copy();
  const worst = new Map(from.portfolio.marks.map((mark) => [mark.symbol, mark]));
  let n = 0;
  for (const order of orders) {
    if (order.intent.kind !== IntentKind.ENTER) continue;
    if (!order.taken) stages.apply(anOrderEntry(order.intent), null);
    n += 1;
    stages.apply(aFillEntry(entryFill(order, `drill${n}`, order.remaining, 1, at)), null);
  }
  for (const position of stages.portfolio.positions) {
    const { symbol, side, quantity, decision_id, intent_id, stop_ticks, opened_us } = position;
    demand(stop_ticks !== null, 'Every entry carries its stop', position);
    const sign = side === Side.LONG ? 1 : -1;
    const seen = worst.get(symbol);
    const extreme = sign > 0 ? seen?.low_ticks : seen?.high_ticks;
    const stopped = (stop_ticks ?? 0) - sign;
    // What a bar has shown a position already may lie beyond its stop.
    const old = seen !== undefined && opened_us < seen.open_us + seen.interval_us;
    const price_ticks = old && extreme !== undefined && sign * (extreme - stopped) < 0 ? extreme : stopped;
    n += 1;
    const ids = { fill_id: `drill${n}`, decision_id: decision_id || null, intent_id: intent_id || null };
    const exit = {
      symbol,
      side: sign > 0 ? Side.SHORT : Side.LONG,
      quantity,
      price_ticks,
      leg: FillLeg.STOP,
    };
    stages.apply(aFillEntry(fillOf({ ...ids, ...exit, fill_us: at })), null);
  }
  const { ledger } = stages.portfolio.account;
  const { account } = stages.config;
  const left = (ledger?.balance_cents ?? 0) - (ledger?.floor_cents ?? 0);
  demand(left >= (account?.min_headroom_cents ?? 0), 'Filled and stopped, the headroom is kept', left);
}

function oneByOne(from: Stages, orders: readonly LiveOrder[]): boolean {
  const entries = orders.filter(({ intent }) => intent.kind === IntentKind.ENTER);
  const symbols = [
    ...from.portfolio.positions.map(({ symbol }) => symbol),
    ...entries.map(({ intent }) => intent.symbol),
  ];
  return new Set(symbols).size === symbols.length;
}
