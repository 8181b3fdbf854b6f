import type { Account, Entry, Reconciliation } from '@bellwether/contracts';
import type { PortfolioState } from '../state.js';
import type { AccountState, Comparison, Ledger } from './account-state.js';
import type { Bookings } from './booking.js';
import { withBarPrices } from './excursions.js';
import { bestDay, paidLedger, pricedLedger, releasedLedger, rolledLedger } from './ledger.js';
import { compared, comparedAgain, reconciliation } from './reconcile.js';
import { withTrades } from './strategies.js';
import { openValue, type OpenValue } from './valuation.js';

const NO_STRATEGIES: AccountState['strategies'] = [];

/** The account when `trade_date` begins; `kept_from` is the oldest trade date whose fills may still be corrected. */
export function rolledAccount(state: PortfolioState, kept_from: number): AccountState {
  const { account, config } = state;
  const profile = config?.account ?? null;
  const { ledger } = account;
  return {
    ...account,
    ledger: ledger === null || profile === null ? ledger : rolledLedger(ledger, profile),
    strategies: NO_STRATEGIES,
    facts: account.facts.filter(({ trade_date }) => trade_date >= kept_from),
  };
}

/**
 * The account after an entry: what was booked is paid, what is open is valued, and the broker's view is compared. `after`
 * is the state behind the entry, `bookings` what its fill or close did.
 */
export function accounted(
  before: PortfolioState,
  after: PortfolioState,
  entry: Entry,
  bookings: Bookings | null,
): AccountState {
  const old = after.account;
  const ledger = ledgerAfter(before, after, entry, bookings);
  const excursions =
    before.marks === after.marks || entry.bar === null
      ? old.excursions
      : withBarPrices(old.excursions, after.positions, entry.bar, entry.id);
  const strategies =
    bookings === null || bookings.closed.length === 0
      ? old.strategies
      : withTrades(old.strategies, bookings.closed);
  const comparison = comparisonAfter(old.comparison, after, ledger, entry, bookings);
  const can_trade = entry.account?.can_trade ?? old.can_trade;
  const same =
    ledger === old.ledger &&
    excursions === old.excursions &&
    strategies === old.strategies &&
    comparison === old.comparison &&
    can_trade === old.can_trade;
  if (same) return old;
  return { ledger, strategies, excursions, early: old.early, facts: old.facts, comparison, can_trade };
}

function ledgerAfter(
  before: PortfolioState,
  after: PortfolioState,
  entry: Entry,
  bookings: Bookings | null,
): Ledger | null {
  const profile = after.config?.account ?? null;
  const { ledger: old } = after.account;
  const ledger = entry.release === null ? old : releasedLedger(old, profile);
  if (ledger === null || profile === null) return ledger;
  const cents = after.realised_cents - after.fees_cents - (before.realised_cents - before.fees_cents);
  const paid = paidLedger(ledger, cents, bookings?.contracts ?? 0);
  const value = openValue(after);
  const { balance_cents } = paid;
  return pricedLedger(paid, profile, balance_cents + value.at_best, worstEquity(balance_cents, value));
}

function worstEquity(balance_cents: number, value: OpenValue): number {
  return balance_cents + value.at_worst - value.exit_fees;
}

function comparisonAfter(
  old: Comparison | null,
  after: PortfolioState,
  ledger: Ledger | null,
  entry: Entry,
  bookings: Bookings | null,
): Comparison | null {
  const ours = { positions: after.positions, balance_cents: ledger?.balance_cents ?? null };
  if (entry.account !== null) return compared(entry.account, ours);
  // Where both sides agreed, nothing that the book knows of can part them.
  if (old === null || old.matched || bookings === null) return old;
  return bookings.moved.reduce((now, moved) => comparedAgain(now, moved, ours), old);
}

/** The account as the frame tells it; null before a release that names one. */
export function accountMessage(state: PortfolioState): Account | null {
  const { ledger, can_trade } = state.account;
  if (ledger === null) return null;
  const value = openValue(state);
  const { balance_cents, floor_cents } = ledger;
  const worst_equity_cents = worstEquity(balance_cents, value);
  return {
    start_balance_cents: ledger.start_balance_cents,
    balance_cents,
    equity_cents: balance_cents + value.at_close,
    worst_equity_cents,
    floor_cents,
    floor_locked: floor_cents >= (state.config?.account?.floor_lock_cents ?? Number.POSITIVE_INFINITY),
    headroom_cents: worst_equity_cents - floor_cents,
    worst_day_pnl_cents: state.realised_cents - state.fees_cents + value.at_worst,
    breached: ledger.breached,
    scaling_minis: ledger.scaling_minis,
    day_contracts: ledger.day_contracts,
    best_day_cents: bestDay(ledger),
    can_trade,
  };
}

/** Both sides while they differ, and in the frame of the snapshot itself. */
export function reconciliationMessage(state: PortfolioState, entry: Entry): Reconciliation | null {
  const { comparison, ledger } = state.account;
  if (comparison === null || (comparison.matched && entry.account === null)) return null;
  return reconciliation(comparison, ledger?.balance_cents ?? null);
}
