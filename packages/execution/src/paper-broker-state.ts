import type { Bar, BookConfig, OrderIntent, Position, ReasonCode } from '@bellwether/contracts';
import { NO_CALENDAR, type Calendar } from '@bellwether/streams';
import type { Stamp } from './paper-broker-entries.js';

/** An entry order from its decision on, kept while its position is open: it holds the plan of the trade. */
export interface PaperOrder {
  readonly intent: OrderIntent;
  readonly stamp: Stamp;
  /** Its ORDER entry is in the journal. */
  readonly journaled: boolean;
  /** Neither filled nor ended. */
  readonly live: boolean;
  /** Contracts entered. */
  readonly filled: number;
  /** Fills of any leg so far: they number the next one. */
  readonly fills: number;
  readonly tp1_done: boolean;
  readonly cancel: { readonly stamp: Stamp; readonly reason: ReasonCode } | null;
}

/** A CLOSE order until it is filled or ended. */
export interface PaperClose {
  readonly intent: OrderIntent;
  readonly stamp: Stamp;
  readonly filled: number;
  readonly fills: number;
}

/**
 * An order that the portfolio counts as working and that is over here: its ORDER entry came after its last fill or its
 * end. Where the trader's machine is quicker than the journal, and where an owner that had lost the book wrote late.
 */
export interface StrayOrder {
  readonly intent_id: string;
  readonly decision_id: string;
  readonly symbol: string;
  readonly stamp: Stamp;
}

export interface LastBar {
  readonly symbol: string;
  readonly open_us: number;
  readonly close_us: number;
  readonly low_ticks: number;
  readonly high_ticks: number;
  /** Bars that the two numbers below are made of. */
  readonly bars: number;
  /** Mean and variance of the range, in ticks, weighted toward the last hour of bars. */
  readonly range_mean: number;
  readonly range_variance: number;
  /** Its own range stood out from those before it. */
  readonly wide: boolean;
}

/** Weight of one bar in the moving mean of ranges. */
const RANGE_WEIGHT = 1 / 60;
/** Fewer bars say nothing of what is usual. */
const RANGE_BARS_MIN = 30;
const WIDE_SIGMAS = 2;

/** What is remembered of the newest bar of a symbol. */
export function lastBar(bar: Bar, before: LastBar | null): LastBar {
  const { symbol, open_us, low_ticks, high_ticks } = bar;
  const close_us = open_us + bar.interval_us;
  const range = high_ticks - low_ticks;
  if (before === null) {
    return {
      ...{ symbol, open_us, close_us, low_ticks, high_ticks },
      ...{ bars: 1, range_mean: range, range_variance: 0, wide: false },
    };
  }
  const { bars, range_mean, range_variance } = before;
  const away = range - range_mean;
  return {
    symbol,
    open_us,
    close_us,
    low_ticks,
    high_ticks,
    bars: bars + 1,
    range_mean: range_mean + RANGE_WEIGHT * away,
    range_variance: (1 - RANGE_WEIGHT) * (range_variance + RANGE_WEIGHT * away * away),
    wide: bars >= RANGE_BARS_MIN && away > WIDE_SIGMAS * Math.sqrt(range_variance),
  };
}

export interface BrokerState {
  /** Last decision folded in; 0 before the first. */
  readonly seq: number;
  /** Id of its entry. */
  readonly entry_id: string;
  readonly config: BookConfig | null;
  /** Largest event time seen. */
  readonly market_us: number;
  readonly bars: readonly LastBar[];
  /** What is open, as the portfolio says: fills from elsewhere and reported closes are in it too. */
  readonly positions: readonly Position[];
  readonly orders: readonly PaperOrder[];
  readonly closes: readonly PaperClose[];
  readonly strays: readonly StrayOrder[];
  /** Releases, as the entries so far tell them: around them the market is thin. */
  readonly calendar: Calendar;
  /**
   * Set from the first entry that bar `cause` caused until the bar itself is decided: the state before that
   * entry. What the bar causes is computed from it, so that it comes out the same after a crash in between.
   */
  readonly base: { readonly cause: string; readonly state: BrokerState } | null;
}

/** The state of a book in which nothing was decided yet. */
export function initialBroker(): BrokerState {
  return {
    seq: 0,
    entry_id: '',
    config: null,
    market_us: 0,
    bars: [],
    positions: [],
    orders: [],
    closes: [],
    strays: [],
    calendar: NO_CALENDAR,
    base: null,
  };
}
