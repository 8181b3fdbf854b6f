import { describe, expect, it } from '@jest/globals';
import {
  BellwetherError,
  RegimeState,
  STRATEGY_DEFAULTS,
  Strategy,
  bookConfigOf,
  strategyParametersOf,
} from './index.js';

const read = (strategies: unknown) =>
  bookConfigOf({ book: 'b', symbols: [{ symbol: 'ES' }], strategies }).config.strategies;

describe('the parameters of strategies', () => {
  it('are those of domain.md 6 where the book says nothing', () => {
    expect(read({})).toEqual([]);
    expect(strategyParametersOf([])).toBe(STRATEGY_DEFAULTS);
    expect(STRATEGY_DEFAULTS.S2.calm_trend).toMatchObject({
      ...{ on: true, vwap_z_min: 2, slope_side_only: true, window_from: 960, window_to: 1_290 },
      ...{ stop_factor: 1, size_factor: 1, stop_min_ticks: 4, stop_max_atr_m5: 1.5, target_min_costs: 3 },
    });
    expect(STRATEGY_DEFAULTS.S2.highvol_chop).toMatchObject({ vwap_z_min: 2.5, size_factor: 0.5 });
    expect(STRATEGY_DEFAULTS.S12.highvol_trend).toMatchObject({ move_min_adr: 0.25, exit_at: 1_318 });
  });

  it('go into the release where they differ, and come back out of it', () => {
    const list = read({ S2: { calm_chop: { vwap_z_min: 1.9 } }, S6: { calm_chop: { on: false } } });
    const regime = RegimeState.CALM_CHOP;
    expect(list).toEqual([
      { strategy: Strategy.S2, regime, name: 'vwap_z_min', value: 1.9 },
      { strategy: Strategy.S6, regime, name: 'on', value: 0 },
    ]);
    const back = strategyParametersOf(list);
    expect(back.S2.calm_chop).toEqual({ ...STRATEGY_DEFAULTS.S2.calm_chop, vwap_z_min: 1.9 });
    expect(back.S6.calm_chop.on).toBe(false);
    expect(back.S6.highvol_chop).toEqual(STRATEGY_DEFAULTS.S6.highvol_chop);
  });

  it('may be said for all regimes at once, and a regime has the last word', () => {
    const list = read({ S1: { all: { tp1_r: 2, window_to: '10:00' }, highvol_trend: { tp1_r: 3 } } });
    const { S1 } = strategyParametersOf(list);
    expect([S1.calm_trend.tp1_r, S1.calm_chop.tp1_r, S1.highvol_trend.tp1_r]).toEqual([2, 2, 3]);
    expect(S1.highvol_trend.window_to).toBe(1_020);
  });

  it.each([
    ['an unknown strategy', { S13: {} }],
    ['an unknown regime', { S1: { calm: {} } }],
    ['an unknown name', { S1: { calm_trend: { tp2_r: 1 } } }],
    ['an unknown name for all regimes', { S1: { all: { tp2_r: 1 } } }],
    ['a value out of range', { S1: { calm_trend: { body_share_min: 2 } } }],
    ['a number for a switch', { S1: { calm_trend: { on: 1 } } }],
    ['a time that is none', { S1: { calm_trend: { window_from: '25:00' } } }],
    ['no set', { S1: { all: 3 } }],
  ])('are refused with %s', (_name, strategies) => {
    expect(() => read(strategies)).toThrow(BellwetherError);
  });

  it('of another build have no effect', () => {
    const regime = RegimeState.CALM_TREND;
    const unknown = [
      { strategy: Strategy.S1, regime, name: 'tp9_r', value: 1 },
      { strategy: Strategy.UNSPECIFIED, regime, name: 'on', value: 0 },
      { strategy: Strategy.S1, regime: RegimeState.UNKNOWN, name: 'on', value: 0 },
    ];
    expect(strategyParametersOf(unknown)).toEqual(STRATEGY_DEFAULTS);
  });
});
