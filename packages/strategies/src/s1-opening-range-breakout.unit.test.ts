import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS1 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 09:01: the first quarter of an hour went from 26,390 to 26,405 in a range of 40 ticks, a fifth of the usual day. */
const opening = { open_ticks: 26_390, high_ticks: 26_410, low_ticks: 26_370, close_ticks: 26_405 };
const scene: Scene = { minute: 961, bar: { close_ticks: 26_406 }, cash: { opening } };

tellStory({
  name: 'S1',
  evaluate: evaluateS1,
  scene,
  setup: {
    strategy: Strategy.S1,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.STOP,
    entry_ticks: 26_411,
    stop_ticks: 26_390,
    target_ticks: null,
    tp1_r: 1,
    expires_us: atMinute(966),
    time_stop_us: null,
    size_factor: 1,
  },
  fires: [
    [
      'in HighVol-Trend with a wider stop and a smaller size',
      { context: { regime: RegimeState.HIGHVOL_TREND } },
      // 21 x 1.25 = 26.25
      { stop_ticks: 26_411 - 27, size_factor: 0.7 },
    ],
    ['in HighVol-Chop', { context: { regime: RegimeState.HIGHVOL_CHOP } }, { stop_ticks: 26_411 - 26 }],
    ['with a body of a fifth', { cash: { opening: { ...opening, close_ticks: 26_398 } } }, {}],
    ['with a range of a tenth of the usual', { cash: { adr_ticks: 400 } }, {}],
    ['with a range of 0.45 of the usual', { cash: { adr_ticks: 40 / 0.45 } }, {}],
    ['with the usual volume', { cash: { volume_so_far_log2: 0 } }, {}],
    ['a tick before the trigger', { bar: { close_ticks: 26_410 } }, {}],
    ['at the first minute', { clock: { session_minute: 945 } }, {}],
    ['at the last minute', { clock: { session_minute: 1_050 } }, {}],
  ],
  refusals: [
    ['in a narrow range', ReasonCode.RANGE_TOO_NARROW, { cash: { adr_ticks: 401 } }],
    ['in a wide range', ReasonCode.RANGE_TOO_WIDE, { cash: { adr_ticks: 88 } }],
    [
      'with a small body',
      ReasonCode.NO_DIRECTION,
      { cash: { opening: { ...opening, close_ticks: 26_397 } } },
    ],
    ['without a body', ReasonCode.NO_DIRECTION, { cash: { opening: { ...opening, close_ticks: 26_390 } } }],
    ['on thin volume', ReasonCode.VOLUME_TOO_LOW, { cash: { volume_so_far_log2: -0.01 } }],
    ['with the price at the trigger', ReasonCode.BREAKOUT_PASSED, { bar: { close_ticks: 26_411 } }],
    ['with a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, { indicators: { atr14_m5_ticks: 13.9 } }],
    [
      'with a stop below 4 ticks',
      ReasonCode.STOP_TOO_NEAR,
      {
        bar: { close_ticks: 26_391 },
        cash: {
          adr_ticks: 10,
          opening: { open_ticks: 26_390, high_ticks: 26_392, low_ticks: 26_388, close_ticks: 26_392 },
        },
      },
    ],
  ],
  offIn: [RegimeState.CALM_CHOP],
  window: [945, 1_050],
  inputs: ['atr14_m5_ticks', 'cash'],
  cashInputs: ['opening', 'adr_ticks', 'volume_so_far_log2'],
});
