import { frontContract, rollDateOf, sessionAfter, sessionOf, type TradeSession } from '@bellwether/market';

const DAY_US = 86_400_000_000;
const WEEK_US = 7 * DAY_US;
const FRIDAY = 4;
/** The third of a weekday falls on these days of the month. */
const THIRD_FROM = 15;
const THIRD_TO = 21;

/** What the calendar's rules say of a trade date (domain.md 7.4). */
export interface DayFlags {
  readonly trade_date: number;
  /** The third Friday of the month, or the session before where that has none. */
  readonly opex: boolean;
  /** The week in which the market customarily moves on to the next contract. */
  readonly roll_week: boolean;
  readonly half_day: boolean;
  /** The last session of the month. */
  readonly month_end: boolean;
}

/** A session closes on the UTC day of its trade date; 1970-01-01 was a Thursday, Monday is 0. */
function dayOf({ close_us }: TradeSession): number {
  return Math.floor(close_us / DAY_US);
}

function isThirdFriday(day: number, dayOfMonth: number): boolean {
  return (day + 3) % 7 === FRIDAY && dayOfMonth >= THIRD_FROM && dayOfMonth <= THIRD_TO;
}

function isOpex(session: TradeSession): boolean {
  const day = dayOf(session);
  const dayOfMonth = session.trade_date % 100;
  if (isThirdFriday(day, dayOfMonth)) return true;
  return isThirdFriday(day + 1, dayOfMonth + 1) && sessionOf(session.trade_date + 1) === null;
}

/** Monday to Sunday, counted. */
function weekOf(session: TradeSession): number {
  return Math.floor((dayOf(session) + 3) / 7);
}

/** The contract that was traded a week ago is left in this one. */
function isRollWeek(session: TradeSession): boolean {
  const before = sessionAfter(session.open_us - WEEK_US - 1);
  const contract = before === null ? null : frontContract('ES', before.trade_date);
  const rolls = contract === null ? null : sessionOf(rollDateOf(contract));
  return rolls !== null && weekOf(rolls) === weekOf(session);
}

function flagsOf(session: TradeSession): DayFlags {
  const next = sessionAfter(session.open_us);
  return {
    trade_date: session.trade_date,
    opex: isOpex(session),
    roll_week: isRollWeek(session),
    half_day: !session.full_day,
    month_end: next !== null && Math.floor(next.trade_date / 100) !== Math.floor(session.trade_date / 100),
  };
}

/** The flags of the last trade date that was asked for: a pure cache of one. */
let memo: DayFlags | null = null;

export function dayFlagsOf(session: TradeSession): DayFlags {
  if (memo?.trade_date !== session.trade_date) memo = flagsOf(session);
  return memo;
}
