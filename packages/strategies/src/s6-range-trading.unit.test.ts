import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS6 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 10:01: an hour between 26,380 and 26,420, two ATR of 5 minutes wide, with touches on both sides; now in the lower half. */
const box60 = { high_ticks: 26_420, low_ticks: 26_380, touches_high: 3, touches_low: 2 };
const m5 = {
  bar: { open_ticks: 26_400, high_ticks: 26_402, low_ticks: 26_392, close_ticks: 26_394 },
  close_us: atMinute(1_020),
  ema9_ticks: null,
  ema21_ticks: null,
  ema21_slope6_ticks: null,
  adx14: null,
};
const scene: Scene = {
  bar: { close_ticks: 26_392 },
  cash: { box60, m5 },
  context: { regime: RegimeState.CALM_CHOP },
};

tellStory({
  name: 'S6',
  evaluate: evaluateS6,
  scene,
  setup: {
    strategy: Strategy.S6,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.LIMIT,
    // 5 % of 40 inside; 0.9 of 2 + 12 away; 0.8 of 32 as target; the middle is 18 away, farther than 1 R.
    entry_ticks: 26_382,
    stop_ticks: 26_369,
    target_ticks: 26_407,
    tp1_r: 1,
    expires_us: atMinute(1_025),
    time_stop_us: null,
    size_factor: 1,
  },
  fires: [
    [
      'in HighVol-Chop',
      { context: { regime: RegimeState.HIGHVOL_CHOP } },
      // 14 x 1.2 = 16.8 and 32 x 0.9 = 28.8
      { stop_ticks: 26_365, target_ticks: 26_410, size_factor: 0.5 },
    ],
    ['in a box of one ATR', { indicators: { atr14_m5_ticks: 40 } }, {}],
    ['in a box of three ATR', { indicators: { atr14_m5_ticks: 40 / 3 } }, {}],
    ['at an efficiency of 0.2', { cash: { er60: 0.2 } }, {}],
    ['at 09:30', { clock: { session_minute: 990 } }, {}],
    ['at 14:30', { clock: { session_minute: 1_290 } }, {}],
  ],
  refusals: [
    ['with one touch of a side', ReasonCode.BOX_UNTESTED, { cash: { box60: { ...box60, touches_low: 1 } } }],
    ['in a narrow box', ReasonCode.RANGE_TOO_NARROW, { indicators: { atr14_m5_ticks: 41 } }],
    [
      'in HighVol-Chop in a box below 1.5 ATR',
      ReasonCode.RANGE_TOO_NARROW,
      { indicators: { atr14_m5_ticks: 27 }, context: { regime: RegimeState.HIGHVOL_CHOP } },
    ],
    ['in a wide box', ReasonCode.RANGE_TOO_WIDE, { indicators: { atr14_m5_ticks: 13 } }],
    ['in a trend', ReasonCode.TOO_TRENDING, { cash: { er60: 0.21 } }],
    ['outside of the box', ReasonCode.OUTSIDE_BOX, { bar: { close_ticks: 26_379 } }],
    [
      'after a 5-minute close outside of it',
      ReasonCode.OUTSIDE_BOX,
      { cash: { m5: { ...m5, bar: { ...m5.bar, close_ticks: 26_379 } } } },
    ],
    ['in the middle', ReasonCode.NO_DIRECTION, { bar: { close_ticks: 26_400 } }],
    ['with the price at the limit', ReasonCode.ENTRY_PASSED, { bar: { close_ticks: 26_382 } }],
    ['with dear costs', ReasonCode.TARGET_TOO_NEAR, { context: { round_trip_cost_cents: 12_000 } }],
    [
      'with a stop below 4 ticks',
      ReasonCode.STOP_TOO_NEAR,
      {
        bar: { close_ticks: 26_394 },
        indicators: { atr14_m5_ticks: 8 },
        cash: { box60: { ...box60, high_ticks: 26_404, low_ticks: 26_393 }, m5 },
      },
    ],
  ],
  offIn: [RegimeState.CALM_TREND, RegimeState.HIGHVOL_TREND],
  window: [990, 1_290],
  inputs: ['atr14_m5_ticks', 'cash'],
  cashInputs: ['box60', 'er60', 'm5'],
});
