import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS8 } from './index.js';
import { tellStory, type Scene } from './scene-for-tests.js';

/** 10:01: 26 of 30 closes above a rising VWAP at 26,398; the price came back to it and closes above the bar before. */
const vwap_run = {
  above30: 26,
  below30: 4,
  high5_z: 0.9,
  low5_z: 0.1,
  close5_max_z: 0.6,
  close5_min_z: 0.2,
};
const vwap = { vwap_ticks: 26_398, vwap_sd_ticks: 12, vwap_slope15_ticks: 3 };
const scene: Scene = { bar: { close_ticks: 26_404 }, indicators: vwap, cash: { vwap_run } };

tellStory({
  name: 'S8',
  evaluate: evaluateS8,
  scene,
  setup: {
    strategy: Strategy.S8,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: 26_404,
    // Half a deviation below VWAP.
    stop_ticks: 26_392,
    target_ticks: null,
    tp1_r: 1,
    expires_us: atMinute(1_023),
    time_stop_us: null,
    size_factor: 1,
  },
  fires: [
    [
      'in HighVol-Trend with a wider stop and a smaller size',
      { context: { regime: RegimeState.HIGHVOL_TREND } },
      { stop_ticks: 26_389, size_factor: 0.7 },
    ],
    ['with 24 of 30 closes', { cash: { vwap_run: { ...vwap_run, above30: 24, below30: 6 } } }, {}],
    ['with a pullback to a quarter', { cash: { vwap_run: { ...vwap_run, low5_z: 0.25 } } }, {}],
    ['with a close a quarter beyond', { cash: { vwap_run: { ...vwap_run, close5_min_z: -0.25 } } }, {}],
    [
      'with a stop of at least 6 ticks',
      { indicators: { ...vwap, vwap_ticks: 26_403, vwap_sd_ticks: 2 } },
      { stop_ticks: 26_398 },
    ],
    ['at 09:15', { clock: { session_minute: 975 } }, {}],
    ['at 14:45', { clock: { session_minute: 1_305 } }, {}],
  ],
  refusals: [
    [
      'with 23 of 30 closes',
      ReasonCode.NO_TREND,
      { cash: { vwap_run: { ...vwap_run, above30: 23, below30: 7 } } },
    ],
    ['against the slope', ReasonCode.AGAINST_SLOPE, { indicators: { ...vwap, vwap_slope15_ticks: -0.1 } }],
    ['without a slope', ReasonCode.AGAINST_SLOPE, { indicators: { ...vwap, vwap_slope15_ticks: 0 } }],
    ['far from VWAP', ReasonCode.NO_PULLBACK, { cash: { vwap_run: { ...vwap_run, low5_z: 0.26 } } }],
    [
      'after a close too far beyond',
      ReasonCode.NO_PULLBACK,
      { cash: { vwap_run: { ...vwap_run, close5_min_z: -0.26 } } },
    ],
    [
      'at the high of the bar before',
      ReasonCode.NO_TRIGGER,
      { cash: { high_prev_ticks: 26_404, low_prev_ticks: 26_404 } },
    ],
    ['with a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, { indicators: { ...vwap, atr14_m5_ticks: 7.9 } }],
    ['beyond its own stop', ReasonCode.STOP_TOO_NEAR, { indicators: { ...vwap, vwap_ticks: 26_411 } }],
  ],
  offIn: [RegimeState.CALM_CHOP, RegimeState.HIGHVOL_CHOP],
  window: [975, 1_305],
  inputs: ['atr14_m5_ticks', 'cash', 'vwap_ticks', 'vwap_sd_ticks', 'vwap_slope15_ticks'],
  cashInputs: ['vwap_run', 'high_prev_ticks', 'low_prev_ticks'],
});
