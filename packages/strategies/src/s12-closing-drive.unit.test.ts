import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS12 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 14:30: 100 ticks above the last close, half of the usual range, and up in the last half hour. */
const scene: Scene = { minute: 1_290, bar: { close_ticks: 26_500 }, cash: { move30_ticks: 12 } };

tellStory({
  name: 'S12',
  evaluate: evaluateS12,
  scene,
  setup: {
    strategy: Strategy.S12,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: 26_500,
    // 0.8 x 20
    stop_ticks: 26_484,
    target_ticks: null,
    tp1_r: null,
    expires_us: atMinute(1_292),
    time_stop_us: 28 * 60_000_000,
    size_factor: 1,
  },
  fires: [
    ['in Calm-Chop', { context: { regime: RegimeState.CALM_CHOP } }, { stop_ticks: 26_485 }],
    [
      'in HighVol-Trend after half that move',
      { bar: { close_ticks: 26_452 }, context: { regime: RegimeState.HIGHVOL_TREND } },
      { stop_ticks: 26_432, size_factor: 0.7 },
    ],
    [
      'in HighVol-Chop after half that move',
      { bar: { close_ticks: 26_452 }, context: { regime: RegimeState.HIGHVOL_CHOP } },
      { stop_ticks: 26_432, size_factor: 0.5 },
    ],
  ],
  refusals: [
    ['in Calm-Trend after half that move', ReasonCode.MOVE_TOO_SMALL, { bar: { close_ticks: 26_452 } }],
    [
      'in HighVol-Trend after a smaller one',
      ReasonCode.MOVE_TOO_SMALL,
      { bar: { close_ticks: 26_448 }, context: { regime: RegimeState.HIGHVOL_TREND } },
    ],
    ['against the last half hour', ReasonCode.AGAINST_TREND, { cash: { move30_ticks: -1 } }],
    ['after a half hour without a move', ReasonCode.AGAINST_TREND, { cash: { move30_ticks: 0 } }],
    ['with a stop below 4 ticks', ReasonCode.STOP_TOO_NEAR, { indicators: { atr14_m5_ticks: 3.7 } }],
  ],
  offIn: [],
  window: [1_290, 1_290],
  inputs: ['atr14_m5_ticks', 'cash'],
  cashInputs: ['prior_close_ticks', 'adr_ticks', 'move30_ticks'],
});
