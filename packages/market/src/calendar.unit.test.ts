import { describe, expect, it, test } from '@jest/globals';
import { ReasonCode } from '@bellwether/contracts';
import { chicagoText } from './chicago-time.js';
import {
  CALENDAR,
  calendarCovers,
  marketClock,
  minuteOfSession,
  nextSession,
  sessionAfter,
  sessionAt,
  sessionOf,
  sessionReason,
  tradeDateAt,
} from './sessions.js';
import { knownGapAt } from './known-gaps.js';

const us = (iso: string): number => Date.parse(iso) * 1_000;

/** 'closed', or the Chicago time of the close. */
function ending(tradeDate: number): string {
  const session = sessionOf(tradeDate);
  return session === null ? 'closed' : chicagoText(session.close_us).slice(11, 16);
}

const at = (dates: readonly number[], ends: string): [number, string][] => dates.map((date) => [date, ends]);

describe('Given the dates that domain.md 1.3 lists', () => {
  const fixture = [
    ...at([20260119, 20260216, 20260525, 20260619, 20260703, 20260907, 20261126], '12:00'),
    ...at([20260403], '08:15'),
    ...at([20261127, 20261224], '12:15'),
    ...at([20260101, 20261225], 'closed'),
    ...at([20270118, 20270215, 20270531, 20270618, 20270705, 20270906, 20271125], '12:00'),
    ...at([20271126], '12:15'),
    ...at([20270101, 20270326, 20271224], 'closed'),
  ];
  it.each(fixture)('then %i ends at %s', (date, expected) => expect(ending(date)).toBe(expected));

  it.each([2026, 2027])('then no other weekday of %i is short or closed', (year) => {
    const special: number[] = [];
    for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += 86_400_000) {
      const date = new Date(ms);
      if (date.getUTCDay() === 0 || date.getUTCDay() === 6) continue;
      const tradeDate = Number(date.toISOString().slice(0, 10).replaceAll('-', ''));
      if (ending(tradeDate) !== '16:00') special.push(tradeDate);
      expect(sessionOf(tradeDate)?.full_day ?? false).toBe(ending(tradeDate) === '16:00');
    }
    const listed = fixture.map(([date]) => date).filter((date) => Math.floor(date / 10_000) === year);
    expect(special).toEqual([...listed].sort((a, b) => a - b));
  });
});

describe('Given the exceptions and eras', () => {
  it.each([
    ...at([20181205], 'closed'),
    ...at([20250109], '08:30'),
    ...at([20150403, 20210402, 20230407], '08:15'),
    ...at([20140418, 20160325, 20220415, 20240329, 20250418], 'closed'),
    ...at([20230703, 20240703, 20241129, 20131129], '12:15'),
    // 4 July on a Monday and on the weekend: no half day before it.
    ...at([20220701, 20160701, 20210702], '16:00'),
    ...at([20220704, 20210705], '12:00'),
    ...at([20200703], '12:00'),
    ...at([20130121, 20130704, 20140217], '10:30'),
    ...at([20140526, 20140704], '12:00'),
    // Juneteenth from 2022, moved from Sunday to Monday.
    ...at([20210618], '16:00'),
    ...at([20220620, 20250619], '12:00'),
    // New Year's Day on a Saturday is not observed, on a Sunday it moves.
    ...at([20211231], '16:00'),
    ...at([20230102, 20170102], 'closed'),
    // Christmas on a Saturday, on a Sunday; its eve.
    ...at([20211224, 20221226, 20161226], 'closed'),
    ...at([20241224, 20131224], '12:15'),
    ...at([20221223], '16:00'),
    ...at([20150918, 20130506], '16:15'),
    ...at([20150921], '16:00'),
  ])('%i ends at %s', (date, expected) => expect(ending(date)).toBe(expected));

  it('has no session on weekends, impossible dates and before 2013', () => {
    for (const date of [
      20251115,
      20251116,
      20251131,
      20250230,
      20250000,
      2025,
      -1,
      20251117.5,
      NaN,
      20121231,
    ]) {
      expect(sessionOf(date)).toBeNull();
    }
  });

  it('gives a Good Friday with a jobs report no cash session', () => {
    const session = sessionOf(20260403);
    expect(session?.rth_open_us).toBe(session?.close_us);
    expect(session?.rth_close_us).toBe(session?.close_us);
    expect(marketClock((session?.close_us ?? 0) - 1)).toMatchObject({ in_session: true, in_rth: false });
  });

  it('shortens the cash session on a holiday halt', () => {
    const session = sessionOf(20261126);
    expect(session?.rth_close_us).toBe(us('2026-11-26T18:00:00Z'));
    expect(session?.rth_open_us).toBe(us('2026-11-26T14:30:00Z'));
  });
});

describe('Given the days on which the clock changes', () => {
  it.each([
    // Friday and Monday around each change: spring on 10 March 2013, autumn on 3 November 2013, and so on.
    [20130308, '2013-03-07T23:00:00Z', '2013-03-08T22:15:00Z'],
    [20130311, '2013-03-10T22:00:00Z', '2013-03-11T21:15:00Z'],
    [20131101, '2013-10-31T22:00:00Z', '2013-11-01T21:15:00Z'],
    [20131104, '2013-11-03T23:00:00Z', '2013-11-04T22:15:00Z'],
    [20160311, '2016-03-10T23:00:00Z', '2016-03-11T22:00:00Z'],
    [20160314, '2016-03-13T22:00:00Z', '2016-03-14T21:00:00Z'],
    [20161104, '2016-11-03T22:00:00Z', '2016-11-04T21:00:00Z'],
    [20161107, '2016-11-06T23:00:00Z', '2016-11-07T22:00:00Z'],
    [20200306, '2020-03-05T23:00:00Z', '2020-03-06T22:00:00Z'],
    [20200309, '2020-03-08T22:00:00Z', '2020-03-09T21:00:00Z'],
    [20201030, '2020-10-29T22:00:00Z', '2020-10-30T21:00:00Z'],
    [20201102, '2020-11-01T23:00:00Z', '2020-11-02T22:00:00Z'],
    [20250307, '2025-03-06T23:00:00Z', '2025-03-07T22:00:00Z'],
    [20250310, '2025-03-09T22:00:00Z', '2025-03-10T21:00:00Z'],
    [20251031, '2025-10-30T22:00:00Z', '2025-10-31T21:00:00Z'],
    [20251103, '2025-11-02T23:00:00Z', '2025-11-03T22:00:00Z'],
    [20270312, '2027-03-11T23:00:00Z', '2027-03-12T22:00:00Z'],
    [20270315, '2027-03-14T22:00:00Z', '2027-03-15T21:00:00Z'],
    [20271105, '2027-11-04T22:00:00Z', '2027-11-05T21:00:00Z'],
    [20271108, '2027-11-07T23:00:00Z', '2027-11-08T22:00:00Z'],
  ])('%i opens %s and closes %s', (date, open, close) => {
    const session = sessionOf(date);
    expect(session).toMatchObject({ open_us: us(open), close_us: us(close), full_day: true });
    // 08:30 of the cash session keeps its wall time on both sides.
    expect(chicagoText(session?.rth_open_us ?? 0).slice(11, 16)).toBe('08:30');
  });

  it('writes wall time for people on both sides of each change', () => {
    expect(chicagoText(us('2025-03-09T07:59:59Z'))).toBe('2025-03-09 01:59:59 CT');
    expect(chicagoText(us('2025-03-09T08:00:00Z'))).toBe('2025-03-09 03:00:00 CT');
    expect(chicagoText(us('2025-11-02T06:59:59Z'))).toBe('2025-11-02 01:59:59 CT');
    expect(chicagoText(us('2025-11-02T07:00:00Z'))).toBe('2025-11-02 01:00:00 CT');
    expect(chicagoText(us('2025-09-15T13:31:00Z') + 999_999)).toBe('2025-09-15 08:31:00 CT');
  });
});

describe('Given one instant', () => {
  test('the open belongs to its session, the close does not', () => {
    const session = sessionOf(20250916);
    const open = us('2025-09-15T22:00:00Z');
    const close = us('2025-09-16T21:00:00Z');
    expect(sessionAt(open)).toEqual(session);
    expect(sessionAt(open - 1)).toBeNull();
    expect(sessionAt(close - 1)).toEqual(session);
    expect(sessionAt(close)).toBeNull();
  });

  test('the old 16:15 close is reached in winter, when it lies after the next UTC roll', () => {
    expect(sessionAt(us('2015-01-07T22:14:59Z'))?.trade_date).toBe(20150107);
    expect(sessionAt(us('2015-01-07T22:15:00Z'))).toBeNull();
  });

  test('the clock counts minutes from 17:00 and knows the cash session', () => {
    expect(marketClock(us('2025-09-15T22:00:00Z'))).toEqual({
      trade_date: 20250916,
      in_session: true,
      in_rth: false,
      session_minute: 0,
      close_minute: 1380,
      full_day: true,
    });
    expect(marketClock(us('2025-09-16T13:29:59Z'))).toMatchObject({ in_rth: false, session_minute: 929 });
    expect(marketClock(us('2025-09-16T13:30:00Z'))).toMatchObject({ in_rth: true, session_minute: 930 });
    expect(marketClock(us('2025-09-16T20:00:00Z'))).toMatchObject({ in_rth: false, session_minute: 1320 });
    expect(marketClock(us('2026-11-26T17:00:00Z'))).toMatchObject({ close_minute: 1140, full_day: false });
    expect(marketClock(us('2025-09-16T21:00:00Z'))).toEqual({
      trade_date: 0,
      in_session: false,
      in_rth: false,
      session_minute: 0,
      close_minute: 0,
      full_day: false,
    });
  });

  test('minutes of a session are whole and negative before it', () => {
    const session = sessionOf(20250916);
    if (session === null) throw new Error('Expected a session');
    expect(minuteOfSession(session, session.open_us + 59_999_999)).toBe(0);
    expect(minuteOfSession(session, session.open_us + 60_000_000)).toBe(1);
    expect(minuteOfSession(session, session.open_us - 1)).toBe(-1);
  });

  test('the trade date rolls at 17:00 and stays over the weekend and closed days', () => {
    expect(tradeDateAt(us('2025-09-16T21:59:59Z'))).toBe(20250916);
    expect(tradeDateAt(us('2025-09-16T22:00:00Z'))).toBe(20250917);
    expect(tradeDateAt(us('2025-09-20T12:00:00Z'))).toBe(20250919);
    expect(tradeDateAt(us('2025-09-21T22:00:00Z'))).toBe(20250922);
    // Christmas 2025 is a Thursday: closed; the half day before it ends at 12:15.
    expect(tradeDateAt(us('2025-12-24T20:00:00Z'))).toBe(20251224);
    expect(tradeDateAt(us('2025-12-25T20:00:00Z'))).toBe(20251224);
    expect(tradeDateAt(us('2025-12-25T23:00:00Z'))).toBe(20251226);
    expect(tradeDateAt(0)).toBe(0);
  });

  test('the next session is after the instant, over the longest closed runs too', () => {
    expect(nextSession(us('2025-09-15T21:59:59Z')).trade_date).toBe(20250916);
    expect(nextSession(us('2025-09-15T22:00:00Z')).trade_date).toBe(20250917);
    // Christmas on Friday 24 December 2027: from Thursday's close to Monday.
    expect(nextSession(us('2027-12-22T23:00:00Z')).trade_date).toBe(20271227);
    expect(nextSession(0).trade_date).toBe(20130102);
    expect(nextSession(-1e15).trade_date).toBe(20130102);
  });

  test('times far outside the calendar have no session and do not throw', () => {
    for (const far of [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, NaN]) {
      expect(sessionAt(far)).toBeNull();
      expect(marketClock(far).in_session).toBe(false);
    }
  });
});

describe('Given times outside the calendar', () => {
  const first = us('2013-01-01T23:00:00Z');
  const end = us('2027-12-31T23:00:00Z');

  it('covers the trade dates 2013-01-01 to 2027-12-31, from 17:00 to 17:00', () => {
    expect(CALENDAR).toEqual({
      first_trade_date: 20130101,
      last_trade_date: 20271231,
      from_us: us('2012-12-31T23:00:00Z'),
      to_us: end,
    });
    expect([calendarCovers(CALENDAR.from_us - 1), calendarCovers(CALENDAR.from_us)]).toEqual([false, true]);
    expect([calendarCovers(end - 1), calendarCovers(end)]).toEqual([true, false]);
    expect(calendarCovers(NaN)).toBe(false);
  });

  it('says no_calendar there, and outside_session where it knows the market to be closed', () => {
    expect(sessionReason(us('2012-12-28T15:00:00Z'))).toBe(ReasonCode.NO_CALENDAR);
    expect(sessionReason(us('2028-01-04T15:00:00Z'))).toBe(ReasonCode.NO_CALENDAR);
    expect(sessionReason(us('2013-01-01T15:00:00Z'))).toBe(ReasonCode.OUTSIDE_SESSION);
    expect(sessionReason(end - 1)).toBe(ReasonCode.OUTSIDE_SESSION);
    expect(sessionReason(first)).toBe(ReasonCode.OK);
    expect(sessionReason(us('2025-09-20T15:00:00Z'))).toBe(ReasonCode.OUTSIDE_SESSION);
  });

  it('has neither session nor trade date there', () => {
    // A Tuesday like any other, had the rules gone on.
    expect([sessionOf(20280104), sessionAt(us('2028-01-04T15:00:00Z'))]).toEqual([null, null]);
    expect(tradeDateAt(us('2028-01-04T15:00:00Z'))).toBe(0);
    expect(tradeDateAt(first - 1)).toBe(0);
    expect(tradeDateAt(first)).toBe(20130102);
    expect(tradeDateAt(end - 1)).toBe(20271231);
  });

  it('refuses to name a session after the last one', () => {
    const last = us('2027-12-30T23:00:00Z');
    expect(nextSession(last - 1).trade_date).toBe(20271231);
    expect([sessionAfter(last - 1)?.trade_date, sessionAfter(last)]).toEqual([20271231, null]);
    for (const at of [last, end, us('2100-01-05T00:00:00Z'), Number.MAX_SAFE_INTEGER]) {
      expect(() => nextSession(at)).toThrow(expect.objectContaining({ code: 'no_calendar' }));
    }
  });
});

describe('Given the outages of the exchange', () => {
  it.each([
    ['2019-02-27T00:44:59Z', null],
    ['2019-02-27T00:45:00Z', 20190227],
    ['2019-02-27T03:44:59Z', 20190227],
    ['2019-02-27T03:45:00Z', null],
    ['2025-11-27T22:59:59Z', null],
    ['2025-11-27T23:00:00Z', 20251128],
    ['2025-11-28T13:29:59Z', 20251128],
    ['2025-11-28T13:30:00Z', null],
  ])('%s: %p', (iso, date) => expect(knownGapAt(us(iso))?.trade_date ?? null).toBe(date));
});
