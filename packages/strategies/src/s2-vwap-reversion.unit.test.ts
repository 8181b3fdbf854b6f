import { describe, expect, it } from '@jest/globals';
import {
  OrderType,
  ReasonCode,
  RegimeState,
  STRATEGY_DEFAULTS,
  Side,
  Strategy,
  type Bar,
  type Indicators,
  type MarketClock,
} from '@bellwether/contracts';
import { aBar, aMarketClock, atMinute, deepFreeze, theIndicators } from '@bellwether/testkit';
import { NO_READINGS } from './stream-rules.js';
import { evaluateS2, type Evaluation, type StrategyContext } from './index.js';

interface Scene {
  readonly bar?: Partial<Bar>;
  readonly clock?: Partial<MarketClock>;
  readonly indicators?: Partial<Indicators>;
  readonly regime?: RegimeState;
  readonly round_trip_cost_cents?: number;
}

/** 10:01: the bar before was two deviations below a flat VWAP at 6602, this one closes up at 6597.00. */
function given(scene: Scene = {}): StrategyContext {
  return deepFreeze({
    symbol: 'ES',
    event_us: atMinute(1_021),
    bar: aBar({ open_us: atMinute(1_020), open_ticks: 26_385, close_ticks: 26_388, ...scene.bar }),
    clock: aMarketClock({ session_minute: 1_021, ...scene.clock }),
    indicators: theIndicators({
      vwap_ticks: 26_408.6,
      vwap_z_prev: -2.1,
      vwap_slope15_ticks: 1,
      atr14_ticks: 8,
      atr14_m5_ticks: 20,
      er30: 0.3,
      low3_ticks: 26_380,
      high3_ticks: 26_400,
      ...scene.indicators,
    }),
    regime: scene.regime ?? RegimeState.CALM_CHOP,
    tick_value_cents: 1_250,
    round_trip_cost_cents: scene.round_trip_cost_cents ?? 2_780,
    parameters: STRATEGY_DEFAULTS,
    releases: null,
    zones: null,
    streams: NO_READINGS,
  });
}

/** The same scene seen in a mirror at 26,388. */
function mirrored(scene: Scene = {}): StrategyContext {
  const long = given(scene);
  const { bar, indicators } = long;
  const flip = (ticks: number): number => 2 * 26_388 - ticks;
  const { vwap_ticks, vwap_z_prev, vwap_slope15_ticks, high3_ticks, low3_ticks } = indicators;
  return {
    ...long,
    bar: { ...bar, open_ticks: flip(bar.open_ticks), close_ticks: flip(bar.close_ticks) },
    indicators: {
      ...indicators,
      vwap_ticks: vwap_ticks === null ? null : flip(vwap_ticks),
      vwap_z_prev: vwap_z_prev === null ? null : -vwap_z_prev,
      vwap_slope15_ticks: vwap_slope15_ticks === null ? null : -vwap_slope15_ticks,
      high3_ticks: low3_ticks === null ? null : flip(low3_ticks),
      low3_ticks: high3_ticks === null ? null : flip(high3_ticks),
    },
  };
}

const setupOf = (evaluation: Evaluation) => ('setup' in evaluation ? evaluation.setup : null);
const reasonOf = (evaluation: Evaluation) => ('reason' in evaluation ? evaluation.reason : null);

describe('S2 fires', () => {
  it('long below VWAP, with stop, target and times', () => {
    // Stop: 2 ticks below the low of three bars is 10 away, times 0.9. Target: 1 tick short of VWAP is 19 away, times 0.8.
    expect(evaluateS2(given())).toEqual({
      setup: {
        strategy: Strategy.S2,
        symbol: 'ES',
        side: Side.LONG,
        order_type: OrderType.MARKET,
        entry_ticks: 26_388,
        stop_ticks: 26_388 - 9,
        target_ticks: 26_388 + 15,
        tp1_r: 1,
        expires_us: atMinute(1_023),
        time_stop_us: 1_800_000_000,
        size_factor: 1,
      },
    });
  });

  it('short above VWAP, as in a mirror', () => {
    const short = setupOf(evaluateS2(mirrored()));
    expect(short).toMatchObject({
      side: Side.SHORT,
      entry_ticks: 26_388,
      stop_ticks: 26_388 + 9,
      target_ticks: 26_388 - 15,
    });
  });

  it('in Calm-Trend with the distances as they are', () => {
    const setup = setupOf(evaluateS2(given({ regime: RegimeState.CALM_TREND })));
    expect(setup).toMatchObject({ stop_ticks: 26_378, target_ticks: 26_407, size_factor: 1 });
  });

  it('in HighVol-Chop at half size with a wider stop and a nearer target', () => {
    const scene = { regime: RegimeState.HIGHVOL_CHOP, indicators: { vwap_z_prev: -2.5 } };
    const setup = setupOf(evaluateS2(given(scene)));
    // 10 x 1.2 and 19 x 0.9, the target rounded toward the price.
    expect(setup).toMatchObject({ stop_ticks: 26_376, target_ticks: 26_405, size_factor: 0.5 });
  });

  it('rounds a fractional stop away from the price', () => {
    // 9 x 0.9 = 8.1
    const setup = setupOf(evaluateS2(given({ indicators: { low3_ticks: 26_381 } })));
    expect(setup?.stop_ticks).toBe(26_379);
  });

  it.each([960, 1_290])('at minute %d, the edge of its window', (session_minute) => {
    expect(setupOf(evaluateS2(given({ clock: { session_minute } })))).not.toBeNull();
  });

  it.each([
    ['the deviation', { vwap_z_prev: -1.8 }],
    ['the efficiency ratio', { er30: 0.4 }],
    ['the slope of VWAP', { vwap_slope15_ticks: -5.6, atr14_ticks: 8 }],
  ])('exactly at the bound of %s', (_name, indicators) => {
    expect(setupOf(evaluateS2(given({ indicators })))).not.toBeNull();
  });
});

const REFUSALS: readonly (readonly [string, ReasonCode, Scene])[] = [
  ['before 09:00', ReasonCode.OUTSIDE_WINDOW, { clock: { session_minute: 959 } }],
  ['after 14:30', ReasonCode.OUTSIDE_WINDOW, { clock: { session_minute: 1_291 } }],
  ['outside the session', ReasonCode.OUTSIDE_WINDOW, { clock: { in_session: false } }],
  [
    'an hour before an early close',
    ReasonCode.OUTSIDE_WINDOW,
    { clock: { session_minute: 1_080, close_minute: 1_140, full_day: false } },
  ],
  ['in HighVol-Trend', ReasonCode.STRATEGY_OFF_IN_REGIME, { regime: RegimeState.HIGHVOL_TREND }],
  ['in an unknown regime', ReasonCode.STRATEGY_OFF_IN_REGIME, { regime: RegimeState.UNKNOWN }],
  ['when not stretched', ReasonCode.NOT_STRETCHED, { indicators: { vwap_z_prev: -1.79 } }],
  [
    'when stretched less than Calm-Trend needs',
    ReasonCode.NOT_STRETCHED,
    { regime: RegimeState.CALM_TREND, indicators: { vwap_z_prev: -1.99 } },
  ],
  [
    'when stretched less than HighVol-Chop needs',
    ReasonCode.NOT_STRETCHED,
    { regime: RegimeState.HIGHVOL_CHOP, indicators: { vwap_z_prev: -2.49 } },
  ],
  ['when the bar goes on away', ReasonCode.NO_REVERSAL_BAR, { bar: { open_ticks: 26_390 } }],
  ['when the bar goes nowhere', ReasonCode.NO_REVERSAL_BAR, { bar: { open_ticks: 26_388 } }],
  ['when the market trends', ReasonCode.TOO_TRENDING, { indicators: { er30: 0.41 } }],
  ['when VWAP slopes', ReasonCode.VWAP_SLOPING, { indicators: { vwap_slope15_ticks: -5.7 } }],
  [
    'against the slope in Calm-Trend',
    ReasonCode.AGAINST_SLOPE,
    { regime: RegimeState.CALM_TREND, indicators: { vwap_slope15_ticks: -1 } },
  ],
  [
    'without a slope in Calm-Trend',
    ReasonCode.AGAINST_SLOPE,
    { regime: RegimeState.CALM_TREND, indicators: { vwap_slope15_ticks: 0 } },
  ],
  [
    'with a stop below 4 ticks',
    ReasonCode.STOP_TOO_NEAR,
    { bar: { open_ticks: 26_379 }, indicators: { low3_ticks: 26_387 } },
  ],
  [
    'with a stop beyond 1.5 ATR of 5 minutes',
    ReasonCode.STOP_TOO_FAR,
    { indicators: { atr14_m5_ticks: 5.9 } },
  ],
  // 3 x 2,780 cents are 6.7 ticks: 7 ticks are far enough, 6 are not.
  ['with a target of 6 ticks', ReasonCode.TARGET_TOO_NEAR, { indicators: { vwap_ticks: 26_397.7 } }],
  ['with VWAP already behind', ReasonCode.TARGET_TOO_NEAR, { indicators: { vwap_ticks: 26_380 } }],
  ['with dear costs', ReasonCode.TARGET_TOO_NEAR, { round_trip_cost_cents: 6_251 }],
];

describe('S2 does not fire', () => {
  it.each(REFUSALS)('%s', (_name, reason, scene) => {
    expect(reasonOf(evaluateS2(given(scene)))).toBe(reason);
    expect(reasonOf(evaluateS2(mirrored(scene)))).toBe(reason);
  });

  it.each([
    'vwap_ticks',
    'vwap_z_prev',
    'vwap_slope15_ticks',
    'atr14_ticks',
    'atr14_m5_ticks',
    'er30',
    'high3_ticks',
    'low3_ticks',
  ] as const)('without %s', (name) => {
    expect(reasonOf(evaluateS2(given({ indicators: { [name]: null } })))).toBe(ReasonCode.INDICATOR_MISSING);
  });

  it('for a target of 6 ticks, but does for 7', () => {
    expect(setupOf(evaluateS2(given({ indicators: { vwap_ticks: 26_398 } })))?.target_ticks).toBe(26_395);
  });

  it('an hour before an early close, but does a minute earlier', () => {
    const clock = { session_minute: 1_079, close_minute: 1_140, full_day: false };
    expect(setupOf(evaluateS2(given({ clock })))).not.toBeNull();
  });
});
