import { z } from 'zod';

/** The units that people write in book files and account profiles, and what they are in messages. */

/** Largest amount of money in a file; a larger one is a slip of the hand. */
const USD_MAX = 1_000_000;

export function centsOf(usd: number): number {
  return Math.round(usd * 100);
}

/** An amount in US dollars with at most two decimals. */
export function usd(min: number): z.ZodNumber {
  return z
    .number()
    .min(min)
    .max(USD_MAX)
    .refine((amount) => Math.abs(amount * 100 - centsOf(amount)) < 1e-6, {
      error: 'Expected whole cents: at most two decimals',
    });
}

const CLOCK_TIME = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;
const SESSION_OPEN_MINUTE = 17 * 60;
const DAY_MINUTES = 24 * 60;
/** A full session ends at 16:00 Chicago: 1,380 minutes after it opened. */
const SESSION_MINUTES = 23 * 60;

/** Minutes from 17:00 Chicago, where the trade date begins, to this time of day. */
export function minuteOfTradeDate(clockTimeText: string): number {
  const minute = Number(clockTimeText.slice(0, 2)) * 60 + Number(clockTimeText.slice(3, 5));
  return (minute - SESSION_OPEN_MINUTE + DAY_MINUTES) % DAY_MINUTES;
}

/** A time of day in Chicago at which the market can be open. */
export const clockTime = z
  .string()
  .regex(CLOCK_TIME, { error: "Expected a time of day in Chicago in quotes, such as '15:05'", abort: true })
  .refine((time) => minuteOfTradeDate(time) < SESSION_MINUTES, {
    error: 'Expected a time outside the break 16:00 to 17:00',
  });

/** A number of contracts. */
export const contracts = z.int().min(0).max(100);

const DATE = /^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

/** A date such as '2026-11-22'. */
export const dateText = z.string().regex(DATE, { error: "Expected a date in quotes, such as '2026-11-22'" });

/** yyyymmdd of such a date. */
export function dateNumber(text: string): number {
  return Number(text.replaceAll('-', ''));
}
