import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  OptionRight,
  ReasonCode,
  STREAMS_DEFAULTS,
  Side,
  StreamStatus,
  type AuxEvent,
  type OptionsFlow,
} from '@bellwether/contracts';
import { sessionOf } from '@bellwether/market';
import { anAuxEntry, atMinute } from '@bellwether/testkit';
import { AUX_AT, AUX_SCHEMA_SHA256, auxSchemaText, auxValue } from './index.js';
import { NO_STREAMS, withAux, type BookStreams } from './book-streams.js';
import { NO_CALENDAR, coveredAt, nearRelease, withCalendar } from './calendar.js';
import { dayFlagsOf } from './day-flags.js';
import { NO_NEWS, newsAt, withNews } from './news.js';
import { readStreams, type StreamReading } from './reading.js';
import { NO_SEASON, countOf, endSeasonSession, seasonAt, weightOf, withReturn } from './seasonality.js';
import { NO_SYMBOL_STREAMS } from './symbol-streams.js';

const MINUTE_US = 60_000_000;
const NOW = atMinute(991);

const news = (score: number | null, headline = 'Stocks fall', symbols: readonly string[] = []) => ({
  ...{ headline, symbols, tier: 1, score, confidence: score === null ? null : 1, method: 'test' },
});
const flow = (changes: Partial<OptionsFlow> = {}): OptionsFlow => ({
  ...{ underlying: 'SPX', call_volume: 100, put_volume: 150, unusual: [], net_gex_usd: null },
  ...{ call_open_interest: null, put_open_interest: null, spot_points: 6_600 },
  ...{ zero_gamma_points: null, call_wall_points: null, put_wall_points: null },
  ...changes,
});
const told = (
  content: readonly (readonly [Partial<AuxEvent>, number])[],
  now_us = NOW,
  start: BookStreams = NO_STREAMS,
): StreamReading => {
  const prices = [{ symbol: 'ES', close_ticks: 26_400, close_us: NOW }];
  const book = content.reduce((state, [aux, us]) => withAux(state, anAuxEntry(aux, us), prices), start);
  const moment = { symbol: 'ES', now_us, close_ticks: 26_400, atr14_m5_ticks: 20 };
  return readStreams(book, NO_SYMBOL_STREAMS, moment, null);
};
const reasonAt = ({ vector }: StreamReading, at: number): ReasonCode | undefined =>
  vector.masked_reason[vector.masked_index.indexOf(at)];

describe('The vector', () => {
  it('has the schema hash of its names', () => {
    expect(createHash('sha256').update(auxSchemaText()).digest('hex')).toBe(AUX_SCHEMA_SHA256);
  });

  it('has a number or a reason for each place, and no number without a stream', () => {
    const { vector, streams, releases } = told([]);
    const all = [...vector.present_index, ...vector.masked_index].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 26 }, (_, i) => i));
    // The calendar's own flags are known without any event.
    expect(vector.present_index).toEqual([AUX_AT.Y4, AUX_AT.Y5, AUX_AT.Y6, AUX_AT.Y7]);
    expect(releases).toBeNull();
    expect(streams.map(({ reason }) => reason)).toEqual([
      ReasonCode.STREAM_ABSENT,
      ReasonCode.STREAM_ABSENT,
      ReasonCode.OK,
      ReasonCode.WARM_UP,
      ReasonCode.NO_CALENDAR,
    ]);
  });

  it('masks a stream that is off or delayed, and never puts 0 in its place', () => {
    const off = { ...NO_STREAMS, config: { ...STREAMS_DEFAULTS, news: false } };
    expect(reasonAt(told([[{ news: news(-1) }, NOW]], NOW, off), AUX_AT.N1)).toBe(ReasonCode.STREAM_OFF);
    const late = told([[{ news: news(-1) }, NOW - 721 * MINUTE_US]]);
    expect(reasonAt(late, AUX_AT.N2)).toBe(ReasonCode.STREAM_DELAYED);
    expect(late.streams[1]).toMatchObject({ status: StreamStatus.DELAYED });
  });
});

describe('News', () => {
  it('weigh by confidence and a half-life of 30 minutes', () => {
    const state = withNews(withNews(NO_NEWS, news(-1), NOW - 30 * MINUTE_US), news(1, 'Stocks rise'), NOW);
    expect(newsAt(state, 'ES', NOW)).toEqual({ score: (1 - 0.5) / 1.5, count: 2, minutes_since_last: 0 });
  });

  it('count a repeated headline once within half an hour, and again later', () => {
    const once = withNews(withNews(NO_NEWS, news(-1), NOW), news(-1, '  STOCKS -- fall!'), NOW + MINUTE_US);
    expect(newsAt(once, 'ES', NOW + MINUTE_US).count).toBe(1);
    const later = NOW + 30 * MINUTE_US;
    expect(newsAt(withNews(once, news(-1), later), 'ES', later).count).toBe(2);
  });

  it('of another index, or without a score, say nothing of this one', () => {
    expect(newsAt(withNews(NO_NEWS, news(1, 'a', ['QQQ']), NOW), 'ES', NOW).count).toBe(0);
    expect(newsAt(withNews(NO_NEWS, news(null), NOW), 'ES', NOW)).toMatchObject({ score: null, count: 1 });
  });
});

describe('Options', () => {
  const unusual = (right: OptionRight, premium_cents: number, side: Side = Side.LONG) => ({
    ...{
      right,
      strike_points: 6_600,
      expiry: 20_250_919,
      volume: 300,
      open_interest: 100,
      premium_cents,
      side,
    },
  });

  it('tell the side of unusual premium, from three times the open interest on', () => {
    const calls = unusual(OptionRight.CALL, 30_000_000);
    const puts = unusual(OptionRight.PUT, 10_000_000);
    const sold = unusual(OptionRight.CALL, 20_000_000, Side.SHORT);
    const usual = { ...puts, volume: 299 };
    const small = { ...puts, premium_cents: 9_999_999 };
    const { vector } = told([[{ options: flow({ unusual: [calls, puts, sold, usual, small] }) }, NOW]]);
    expect(auxValue(vector, AUX_AT.O2)).toBe(0);
    const { vector: up } = told([[{ options: flow({ unusual: [calls, puts] }) }, NOW]]);
    expect(auxValue(up, AUX_AT.O2)).toBe(0.5);
  });

  it('place levels by the price of the future when they spoke, and sign gamma by the setting', () => {
    const options = flow({ net_gex_usd: 5e9, call_wall_points: 6_650, put_wall_points: 6_600 });
    const { vector } = told([[{ options }, NOW]]);
    expect(auxValue(vector, AUX_AT.O3)).toBeCloseTo(Math.tanh(1), 12);
    expect(auxValue(vector, AUX_AT.O5)).toBeCloseTo(Math.tanh(1), 12);
    expect(auxValue(vector, AUX_AT.O6)).toBe(0);
    const turned = { ...NO_STREAMS, config: { ...STREAMS_DEFAULTS, gex_sign: -1 } };
    expect(auxValue(told([[{ options }, NOW]], NOW, turned).vector, AUX_AT.O3)).toBeCloseTo(
      Math.tanh(-1),
      12,
    );
  });

  it('keep positions when their flow is too old, and no levels whose basis is not known', () => {
    const early = NOW - 31 * MINUTE_US;
    const reading = told([[{ options: flow({ net_gex_usd: 1e9, call_wall_points: 6_650 }) }, early]]);
    expect(reasonAt(reading, AUX_AT.O2)).toBe(ReasonCode.STREAM_DELAYED);
    expect(auxValue(reading.vector, AUX_AT.O3)).toBeGreaterThan(0);
    expect(reasonAt(reading, AUX_AT.O5)).toBe(ReasonCode.UNDEFINED);
  });

  it('compare put/call with 20 sessions at the same time of day', () => {
    const dates = [20_250_818, 20_250_819, 20_250_820, 20_250_821, 20_250_822, 20_250_825, 20_250_826];
    const more = [20_250_827, 20_250_828, 20_250_829, 20_250_902, 20_250_903, 20_250_904, 20_250_905];
    const rest = [20_250_908, 20_250_909, 20_250_910, 20_250_911, 20_250_912, 20_250_815];
    const days = [...dates, ...more, ...rest].sort((a, b) => a - b);
    const history = days.map((date, i): [Partial<AuxEvent>, number] => {
      const us = (sessionOf(date)?.open_us ?? 0) + 991 * MINUTE_US;
      return [{ options: flow({ put_volume: i % 2 === 0 ? 90 : 110 }) }, us];
    });
    // 20 sessions of 0.9 and 1.1: mean 1, deviation 0.1.
    const { vector } = told([...history, [{ options: flow({ put_volume: 120 }) }, NOW]]);
    expect(auxValue(vector, AUX_AT.O1)).toBeCloseTo(2 / 3, 9);
    const fewer = told([...history.slice(1), [{ options: flow({ put_volume: 120 }) }, NOW]]);
    expect(reasonAt(fewer, AUX_AT.O1)).toBe(ReasonCode.WARM_UP);
  });
});

describe('The calendar of releases', () => {
  const at = (minute: number) => NOW + minute * MINUTE_US;
  const said = (from: number, to: number, minutes: readonly number[], name = 'CPI') => ({
    from_us: at(from),
    to_us: at(to),
    releases: minutes.map((minute) => ({ at_us: at(minute), name, tier: 1 })),
  });

  it('says nothing outside of what entries cover, and joins what touches', () => {
    const calendar = withCalendar(withCalendar(NO_CALENDAR, said(0, 10, [5]), NOW), said(10, 20, [12]), NOW);
    expect(coveredAt(calendar, at(19))?.events_us).toEqual([at(5), at(12)]);
    expect(coveredAt(calendar, at(20))).toBeNull();
    expect(coveredAt(calendar, at(-1))).toBeNull();
  });

  it('takes a later word on the same time for the earlier one', () => {
    const calendar = withCalendar(
      withCalendar(NO_CALENDAR, said(0, 30, [5, 15]), NOW),
      said(10, 20, [11]),
      NOW,
    );
    expect(coveredAt(calendar, at(0))?.events_us).toEqual([at(5), at(11)]);
  });

  it('forgets what is over for eight days', () => {
    const calendar = withCalendar(NO_CALENDAR, said(0, 10, [5]), NOW);
    expect(withCalendar(calendar, said(20_000, 20_010, []), at(20_000))).toHaveLength(1);
  });

  it('knows bars around a release', () => {
    const calendar = withCalendar(NO_CALENDAR, said(0, 30, [15]), NOW);
    const near = (minute: number) => nearRelease(calendar, at(minute), at(minute + 1), 2 * MINUTE_US);
    expect([11, 12, 13, 17, 18].map(near)).toEqual([false, false, true, true, false]);
  });

  it('gives distances, flags and names', () => {
    const reading = told([[{ economic: said(-60, 600, [-15, 30], 'FOMC statement') }, NOW]]);
    expect(reading.releases).toMatchObject({ last_us: at(-15), next_us: at(30), this_morning: true });
    expect(auxValue(reading.vector, AUX_AT.E1)).toBeCloseTo(Math.exp(-1), 12);
    expect(auxValue(reading.vector, AUX_AT.E2)).toBeCloseTo(Math.exp(-1), 12);
    expect(auxValue(reading.vector, AUX_AT.Y8)).toBe(1);
    expect(auxValue(reading.vector, AUX_AT.Y9)).toBe(0);
    expect(reading.streams[4]).toMatchObject({ reason: ReasonCode.STREAM_ENDS_SOON });
  });
});

describe('The state', () => {
  it('goes on from a snapshot as it would without', () => {
    const entries: readonly (readonly [Partial<AuxEvent>, number])[] = [
      [
        {
          economic: {
            from_us: NOW,
            to_us: NOW + 9e9,
            releases: [{ at_us: NOW + 6e9, name: 'CPI', tier: 1 }],
          },
        },
        NOW,
      ],
      [{ news: news(-0.5) }, NOW + 1],
      [{ options: flow({ net_gex_usd: 1e9 }) }, NOW + 2],
      [{ news: news(0.2, 'Calm') }, NOW + 3],
    ];
    const later = NOW + 60_000_000;
    const half = entries
      .slice(0, 2)
      .reduce((s, [aux, us]) => withAux(s, anAuxEntry(aux, us), []), NO_STREAMS);
    const restored = JSON.parse(JSON.stringify(half)) as BookStreams;
    expect(told(entries.slice(2), later, restored)).toEqual(told(entries, later));
  });
});

describe('Seasonality', () => {
  it('tells the mean of full sessions before, drawn towards 0, and how many there were', () => {
    const monday = sessionOf(20_250_915);
    if (monday === null) throw new Error('Expected a session');
    let run = NO_SEASON;
    for (const close of [1_010, 1_030]) {
      const bar = { open_us: monday.open_us, open_ticks: 1_000, close_ticks: close };
      run = endSeasonSession(withReturn(run, monday, bar), monday, true);
    }
    const [a, b] = [Math.log(1.01), Math.log(1.03)];
    const reading = seasonAt(run, monday, monday.open_us);
    expect(reading?.n).toBe(2);
    expect(reading?.mean_sd).toBeCloseTo((((a + b) / 2) * (2 / 202)) / ((b - a) / 2), 9);
    expect(seasonAt(run, monday, monday.open_us + 300_000_000)).toBeNull();
    expect(countOf(weightOf(37))).toBeCloseTo(37, 9);
    const short = endSeasonSession(
      withReturn(run, monday, { open_us: monday.open_us, open_ticks: 9, close_ticks: 8 }),
      monday,
      false,
    );
    expect(seasonAt(short, monday, monday.open_us)).toEqual(reading);
  });

  it.each([
    [20_250_919, { opex: true, roll_week: true }],
    [20_250_915, { opex: false, roll_week: true }],
    [20_250_912, { roll_week: false, month_end: false }],
    [20_250_930, { month_end: true, half_day: false }],
    [20_251_128, { half_day: true, month_end: true }],
  ])('flags %d', (date, flags) => {
    const session = sessionOf(date);
    if (session === null) throw new Error('Expected a session');
    expect(dayFlagsOf(session)).toMatchObject(flags);
  });
});
