/**
 * Goal: every weekday of the calendar ends when domain.md 1.2 and 1.3 say.
 * Method: the days that are short or closed are written out for every year, made once by another program from the rules
 * and exceptions of the page and read over by hand; all other weekdays must be full, with the hours of their era.
 */
import { describe, expect, it, test } from '@jest/globals';
import { chicagoText } from './chicago-time.js';
import { HOURS_ERAS, eraOf } from './eras.js';
import { isHalted, sessionOf, tradingMinutes } from './sessions.js';

type Year = Readonly<Partial<Record<'08:15' | '08:30' | '10:30' | '12:00' | '12:15' | 'closed', string>>>;

/** Month and day of what ends early, by its end. */
const SPECIAL_DAYS: Readonly<Record<number, Year>> = {
  2013: {
    '10:30': '01-21 02-18 05-27 07-04 09-02 11-28',
    '12:15': '07-03 11-29 12-24',
    closed: '01-01 03-29 12-25',
  },
  2014: {
    '10:30': '01-20 02-17',
    '12:00': '05-26 07-04 09-01 11-27',
    '12:15': '07-03 11-28 12-24',
    closed: '01-01 04-18 12-25',
  },
  2015: {
    '08:15': '04-03',
    '12:00': '01-19 02-16 05-25 07-03 09-07 11-26',
    '12:15': '11-27 12-24',
    closed: '01-01 12-25',
  },
  2016: { '12:00': '01-18 02-15 05-30 07-04 09-05 11-24', '12:15': '11-25', closed: '01-01 03-25 12-26' },
  2017: {
    '12:00': '01-16 02-20 05-29 07-04 09-04 11-23',
    '12:15': '07-03 11-24',
    closed: '01-02 04-14 12-25',
  },
  2018: {
    '12:00': '01-15 02-19 05-28 07-04 09-03 11-22',
    '12:15': '07-03 11-23 12-24',
    closed: '01-01 03-30 12-05 12-25',
  },
  2019: {
    '12:00': '01-21 02-18 05-27 07-04 09-02 11-28',
    '12:15': '07-03 11-29 12-24',
    closed: '01-01 04-19 12-25',
  },
  2020: {
    '12:00': '01-20 02-17 05-25 07-03 09-07 11-26',
    '12:15': '11-27 12-24',
    closed: '01-01 04-10 12-25',
  },
  2021: {
    '08:15': '04-02',
    '12:00': '01-18 02-15 05-31 07-05 09-06 11-25',
    '12:15': '11-26',
    closed: '01-01 12-24',
  },
  2022: { '12:00': '01-17 02-21 05-30 06-20 07-04 09-05 11-24', '12:15': '11-25', closed: '04-15 12-26' },
  2023: {
    '08:15': '04-07',
    '12:00': '01-16 02-20 05-29 06-19 07-04 09-04 11-23',
    '12:15': '07-03 11-24',
    closed: '01-02 12-25',
  },
  2024: {
    '12:00': '01-15 02-19 05-27 06-19 07-04 09-02 11-28',
    '12:15': '07-03 11-29 12-24',
    closed: '01-01 03-29 12-25',
  },
  2025: {
    '08:30': '01-09',
    '12:00': '01-20 02-17 05-26 06-19 07-04 09-01 11-27',
    '12:15': '07-03 11-28 12-24',
    closed: '01-01 04-18 12-25',
  },
  2026: {
    '08:15': '04-03',
    '12:00': '01-19 02-16 05-25 06-19 07-03 09-07 11-26',
    '12:15': '11-27 12-24',
    closed: '01-01 12-25',
  },
  2027: {
    '12:00': '01-18 02-15 05-31 06-18 07-05 09-06 11-25',
    '12:15': '11-26',
    closed: '01-01 03-26 12-24',
  },
};

function tradeDatesOf(year: number): number[] {
  const dates: number[] = [];
  for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += 86_400_000) {
    const date = new Date(ms);
    if (date.getUTCDay() === 0 || date.getUTCDay() === 6) continue;
    dates.push(Number(date.toISOString().slice(0, 10).replaceAll('-', '')));
  }
  return dates;
}

/** End of a trade date by the table above, null on a day that it does not list. */
function listedEnd(tradeDate: number): string | null {
  const text = String(tradeDate);
  const day = `${text.slice(4, 6)}-${text.slice(6)}`;
  for (const [end, days] of Object.entries(SPECIAL_DAYS[Number(text.slice(0, 4))] ?? {})) {
    if (days.split(' ').includes(day)) return end;
  }
  return null;
}

const wallOf = (us: number): string => chicagoText(us).slice(11, 16);

describe.each(Object.keys(SPECIAL_DAYS).map(Number))('%i', (year) => {
  test('ends every weekday as listed, and the others at the close of the era', () => {
    const wrong: string[] = [];
    for (const date of tradeDatesOf(year)) {
      const expected = listedEnd(date) ?? (date < 20_150_921 ? '16:15' : '16:00');
      const session = sessionOf(date);
      const found = session === null ? 'closed' : wallOf(session.close_us);
      if (found !== expected) wrong.push(`${date} ends ${found}, Expected ${expected}`);
      if (session !== null && session.full_day !== (listedEnd(date) === null)) wrong.push(`${date} full_day`);
    }
    expect(wrong).toEqual([]);
  });

  test('halts in the afternoon of full days, up to June 2021', () => {
    for (const date of tradeDatesOf(year)) {
      const session = sessionOf(date);
      if (session === null) continue;
      const { halt_from_us, halt_to_us } = session;
      if (!session.full_day || date >= 20_210_628) {
        expect([date, halt_from_us, halt_to_us]).toEqual([date, null, null]);
        continue;
      }
      expect([date, wallOf(halt_from_us ?? 0), wallOf(halt_to_us ?? 0)]).toEqual([date, '15:15', '15:30']);
    }
  });
});

describe('Given the four eras', () => {
  it.each([
    // First and last full day of each, with the minutes that it trades.
    ['16:15 with a halt, holidays 10:30', 20130102, 20140214, 1380],
    ['16:15 with a halt, holidays 12:00', 20140218, 20150918, 1380],
    ['16:00 with a halt', 20150921, 20210625, 1365],
    ['16:00 without a halt', 20210628, 20271231, 1380],
  ])('%s: full from %i to %i, %i minutes', (_name, first, last, minutes) => {
    for (const date of [first, last]) {
      const session = sessionOf(date);
      if (session === null) throw new Error(`Expected a session on ${date}`);
      expect([date, tradingMinutes(session)]).toEqual([date, minutes]);
    }
  });

  it('has them in order, and finds the one of a date', () => {
    const starts = HOURS_ERAS.map(({ from }) => from);
    expect(starts).toEqual([20130101, 20140218, 20150921, 20210628]);
    expect(eraOf(20140217).holiday_halt_minute).toBe(630);
    expect(eraOf(20140218).holiday_halt_minute).toBe(720);
    expect(eraOf(20150918).close_minute).toBe(975);
    expect(eraOf(20210627).halt).not.toBeNull();
    expect(eraOf(20210628).halt).toBeNull();
  });

  it('is halted from 15:15 to before 15:30, and open on both sides', () => {
    const session = sessionOf(20150107);
    if (session === null) throw new Error('Expected a session');
    const at = (iso: string): boolean => isHalted(session, Date.parse(iso) * 1_000);
    expect([at('2015-01-07T21:14:59Z'), at('2015-01-07T21:15:00Z')]).toEqual([false, true]);
    expect([at('2015-01-07T21:29:59Z'), at('2015-01-07T21:30:00Z')]).toEqual([true, false]);
  });

  it('trades fewer minutes on short days, without a halt', () => {
    const minutes = (date: number): number | null => {
      const session = sessionOf(date);
      return session === null ? null : tradingMinutes(session);
    };
    // As the bar files of those days have them.
    expect(minutes(20190902)).toBe(1140);
    expect(minutes(20190703)).toBe(1155);
    expect(minutes(20260403)).toBe(915);
  });
});
