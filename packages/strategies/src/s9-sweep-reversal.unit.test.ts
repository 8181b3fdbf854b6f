import { expect, it } from '@jest/globals';
import { OrderType, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { atMinute } from '@bellwether/testkit';
import { evaluateS9 } from './index.js';
import { contextOf, over, reasonOf, setupOf, tellStory, type Scene } from './scene-for-tests.js';

/** 10:01: 8 ticks below the low of the day before at 26,300 for five minutes, and this bar closes 4 above it. */
const sweep_low = { extreme_ticks: 26_292, began_us: atMinute(1_016), ended_us: atMinute(1_021) };
const session = { open_ticks: 26_330, high_ticks: 26_350, low_ticks: 26_292, close_ticks: 26_304 };
const vwap = { vwap_ticks: 26_330, vwap_slope15_ticks: 1 };
const scene: Scene = { bar: { close_ticks: 26_304 }, indicators: vwap, cash: { sweep_low, session } };

tellStory({
  name: 'S9',
  evaluate: evaluateS9,
  scene,
  setup: {
    strategy: Strategy.S9,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: 26_304,
    // 12 and 2 of margin; the middle of the session is 17 away and pays less than 1.5 R, VWAP is 26 away.
    stop_ticks: 26_290,
    target_ticks: 26_330,
    tp1_r: 1,
    expires_us: atMinute(1_023),
    time_stop_us: null,
    size_factor: 1,
  },
  fires: [
    [
      'for the middle of the session where it pays enough and is nearer',
      { cash: { session: { ...session, high_ticks: 26_358 } } },
      { target_ticks: 26_325 },
    ],
    [
      'in HighVol-Chop',
      { context: { regime: RegimeState.HIGHVOL_CHOP }, indicators: { ...vwap, vwap_ticks: 26_340 } },
      // 14 x 1.2 = 16.8 and 36 x 0.9 = 32.4
      { stop_ticks: 26_287, target_ticks: 26_336, size_factor: 0.5 },
    ],
    [
      'in Calm-Chop whatever VWAP does',
      { context: { regime: RegimeState.CALM_CHOP }, indicators: { ...vwap, vwap_slope15_ticks: 9 } },
      {},
    ],
    ['after a sweep of 2 ticks', { cash: { sweep_low: { ...sweep_low, extreme_ticks: 26_298 } } }, {}],
    ['after one of 0.12 of the usual range', { cash: { adr_ticks: 8 / 0.12 } }, {}],
    ['after 15 minutes', { cash: { sweep_low: { ...sweep_low, began_us: atMinute(1_006) } } }, {}],
    ['at 08:40', { clock: { session_minute: 940 } }, {}],
    ['at 11:30', { clock: { session_minute: 1_110 } }, {}],
    ['at 12:30', { clock: { session_minute: 1_170 } }, {}],
    ['at 14:30', { clock: { session_minute: 1_290 } }, {}],
  ],
  refusals: [
    ['without a sweep', ReasonCode.NO_SWEEP, { cash: { sweep_low: null } }],
    ['while it lasts', ReasonCode.NO_SWEEP, { cash: { sweep_low: { ...sweep_low, ended_us: null } } }],
    [
      'a bar later',
      ReasonCode.NO_SWEEP,
      { cash: { sweep_low: { ...sweep_low, ended_us: atMinute(1_020) } } },
    ],
    [
      'after a sweep of a tick',
      ReasonCode.NO_SWEEP,
      { cash: { sweep_low: { ...sweep_low, extreme_ticks: 26_299 } } },
    ],
    ['after a deep one', ReasonCode.SWEEP_TOO_DEEP, { cash: { adr_ticks: 66 } }],
    [
      'after 16 minutes',
      ReasonCode.SWEEP_TOO_LONG,
      { cash: { sweep_low: { ...sweep_low, began_us: atMinute(1_005) } } },
    ],
    [
      'in Calm-Trend with a moving VWAP',
      ReasonCode.VWAP_SLOPING,
      { indicators: { ...vwap, vwap_slope15_ticks: 2.9 } },
    ],
    ['between 11:30 and 12:30', ReasonCode.OUTSIDE_WINDOW, { clock: { session_minute: 1_111 } }],
    ['just before 12:30', ReasonCode.OUTSIDE_WINDOW, { clock: { session_minute: 1_169 } }],
    ['where nothing pays 1.5 R', ReasonCode.TARGET_TOO_NEAR, { indicators: { ...vwap, vwap_ticks: 26_324 } }],
    ['with dear costs', ReasonCode.TARGET_TOO_NEAR, { context: { round_trip_cost_cents: 11_000 } }],
    ['with a stop beyond 1.5 ATR', ReasonCode.STOP_TOO_FAR, { indicators: { ...vwap, atr14_m5_ticks: 9.3 } }],
    [
      'with a stop below 4 ticks',
      ReasonCode.STOP_TOO_NEAR,
      {
        bar: { close_ticks: 26_300 },
        cash: { sweep_low: { ...sweep_low, extreme_ticks: 26_299 } },
        context: { parameters: withSmallSweeps() },
      },
    ],
  ],
  offIn: [RegimeState.HIGHVOL_TREND],
  window: [940, 1_290],
  inputs: ['atr14_m5_ticks', 'cash', 'vwap_slope15_ticks', 'atr14_ticks'],
  cashInputs: ['prior_low_ticks', 'prior_high_ticks', 'adr_ticks', 'session'],
});

function withSmallSweeps() {
  const { parameters } = contextOf({});
  const calm_trend = { ...parameters.S9.calm_trend, sweep_min_ticks: 1 };
  return { ...parameters, S9: { ...parameters.S9, calm_trend } };
}

it('S9 takes the deeper of two sweeps, and neither of two that are alike', () => {
  const both = { extreme_ticks: 26_505, began_us: atMinute(1_016), ended_us: atMinute(1_021) };
  const asked = (extreme_ticks: number) =>
    evaluateS9(contextOf(over(scene, { cash: { sweep_high: { ...both, extreme_ticks } } })));
  expect(setupOf(asked(26_505))?.side).toBe(Side.LONG);
  expect(reasonOf(asked(26_508))).toBe(ReasonCode.NO_SWEEP);
});
