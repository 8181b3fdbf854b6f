import type {
  Bar,
  Indicators,
  MarketClock,
  ReasonCode,
  RegimeState,
  Setup,
  Side,
  Strategy,
  StrategyParameters,
} from '@bellwether/contracts';

/** How far the next and the last tier-1 release are, and whether one falls between 07:00 and 11:00 Chicago of the day. */
export interface ReleaseDistance {
  readonly minutes_to_next: number | null;
  readonly minutes_since_last: number | null;
  readonly this_morning: boolean;
}

/** A supply (SHORT) or demand (LONG) zone of 5-minute bars (domain.md 7.3), known from the close of its leg-out on. */
export interface Zone {
  readonly side: Side;
  /** The edge that the price meets first, and the one behind it. */
  readonly proximal_ticks: number;
  readonly distal_ticks: number;
  /** The price has not been back yet. */
  readonly fresh: boolean;
  readonly age_sessions: number;
}

/** All that a strategy looks at. The same context gives the same answer: what lasts from bar to bar is kept elsewhere. */
export interface StrategyContext {
  readonly symbol: string;
  /** Market time of the question. */
  readonly event_us: number;
  /** Last completed bar of the symbol. */
  readonly bar: Bar;
  /** Where `event_us` lies in the trading calendar. */
  readonly clock: MarketClock;
  readonly indicators: Indicators;
  readonly regime: RegimeState;
  readonly tick_value_cents: number;
  /** Of one contract, in and out at the market: fees and slippage (domain.md 9.3). */
  readonly round_trip_cost_cents: number;
  /** Of the release: defaults of domain.md 6 and what the book file says otherwise. */
  readonly parameters: StrategyParameters;
  /** Null without a calendar of releases. */
  readonly releases: ReleaseDistance | null;
  /** Null where no zones are computed. */
  readonly zones: readonly Zone[] | null;
}

/** A trade that could be made now, or the first condition that does not hold. */
export type Evaluation = { readonly setup: Setup } | { readonly reason: ReasonCode };

export interface StrategyRule {
  readonly strategy: Strategy;
  readonly evaluate: (context: StrategyContext) => Evaluation;
}
