import type { AccountProfile, BookConfig, Latches, RiskLimits, Side } from '@bellwether/contracts';
import { NO_PRICES, type Prices } from './prices.js';

/** A configuration that names its limits and its account: without them nothing may be entered. */
export interface BookRules extends BookConfig {
  readonly limits: RiskLimits;
  readonly account: AccountProfile;
}

/** The configuration of a release, or null where it is not complete. */
export function rulesOf(config: BookConfig | null): BookRules | null {
  const limits = config?.limits ?? null;
  const account = config?.account ?? null;
  return config === null || limits === null || account === null ? null : { ...config, limits, account };
}

/** An ENTER intent from the decision on until it is filled or ended. */
export interface EntryOrder {
  readonly intent_id: string;
  readonly decision_id: string;
  readonly symbol: string;
  readonly side: Side;
  /** The signal that asked for it; null where a bar decided. */
  readonly signal_id: string | null;
  /** Contracts not filled yet. */
  readonly remaining: number;
  /** What one of them loses at its stop, costs included. */
  readonly risk_cents: number;
  /** True from its ORDER entry on: the portfolio counts it as working. Before that it is a reservation. */
  readonly taken: boolean;
  /** Its CANCEL was sent. */
  readonly cancelled: boolean;
}

/** A CLOSE intent from the decision on until it is filled or ended, or its position is gone. */
export interface CloseOrder {
  readonly intent_id: string;
  readonly decision_id: string;
  readonly symbol: string;
  readonly remaining: number;
  /** It closes the whole position: what joins later waits for its end. */
  readonly whole: boolean;
  /** From then on it counts as not sent: an order that nobody executed must not hide the need for one. */
  readonly expires_us: number;
}

export interface RiskState {
  readonly config: BookRules | null;
  readonly latches: Latches;
  /** The last that was heard of the audit log: it does not keep up. */
  readonly audit_behind: boolean;
  /** Decisions take too long: rules decide, and sizes are halved upstream. */
  readonly degraded: boolean;
  /** Decides and enters nothing: from a kill or an operator's word on, until an operator ends it. */
  readonly dry_run: boolean;
  readonly prices: Prices;
  /** Oldest first. The caps bound their number. */
  readonly entries: readonly EntryOrder[];
  /** More than one for a position only where a part was being closed when the whole had to go. */
  readonly closes: readonly CloseOrder[];
}

/** The same state, put together field by field: one that came out of a spread is of another shape to V8. */
export function plainly(state: RiskState): RiskState {
  return {
    config: state.config,
    latches: state.latches,
    audit_behind: state.audit_behind,
    degraded: state.degraded,
    dry_run: state.dry_run,
    prices: state.prices,
    entries: state.entries,
    closes: state.closes,
  };
}

export const INITIAL_STATE: RiskState = {
  config: null,
  latches: { soft_trade_date: 0, kill_trade_date: 0 },
  audit_behind: false,
  degraded: false,
  dry_run: false,
  prices: NO_PRICES,
  entries: [],
  closes: [],
};
