/**
 * Quarterly contracts: their codes, when they expire, and when the market customarily moves on to the next one
 * (domain.md 1.4).
 */
import { chicagoToUtc } from './chicago-time.js';
import { dayOfYyyymmdd, nthWeekday, yyyymmddOf } from './civil-date.js';
import { scheduleOf } from './holidays.js';
import { instrumentOf } from './instruments.js';
import { CALENDAR } from './sessions.js';

/** One contract of a root, such as ESZ25. */
export interface ContractMonth {
  readonly root: string;
  readonly year: number;
  /** 3, 6, 9 or 12. */
  readonly month: number;
}

export interface Expiry {
  /** yyyymmdd */
  readonly last_trade_date: number;
  /** First instant at which the contract no longer trades: 08:30 Chicago of that day. */
  readonly last_trade_us: number;
  /**
   * False where the third Friday is a holiday and the day was moved to the business day before by rule: compare it with
   * the broker's contract record.
   */
  readonly confirmed: boolean;
}

const MONTH_OF_LETTER: ReadonlyMap<string, number> = new Map([
  ['H', 3],
  ['M', 6],
  ['U', 9],
  ['Z', 12],
]);
const CODE = /^([A-Z]{2,3})([HMUZ])(\d\d)$/;
const FRIDAY = 5;
const EXPIRY_MINUTE = 8 * 60 + 30;
/** Up to this month the market rolled on the Thursday eight days before expiry, from the next one on Mondays. */
const LAST_THURSDAY_ROLL = 2022 * 12 + 3;

/** The contract of a code such as ESZ25, with two digits for the year; null for any other text. */
export function contractOf(code: string): ContractMonth | null {
  const match = CODE.exec(code);
  const month = MONTH_OF_LETTER.get(match?.[2] ?? '');
  if (match === null || month === undefined || instrumentOf(match[1]!) === null) return null;
  return { root: match[1]!, year: 2000 + Number(match[3]), month };
}

/** The code of a contract, such as ESZ25. */
export function contractCode({ root, year, month }: ContractMonth): string {
  return `${root}${'HMUZ'.charAt(month / 3 - 1)}${String(year % 100).padStart(2, '0')}`;
}

function thirdFriday({ year, month }: ContractMonth): number {
  return nthWeekday(year, month, FRIDAY, 3);
}

function isCovered(day: number): boolean {
  const date = yyyymmddOf(day);
  return date >= CALENDAR.first_trade_date && date <= CALENDAR.last_trade_date;
}

/**
 * When a contract stops trading: 08:30 of the third Friday, or of the business day before where that is a holiday. Null
 * outside the calendar.
 */
export function expiryOf(contract: ContractMonth): Expiry | null {
  const friday = thirdFriday(contract);
  if (!isCovered(friday)) return null;
  let day = friday;
  for (let schedule = scheduleOf(day); schedule.closed || !schedule.full_day; schedule = scheduleOf(day))
    day--;
  return {
    last_trade_date: yyyymmddOf(day),
    last_trade_us: chicagoToUtc(day, EXPIRY_MINUTE),
    confirmed: day === friday,
  };
}

/** The trade date (yyyymmdd) from which the next contract is customarily the one that is traded. */
export function rollDateOf(contract: ContractMonth): number {
  const friday = thirdFriday(contract);
  const monday = contract.year * 12 + contract.month > LAST_THURSDAY_ROLL;
  return yyyymmddOf(monday ? friday - 4 : friday - 8);
}

/** The contract that follows. */
export function nextContract({ root, year, month }: ContractMonth): ContractMonth {
  return month === 12 ? { root, year: year + 1, month: 3 } : { root, year, month: month + 3 };
}

/** The contract that is customarily traded on a trade date, or null outside the calendar and for unknown roots. */
export function frontContract(root: string, tradeDate: number): ContractMonth | null {
  const day = dayOfYyyymmdd(tradeDate);
  if (day === null || !isCovered(day) || instrumentOf(root) === null) return null;
  let contract: ContractMonth = { root, year: Math.floor(tradeDate / 10_000), month: 3 };
  // Five at most: the four of the year, and the first of the next one after the December roll.
  while (rollDateOf(contract) <= tradeDate) contract = nextContract(contract);
  return contract;
}
