import {
  Action,
  EntryKind,
  RegimeState,
  type BookConfig,
  type Frame,
  type ReasonCode,
  type Release,
} from '@bellwether/contracts';
import { DataOrigin } from '@bellwether/contracts';
import { CandleBook } from './candle-book.js';
import { DayBook } from './day-book.js';
import { TradeBook } from './trade-book.js';

/** A stretch of one regime state within a trade date. */
export interface RegimeRow {
  readonly trade_date: number;
  readonly state: RegimeState;
  readonly from_us: number;
  to_us: number;
}

/** Decisions by what they came to. */
export interface DecisionCounts {
  asked: number;
  entries: number;
  exits: number;
  holds: number;
  /** Why no entry was made. */
  readonly refusals: Map<ReasonCode, number>;
}

/**
 * What a run did, from its decision frames alone. Memory grows with days, trades and changes of regime, not with bars.
 */
export class RunCollector {
  readonly days = new DayBook();
  readonly trades = new TradeBook();
  readonly candles = new CandleBook();
  readonly regimes: RegimeRow[] = [];
  readonly warmupDates = new Set<number>();
  readonly decisions: DecisionCounts = { asked: 0, entries: 0, exits: 0, holds: 0, refusals: new Map() };
  entries = 0;
  bars = 0;
  /** Decision bars at which the regime gate stood open. */
  openGates = 0;
  synthetic = false;
  release: Release | null = null;

  get config(): BookConfig | null {
    return this.release?.config ?? null;
  }

  add(frame: Frame): void {
    const { entry } = frame;
    this.entries += 1;
    this.synthetic ||= frame.origin === DataOrigin.SYNTHETIC;
    this.release = entry?.release ?? this.release;
    if (entry?.warmup) this.warmupDates.add(entry.warmup.trade_date);
    this.days.add(frame);
    this.trades.add(frame);
    this.candles.add(frame);
    this.#decision(frame);
    if (entry?.kind !== EntryKind.BAR) return;
    this.bars += 1;
    if (frame.regime?.gate_open === true) this.openGates += 1;
    this.#regime(frame);
  }

  #decision({ risk }: Frame): void {
    if (risk === null || risk.action === Action.NONE || risk.action === Action.UNSPECIFIED) return;
    const { decisions } = this;
    decisions.asked += 1;
    if (risk.action === Action.BUY || risk.action === Action.SELL) decisions.entries += 1;
    else if (risk.action === Action.EXIT) decisions.exits += 1;
    else {
      decisions.holds += 1;
      decisions.refusals.set(risk.reason, (decisions.refusals.get(risk.reason) ?? 0) + 1);
    }
  }

  #regime({ regime, portfolio, book_time_us }: Frame): void {
    const trade_date = portfolio?.day?.trade_date ?? 0;
    const state = regime?.state ?? RegimeState.UNSPECIFIED;
    if (trade_date === 0) return;
    const last = this.regimes.at(-1);
    if (last?.trade_date === trade_date) last.to_us = book_time_us;
    if (last?.trade_date === trade_date && last.state === state) return;
    this.regimes.push({ trade_date, state, from_us: book_time_us, to_us: book_time_us });
  }
}
