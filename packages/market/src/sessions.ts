import type { MarketClock } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { DAY_US, HOUR_US, MINUTE_US, chicagoToUtc } from './chicago-time.js';
import { dayOf, dayOfYyyymmdd, yyyymmddOf } from './civil-date.js';
import { scheduleOf } from './holidays.js';

/**
 * One trade date's trading: from 17:00 Chicago of the day before to its close. Instants in microseconds
 * UTC.
 */
export interface TradeSession {
  /** yyyymmdd */
  readonly trade_date: number;
  readonly open_us: number;
  /** First instant that is no longer inside. */
  readonly close_us: number;
  /**
   * 08:30 and 15:00 Chicago, or the close where that is earlier: the two are then equal or the part is
   * short.
   */
  readonly rth_open_us: number;
  readonly rth_close_us: number;
  /** False on a holiday-halt or short day: not a day for statistics. */
  readonly full_day: boolean;
}

const OPEN_MINUTE = 17 * 60;
const RTH_OPEN_MINUTE = 8 * 60 + 30;
const RTH_CLOSE_MINUTE = 15 * 60;

/** Calendar range. The rules are checked to 2027; later years follow the same rules and are not checked. */
const FIRST_DAY = dayOf(2013, 1, 1);
const LAST_DAY = dayOf(2099, 12, 31);

/**
 * Longest run of days without a session is four (a weekend and a holiday on both sides); the rest is
 * margin.
 */
const CLOSED_RUN_MAX_DAYS = 10;

/**
 * Sessions by day since FIRST_DAY, filled when first asked for. A pure cache, bounded by the calendar
 * range.
 */
const memo: (TradeSession | null | undefined)[] = new Array<undefined>(LAST_DAY - FIRST_DAY + 1);

function makeSession(day: number): TradeSession | null {
  const schedule = scheduleOf(day);
  if (schedule.closed) return null;
  const close_us = chicagoToUtc(day, schedule.close_minute);
  return {
    trade_date: yyyymmddOf(day),
    open_us: chicagoToUtc(day - 1, OPEN_MINUTE),
    close_us,
    rth_open_us: Math.min(chicagoToUtc(day, RTH_OPEN_MINUTE), close_us),
    rth_close_us: Math.min(chicagoToUtc(day, RTH_CLOSE_MINUTE), close_us),
    full_day: schedule.full_day,
  };
}

function sessionOfDay(day: number): TradeSession | null {
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) return null;
  const known = memo[day - FIRST_DAY];
  if (known !== undefined) return known;
  const made = makeSession(day);
  memo[day - FIRST_DAY] = made;
  return made;
}

/**
 * The latest trade date whose session can have begun by then, as a day number: 17:00 Chicago is 22:00 or
 * 23:00 UTC, so two hours ahead of UTC is never too early.
 */
function latestDayAt(us: number): number {
  return Math.floor((us + 2 * HOUR_US) / DAY_US);
}

/** The session with `open_us <= us < close_us`, or null: the daily break, weekends, holidays, before 2013. */
export function sessionAt(us: number): TradeSession | null {
  const day = latestDayAt(us);
  const today = sessionOfDay(day);
  if (today !== null && us >= today.open_us) return us < today.close_us ? today : null;
  const before = sessionOfDay(day - 1);
  return before !== null && us >= before.open_us && us < before.close_us ? before : null;
}

/** The session of a trade date (yyyymmdd), or null on a closed day or no such date. */
export function sessionOf(tradeDate: number): TradeSession | null {
  const day = dayOfYyyymmdd(tradeDate);
  return day === null ? null : sessionOfDay(day);
}

/** The first session with `open_us > us`. Throws InvariantError after the calendar's last day (2099). */
export function nextSession(us: number): TradeSession {
  const from = Math.max(latestDayAt(us), FIRST_DAY);
  for (let day = from; day <= from + CLOSED_RUN_MAX_DAYS; day++) {
    const session = sessionOfDay(day);
    if (session !== null && session.open_us > us) return session;
  }
  assert(false, `No session after ${us}: Expected a time within the calendar`);
}

/** The latest session with `open_us <= us`, or null before the first one of the calendar. */
function lastOpened(us: number): TradeSession | null {
  const from = Math.min(latestDayAt(us), LAST_DAY);
  for (let day = from; day >= from - CLOSED_RUN_MAX_DAYS; day--) {
    const session = sessionOfDay(day);
    if (session !== null && session.open_us <= us) return session;
  }
  return null;
}

/**
 * Trade date (yyyymmdd) to which profit and loss at this time belongs. It rolls at 17:00 Chicago when a
 * session opens; from a close to the next open, also over weekends and closed days, it stays. 0 before the
 * calendar's first session.
 */
export function tradeDateAt(us: number): number {
  return lastOpened(us)?.trade_date ?? 0;
}

/** Whole minutes from the session's open to `us`; negative before it. */
export function minuteOfSession(session: TradeSession, us: number): number {
  return Math.floor((us - session.open_us) / MINUTE_US);
}

const OUTSIDE: MarketClock = {
  trade_date: 0,
  in_session: false,
  in_rth: false,
  session_minute: 0,
  close_minute: 0,
  full_day: false,
};

/**
 * Where in the calendar an instant lies. Outside every session all is 0 and false; so it is at a session's
 * close, which is also the close of its last bar.
 */
export function marketClock(us: number): MarketClock {
  const session = sessionAt(us);
  if (session === null) return OUTSIDE;
  return {
    trade_date: session.trade_date,
    in_session: true,
    in_rth: us >= session.rth_open_us && us < session.rth_close_us,
    session_minute: minuteOfSession(session, us),
    close_minute: minuteOfSession(session, session.close_us),
    full_day: session.full_day,
  };
}
