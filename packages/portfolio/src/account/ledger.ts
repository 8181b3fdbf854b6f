import { MaxLossMode, type AccountProfile } from '@bellwether/contracts';
import type { Ledger } from './account-state.js';

/** The account at its start: nothing earned, the floor one loss distance below. */
export function openedLedger(profile: AccountProfile): Ledger {
  const { start_balance_cents: start } = profile;
  return {
    profile: profile.name,
    start_balance_cents: start,
    balance_cents: start,
    day_start_cents: start,
    floor_cents: start - profile.max_loss_cents,
    breached: false,
    scaling_minis: scalingMinis(profile, start),
    day_contracts: 0,
    best_day_cents: 0,
  };
}

/** The same ledger, put together field by field: see `plainly`. */
export function plainLedger(ledger: Ledger): Ledger {
  return {
    profile: ledger.profile,
    start_balance_cents: ledger.start_balance_cents,
    balance_cents: ledger.balance_cents,
    day_start_cents: ledger.day_start_cents,
    floor_cents: ledger.floor_cents,
    breached: ledger.breached,
    scaling_minis: ledger.scaling_minis,
    day_contracts: ledger.day_contracts,
    best_day_cents: ledger.best_day_cents,
  };
}

/** The account that a release names: the one that runs, or a new one where name or start balance differ. */
export function releasedLedger(ledger: Ledger | null, profile: AccountProfile | null): Ledger | null {
  if (profile === null) return ledger;
  const same =
    ledger !== null &&
    ledger.profile === profile.name &&
    ledger.start_balance_cents === profile.start_balance_cents;
  return same ? ledger : openedLedger(profile);
}

/**
 * The account when a trade date begins. The floor follows the balance at the end of the day before, never falls and stops
 * at its lock; the scaling level holds for the whole date (domain.md 2.1 and 2.2).
 */
export function rolledLedger(ledger: Ledger, profile: AccountProfile): Ledger {
  const { balance_cents } = ledger;
  return plainLedger({
    ...ledger,
    day_start_cents: balance_cents,
    floor_cents:
      profile.max_loss_mode === MaxLossMode.END_OF_DAY
        ? raised(ledger.floor_cents, balance_cents, profile)
        : ledger.floor_cents,
    scaling_minis: scalingMinis(profile, balance_cents),
    day_contracts: 0,
    best_day_cents: bestDay(ledger),
  });
}

/** The account after money moved. */
export function paidLedger(ledger: Ledger, cents: number, contracts: number): Ledger {
  if (cents === 0 && contracts === 0) return ledger;
  return plainLedger({
    ...ledger,
    balance_cents: ledger.balance_cents + cents,
    day_contracts: ledger.day_contracts + contracts,
  });
}

/** The account after prices: an intraday floor follows the best equity, and the worst one may end the account. */
export function pricedLedger(
  ledger: Ledger,
  profile: AccountProfile,
  best_equity_cents: number,
  worst_equity_cents: number,
): Ledger {
  const floor_cents =
    profile.max_loss_mode === MaxLossMode.INTRADAY
      ? raised(ledger.floor_cents, best_equity_cents, profile)
      : ledger.floor_cents;
  const breached = ledger.breached || worst_equity_cents <= floor_cents;
  if (floor_cents === ledger.floor_cents && breached === ledger.breached) return ledger;
  return plainLedger({ ...ledger, floor_cents, breached });
}

function raised(floor_cents: number, from_cents: number, profile: AccountProfile): number {
  return Math.max(floor_cents, Math.min(profile.floor_lock_cents, from_cents - profile.max_loss_cents));
}

function scalingMinis(profile: AccountProfile, balance_cents: number): number | null {
  const profit = balance_cents - profile.start_balance_cents;
  let minis: number | null = null;
  for (const step of profile.scaling) {
    if (minis === null || profit >= step.from_profit_cents) minis = step.max_minis;
  }
  return minis;
}

/** Net of the best trade date, the present one included. */
export function bestDay(ledger: Ledger): number {
  return Math.max(ledger.best_day_cents, ledger.balance_cents - ledger.day_start_cents, 0);
}
