import { describe, expect, it, test } from '@jest/globals';
import { ReasonCode, type Bar, type FeaturesPart } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { nextSession, sessionOf, type TradeSession } from '@bellwether/market';
import { MINUTE_US, applyAll, barEntry, barOf, configOf, featureAt, releaseEntry } from './sample-entries.js';
import { AT } from './vector-draft.js';

const FIVE = 5 * MINUTE_US;
const sessionAtDate = (date: number): TradeSession => present(sessionOf(date), 'a session');

/** Five-minute bars of one session at a price; its cash hours reach from `low` to `high` and end at `close`. */
interface DayLevels {
  readonly price?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close?: number;
}

function day(session: TradeSession, levels: DayLevels = {}): Bar[] {
  const price = levels.price ?? 26_400;
  const { high = price + 40, low = price - 40, close = price } = levels;
  const bars: Bar[] = [];
  for (let open_us = session.open_us; open_us < session.close_us; open_us += FIVE) {
    const cash = open_us >= session.rth_open_us && open_us < session.rth_close_us;
    const ends = open_us + FIVE === session.rth_close_us;
    // Outside the cash hours prices go farther: those must not count.
    const [top, bottom] = cash ? [high, low] : [high + 100, low - 100];
    const close_ticks = cash && ends ? close : price;
    bars.push(
      barOf({
        open_us,
        interval_us: FIVE,
        open_ticks: price,
        high_ticks: top,
        low_ticks: bottom,
        close_ticks,
      }),
    );
  }
  return bars;
}

/** A bar of one price, at some minutes after 17:00. */
const single = (session: TradeSession, minute: number, price: number): Bar =>
  barOf({
    open_us: session.open_us + minute * MINUTE_US,
    interval_us: FIVE,
    ...{ open_ticks: price, high_ticks: price, low_ticks: price, close_ticks: price },
  });

function lastPart(bars: readonly Bar[]): FeaturesPart {
  const { parts } = applyAll([releaseEntry(configOf(['ES'], FIVE)), ...bars.map(barEntry)]);
  const part = present(parts.at(-1), 'a part');
  expect(part.reason).toBe(ReasonCode.OK);
  return part;
}

const valueAt = (part: FeaturesPart, at: number): number | string => {
  const found = featureAt(part, at);
  return 'value' in found ? found.value : `reason ${found.reason}`;
};
const MASKED = `reason ${ReasonCode.WARM_UP}`;

describe('Levels of the day before', () => {
  const monday = sessionAtDate(20250908);
  const tuesday = nextSession(monday.open_us);
  const levels = { price: 26_400, high: 26_500, low: 26_300, close: 26_450 };

  it('are the cash high and low, and P8 goes on beyond them up to three times', () => {
    const at = (price: number) =>
      valueAt(lastPart([...day(monday, levels), single(tuesday, 0, price)]), AT.P8);
    expect(at(26_300)).toBeCloseTo(-1 / 3, 12);
    expect(at(26_400)).toBe(0);
    expect(at(26_600)).toBeCloseTo(2 / 3, 12);
    expect(at(27_400)).toBe(1);
  });

  it('are not known while the day still runs, after one with holes, and after one that is missing', () => {
    const bars = day(monday, levels);
    expect(valueAt(lastPart(bars.slice(0, 270)), AT.P8)).toBe(MASKED);
    // Ten of 78 cash bars are missing.
    const holed = [...bars.slice(0, 190), ...bars.slice(195, 240), ...bars.slice(245)];
    expect(valueAt(lastPart([...holed, single(tuesday, 0, 26_400)]), AT.P8)).toBe(MASKED);
    const wednesday = nextSession(tuesday.open_us);
    expect(valueAt(lastPart([...bars, single(wednesday, 0, 26_400)]), AT.P8)).toBe(MASKED);
  });

  it('a day with holes hides the older day behind it', () => {
    const holed = day(tuesday, levels).filter((_, i) => i < 190 || i > 215);
    const next = single(nextSession(tuesday.open_us), 0, 26_400);
    expect(valueAt(lastPart([...day(monday, levels), ...holed, next]), AT.P8)).toBe(MASKED);
  });

  test.each([
    ['a holiday that ends at noon', 20250829, [20250901], 20250902],
    ['a closed day', 20241224, [], 20241226],
    ['Thanksgiving and the half day after it', 20251126, [20251127, 20251128], 20251201],
  ])('stay over %s: it is no day', (_, before, short, after) => {
    // Christmas Eve is short itself: the day before it counts.
    const days = [20241224].includes(before) ? [20241223, before] : [before];
    const bars = [
      ...days.flatMap((date) => day(sessionAtDate(date), levels)),
      ...short.flatMap((date) => day(sessionAtDate(date), { price: 20_000 })),
      single(sessionAtDate(after), 0, 26_500),
    ];
    expect(valueAt(lastPart(bars), AT.P8)).toBeCloseTo(1 / 3, 12);
  });
});

describe('Distances in daily ranges', () => {
  const first = sessionAtDate(20250707);
  const days: TradeSession[] = [first];
  while (days.length < 22) days.push(nextSession(present(days.at(-1), 'a day').open_us));
  const today = present(days[20], 'a day');
  // Ranges 80, and the last one 280: mean 90.
  const before = days
    .slice(0, 20)
    .flatMap((session, i) => day(session, i === 19 ? { high: 26_540, low: 26_260, close: 26_450 } : {}));

  it('P5 and P6 are not there before twenty full days', () => {
    const part = lastPart([...before.slice(276), single(today, 0, 26_400)]);
    expect([valueAt(part, AT.P5), valueAt(part, AT.P6)]).toEqual([MASKED, MASKED]);
  });

  it('before 08:30: from the 17:00 open, and from the last cash close to now', () => {
    const part = lastPart([...before, single(today, 0, 26_400), single(today, 5, 26_445)]);
    expect(valueAt(part, AT.P5)).toBeCloseTo(Math.tanh((2 * Math.log(26_445 / 26_400) * 26_445) / 90), 12);
    expect(valueAt(part, AT.P6)).toBeCloseTo(Math.tanh((2 * Math.log(26_445 / 26_450) * 26_445) / 90), 12);
  });

  it('from 08:30 on: from the cash open, and the gap that it made', () => {
    const night = day(today).slice(0, 186);
    const part = lastPart([...before, ...night, single(today, 930, 26_500), single(today, 935, 26_480)]);
    expect(valueAt(part, AT.P5)).toBeCloseTo(Math.tanh((2 * Math.log(26_480 / 26_500) * 26_480) / 90), 12);
    expect(valueAt(part, AT.P6)).toBeCloseTo(Math.tanh((2 * Math.log(26_500 / 26_450) * 26_480) / 90), 12);
  });

  it('a session that is joined late has no open', () => {
    const late = day(nextSession(today.open_us)).slice(10, 20);
    const part = lastPart([...before, ...late]);
    expect(valueAt(part, AT.P5)).toBe(MASKED);
    expect(valueAt(part, AT.P7)).toBe(MASKED);
  });
});

describe('Place in the running part', () => {
  const session = sessionAtDate(20250908);

  it('is between low and high since 17:00, and anew since 08:30', () => {
    const at = (...bars: readonly Bar[]): number | string => valueAt(lastPart(bars), AT.P7);
    const low = single(session, 0, 26_400);
    const high = single(session, 5, 26_500);
    expect(at(low)).toBe(0);
    expect(at(low, high)).toBe(1);
    expect(at(low, high, single(session, 10, 26_425))).toBe(-0.5);
    const night = day(session).slice(0, 186);
    expect(at(...night, single(session, 930, 26_400), single(session, 935, 26_399))).toBe(-1);
  });

  it('is not known after a hole, until the next part begins', () => {
    const night = day(session).slice(0, 186);
    const holed = night.filter((_, i) => i < 50 || i >= 57);
    expect(valueAt(lastPart(holed), AT.P7)).toBe(MASKED);
    expect(valueAt(lastPart([...holed, single(session, 930, 26_400)]), AT.P7)).toBe(0);
  });
});
