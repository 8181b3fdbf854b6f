import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS10 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';
import type { Zone } from './strategy.js';

/** 10:01: demand from 26,392 down to 26,382 below the price, supply at 26,430, and EMA21 of 5-minute bars rises. */
const demand: Zone = {
  side: Side.LONG,
  proximal_ticks: 26_392,
  distal_ticks: 26_382,
  fresh: true,
  age_sessions: 1,
};
const supply: Zone = {
  side: Side.SHORT,
  proximal_ticks: 26_430,
  distal_ticks: 26_440,
  fresh: false,
  age_sessions: 1,
};
const m5 = {
  bar: { open_ticks: 26_400, high_ticks: 26_402, low_ticks: 26_392, close_ticks: 26_396 },
  close_us: atMinute(1_020),
  ema9_ticks: 26_398,
  ema21_ticks: 26_390,
  ema21_slope6_ticks: 3,
  adx14: 25,
};
const scene: Scene = { bar: { close_ticks: 26_396 }, cash: { m5 }, context: { zones: [demand, supply] } };
const zones = (...list: readonly Zone[]): Scene => ({ context: { zones: list } });

tellStory({
  name: 'S10',
  evaluate: evaluateS10,
  scene,
  setup: {
    strategy: Strategy.S10,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.LIMIT,
    entry_ticks: 26_392,
    stop_ticks: 26_380,
    target_ticks: 26_430,
    tp1_r: 1,
    expires_us: atMinute(1_026),
    time_stop_us: null,
    size_factor: 1,
  },
  fires: [
    ['for 2 R without a zone on the other side', zones(demand), { target_ticks: 26_416 }],
    [
      'at the nearest of several',
      zones({ ...demand, proximal_ticks: 26_390 }, demand, { ...demand, proximal_ticks: 26_388 }),
      { entry_ticks: 26_392 },
    ],
    [
      'against the slope in chop',
      {
        cash: { m5: { ...m5, ema21_slope6_ticks: -3 } },
        context: { regime: RegimeState.CALM_CHOP, zones: [demand, supply] },
      },
      { stop_ticks: 26_381, target_ticks: 26_422 },
    ],
    [
      'in HighVol-Trend',
      { context: { regime: RegimeState.HIGHVOL_TREND, zones: [demand] } },
      { size_factor: 0.7 },
    ],
  ],
  refusals: [
    ['without zones', ReasonCode.ZONES_MISSING, { context: { zones: null } }],
    ['with none', ReasonCode.NO_ZONE, zones()],
    ['at a tested one', ReasonCode.NO_ZONE, zones({ ...demand, fresh: false })],
    ['at an old one', ReasonCode.NO_ZONE, zones({ ...demand, age_sessions: 3 })],
    ['out of reach', ReasonCode.NO_ZONE, zones({ ...demand, proximal_ticks: 26_375, distal_ticks: 26_365 })],
    ['in it', ReasonCode.NO_ZONE, zones({ ...demand, proximal_ticks: 26_396 })],
    [
      'against the slope',
      ReasonCode.NO_ZONE,
      { cash: { m5: { ...m5, ema21_slope6_ticks: -1 } }, context: { zones: [demand] } },
    ],
    ['with a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, { indicators: { atr14_m5_ticks: 7.9 } }],
    ['with a stop below 4 ticks', ReasonCode.STOP_TOO_NEAR, zones({ ...demand, distal_ticks: 26_391 })],
    [
      'with supply close by',
      ReasonCode.TARGET_TOO_NEAR,
      zones(demand, { ...supply, proximal_ticks: 26_398 }),
    ],
  ],
  offIn: [],
  window: [935, 1_305],
  inputs: ['atr14_m5_ticks', 'cash'],
  cashInputs: ['m5'],
});
