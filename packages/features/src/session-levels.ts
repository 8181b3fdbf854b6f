import type { PriceRange } from '@bellwether/contracts';
import { sessionAfter, sessionOf, type TradeSession } from '@bellwether/market';
import { ONE_MINUTE_US } from './feature-set.js';
import type { AcceptedBar } from './symbol-state.js';

/** Cash-session prices of one full session (08:30 to 15:00 Chicago). */
export interface PriorSession {
  readonly trade_date: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
}

/** High, low and close of the running cash session so far. */
export interface CashSession {
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  /** Minutes that bars cover. */
  readonly minutes: number;
  /** Of the bars so far that opened before 08:45 and before 09:30. */
  readonly opening: PriceRange | null;
  readonly balance: PriceRange | null;
}

/** The running part of a session: from 08:30 once the cash session has begun, from 17:00 before. */
export interface RunningPart {
  readonly anchor_us: number;
  /** First price of the part; null where the bars began later than it did. */
  readonly open_ticks: number | null;
  readonly high_ticks: number;
  readonly low_ticks: number;
  /** No bar is missing since the anchor, so that high and low are those of the part. */
  readonly whole: boolean;
}

/** Prices of this and earlier sessions that features compare with. */
export interface SessionLevels {
  readonly part: RunningPart | null;
  readonly cash: CashSession | null;
  /** The full session before the running one; null where it is not there, or has holes. */
  readonly prior: PriorSession | null;
  /** Cash ranges of the last full sessions, oldest first, in ticks. */
  readonly ranges: readonly number[];
  /** Mean of {@link RANGE_SESSIONS} ranges (ADR), or null while there are fewer. */
  readonly average_range: number | null;
  /** Widths of the initial balance (08:30 to 09:30) of the last full sessions, oldest first, in ticks. */
  readonly balance_widths: readonly number[];
  /** Median of {@link RANGE_SESSIONS} widths, or null while there are fewer. */
  readonly balance_median: number | null;
}

/** Full sessions whose ranges make the average. */
const RANGE_SESSIONS = 20;
/** Opening range and initial balance (domain.md 6.1, S1 and S7), from 08:30 on. */
export const OPENING_US = 15 * ONE_MINUTE_US;
export const BALANCE_US = 60 * ONE_MINUTE_US;
/** A session counts when 90 % of its 390 cash minutes have bars. */
const CASH_MINUTES_MIN = 351;

export function emptyLevels(): SessionLevels {
  return {
    part: null,
    cash: null,
    prior: null,
    ranges: [],
    average_range: null,
    balance_widths: [],
    balance_median: null,
  };
}

/** Where the running part of a session began: 08:30 from then on, else 17:00. */
export function anchorOf(session: TradeSession, open_us: number): number {
  return open_us >= session.rth_open_us ? session.rth_open_us : session.open_us;
}

/** Whether a bar that opens then belongs to the cash session. */
export function isCashBar(session: TradeSession, open_us: number): boolean {
  return open_us >= session.rth_open_us && open_us < session.rth_close_us;
}

/** A full day by the calendar, with bars in at least 90 % of its cash minutes. */
export function isFullDay(session: TradeSession, cash_minutes: number): boolean {
  return session.full_day && cash_minutes >= CASH_MINUTES_MIN;
}

export function isFullSession(levels: SessionLevels, session: TradeSession): boolean {
  return isFullDay(session, levels.cash?.minutes ?? 0);
}

/** True where no full session lies between the two: the first is the day before the second. */
function isDayBefore(trade_date: number, session: TradeSession): boolean {
  let next = sessionOf(trade_date);
  for (;;) {
    next = next === null ? null : sessionAfter(next.open_us);
    if (next === null || next.trade_date >= session.trade_date) return true;
    if (next.full_day) return false;
  }
}

/**
 * A session is over and another one begins. Short and holiday sessions are no days: the levels of the day before them
 * stay (domain.md 1.3). Levels of a day that is missing or has holes are not known.
 */
export function endLevelSession(
  levels: SessionLevels,
  ended: TradeSession,
  next: TradeSession,
): SessionLevels {
  const { cash } = levels;
  let { prior, ranges, average_range, balance_widths, balance_median } = levels;
  if (cash !== null && isFullSession(levels, ended)) {
    const { high_ticks, low_ticks, close_ticks } = cash;
    prior = { trade_date: ended.trade_date, high_ticks, low_ticks, close_ticks };
    ranges = [...ranges, high_ticks - low_ticks].slice(-RANGE_SESSIONS);
    average_range =
      ranges.length < RANGE_SESSIONS ? null : ranges.reduce((a, b) => a + b, 0) / RANGE_SESSIONS;
    if (cash.balance !== null) {
      const width = cash.balance.high_ticks - cash.balance.low_ticks;
      balance_widths = [...balance_widths, width].slice(-RANGE_SESSIONS);
      balance_median = balance_widths.length < RANGE_SESSIONS ? null : medianOf(balance_widths);
    }
  }
  const known = prior !== null && isDayBefore(prior.trade_date, next);
  return {
    part: null,
    cash: null,
    prior: known ? prior : null,
    ranges,
    average_range,
    balance_widths,
    balance_median,
  };
}

/** Of an even number of widths. */
function medianOf(widths: readonly number[]): number {
  const sorted = [...widths].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function updatePart(
  part: RunningPart | null,
  anchor_us: number,
  bar: AcceptedBar,
  continues: boolean,
): RunningPart {
  const { open_us, open_ticks, high_ticks, low_ticks } = bar;
  if (part !== null && part.anchor_us === anchor_us) {
    return {
      anchor_us,
      open_ticks: part.open_ticks,
      high_ticks: Math.max(part.high_ticks, high_ticks),
      low_ticks: Math.min(part.low_ticks, low_ticks),
      whole: part.whole && continues,
    };
  }
  // With bars up to the anchor, minutes without one had no trade; without them nothing is known of those minutes.
  const whole = continues || open_us === anchor_us;
  return { anchor_us, open_ticks: whole ? open_ticks : null, high_ticks, low_ticks, whole };
}

function updateCash(cash: CashSession | null, session: TradeSession, bar: AcceptedBar): CashSession | null {
  const { open_us, close_us, high_ticks, low_ticks, close_ticks } = bar;
  if (!isCashBar(session, open_us)) return cash;
  const minutes = (close_us - open_us) / ONE_MINUTE_US;
  const since_us = open_us - session.rth_open_us;
  const opening = withinRange(cash === null ? null : cash.opening, bar, since_us < OPENING_US);
  const balance = withinRange(cash === null ? null : cash.balance, bar, since_us < BALANCE_US);
  if (cash === null) return { high_ticks, low_ticks, close_ticks, minutes, opening, balance };
  return {
    high_ticks: Math.max(cash.high_ticks, high_ticks),
    low_ticks: Math.min(cash.low_ticks, low_ticks),
    close_ticks,
    minutes: cash.minutes + minutes,
    opening,
    balance,
  };
}

/** The range with this bar in it, where the bar belongs to it. */
function withinRange(range: PriceRange | null, bar: AcceptedBar, belongs: boolean): PriceRange | null {
  if (!belongs) return range;
  const { open_ticks, high_ticks, low_ticks, close_ticks } = bar;
  if (range === null) return { open_ticks, high_ticks, low_ticks, close_ticks };
  return {
    open_ticks: range.open_ticks,
    high_ticks: Math.max(range.high_ticks, high_ticks),
    low_ticks: Math.min(range.low_ticks, low_ticks),
    close_ticks,
  };
}

/** Adds a bar. `continues` says that no hole lies before it. */
export function updateLevels(
  levels: SessionLevels,
  session: TradeSession,
  bar: AcceptedBar,
  continues: boolean,
): SessionLevels {
  return {
    part: updatePart(levels.part, anchorOf(session, bar.open_us), bar, continues),
    cash: updateCash(levels.cash, session, bar),
    prior: levels.prior,
    ranges: levels.ranges,
    average_range: levels.average_range,
    balance_widths: levels.balance_widths,
    balance_median: levels.balance_median,
  };
}
