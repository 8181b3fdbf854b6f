import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS4 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 10:01: EMA9 above a rising EMA21; the bar to 10:00 touched them, and this one closes above the one before. */
const m5 = {
  bar: { open_ticks: 26_404, high_ticks: 26_405, low_ticks: 26_392, close_ticks: 26_396 },
  close_us: atMinute(1_020),
  ema9_ticks: 26_396.5,
  ema21_ticks: 26_390,
  ema21_slope6_ticks: 4,
  adx14: 25,
};
const pullback = { side: Side.LONG, extreme_ticks: 26_392, touched_us: atMinute(1_020) };
const scene: Scene = { bar: { close_ticks: 26_404 }, cash: { m5, pullback } };

tellStory({
  name: 'S4',
  evaluate: evaluateS4,
  scene,
  setup: {
    strategy: Strategy.S4,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: 26_404,
    // 12 ticks and 2 of margin; the target at twice that.
    stop_ticks: 26_390,
    target_ticks: 26_432,
    tp1_r: 1,
    expires_us: atMinute(1_023),
    time_stop_us: null,
    size_factor: 1,
  },
  fires: [
    [
      'in HighVol-Trend with wider distances',
      { context: { regime: RegimeState.HIGHVOL_TREND } },
      // 14 x 1.25 = 17.5 and 2 x 18 x 1.5
      { stop_ticks: 26_386, target_ticks: 26_458, size_factor: 0.7 },
    ],
    ['at ADX 22', { cash: { m5: { ...m5, adx14: 22 } } }, {}],
    ['ten minutes after the touch', { cash: { pullback: { ...pullback, touched_us: atMinute(1_011) } } }, {}],
    ['at 09:00', { clock: { session_minute: 960 } }, {}],
    ['at 14:30', { clock: { session_minute: 1_290 } }, {}],
  ],
  refusals: [
    ['with a weak trend', ReasonCode.NO_TREND, { cash: { m5: { ...m5, adx14: 21.9 } } }],
    ['with crossed averages', ReasonCode.NO_TREND, { cash: { m5: { ...m5, ema9_ticks: 26_390 } } }],
    ['without a slope', ReasonCode.NO_TREND, { cash: { m5: { ...m5, ema21_slope6_ticks: 0 } } }],
    ['without a pullback', ReasonCode.NO_PULLBACK, { cash: { pullback: null } }],
    [
      'with one of the other side',
      ReasonCode.NO_PULLBACK,
      { cash: { pullback: { ...pullback, side: Side.SHORT } } },
    ],
    [
      'eleven minutes after the touch',
      ReasonCode.NO_PULLBACK,
      { cash: { pullback: { ...pullback, touched_us: atMinute(1_010) } } },
    ],
    [
      'at the high of the bar before',
      ReasonCode.NO_TRIGGER,
      { cash: { high_prev_ticks: 26_404, low_prev_ticks: 26_404 } },
    ],
    ['with a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, { indicators: { atr14_m5_ticks: 9.3 } }],
    [
      'with a stop below 4 ticks',
      ReasonCode.STOP_TOO_NEAR,
      { cash: { pullback: { ...pullback, extreme_ticks: 26_403 } } },
    ],
    ['with dear costs', ReasonCode.TARGET_TOO_NEAR, { context: { round_trip_cost_cents: 12_000 } }],
  ],
  offIn: [RegimeState.CALM_CHOP, RegimeState.HIGHVOL_CHOP],
  window: [960, 1_290],
  inputs: ['atr14_m5_ticks', 'cash'],
  cashInputs: ['m5', 'high_prev_ticks'],
});
