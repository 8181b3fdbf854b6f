import { NO_ACCOUNT, type AccountState } from './account/account-state.js';
import { plainLedger } from './account/ledger.js';
import type { ManagedTrade } from './management/manage.js';
import type { SymbolSwings } from './management/swings.js';
import type { BookConfig, OrderIntent, RegimeState, Side, Strategy } from '@bellwether/contracts';

/**
 * One open position: at most one per symbol. Sums are in ticks times contracts, so that nothing is rounded.
 */
export interface OpenPosition {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  /** Entry prices of the contracts still open, summed. */
  readonly cost_ticks: number;
  /** Empty where no decision is known. */
  readonly decision_id: string;
  /** Intent of the entry order; empty where none is known. */
  readonly intent_id: string;
  readonly strategy: Strategy;
  readonly regime: RegimeState;
  readonly opened_us: number;
  /** Bar entry that caused the first fill; empty for an outside broker. */
  readonly cause_id: string;
  /** All contracts ever entered in this trade, and the sum of their prices. */
  readonly initial_quantity: number;
  readonly entry_cost_ticks: number;
  /**
   * Stop that the risk of the trade is measured by; null where it is unknown or contracts of other origin
   * joined.
   */
  readonly initial_stop_ticks: number | null;
  /** Present stop. It never loosens. */
  readonly stop_ticks: number | null;
  readonly target_ticks: number | null;
  /** Distance in R whose touch alone moves the stop; null where a partial exit does it, or nothing. */
  readonly touch_r: number | null;
  readonly time_stop_at_us: number | null;
  readonly flat_by_us: number | null;
  /** Profit of the contracts that are closed already, in ticks. */
  readonly gross_ticks: number;
  /** Fees of all fills so far that belong to this trade. */
  readonly fees_cents: number;
  readonly ambiguous: boolean;
}

/** An entry order that execution has taken on, with its plan. */
export interface PlannedOrder {
  readonly intent: OrderIntent;
  readonly remaining: number;
  /** Name that the broker gave it; empty until its machine has acknowledged it. */
  readonly broker_order_id: string;
  /** False once it ended unfilled: its plan is kept for a late fill, until the trade date rolls. */
  readonly live: boolean;
}

/** An acknowledgement whose order was not taken on yet: the trader's machine was quicker than the journal. */
export interface EarlyAck {
  readonly intent_id: string;
  readonly broker_order_id: string;
}

/** Last completed bar of a symbol. */
export interface Mark {
  readonly symbol: string;
  readonly close_ticks: number;
  readonly low_ticks: number;
  readonly high_ticks: number;
  readonly open_us: number;
  readonly interval_us: number;
  /** Opening time of the first bar behind the last hole in the bars; null where none is known. */
  readonly resumed_us: number | null;
}

/** Fill ids of one trade date, oldest first. */
export interface SeenFills {
  readonly trade_date: number;
  readonly ids: readonly string[];
}

/** What trade management remembers: the swings of each symbol, and the trades that are open. */
export interface ManagementState {
  readonly swings: readonly SymbolSwings[];
  readonly trades: readonly ManagedTrade[];
}

export interface PortfolioState {
  readonly config: BookConfig | null;
  /** yyyymmdd; 0 before the first entry. */
  readonly trade_date: number;
  readonly realised_cents: number;
  readonly fees_cents: number;
  /** In the order of their opening. */
  readonly positions: readonly OpenPosition[];
  readonly orders: readonly PlannedOrder[];
  /** Oldest first; gone with their orders, or with the trade date. */
  readonly early_acks: readonly EarlyAck[];
  readonly marks: readonly Mark[];
  /** Present and previous trade date. */
  readonly seen: readonly SeenFills[];
  readonly management: ManagementState;
  readonly account: AccountState;
}

export const INITIAL_STATE: PortfolioState = {
  config: null,
  trade_date: 0,
  realised_cents: 0,
  fees_cents: 0,
  positions: [],
  orders: [],
  early_acks: [],
  marks: [],
  seen: [],
  management: { swings: [], trades: [] },
  account: NO_ACCOUNT,
};

/**
 * The same state, put together field by field. One that came out of a spread is of another shape to V8, for each place where
 * there is a spread, and after a few of them everything that runs for every bar looks its fields up by name.
 */
export function plainly(state: PortfolioState): PortfolioState {
  const { account } = state;
  return {
    config: state.config,
    trade_date: state.trade_date,
    realised_cents: state.realised_cents,
    fees_cents: state.fees_cents,
    positions: state.positions,
    orders: state.orders,
    early_acks: state.early_acks,
    marks: state.marks,
    seen: state.seen,
    management: state.management,
    account: {
      ledger: account.ledger === null ? null : plainLedger(account.ledger),
      strategies: account.strategies,
      excursions: account.excursions,
      early: account.early,
      facts: account.facts,
      comparison: account.comparison,
      can_trade: account.can_trade,
    },
  };
}

/** Field by field: this runs for every bar. */
export function withManagement(
  state: PortfolioState,
  positions: readonly OpenPosition[],
  management: ManagementState,
): PortfolioState {
  return {
    config: state.config,
    trade_date: state.trade_date,
    realised_cents: state.realised_cents,
    fees_cents: state.fees_cents,
    positions,
    orders: state.orders,
    early_acks: state.early_acks,
    marks: state.marks,
    seen: state.seen,
    management,
    account: state.account,
  };
}

/** The same with another account. Field by field, as above. */
export function withAccount(state: PortfolioState, account: AccountState): PortfolioState {
  if (account === state.account) return state;
  return {
    config: state.config,
    trade_date: state.trade_date,
    realised_cents: state.realised_cents,
    fees_cents: state.fees_cents,
    positions: state.positions,
    orders: state.orders,
    early_acks: state.early_acks,
    marks: state.marks,
    seen: state.seen,
    management: state.management,
    account,
  };
}
