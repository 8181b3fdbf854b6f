import type {
  Bar,
  Indicators,
  MarketClock,
  ReasonCode,
  RegimeState,
  Setup,
  Strategy,
} from '@bellwether/contracts';

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
}

/** A trade that could be made now, or the first condition that does not hold. */
export type Evaluation = { readonly setup: Setup } | { readonly reason: ReasonCode };

export interface StrategyRule {
  readonly strategy: Strategy;
  readonly evaluate: (context: StrategyContext) => Evaluation;
}
