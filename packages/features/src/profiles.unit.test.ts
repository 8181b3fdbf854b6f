import { describe, expect, it } from '@jest/globals';
import { ReasonCode, type Bar, type FeaturesPart } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { nextSession, sessionOf, type TradeSession } from '@bellwether/market';
import { FEATURES } from './feature-set.js';
import { MINUTE_US, applyAll, barEntry, barOf, configOf, featureAt, releaseEntry } from './sample-entries.js';

const FIVE = 5 * MINUTE_US;
const R1 = FEATURES.findIndex((feature) => feature.code === 'R1');

/** 276 five-minute bars of one volume, closes going up and down by `swing` ticks. */
function day(session: TradeSession, volume: number, swing: number): Bar[] {
  const bars: Bar[] = [];
  for (let open_us = session.open_us; open_us < session.close_us; open_us += FIVE) {
    const close_ticks = 26_400 + (bars.length % 2 === 0 ? swing : -swing);
    bars.push(
      barOf({
        open_us,
        interval_us: FIVE,
        open_ticks: 26_400,
        high_ticks: 26_400 + swing,
        low_ticks: 26_400 - swing,
        close_ticks,
        volume,
      }),
    );
  }
  return bars;
}

/** Sessions in a row from a date on, numbered from 0. */
function sessionsFrom(tradeDate: number, count: number): TradeSession[] {
  const list = [present(sessionOf(tradeDate), 'a session')];
  while (list.length < count) list.push(nextSession(present(list.at(-1), 'a session').open_us));
  return list;
}

function lastPart(bars: readonly Bar[]): FeaturesPart {
  const { parts } = applyAll([releaseEntry(configOf(['ES'], FIVE)), ...bars.map(barEntry)]);
  return present(parts.at(-1), 'a part');
}

/** 08:30 is bucket 186, 15:00 is 264. */
const rthBars = (bars: readonly Bar[]): readonly Bar[] => bars.slice(186, 264);

// From 2025-07-07 on there is no holiday until Labor Day, which is session 40.
const ALL = sessionsFrom(20250707, 40);

describe('Given full sessions before today', () => {
  const before = (count: number): Bar[] =>
    ALL.slice(0, count).flatMap((session, i) => day(session, 100 + i, 4 + (i % 10)));
  const today = (count: number): Bar[] => day(present(ALL[count], 'a session'), 431, 20).slice(0, 100);

  it('when there are 19, then percentile and usual volume are warming up', () => {
    const part = lastPart([...before(19), ...today(19)]);
    expect(part.indicators).toMatchObject({
      rv30_percentile: null,
      volume_tod_median: null,
      volume_rel_log2: null,
    });
    expect(featureAt(part, R1)).toEqual({ reason: ReasonCode.WARM_UP });
  });

  it('when there are 20, then today is compared with their median and ranked among them', () => {
    const part = lastPart([...before(20), ...today(20)]);
    // Volumes 100 to 119.
    expect(part.indicators?.volume_tod_median).toBe(109.5);
    expect(part.indicators?.volume_rel_log2).toBeCloseTo(Math.log2(432 / 110.5), 12);
    expect(part.indicators?.rv30_percentile).toBe(1);
    expect(featureAt(part, R1)).toEqual({ value: 1 });
  });

  it('when there are more than 20, then only the last 20 make the median', () => {
    const part = lastPart([...before(30), ...today(30)]);
    expect(part.indicators?.volume_tod_median).toBe(119.5);
  });

  it('when volume is not known today, then only what needs it is missing', () => {
    const part = lastPart([...before(20), ...today(20).map((bar) => ({ ...bar, volume: null }))]);
    expect(part.indicators).toMatchObject({
      volume_tod_median: null,
      volume_rel_log2: null,
      vwap_ticks: null,
    });
    expect(part.indicators?.rv30_percentile).toBe(1);
  });

  it('when the source never had volume, then volume is missing, not zero', () => {
    const silent = [...before(20), ...today(20)].map((bar) => ({ ...bar, volume: null }));
    expect(lastPart(silent).indicators).toMatchObject({ volume_tod_median: null, volume_rel_log2: null });
  });
});

describe('Given a session that is not full', () => {
  /** 20 sessions of which one is changed, and a bar of the next: is there a median? */
  const isWarm = (
    sessions: readonly TradeSession[],
    change: (bars: Bar[], i: number) => readonly Bar[],
  ): boolean => {
    const bars = sessions.flatMap((session, i) => change(day(session, 100, 4), i));
    const next = nextSession(present(sessions.at(-1), 'a session').open_us);
    return lastPart([...bars, ...day(next, 100, 4).slice(0, 40)]).indicators?.volume_tod_median !== null;
  };

  it('when 90 % of the cash minutes have bars it counts, below that it does not', () => {
    const without = (missing: number) => (bars: Bar[], i: number) =>
      i === 10
        ? bars.filter(
            (bar) =>
              !rthBars(bars)
                .slice(40, 40 + missing)
                .includes(bar),
          )
        : bars;
    // 78 bars of 5 minutes; 351 minutes are 70.2 bars.
    expect(isWarm(ALL.slice(0, 20), without(7))).toBe(true);
    expect(isWarm(ALL.slice(0, 20), without(8))).toBe(false);
  });

  it('when it is short by the calendar, then it does not count', () => {
    // Ends with 2025-07-08; 07-03 and 07-04 are short.
    const june = sessionsFrom(20250610, 20);
    expect(june.filter((session) => !session.full_day).map((session) => session.trade_date)).toEqual([
      20250619, 20250703, 20250704,
    ]);
    expect(isWarm(june, (bars) => bars)).toBe(false);
    expect(isWarm(sessionsFrom(20250610, 23), (bars) => bars)).toBe(true);
  });
});

describe('Given a gap in the data', () => {
  const twenty = ALL.slice(0, 20).flatMap((session) => day(session, 100, 4));
  const dayOf = (tradeDate: number): Bar[] => day(present(sessionOf(tradeDate), 'a session'), 100, 4);

  it('when it is at most 45 days, then profiles go on, indicators do not', () => {
    // The last of the twenty is Friday 2025-08-01.
    const part = lastPart([...twenty, ...dayOf(20250915).slice(0, 40)]);
    expect(part.indicators?.volume_tod_median).toBe(100);
    const fresh = lastPart([...twenty, ...dayOf(20250915).slice(0, 20)]);
    expect(fresh.indicators?.rv30).toBeNull();
  });

  it('when it is longer, then profiles start anew', () => {
    const part = lastPart([...twenty, ...dayOf(20250917).slice(0, 40)]);
    expect(part.indicators?.volume_tod_median).toBeNull();
  });
});
