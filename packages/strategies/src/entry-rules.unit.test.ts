import { describe, expect, it } from '@jest/globals';
import {
  REGIME_FACTORS,
  ReasonCode,
  RegimeState,
  STRATEGY_DEFAULTS,
  Side,
  Strategy,
} from '@bellwether/contracts';
import { aBar, aMarketClock, aSqueeze, atMinute, theIndicators } from '@bellwether/testkit';
import { NO_READINGS } from './stream-rules.js';
import { STRATEGIES, callerSetup, inRegime, type StrategyContext } from './index.js';
import { scaledStopTicks, scaledTargetTicks, stopRefusal, targetRefusal } from './entry-rules.js';

const CONTEXT: StrategyContext = {
  symbol: 'ES',
  event_us: atMinute(991),
  bar: aBar(),
  clock: aMarketClock(),
  indicators: theIndicators({ atr14_m5_ticks: 20, squeeze: aSqueeze() }),
  regime: RegimeState.HIGHVOL_CHOP,
  tick_value_cents: 1_250,
  round_trip_cost_cents: 2_780,
  parameters: STRATEGY_DEFAULTS,
  releases: null,
  zones: null,
  streams: NO_READINGS,
};

const BOUNDS = STRATEGY_DEFAULTS.S2.calm_trend;

describe('entry rules', () => {
  it.each([
    [3, 20, ReasonCode.STOP_TOO_NEAR],
    [4, 20, null],
    [30, 20, null],
    [31, 20, ReasonCode.STOP_TOO_FAR],
  ])('judge a stop of %d ticks at an ATR of %d', (distance, atr, reason) => {
    expect(stopRefusal(distance, atr, BOUNDS)).toBe(reason);
  });

  it('refuse a target at the price or behind it even when trading is free', () => {
    const free = { tick_value_cents: 1_250, round_trip_cost_cents: 0 };
    expect(targetRefusal(0, free, BOUNDS)).toBe(ReasonCode.TARGET_TOO_NEAR);
    expect(targetRefusal(-5, free, BOUNDS)).toBe(ReasonCode.TARGET_TOO_NEAR);
    expect(targetRefusal(1, free, BOUNDS)).toBeNull();
  });

  it('take a target of exactly three round trips', () => {
    const costs = { tick_value_cents: 1_250, round_trip_cost_cents: 2_500 };
    expect(targetRefusal(6, costs, BOUNDS)).toBeNull();
    expect(targetRefusal(5, costs, BOUNDS)).toBe(ReasonCode.TARGET_TOO_NEAR);
  });

  it('take whole products for whole, whatever the factor does in binary', () => {
    for (let ticks = 1; ticks <= 400; ticks++) {
      for (const percent of [70, 80, 90, 100, 120, 125, 150]) {
        const exact = (ticks * percent) / 100;
        expect(scaledStopTicks(ticks, percent / 100)).toBe(Math.ceil(exact));
        expect(scaledTargetTicks(ticks, percent / 100)).toBe(Math.floor(exact));
      }
    }
  });
});

describe('the registry', () => {
  it('lists the twelve in order', () => {
    expect(STRATEGIES.map(({ strategy }) => strategy)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('has a reason from each of them in a quiet market', () => {
    const answers = STRATEGIES.map(({ evaluate }) => evaluate(CONTEXT));
    expect(answers.every((answer) => 'reason' in answer)).toBe(true);
  });

  it('refuses without a calendar of releases where the book wants one', () => {
    const S2 = {
      ...STRATEGY_DEFAULTS.S2,
      highvol_chop: { ...STRATEGY_DEFAULTS.S2.highvol_chop, event_calendar_needed: true },
    };
    const context = { ...CONTEXT, parameters: { ...STRATEGY_DEFAULTS, S2 } };
    expect(STRATEGIES[1]?.evaluate(context)).toEqual({ reason: ReasonCode.NO_CALENDAR });
  });

  it('asks S2 and S3 with their defaults', () => {
    const answer = (strategy: Strategy) =>
      STRATEGIES.find((rule) => rule.strategy === strategy)?.evaluate(CONTEXT);
    expect(answer(Strategy.S2)).toEqual({ reason: ReasonCode.NOT_STRETCHED });
    expect(answer(Strategy.S3)).toEqual({ reason: ReasonCode.STRATEGY_OFF_IN_REGIME });
  });
});

describe('regime modifiers', () => {
  it('are those of domain.md 6.2, and none while the regime is unknown', () => {
    expect(inRegime(REGIME_FACTORS, RegimeState.HIGHVOL_TREND)).toEqual({
      stop_factor: 1.25,
      target_factor: 1.5,
      size_factor: 0.7,
    });
    expect(inRegime(REGIME_FACTORS, RegimeState.UNKNOWN)).toBeNull();
    expect(inRegime(REGIME_FACTORS, RegimeState.UNSPECIFIED)).toBeNull();
  });
});

describe("a caller's own trade", () => {
  const plan = { strategy: Strategy.S6, side: Side.SHORT, stop_distance_ticks: 12 };

  it('goes to the market with the stop of the caller and the size of the regime', () => {
    expect(callerSetup(CONTEXT, plan)).toMatchObject({
      setup: {
        strategy: Strategy.S6,
        side: Side.SHORT,
        entry_ticks: 26_402,
        stop_ticks: 26_414,
        target_ticks: null,
        tp1_r: null,
        expires_us: atMinute(993),
        time_stop_us: 1_800_000_000,
        size_factor: 0.5,
      },
    });
    expect(callerSetup(CONTEXT, { ...plan, side: Side.LONG })).toMatchObject({
      setup: { stop_ticks: 26_390 },
    });
  });

  it.each([
    ['a stop below 4 ticks', ReasonCode.STOP_TOO_NEAR, CONTEXT, 3],
    ['a negative stop', ReasonCode.STOP_TOO_NEAR, CONTEXT, -12],
    ['a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, CONTEXT, 31],
    [
      'an unknown ATR',
      ReasonCode.INDICATOR_MISSING,
      { ...CONTEXT, indicators: theIndicators({ atr14_m5_ticks: null }) },
      12,
    ],
    ['an unknown regime', ReasonCode.STRATEGY_OFF_IN_REGIME, { ...CONTEXT, regime: RegimeState.UNKNOWN }, 12],
  ])('is refused with %s', (_name, reason, context, stop_distance_ticks) => {
    expect(callerSetup(context, { ...plan, stop_distance_ticks })).toEqual({ reason });
  });
});
