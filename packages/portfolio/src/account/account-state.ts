import type { AccountSnapshot, Fill, PositionDifference, Side, StrategyDay } from '@bellwether/contracts';

/** Money of one account from its start on (domain.md 2.2). All in cents. */
export interface Ledger {
  /** What makes it this account: another name or start begins another one. */
  readonly profile: string;
  readonly start_balance_cents: number;
  /** start + realised - fees */
  readonly balance_cents: number;
  /** As it was when the trade date began. */
  readonly day_start_cents: number;
  /** It never falls. */
  readonly floor_cents: number;
  /** The worst equity was at or under the floor once; it stays so. */
  readonly breached: boolean;
  /** Largest position by the scaling plan for the whole trade date; null without a plan. */
  readonly scaling_minis: number | null;
  readonly day_contracts: number;
  /** Net of the best trade date before this one, 0 while none won. */
  readonly best_day_cents: number;
}

/** Prices between which a trade has moved, its own fills included. */
export interface Excursion {
  readonly symbol: string;
  readonly opened_us: number;
  readonly low_ticks: number;
  readonly high_ticks: number;
}

/** A booked fill, as long as the broker may still correct it. */
export interface FillFact {
  readonly fill_id: string;
  /** Trade date in which it was booked. */
  readonly trade_date: number;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly price_ticks: number;
  readonly fee_cents: number;
  /** Opening time of the trade that it entered; null where it closed one. */
  readonly entered_us: number | null;
  /** The fill that took its place. */
  readonly replaced_by: string | null;
}

/** The broker's account, carried on with every fill that came after it was seen. */
export interface Comparison {
  readonly snapshot: AccountSnapshot;
  /** What the broker holds by now: its positions then, and every later fill. */
  readonly theirs: readonly { readonly symbol: string; readonly net: number }[];
  readonly their_balance_cents: number | null;
  /** Empty where both sides agree. */
  readonly differences: readonly PositionDifference[];
  readonly matched: boolean;
}

/** What the portfolio keeps of the account besides positions and orders. */
export interface AccountState {
  /** Null before the first release that names an account. */
  readonly ledger: Ledger | null;
  readonly strategies: readonly StrategyDay[];
  readonly excursions: readonly Excursion[];
  /** Exits that came before the entry of their own decision. */
  readonly early: readonly Fill[];
  /** Of the present trade date and the one before, oldest first. */
  readonly facts: readonly FillFact[];
  readonly comparison: Comparison | null;
  readonly can_trade: boolean;
}

export const NO_ACCOUNT: AccountState = {
  ledger: null,
  strategies: [],
  excursions: [],
  early: [],
  facts: [],
  comparison: null,
  can_trade: true,
};
