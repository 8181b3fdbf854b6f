import {
  CALENDAR,
  calendarCovers,
  chicagoOffsetHours,
  civilOf,
  sessionAt,
  sessionOf,
  weekdayOf,
  yyyymmddOf,
  type TradeSession,
} from '@bellwether/market';
import type { SubjectKind } from './subject.js';

const HOUR_US = 3_600_000_000;
const DAY_US = 24 * HOUR_US;
const MINUTE_US = 60_000_000;
/** 08:30 and 15:00 Chicago; an index prints its close a little later. */
const CASH_FROM = 8 * 60 + 30;
const CASH_TO = 15 * 60;
const CASH_LAST_PRINT = CASH_TO + 15;
const BREAK_FROM = 15 * 60;
const FUTURES_OPEN = 17 * 60;
const SATURDAY = 6;
const FRIDAY = 5;

/** True for a date that the trading calendar covers: before it, holidays of the cash market are not told. */
function knows(trade_date: number): boolean {
  return trade_date >= CALENDAR.first_trade_date && trade_date <= CALENDAR.last_trade_date;
}

/** Why a market is closed at a time. */
export type Closed = 'unknown' | 'weekend' | 'break' | 'holiday';

/** Where a time lies in the trading day. One object, overwritten from bar to bar. */
export interface Place {
  /** Null where no future trades, and for cash instruments before the calendar begins. */
  session: TradeSession | null;
  /** Null inside trading hours. */
  closed: Closed | null;
  /** Chicago. */
  minute_of_day: number;
  /** Day of the Chicago date since 1970. */
  day: number;
  /** yyyymmdd of the session, or of the Chicago date where there is none. */
  trade_date: number;
  /** In the cash session. */
  cash: boolean;
  summer: boolean;
  year: number;
}

/** Says of each time, in rising order or not, where it lies. */
export class TradingPlaces {
  #hour = NaN;
  #offset_us = 0;
  #day = NaN;
  #weekday = 0;
  #year = 0;
  readonly #place: Place = {
    ...{ session: null, closed: null, minute_of_day: 0, day: 0, trade_date: 0 },
    ...{ cash: false, summer: false, year: 0 },
  };

  constructor(private readonly kind: SubjectKind) {}

  at(us: number): Place {
    const hour = Math.floor(us / HOUR_US);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#offset_us = chicagoOffsetHours(us) * HOUR_US;
    }
    const local = us + this.#offset_us;
    const day = Math.floor(local / DAY_US);
    if (day !== this.#day) {
      this.#day = day;
      this.#weekday = weekdayOf(day);
      this.#year = civilOf(day).year;
    }
    const place = this.#place;
    place.day = day;
    place.year = this.#year;
    place.minute_of_day = Math.floor((local - day * DAY_US) / MINUTE_US);
    place.summer = this.#offset_us === -5 * HOUR_US;
    place.cash = place.minute_of_day >= CASH_FROM && place.minute_of_day < CASH_TO;
    if (this.kind === 'future') this.#future(us, place);
    else this.#cash(place);
    return place;
  }

  #future(us: number, place: Place): void {
    const session = sessionAt(us);
    place.session = session;
    place.trade_date = session === null ? yyyymmddOf(place.day) : session.trade_date;
    place.closed = session === null ? this.#whyClosed(us, place) : null;
  }

  #whyClosed(us: number, { minute_of_day }: Place): Closed {
    if (!calendarCovers(us)) return 'unknown';
    const weekday = this.#weekday;
    if (weekday === SATURDAY) return 'weekend';
    if (weekday === 0) return minute_of_day < FUTURES_OPEN ? 'weekend' : 'holiday';
    if (weekday === FRIDAY && minute_of_day >= FUTURES_OPEN) return 'weekend';
    // Of a short day the afternoon belongs to the holiday; of a full one it is the daily break.
    const usual = minute_of_day >= BREAK_FROM && minute_of_day < FUTURES_OPEN;
    return usual ? 'break' : 'holiday';
  }

  #cash(place: Place): void {
    place.trade_date = yyyymmddOf(place.day);
    const session = sessionOf(place.trade_date);
    place.session = session;
    const { minute_of_day } = place;
    if (this.#weekday === SATURDAY || this.#weekday === 0) place.closed = 'weekend';
    else if (minute_of_day < CASH_FROM || minute_of_day > CASH_LAST_PRINT) place.closed = 'break';
    else if (session === null && knows(place.trade_date)) place.closed = 'holiday';
    else place.closed = null;
  }
}
