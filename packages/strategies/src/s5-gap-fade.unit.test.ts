import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS5 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 08:36: opened 60 ticks below the last close, and the first five minutes went back up a little. */
const session = { open_ticks: 26_340, high_ticks: 26_352, low_ticks: 26_334, close_ticks: 26_350 };
const m5 = {
  bar: { open_ticks: 26_340, high_ticks: 26_350, low_ticks: 26_334, close_ticks: 26_348 },
  close_us: atMinute(935),
  ema9_ticks: null,
  ema21_ticks: null,
  ema21_slope6_ticks: null,
  adx14: null,
};
const scene: Scene = { minute: 936, bar: { close_ticks: 26_350 }, cash: { session, m5 } };

tellStory({
  name: 'S5',
  evaluate: evaluateS5,
  scene,
  setup: {
    strategy: Strategy.S5,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: 26_350,
    // 16 to the low and 2 of margin; half of the gap is 20 away, farther than 1 R.
    stop_ticks: 26_332,
    target_ticks: 26_400,
    tp1_r: 1,
    expires_us: atMinute(938),
    time_stop_us: 144 * 60_000_000,
    size_factor: 1,
  },
  fires: [
    [
      'with TP1 at half of the gap where that is nearer',
      { bar: { close_ticks: 26_361 } },
      { tp1_r: 9 / 29, stop_ticks: 26_332 },
    ],
    [
      'with TP1 at 1 R where half of the gap is closed',
      { bar: { close_ticks: 26_370 }, indicators: { atr14_m5_ticks: 30 } },
      { tp1_r: 1 },
    ],
    [
      'in Calm-Chop with nearer distances',
      { context: { regime: RegimeState.CALM_CHOP } },
      { stop_ticks: 26_333, target_ticks: 26_390 },
    ],
    ['in HighVol-Chop', { context: { regime: RegimeState.HIGHVOL_CHOP } }, { size_factor: 0.5 }],
    ['with a gap of a tenth of the usual range', { cash: { adr_ticks: 600 } }, {}],
    ['with a gap of half of it', { cash: { adr_ticks: 120 } }, {}],
    ['on 1.8 times the usual volume', { cash: { volume_so_far_log2: Math.log2(1.8) } }, {}],
    [
      'on a morning without a release',
      { context: { releases: { minutes_to_next: 300, minutes_since_last: null, this_morning: false } } },
      {},
    ],
  ],
  refusals: [
    ['with a small gap', ReasonCode.GAP_TOO_SMALL, { cash: { adr_ticks: 601 } }],
    ['without a gap', ReasonCode.GAP_TOO_SMALL, { cash: { prior_close_ticks: 26_340 } }],
    ['with a large gap', ReasonCode.GAP_TOO_LARGE, { cash: { adr_ticks: 119 } }],
    [
      'on the morning of a release',
      ReasonCode.EVENT_NEAR,
      { context: { releases: { minutes_to_next: 60, minutes_since_last: null, this_morning: true } } },
    ],
    ['on heavy volume', ReasonCode.VOLUME_TOO_HIGH, { cash: { volume_so_far_log2: 0.85 } }],
    [
      'after the price went on',
      ReasonCode.GAP_EXTENDED,
      { cash: { session: { ...session, low_ticks: 26_329 } } },
    ],
    [
      'where the five minutes went on',
      ReasonCode.NO_REVERSAL_BAR,
      { cash: { m5: { ...m5, bar: { ...m5.bar, close_ticks: 26_340 } } } },
    ],
    [
      'before five minutes of the session are over',
      ReasonCode.INDICATOR_MISSING,
      { cash: { m5: { ...m5, close_us: atMinute(930) } } },
    ],
    ['with a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, { indicators: { atr14_m5_ticks: 11.9 } }],
    [
      'with the last close at hand',
      ReasonCode.TARGET_TOO_NEAR,
      { bar: { close_ticks: 26_395 }, indicators: { atr14_m5_ticks: 60 } },
    ],
  ],
  offIn: [RegimeState.HIGHVOL_TREND],
  window: [935, 960],
  inputs: ['atr14_m5_ticks', 'cash'],
  cashInputs: ['session', 'm5', 'prior_close_ticks', 'adr_ticks', 'volume_so_far_log2'],
});
