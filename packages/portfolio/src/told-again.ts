import type { Account, DayAccount, PortfolioPart } from '@bellwether/contracts';

/** The last part that was told, of whatever book. Nothing but what is handed out hangs on it. */
let last: PortfolioPart | null = null;

/**
 * The part, or the one before where it says the same: while a book is flat that is nearly always so, and the bytes of the
 * same object need not be written anew.
 */
export function toldAgain(part: PortfolioPart): PortfolioPart {
  if (last !== null && saysTheSame(last, part)) return last;
  last = part;
  return part;
}

/** Of lists only whether they are the same object. */
function saysTheSame(a: PortfolioPart, b: PortfolioPart): boolean {
  return (
    a.positions === b.positions &&
    a.working === b.working &&
    a.closed === b.closed &&
    a.exits === b.exits &&
    a.strategies === b.strategies &&
    a.management === b.management &&
    a.stop_moves === b.stop_moves &&
    a.logic_version === b.logic_version &&
    a.fault === b.fault &&
    a.reason === b.reason &&
    a.fill_result === b.fill_result &&
    a.reconciliation === b.reconciliation &&
    Object.is(a.heat, b.heat) &&
    Object.is(a.heat_concentration, b.heat_concentration) &&
    sameDay(a.day, b.day) &&
    sameAccount(a.account, b.account)
  );
}

function sameDay(a: DayAccount | null, b: DayAccount | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.trade_date === b.trade_date &&
    Object.is(a.realised_cents, b.realised_cents) &&
    Object.is(a.open_pnl_cents, b.open_pnl_cents) &&
    Object.is(a.fees_cents, b.fees_cents) &&
    Object.is(a.pnl_cents, b.pnl_cents)
  );
}

function sameAccount(a: Account | null, b: Account | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    Object.is(a.balance_cents, b.balance_cents) &&
    Object.is(a.equity_cents, b.equity_cents) &&
    Object.is(a.worst_equity_cents, b.worst_equity_cents) &&
    Object.is(a.floor_cents, b.floor_cents) &&
    Object.is(a.headroom_cents, b.headroom_cents) &&
    Object.is(a.worst_day_pnl_cents, b.worst_day_pnl_cents) &&
    Object.is(a.best_day_cents, b.best_day_cents) &&
    a.start_balance_cents === b.start_balance_cents &&
    a.floor_locked === b.floor_locked &&
    a.breached === b.breached &&
    a.scaling_minis === b.scaling_minis &&
    a.day_contracts === b.day_contracts &&
    a.can_trade === b.can_trade
  );
}
