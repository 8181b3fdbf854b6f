import { BellwetherError, ReasonCode, type MarketClock } from '@bellwether/contracts';
import { DAY_US, HOUR_US, MINUTE_US, chicagoText, chicagoToUtc } from './chicago-time.js';
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
  /** The afternoon halt inside the session: 15:15 to 15:30 on full days up to 2021-06-25; null without one. */
  readonly halt_from_us: number | null;
  readonly halt_to_us: number | null;
  /** False on a holiday-halt or short day: not a day for statistics. */
  readonly full_day: boolean;
}

const OPEN_MINUTE = 17 * 60;
const RTH_OPEN_MINUTE = 8 * 60 + 30;
const RTH_CLOSE_MINUTE = 15 * 60;

/** Trade dates that the calendar knows. Outside it nothing is guessed. */
const FIRST_DAY = dayOf(2013, 1, 1);
const LAST_DAY = dayOf(2027, 12, 31);

/** What the calendar covers: trade dates as yyyymmdd, and the time from `from_us` up to, not including, `to_us`. */
export const CALENDAR = {
  first_trade_date: yyyymmddOf(FIRST_DAY),
  last_trade_date: yyyymmddOf(LAST_DAY),
  from_us: chicagoToUtc(FIRST_DAY - 1, OPEN_MINUTE),
  to_us: chicagoToUtc(LAST_DAY, OPEN_MINUTE),
} as const;

/** True where the calendar can say whether the market is open. */
export function calendarCovers(us: number): boolean {
  return us >= CALENDAR.from_us && us < CALENDAR.to_us;
}

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
  const { halt } = schedule;
  return {
    trade_date: yyyymmddOf(day),
    open_us: chicagoToUtc(day - 1, OPEN_MINUTE),
    close_us,
    rth_open_us: Math.min(chicagoToUtc(day, RTH_OPEN_MINUTE), close_us),
    rth_close_us: Math.min(chicagoToUtc(day, RTH_CLOSE_MINUTE), close_us),
    halt_from_us: halt === null ? null : chicagoToUtc(day, halt.from_minute),
    halt_to_us: halt === null ? null : chicagoToUtc(day, halt.to_minute),
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

/**
 * The session with `open_us <= us < close_us`, or null: the daily break, weekends, holidays, and where the calendar ends;
 * {@link sessionReason} tells these apart. The afternoon halt lies inside its session.
 */
export function sessionAt(us: number): TradeSession | null {
  const day = latestDayAt(us);
  const today = sessionOfDay(day);
  if (today !== null && us >= today.open_us) return us < today.close_us ? today : null;
  const before = sessionOfDay(day - 1);
  return before !== null && us >= before.open_us && us < before.close_us ? before : null;
}

/**
 * Why there is no trading at this time: OUTSIDE_SESSION where the market is closed, NO_CALENDAR where the calendar does
 * not know; OK inside a session.
 */
export function sessionReason(
  us: number,
): typeof ReasonCode.OK | typeof ReasonCode.OUTSIDE_SESSION | typeof ReasonCode.NO_CALENDAR {
  if (!calendarCovers(us)) return ReasonCode.NO_CALENDAR;
  return sessionAt(us) === null ? ReasonCode.OUTSIDE_SESSION : ReasonCode.OK;
}

/** The session of a trade date (yyyymmdd), or null on a closed day, where the calendar ends, and on no such date. */
export function sessionOf(tradeDate: number): TradeSession | null {
  const day = dayOfYyyymmdd(tradeDate);
  return day === null ? null : sessionOfDay(day);
}

/** The first session of the calendar with `open_us > us`, or null at its end. */
export function sessionAfter(us: number): TradeSession | null {
  const from = Math.max(latestDayAt(us), FIRST_DAY);
  for (let day = from; day <= Math.min(from + CLOSED_RUN_MAX_DAYS, LAST_DAY); day++) {
    const session = sessionOfDay(day);
    if (session !== null && session.open_us > us) return session;
  }
  return null;
}

/**
 * As {@link sessionAfter}, for a time before the last session.
 *
 * @throws BellwetherError `no_calendar` at the end of the calendar
 */
export function nextSession(us: number): TradeSession {
  const found = sessionAfter(us);
  if (found !== null) return found;
  throw new BellwetherError(
    'no_calendar',
    `There is no session after ${Number.isSafeInteger(us) ? chicagoText(us) : us}: the trading calendar ends with ` +
      `${CALENDAR.last_trade_date}`,
  );
}

/** The latest session with `open_us <= us`, or null before the first one. */
function lastOpened(us: number): TradeSession | null {
  const from = latestDayAt(us);
  for (let day = from; day >= from - CLOSED_RUN_MAX_DAYS; day--) {
    const session = sessionOfDay(day);
    if (session !== null && session.open_us <= us) return session;
  }
  return null;
}

/**
 * Trade date (yyyymmdd) to which profit and loss at this time belongs. It rolls at 17:00 Chicago when a
 * session opens; from a close to the next open, also over weekends and closed days, it stays. 0 before the
 * calendar's first session and after its end.
 */
export function tradeDateAt(us: number): number {
  return calendarCovers(us) ? (lastOpened(us)?.trade_date ?? 0) : 0;
}

/** Whole minutes from the session's open to `us`; negative before it. */
export function minuteOfSession(session: TradeSession, us: number): number {
  return Math.floor((us - session.open_us) / MINUTE_US);
}

/** True in the afternoon halt of the session: the market is open that day and no bar is due. */
export function isHalted(session: TradeSession, us: number): boolean {
  const { halt_from_us, halt_to_us } = session;
  return halt_from_us !== null && halt_to_us !== null && us >= halt_from_us && us < halt_to_us;
}

/** Minutes in which the session trades: a feed without gaps has that many one-minute bars. */
export function tradingMinutes(session: TradeSession): number {
  const halted_us = (session.halt_to_us ?? 0) - (session.halt_from_us ?? 0);
  return (session.close_us - session.open_us - halted_us) / MINUTE_US;
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
