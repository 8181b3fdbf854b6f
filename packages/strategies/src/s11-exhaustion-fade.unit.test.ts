import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS11 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 10:01: down 30 ticks in five bars, five times the usual, on four times the volume; the last bar has a long lower wick. */
const bar = { open_ticks: 26_374, high_ticks: 26_375, low_ticks: 26_366, close_ticks: 26_372 };
const return5 = Math.log(26_372 / 26_402);
const cash = {
  return5,
  usual_return: Math.abs(return5) / (3.5 * Math.sqrt(5)),
  high5_ticks: 26_403,
  low5_ticks: 26_366,
};
const scene: Scene = {
  bar,
  indicators: { volume_rel_log2: 2 },
  cash,
  context: { regime: RegimeState.HIGHVOL_CHOP },
};

tellStory({
  name: 'S11',
  evaluate: evaluateS11,
  scene,
  setup: {
    strategy: Strategy.S11,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: 26_372,
    // 6 and 2 of margin times 1.2; half of 30 times 0.9.
    stop_ticks: 26_362,
    target_ticks: 26_385,
    tp1_r: null,
    expires_us: atMinute(1_023),
    time_stop_us: 360_000_000,
    size_factor: 0.5,
  },
  fires: [
    [
      'in Calm-Chop from 3 on',
      {
        context: { regime: RegimeState.CALM_CHOP },
        cash: { ...cash, usual_return: Math.abs(return5) / (3.001 * Math.sqrt(5)) },
      },
      { stop_ticks: 26_364, target_ticks: 26_384, size_factor: 1 },
    ],
    ['with the stop cut at 10 ticks', { cash: { ...cash, low5_ticks: 26_364 } }, { stop_ticks: 26_362 }],
    [
      'with the stop cut at 30 ticks in NQ',
      { context: { symbol: 'NQ', regime: RegimeState.HIGHVOL_CHOP }, cash: { ...cash, low5_ticks: 26_364 } },
      // 10 x 1.2
      { stop_ticks: 26_360 },
    ],
    ['on twice the volume', { indicators: { volume_rel_log2: 1 } }, {}],
    ['with a close in the upper third', { bar: { ...bar, open_ticks: 26_367, high_ticks: 26_373 } }, {}],
    ['at 08:45', { clock: { session_minute: 945 } }, {}],
    ['at 14:40', { clock: { session_minute: 1_300 } }, {}],
  ],
  refusals: [
    [
      'after a smaller move',
      ReasonCode.MOVE_TOO_SMALL,
      { cash: { ...cash, usual_return: Math.abs(return5) / (2.49 * Math.sqrt(5)) } },
    ],
    [
      'in Calm-Chop below 3',
      ReasonCode.MOVE_TOO_SMALL,
      {
        context: { regime: RegimeState.CALM_CHOP },
        cash: { ...cash, usual_return: Math.abs(return5) / (2.99 * Math.sqrt(5)) },
      },
    ],
    ['after no move', ReasonCode.MOVE_TOO_SMALL, { cash: { ...cash, return5: 0 } }],
    ['on less volume', ReasonCode.VOLUME_TOO_LOW, { indicators: { volume_rel_log2: 0.99 } }],
    [
      'without a wick',
      ReasonCode.NO_REJECTION,
      { bar: { ...bar, open_ticks: 26_368, high_ticks: 26_378, close_ticks: 26_372 } },
    ],
    [
      'on a bar of one price',
      ReasonCode.NO_REJECTION,
      { bar: { open_ticks: 26_372, high_ticks: 26_372, low_ticks: 26_372, close_ticks: 26_372 } },
    ],
    [
      'with a target below 1 R',
      ReasonCode.TARGET_TOO_NEAR,
      { cash: { ...cash, return5: return5 / 2, usual_return: 0.00005 } },
    ],
    [
      'with dear costs',
      ReasonCode.TARGET_TOO_NEAR,
      { context: { regime: RegimeState.HIGHVOL_CHOP, round_trip_cost_cents: 6_000 } },
    ],
    [
      'with a stop beyond 1.5 ATR',
      ReasonCode.STOP_TOO_FAR,
      { indicators: { volume_rel_log2: 2, atr14_m5_ticks: 6 } },
    ],
    [
      'with a stop below 4 ticks',
      ReasonCode.STOP_TOO_NEAR,
      { bar: { ...bar, low_ticks: 26_366 }, cash: { ...cash, low5_ticks: 26_372 } },
    ],
  ],
  offIn: [RegimeState.CALM_TREND, RegimeState.HIGHVOL_TREND],
  window: [945, 1_300],
  inputs: ['atr14_m5_ticks', 'cash', 'volume_rel_log2'],
  cashInputs: ['return5', 'usual_return', 'high5_ticks', 'low5_ticks'],
});
