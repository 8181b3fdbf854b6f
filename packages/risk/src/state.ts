import type { BookConfig, Latches, RiskLimits, Side } from '@bellwether/contracts';

/** A configuration that names its limits: without them nothing may be entered. */
export interface BookRules extends BookConfig {
  readonly limits: RiskLimits;
}

/** The configuration of a release, or null where it is not complete. */
export function rulesOf(config: BookConfig | null): BookRules | null {
  const limits = config?.limits ?? null;
  return config === null || limits === null ? null : { ...config, limits };
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
  /** From then on it counts as not sent: an order that nobody executed must not hide the need for one. */
  readonly expires_us: number;
}

export interface RiskState {
  readonly config: BookRules | null;
  readonly latches: Latches;
  /** The last that was heard of the audit log: it does not keep up. */
  readonly audit_behind: boolean;
  /** Oldest first. The caps bound their number. */
  readonly entries: readonly EntryOrder[];
  /** At most one per open position. */
  readonly closes: readonly CloseOrder[];
}

export const INITIAL_STATE: RiskState = {
  config: null,
  latches: { soft_trade_date: 0, kill_trade_date: 0 },
  audit_behind: false,
  entries: [],
  closes: [],
};
