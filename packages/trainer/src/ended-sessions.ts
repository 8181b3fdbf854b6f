import { CALENDAR, calendarCovers, sessionOf, tradeDateAt } from '@bellwether/market';

const DAY_US = 86_400_000_000;

/** The last trade date (yyyymmdd) whose session has ended by a time; 0 before the calendar, its last date behind it. */
export function endedBefore(us: number): number {
  if (us >= CALENDAR.to_us) return CALENDAR.last_trade_date;
  // A session lasts less than a day, and the longest closed time less than ten.
  for (let at_us = us; calendarCovers(at_us) && at_us > us - 10 * DAY_US; at_us -= DAY_US / 2) {
    const date = tradeDateAt(at_us);
    const session = sessionOf(date);
    if (session !== null && session.close_us <= us) return date;
  }
  return 0;
}
