import { describe, expect, it } from '@jest/globals';
import {
  OrderType,
  ReasonCode,
  RegimeState,
  STRATEGY_DEFAULTS,
  Side,
  Strategy,
  type Indicators,
  type MarketClock,
  type Squeeze,
} from '@bellwether/contracts';
import { aBar, aMarketClock, aSqueeze, atMinute, deepFreeze, theIndicators } from '@bellwether/testkit';
import { NO_READINGS } from './stream-rules.js';
import { evaluateS3, type Evaluation, type StrategyContext } from './index.js';

interface Scene {
  readonly clock?: Partial<MarketClock>;
  readonly indicators?: Partial<Indicators>;
  readonly squeeze?: Partial<Squeeze>;
  readonly regime?: RegimeState;
}

/** 10:00: a squeeze of 9 five-minute bars between 26,396 and 26,408 has ended with upward momentum. */
function given(scene: Scene = {}): StrategyContext {
  return deepFreeze({
    symbol: 'ES',
    event_us: atMinute(1_020),
    bar: aBar({ open_us: atMinute(1_019) }),
    clock: aMarketClock({ session_minute: 1_020, ...scene.clock }),
    indicators: theIndicators({
      atr14_m5_ticks: 20,
      volume_rel_log2: 0.5,
      squeeze: aSqueeze(scene.squeeze),
      ...scene.indicators,
    }),
    regime: scene.regime ?? RegimeState.CALM_TREND,
    tick_value_cents: 1_250,
    round_trip_cost_cents: 2_780,
    parameters: STRATEGY_DEFAULTS,
    releases: null,
    zones: null,
    streams: NO_READINGS,
  });
}

const setupOf = (evaluation: Evaluation) => ('setup' in evaluation ? evaluation.setup : null);
const reasonOf = (evaluation: Evaluation) => ('reason' in evaluation ? evaluation.reason : null);

describe('S3 fires', () => {
  it('long above the box, with its stop at the other edge', () => {
    expect(evaluateS3(given())).toEqual({
      setup: {
        strategy: Strategy.S3,
        symbol: 'ES',
        side: Side.LONG,
        order_type: OrderType.STOP,
        entry_ticks: 26_409,
        stop_ticks: 26_396,
        target_ticks: null,
        tp1_r: 1,
        expires_us: atMinute(1_035),
        time_stop_us: null,
        size_factor: 1,
      },
    });
  });

  it('short below the box, as in a mirror', () => {
    const setup = setupOf(evaluateS3(given({ squeeze: { momentum_ticks: -0.1 } })));
    expect(setup).toMatchObject({ side: Side.SHORT, entry_ticks: 26_395, stop_ticks: 26_408 });
  });

  it('in HighVol-Trend from 5 bars on, with a wider stop and a smaller size', () => {
    const setup = setupOf(evaluateS3(given({ regime: RegimeState.HIGHVOL_TREND, squeeze: { bars: 5 } })));
    // 13 x 1.25 = 16.25, rounded up.
    expect(setup).toMatchObject({ entry_ticks: 26_409, stop_ticks: 26_392, size_factor: 0.7 });
  });

  it.each([RegimeState.CALM_TREND, RegimeState.HIGHVOL_TREND])(
    'with the stop capped at one ATR of 5 minutes in regime %d',
    (regime) => {
      const setup = setupOf(evaluateS3(given({ regime, indicators: { atr14_m5_ticks: 10.9 } })));
      expect(setup?.stop_ticks).toBe(26_399);
    },
  );

  it('still in the minute after the bar, with the expiry of the bar', () => {
    const context = { ...given(), event_us: atMinute(1_020) + 30_000_000 };
    expect(setupOf(evaluateS3(context))?.expires_us).toBe(atMinute(1_035));
  });

  it('as long as its order would be valid', () => {
    const last = { ...given(), event_us: atMinute(1_035) - 1 };
    expect(setupOf(evaluateS3(last))?.expires_us).toBe(atMinute(1_035));
    expect(reasonOf(evaluateS3({ ...last, event_us: atMinute(1_035) }))).toBe(ReasonCode.NO_SQUEEZE);
  });

  it('a tick before the trigger', () => {
    expect(setupOf(evaluateS3(given({ squeeze: { box_high_ticks: 26_402 } })))?.entry_ticks).toBe(26_403);
  });

  it.each([945, 1_290])('at minute %d, the edge of its window', (session_minute) => {
    expect(setupOf(evaluateS3(given({ clock: { session_minute } })))).not.toBeNull();
  });

  it('exactly at the bounds', () => {
    const bounds = { indicators: { volume_rel_log2: Math.log2(1.2) }, squeeze: { bars: 8 } };
    expect(setupOf(evaluateS3(given(bounds)))).not.toBeNull();
  });
});

const REFUSALS: readonly (readonly [string, ReasonCode, Scene])[] = [
  ['before 08:45', ReasonCode.OUTSIDE_WINDOW, { clock: { session_minute: 944 } }],
  ['after 14:30', ReasonCode.OUTSIDE_WINDOW, { clock: { session_minute: 1_291 } }],
  ['outside the session', ReasonCode.OUTSIDE_WINDOW, { clock: { in_session: false } }],
  [
    'an hour before an early close',
    ReasonCode.OUTSIDE_WINDOW,
    { clock: { session_minute: 1_095, close_minute: 1_155, full_day: false } },
  ],
  ['in Calm-Chop', ReasonCode.STRATEGY_OFF_IN_REGIME, { regime: RegimeState.CALM_CHOP }],
  ['in HighVol-Chop', ReasonCode.STRATEGY_OFF_IN_REGIME, { regime: RegimeState.HIGHVOL_CHOP }],
  ['in an unknown regime', ReasonCode.STRATEGY_OFF_IN_REGIME, { regime: RegimeState.UNKNOWN }],
  ['between 5-minute bars', ReasonCode.NO_SQUEEZE, { indicators: { squeeze: null } }],
  ['while the squeeze is on', ReasonCode.NO_SQUEEZE, { squeeze: { on: true, fired: false } }],
  ['without a squeeze', ReasonCode.NO_SQUEEZE, { squeeze: { fired: false, bars: 0 } }],
  ['after 7 bars in Calm-Trend', ReasonCode.SQUEEZE_TOO_SHORT, { squeeze: { bars: 7 } }],
  [
    'after 4 bars in HighVol-Trend',
    ReasonCode.SQUEEZE_TOO_SHORT,
    { regime: RegimeState.HIGHVOL_TREND, squeeze: { bars: 4 } },
  ],
  ['with no known momentum', ReasonCode.INDICATOR_MISSING, { squeeze: { momentum_ticks: null } }],
  ['without momentum', ReasonCode.NO_MOMENTUM, { squeeze: { momentum_ticks: 0 } }],
  ['without volume', ReasonCode.INDICATOR_MISSING, { indicators: { volume_rel_log2: null } }],
  ['without an ATR', ReasonCode.INDICATOR_MISSING, { indicators: { atr14_m5_ticks: null } }],
  ['on thin volume', ReasonCode.VOLUME_TOO_LOW, { indicators: { volume_rel_log2: 0.26 } }],
  ['three 5-minute bars after it ended', ReasonCode.NO_SQUEEZE, { squeeze: { fired_us: atMinute(1_005) } }],
  ['with the price at the trigger', ReasonCode.BREAKOUT_PASSED, { squeeze: { box_high_ticks: 26_401 } }],
  [
    'short with the price at the trigger',
    ReasonCode.BREAKOUT_PASSED,
    { squeeze: { momentum_ticks: -1, box_high_ticks: 26_420, box_low_ticks: 26_403 } },
  ],
  ['without the time it ended', ReasonCode.NO_SQUEEZE, { squeeze: { fired_us: null } }],
  ['with a box of 2 ticks', ReasonCode.STOP_TOO_NEAR, { squeeze: { box_low_ticks: 26_406 } }],
  ['with an ATR below 4 ticks', ReasonCode.STOP_TOO_NEAR, { indicators: { atr14_m5_ticks: 3.9 } }],
];

describe('S3 does not fire', () => {
  it.each(REFUSALS)('%s', (_name, reason, scene) => {
    expect(reasonOf(evaluateS3(given(scene)))).toBe(reason);
  });
});
