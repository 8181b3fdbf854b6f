import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS7 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 10:01: the first hour was 40 ticks wide, half of what is usual, and the price is in its upper half. */
const balance = { open_ticks: 26_400, high_ticks: 26_420, low_ticks: 26_380, close_ticks: 26_410 };
const scene: Scene = { bar: { close_ticks: 26_412 }, cash: { balance } };

tellStory({
  name: 'S7',
  evaluate: evaluateS7,
  scene,
  setup: {
    strategy: Strategy.S7,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.STOP,
    entry_ticks: 26_422,
    stop_ticks: 26_400,
    target_ticks: 26_462,
    // Half of the width is 20, and the stop 22 away.
    tp1_r: 20 / 22,
    expires_us: atMinute(1_026),
    // 14:45 less 10:06
    time_stop_us: 279 * 60_000_000,
    size_factor: 1,
  },
  fires: [
    [
      'in HighVol-Trend for half as far again',
      { context: { regime: RegimeState.HIGHVOL_TREND } },
      { stop_ticks: 26_422 - 28, target_ticks: 26_482, tp1_r: 20 / 28 },
    ],
    ['in HighVol-Chop', { context: { regime: RegimeState.HIGHVOL_CHOP } }, { target_ticks: 26_458 }],
    ['as wide as usual', { cash: { balance_width_median_ticks: 40 } }, {}],
    ['at 09:30', { clock: { session_minute: 990 } }, {}],
    ['at 13:30', { clock: { session_minute: 1_230 } }, {}],
  ],
  refusals: [
    ['wider than usual', ReasonCode.RANGE_TOO_WIDE, { cash: { balance_width_median_ticks: 39.5 } }],
    ['in the middle', ReasonCode.NO_DIRECTION, { bar: { close_ticks: 26_400 } }],
    ['with the price at the trigger', ReasonCode.BREAKOUT_PASSED, { bar: { close_ticks: 26_422 } }],
    ['with a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, { indicators: { atr14_m5_ticks: 14.6 } }],
    [
      'with a stop below 4 ticks',
      ReasonCode.STOP_TOO_NEAR,
      {
        bar: { close_ticks: 26_401 },
        cash: { balance: { ...balance, high_ticks: 26_401, low_ticks: 26_399 } },
      },
    ],
    ['with dear costs', ReasonCode.TARGET_TOO_NEAR, { context: { round_trip_cost_cents: 17_000 } }],
  ],
  offIn: [RegimeState.CALM_CHOP],
  window: [990, 1_230],
  inputs: ['atr14_m5_ticks', 'cash'],
  cashInputs: ['balance', 'balance_width_median_ticks'],
});
