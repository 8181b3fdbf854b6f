/**
 * Trading hours by era (domain.md 1.2, 1.3). Times of day are minutes of the Chicago day.
 */

/** Times at which a day can end or pause, from one trade date to the next era. */
export interface HoursEra {
  /** First trade date (yyyymmdd). */
  readonly from: number;
  readonly close_minute: number;
  /** The afternoon halt, or null since it was dropped. */
  readonly halt: { readonly from_minute: number; readonly to_minute: number } | null;
  /** When trading stops on a holiday that keeps a morning session. */
  readonly holiday_halt_minute: number;
}

const AFTERNOON_HALT = { from_minute: 15 * 60 + 15, to_minute: 15 * 60 + 30 } as const;

/**
 * The four eras. The holiday halt moved from 10:30 to 12:00 between Presidents' Day and Memorial Day 2014, the late leg
 * to 16:15 ended with 2015-09-18, and the halt of 15:15 was dropped about 2021-06-28: that day is not confirmed.
 */
export const HOURS_ERAS: readonly HoursEra[] = [
  { from: 20_130_101, close_minute: 16 * 60 + 15, halt: AFTERNOON_HALT, holiday_halt_minute: 10 * 60 + 30 },
  { from: 20_140_218, close_minute: 16 * 60 + 15, halt: AFTERNOON_HALT, holiday_halt_minute: 12 * 60 },
  { from: 20_150_921, close_minute: 16 * 60, halt: AFTERNOON_HALT, holiday_halt_minute: 12 * 60 },
  { from: 20_210_628, close_minute: 16 * 60, halt: null, holiday_halt_minute: 12 * 60 },
];

/** The era of a trade date; the first one for what lies before it. */
export function eraOf(tradeDate: number): HoursEra {
  let found = HOURS_ERAS[0]!;
  for (const era of HOURS_ERAS) if (era.from <= tradeDate) found = era;
  return found;
}
