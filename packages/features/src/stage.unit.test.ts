import { describe, expect, it } from '@jest/globals';
import { ReasonCode, type Bar } from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, openFrame, present, uniformSource } from '@bellwether/kernel';
import { marketClock, nextSession, sessionOf } from '@bellwether/market';
import {
  MINUTE_US,
  MONDAY,
  afterBars,
  applyAll,
  applyEntry,
  auxEntry,
  barEntry,
  barOf,
  clockEntry,
  configOf,
  featureAt,
  fillEntry,
  releaseEntry,
  sessionBars,
  signalEntry,
  warmupEntry,
  warmupOf,
} from './sample-entries.js';
import { FEATURES } from './feature-set.js';
import { stage } from './stage.js';
import { AT } from './vector-draft.js';

const released = () => applyAll([releaseEntry()]).state;
const at = (minute: number): number => MONDAY.open_us + minute * MINUTE_US;

describe('Given no release', () => {
  it.each([
    ['a bar', barEntry(barOf())],
    ['a signal', signalEntry('ES', at(5))],
    ['warm-up', warmupEntry(warmupOf([barOf()]))],
  ])('when %s comes, then the answer is NO_RELEASE and the state is as it was', (_, entry) => {
    const state = stage.initialState();
    const { state: after, part } = applyEntry(state, entry);
    expect(after).toBe(state);
    expect(part).toMatchObject({
      reason: ReasonCode.NO_RELEASE,
      symbol: 'ES',
      vector: null,
      indicators: null,
    });
    expect(part.clock).toEqual(marketClock(entry.event_us));
  });
});

describe('Given a release', () => {
  it('when it is the first, then nothing is asked and the book knows its symbols', () => {
    const { state, part } = applyEntry(stage.initialState(), releaseEntry(configOf(['NQ', 'ES'])));
    expect(state.symbols.map((one) => one.symbol)).toEqual(['NQ', 'ES']);
    expect(part).toMatchObject({
      reason: ReasonCode.NOT_ASKED,
      symbol: '',
      last_close_us: null,
      fault: null,
    });
  });

  it('when a later one keeps the interval, then known symbols keep their state', () => {
    const { state } = afterBars([barOf()]);
    const after = applyEntry(state, releaseEntry(configOf(['NQ', 'ES']))).state;
    expect(after.symbols[1]).toBe(state.symbols[0]);
    expect(after.symbols[0]).toMatchObject({ symbol: 'NQ', history: null });
  });

  it('when a later one has another interval, then all starts over', () => {
    const { state } = afterBars([barOf()]);
    const after = applyEntry(state, releaseEntry(configOf(['ES'], 5 * MINUTE_US))).state;
    expect(after.symbols[0]?.history).toBeNull();
  });
});

describe('Given a bar that must not be taken', () => {
  const last = barOf({ open_us: at(10) });
  const saturday = Date.UTC(2025, 8, 20, 12) * 1_000;
  const refused: [string, Partial<Bar>, ReasonCode][] = [
    ['of a symbol that is not in the book', { symbol: 'NQ' }, ReasonCode.UNKNOWN_SYMBOL],
    ['of five minutes', { interval_us: 5 * MINUTE_US }, ReasonCode.WRONG_INTERVAL],
    ['that does not open on the minute', { open_us: at(11) + 30_000_000 }, ReasonCode.WRONG_INTERVAL],
    ['with the high below the close', { high_ticks: 26_401 }, ReasonCode.PRICE_IMPLAUSIBLE],
    ['with the low above the open', { low_ticks: 26_401 }, ReasonCode.PRICE_IMPLAUSIBLE],
    ['at price zero', { open_ticks: 0, low_ticks: 0 }, ReasonCode.PRICE_IMPLAUSIBLE],
    ['below zero', { low_ticks: -5 }, ReasonCode.PRICE_IMPLAUSIBLE],
    ['with a negative volume', { volume: -1 }, ReasonCode.PRICE_IMPLAUSIBLE],
    ['in another tick size', { tick_size_e4: 500 }, ReasonCode.PRICE_IMPLAUSIBLE],
    ['that is the last one again', { open_us: at(10), revision: 1 }, ReasonCode.STALE_BAR],
    ['that is older than the last one', { open_us: at(9) }, ReasonCode.STALE_BAR],
    ['in the daily break', { open_us: MONDAY.close_us }, ReasonCode.OUTSIDE_SESSION],
    ['on a Saturday', { open_us: saturday }, ReasonCode.OUTSIDE_SESSION],
    [
      'after a holiday halt',
      { open_us: present(sessionOf(20251127), 'Thanksgiving').close_us },
      ReasonCode.OUTSIDE_SESSION,
    ],
  ];
  it.each(refused)(
    'when it is one %s, then the state is as it was and the part says why',
    (_, change, reason) => {
      const { state } = afterBars([last]);
      const { state: after, part } = applyEntry(state, barEntry(barOf({ open_us: at(11), ...change })));
      expect(after).toBe(state);
      const known = change.symbol === undefined;
      expect(part).toEqual({
        logic_version: 4,
        fault: null,
        reason,
        symbol: change.symbol ?? 'ES',
        clock: part.clock,
        last_close_ticks: known ? last.close_ticks : null,
        last_close_us: known ? at(11) : null,
        vector: null,
        indicators: null,
        aux: null,
        zones: [],
        releases: null,
        streams: [],
      });
      expect(part.clock).not.toBeNull();
    },
  );

  it('when the book has an interval without a feature schema, then every bar has the wrong one', () => {
    const { state } = applyAll([releaseEntry(configOf(['ES'], 2 * MINUTE_US))]);
    const { part } = applyEntry(state, barEntry(barOf({ interval_us: 2 * MINUTE_US })));
    expect(part.reason).toBe(ReasonCode.WRONG_INTERVAL);
  });

  it('when the configuration names a contract that we have no facts of, then its bars are unknown', () => {
    const { state } = applyAll([releaseEntry(configOf(['CL']))]);
    const { part } = applyEntry(state, barEntry(barOf({ symbol: 'CL' })));
    expect(part.reason).toBe(ReasonCode.UNKNOWN_SYMBOL);
  });
});

describe('Given bars of a session', () => {
  it('when the last minute of it closes, then the bar is taken although its close lies outside', () => {
    const { part } = afterBars([barOf({ open_us: MONDAY.close_us - MINUTE_US })]);
    expect(part).toMatchObject({ reason: ReasonCode.OK, last_close_us: MONDAY.close_us });
    expect(part.clock).toMatchObject({ in_session: false, trade_date: 0 });
  });

  it('when a signal comes before any bar, then there is none yet', () => {
    const { part } = applyEntry(released(), signalEntry('ES', at(1)));
    expect(part).toMatchObject({
      reason: ReasonCode.NO_BAR_YET,
      symbol: 'ES',
      vector: null,
      indicators: null,
    });
    expect(applyEntry(released(), signalEntry('NQ', at(1))).part.reason).toBe(ReasonCode.UNKNOWN_SYMBOL);
  });

  it('when a signal comes later, then it repeats the last bar and only the clock has moved on', () => {
    const { state, part: barPart } = afterBars([barOf(), barOf({ open_us: at(1) })]);
    const { state: after, part } = applyEntry(state, signalEntry('ES', at(4)));
    expect(after).toBe(state);
    expect(part).toEqual({ ...barPart, clock: marketClock(at(4)) });
    expect(part.reason).toBe(ReasonCode.OK);
    expect(part.vector).not.toBeNull();
  });

  it('when a refused bar comes between, then the signal still repeats the last good one', () => {
    const { state, part: good } = afterBars([barOf()]);
    const after = applyEntry(state, barEntry(barOf({ open_us: at(1), low_ticks: 0 }))).state;
    expect(applyEntry(after, signalEntry('ES', at(2))).part.vector).toEqual(good.vector);
  });

  it("when another kind of entry comes, then nothing is asked, and its symbol's last close is told", () => {
    const { state } = afterBars([barOf()]);
    const fill = applyEntry(state, fillEntry('ES', at(2)));
    expect(fill.state).toBe(state);
    expect(fill.part).toMatchObject({
      reason: ReasonCode.NOT_ASKED,
      symbol: 'ES',
      last_close_ticks: 26_402,
      last_close_us: at(1),
      vector: null,
      indicators: null,
      clock: marketClock(at(2)),
    });
    const clock = applyEntry(state, clockEntry(at(930)));
    expect(clock.part).toMatchObject({ reason: ReasonCode.NOT_ASKED, symbol: '', last_close_us: null });
    expect(clock.part.clock).toMatchObject({ in_rth: true, session_minute: 930, trade_date: 20250915 });
  });

  it('keeps symbols apart', () => {
    const { parts } = applyAll([
      releaseEntry(configOf(['ES', 'NQ'])),
      barEntry(barOf()),
      barEntry(barOf({ symbol: 'NQ', close_ticks: 26_399 })),
      signalEntry('ES', at(3)),
    ]);
    expect(parts.map((part) => part.last_close_ticks)).toEqual([null, 26_402, 26_399, 26_402]);
  });
});

describe('Given warm-up entries', () => {
  const bars = sessionBars(uniformSource('warm-up'), MONDAY);
  const tuesday = nextSession(MONDAY.open_us);

  it('when bars are folded in columns, then the next live bar says what it says after live bars', () => {
    const next = barEntry(barOf({ open_us: tuesday.open_us }));
    const warm = applyAll([releaseEntry(), warmupEntry(warmupOf(bars)), next]);
    const live = applyAll([releaseEntry(), ...bars.map(barEntry), next]);
    expect(warm.state).toEqual(live.state);
    expect(warm.parts.at(-1)).toEqual(live.parts.at(-1));
    expect(warm.parts[1]).toMatchObject({ reason: ReasonCode.NOT_ASKED, symbol: 'ES', vector: null });
    expect(warm.parts[1]?.last_close_us).toBe(MONDAY.close_us);
  });

  it('when a signal follows with no live bar between, then there is no bar yet', () => {
    const { parts } = applyAll([
      releaseEntry(),
      warmupEntry(warmupOf(bars)),
      signalEntry('ES', tuesday.open_us),
    ]);
    expect(parts.at(-1)).toMatchObject({ reason: ReasonCode.NO_BAR_YET, vector: null });
  });

  it('when they are newer than the last live bar, then that bar is no longer the latest', () => {
    const { state, part: live } = afterBars(bars.slice(0, 1));
    const caughtUp = applyEntry(state, warmupEntry(warmupOf(bars.slice(1))));
    const { part } = applyEntry(caughtUp.state, signalEntry('ES', tuesday.open_us));
    expect(live.vector).not.toBeNull();
    expect(part).toMatchObject({
      reason: ReasonCode.NO_BAR_YET,
      vector: null,
      last_close_us: MONDAY.close_us,
    });
  });

  it('when one bar is bad, then the others are folded and its reason is told', () => {
    const good = bars.slice(0, 10);
    const broken = good.map((bar, i) => (i === 4 ? { ...bar, low_ticks: 0 } : bar));
    const { state, parts } = applyAll([releaseEntry(), warmupEntry(warmupOf(broken))]);
    expect(parts[1]?.reason).toBe(ReasonCode.PRICE_IMPLAUSIBLE);
    const without = good.filter((_, i) => i !== 4);
    expect(state).toEqual(applyAll([releaseEntry(), warmupEntry(warmupOf(without))]).state);
  });

  it('when they are older than the last bar, then they are stale and nothing changes', () => {
    const { state } = afterBars([barOf({ open_us: tuesday.open_us })]);
    const { state: after, part } = applyEntry(state, warmupEntry(warmupOf(bars)));
    expect(after).toBe(state);
    expect(part.reason).toBe(ReasonCode.STALE_BAR);
  });

  it('when columns differ in length, then nothing is folded', () => {
    const warmup = warmupOf(bars);
    for (const broken of [
      { ...warmup, close_ticks: warmup.close_ticks.slice(1) },
      { ...warmup, volume: [] },
    ]) {
      const { state, parts } = applyAll([releaseEntry(), warmupEntry(broken)]);
      expect(parts[1]?.reason).toBe(ReasonCode.PRICE_IMPLAUSIBLE);
      expect(state.symbols[0]?.history).toBeNull();
    }
  });

  it('when volume is not known, then the column may be empty and volumes are missing', () => {
    const warmup = warmupOf(bars.map((bar) => ({ ...bar, volume: null })));
    const { state, parts } = applyAll([releaseEntry(), warmupEntry(warmup)]);
    expect(parts[1]?.reason).toBe(ReasonCode.NOT_ASKED);
    expect(state.symbols[0]?.history?.last.volume).toBeNull();
  });

  it('when the symbol is not in the book, then it is unknown', () => {
    const { part } = applyEntry(released(), warmupEntry({ ...warmupOf(bars), symbol: 'NQ' }));
    expect(part.reason).toBe(ReasonCode.UNKNOWN_SYMBOL);
  });
});

describe('Given what must not happen', () => {
  it('when a frame has no entry or no payload, then it throws', () => {
    const frame = openFrame(FIRST_FRAME_HEAD, barEntry(barOf()));
    expect(() => stage.apply(released(), { ...frame, entry: null }, [])).toThrow('the entry of a frame');
    const entry = { ...barEntry(barOf()), bar: null };
    expect(() => stage.apply(released(), { ...frame, entry }, [])).toThrow('the bar of a bar entry');
  });

  it('when the runner marks a fault, then the part says so and holds nothing', () => {
    const fault = { stage: 'features', code: ReasonCode.STAGE_FAULT, detail: 'test' };
    expect(stage.onFault).toBe('mark');
    expect(stage.faulted(fault)).toMatchObject({ fault, reason: ReasonCode.STAGE_FAULT, vector: null });
  });

  it('has a reason for each number that it does not give', () => {
    const { part } = afterBars([barOf()]);
    const vector = present(part.vector, 'a vector');
    const given = vector.present_index.map((index) => FEATURES[index]?.code);
    // A flat range, VWAP and volume of one bar; nothing that needs another bar or day.
    expect(given).toEqual(['P7', 'P9', 'P10', 'V3', 'M1', 'M2', 'M3']);
    expect(featureAt(part, AT.M4)).toEqual({ reason: ReasonCode.NO_CALENDAR });
    expect(featureAt(part, AT.P1)).toEqual({ reason: ReasonCode.WARM_UP });
    const all = [...vector.present_index, ...vector.masked_index];
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 43 }, (_, i) => i));
  });

  it('takes the calendar of releases from its entries and keeps it over bars and book releases', () => {
    const calendar = {
      from_us: at(0),
      to_us: at(1_380),
      releases: [{ at_us: at(61), name: 'CPI', tier: 1 }],
    };
    const { parts } = applyAll([
      releaseEntry(),
      auxEntry({ economic: calendar }),
      releaseEntry(),
      barEntry(barOf()),
    ]);
    const part = present(parts[3], 'a part');
    // The bar closes at minute 1; the release comes an hour later.
    expect(featureAt(part, AT.M4)).toEqual({ value: Math.exp(-2) });
    expect(part.releases).toMatchObject({ next_us: at(61), next_name: 'CPI', last_us: null });
  });

  it('says of a bar beyond the trading calendar that there is none', () => {
    const { state } = afterBars([barOf()]);
    const late = barEntry(barOf({ open_us: Date.UTC(2031, 0, 7, 15) * 1_000 }));
    expect(applyEntry(state, late).part).toMatchObject({ reason: ReasonCode.NO_CALENDAR, vector: null });
  });
});
