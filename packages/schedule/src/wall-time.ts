import { chicagoOffsetHours } from '@bellwether/market';

export const MINUTE_US = 60_000_000;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;
export const DAY_MINUTES = 24 * 60;

/** Hours to add to UTC for Chicago wall time, in summer and in winter. */
export const DAYLIGHT_HOURS = -5;
export const STANDARD_HOURS = -6;

/**
 * The one instant of each wall time in Chicago on a civil day (days since 1970-01-01), by the minute of the day. Where the wall shows
 * the time twice, as 01:30 in November, the first; where it never shows it, as 02:30 in March, the time is counted as if the clock had
 * not been put forward, so that it is when the wall shows 03:30. This is what `Temporal` calls compatible.
 */
export function chicagoInstants(day: number): (minuteOfDay: number) => number {
  const daylight = (minute: number): number => day * DAY_US + minute * MINUTE_US - DAYLIGHT_HOURS * HOUR_US;
  const isDaylight = (us: number): boolean => chicagoOffsetHours(us) === DAYLIGHT_HOURS;
  const first = isDaylight(daylight(0));
  if (first === isDaylight(daylight(DAY_MINUTES))) {
    const shift_us = first ? 0 : HOUR_US;
    return (minute) => daylight(minute) + shift_us;
  }
  return (minute) => (isDaylight(daylight(minute)) ? daylight(minute) : daylight(minute) + HOUR_US);
}

/** The civil day in Chicago at an instant. */
export function chicagoDayAt(us: number): number {
  return Math.floor((us + chicagoOffsetHours(us) * HOUR_US) / DAY_US);
}
