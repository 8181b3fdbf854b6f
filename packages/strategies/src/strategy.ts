import type {
  Bar,
  Indicators,
  MarketClock,
  ReasonCode,
  RegimeState,
  Setup,
  Strategy,
  StrategyParameters,
  StreamsConfig,
  Zone as FrameZone,
} from '@bellwether/contracts';

/** How far the next and the last tier-1 release are, and whether one falls between 07:00 and 11:00 Chicago of the day. */
export interface ReleaseDistance {
  readonly minutes_to_next: number | null;
  readonly minutes_since_last: number | null;
  readonly this_morning: boolean;
}

/** A supply (SHORT) or demand (LONG) zone of 5-minute bars (domain.md 7.3), as the frame tells it. */
export type Zone = Pick<FrameZone, 'side' | 'proximal_ticks' | 'distal_ticks' | 'fresh' | 'age_sessions'>;

/** Numbers of streams beside bars that may speak against a side, with the bounds from which they act. */
export interface StreamReadings {
  /** -1 against the index to +1 for it; null without scored news. */
  readonly news_score: number | null;
  /** Unusual flow for a rise (+) or a fall (-), -1 to 1; null without any. */
  readonly unusual_flow: number | null;
  /** Usual return of these five minutes in standard errors; null while it is not known. */
  readonly season_t: number | null;
  /** Of the release. */
  readonly config: StreamsConfig;
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
  readonly streams: StreamReadings;
}

/** A trade that could be made now, or the first condition that does not hold. */
export type Evaluation = { readonly setup: Setup } | { readonly reason: ReasonCode };

export interface StrategyRule {
  readonly strategy: Strategy;
  readonly evaluate: (context: StrategyContext) => Evaluation;
}
