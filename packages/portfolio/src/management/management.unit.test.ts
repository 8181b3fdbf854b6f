import { describe, expect, it } from '@jest/globals';
import { ReasonCode, RegimeState, Side, TradeAction, type ManagementConfig } from '@bellwether/contracts';
import { aBar } from '@bellwether/testkit';
import { rulePolicy } from './rule-policy.js';
import { withBar, type SymbolSwings } from './swings.js';
import { partialQuantity, permittedActions, rOf, stopAfter, trailAtr, type TradeView } from './trade-view.js';

const CONFIG: ManagementConfig = {
  ...{ trail_atr_calm: 1.5, trail_atr_highvol_chop: 2, trail_atr_highvol_trend: 2.5 },
  ...{ take_partial_r: 1.5, trail_from_r: 1, tighten_from_r: 0.6, tighten_kept_share: 0.4 },
  close_regime_left_r: -0.25,
};

/** Long 4 from 24,000 with a stop 16 ticks below: R is 16 ticks. */
function view(changes: Partial<TradeView> = {}): TradeView {
  return {
    ...{ side: Side.LONG, quantity: 4, initial_quantity: 4, entry_ticks: 24_000 },
    ...{ initial_stop_ticks: 23_984, stop_ticks: 23_984, close_ticks: 24_000 },
    ...{ best_ticks: 24_000, worst_ticks: 24_000 },
    ...{ entry_regime: RegimeState.CALM_CHOP, regime: RegimeState.CALM_CHOP },
    ...{
      atr14_m5_ticks: 10,
      swing_ticks: null,
      zone_ticks: null,
      trail: TradeAction.HOLD,
      partial_taken: false,
    },
    ...{ tightened_best_ticks: null, exiting: false },
    ...changes,
  };
}

/** The same trade seen from the other side. */
function mirrored(of: TradeView): TradeView {
  const turn = (ticks: number): number => 48_000 - ticks;
  return {
    ...of,
    side: Side.SHORT,
    entry_ticks: turn(of.entry_ticks),
    initial_stop_ticks: of.initial_stop_ticks === null ? null : turn(of.initial_stop_ticks),
    stop_ticks: of.stop_ticks === null ? null : turn(of.stop_ticks),
    close_ticks: turn(of.close_ticks),
    best_ticks: turn(of.best_ticks),
    worst_ticks: turn(of.worst_ticks),
    swing_ticks: of.swing_ticks === null ? null : turn(of.swing_ticks),
    zone_ticks: of.zone_ticks === null ? null : turn(of.zone_ticks),
  };
}

const { HOLD, TAKE_PARTIAL_25, TRAIL_ATR, TRAIL_STRUCTURE, TIGHTEN, CLOSE } = TradeAction;

describe('The mask', () => {
  it.each([
    ['a fresh trade', {}, [HOLD, TAKE_PARTIAL_25, TRAIL_ATR, TIGHTEN, CLOSE]],
    ['one contract', { quantity: 1, initial_quantity: 1 }, [HOLD, TRAIL_ATR, TIGHTEN, CLOSE]],
    [
      'two contracts',
      { quantity: 2, initial_quantity: 2 },
      [HOLD, TAKE_PARTIAL_25, TRAIL_ATR, TIGHTEN, CLOSE],
    ],
    ['no ATR', { atr14_m5_ticks: null }, [HOLD, TAKE_PARTIAL_25, TIGHTEN, CLOSE]],
    ['a swing', { swing_ticks: 23_990 }, [HOLD, TAKE_PARTIAL_25, TRAIL_ATR, TRAIL_STRUCTURE, TIGHTEN, CLOSE]],
    ['a swing above the close', { swing_ticks: 24_005 }, [HOLD, TAKE_PARTIAL_25, TRAIL_ATR, TIGHTEN, CLOSE]],
    ['a stop 7 ticks away', { stop_ticks: 23_993 }, [HOLD, TAKE_PARTIAL_25, TRAIL_ATR, TIGHTEN, CLOSE]],
    ['a stop 6 ticks away', { stop_ticks: 23_995 }, [HOLD, TAKE_PARTIAL_25, TRAIL_ATR, CLOSE]],
    ['no stop', { stop_ticks: null, initial_stop_ticks: null }, [HOLD, TAKE_PARTIAL_25, CLOSE]],
    ['an exit under way', { exiting: true }, [HOLD]],
  ])('with %s', (_, changes, permitted) => {
    expect(permittedActions(view(changes), CONFIG)).toEqual(permitted);
    expect(permittedActions(mirrored(view(changes)), CONFIG)).toEqual(permitted);
  });

  it.each([
    [1, 1],
    [2, 1],
    [4, 1],
    [5, 1],
    [6, 2],
    [10, 3],
  ])('sells a quarter of %i as %i', (initial_quantity, part) => {
    expect(partialQuantity(view({ initial_quantity }))).toBe(part);
  });
});

describe('The stop', () => {
  const up = { close_ticks: 24_020, best_ticks: 24_022 };

  it.each([
    ['trails the best price by 1.5 ATR', up, TRAIL_ATR, TRAIL_ATR, 24_007],
    ['keeps trailing on later bars', { ...up, trail: TRAIL_ATR }, HOLD, TRAIL_ATR, 24_007],
    ['is rounded away from the market', { ...up, atr14_m5_ticks: 9.9 }, TRAIL_ATR, TRAIL_ATR, 24_007],
    ['stays where the ATR has grown', { ...up, stop_ticks: 24_010 }, HOLD, TRAIL_ATR, 24_010],
    ['stays a tick off the close', { ...up, close_ticks: 24_004 }, TRAIL_ATR, TRAIL_ATR, 24_003],
    [
      'follows a swing by two ticks',
      { ...up, swing_ticks: 24_012 },
      TRAIL_STRUCTURE,
      TRAIL_STRUCTURE,
      24_010,
    ],
    [
      'follows a zone that is nearer than the swing',
      { ...up, swing_ticks: 24_012, zone_ticks: 24_014 },
      TRAIL_STRUCTURE,
      TRAIL_STRUCTURE,
      24_012,
    ],
    [
      'follows the swing where that is nearer',
      { ...up, swing_ticks: 24_012, zone_ticks: 24_008 },
      TRAIL_STRUCTURE,
      TRAIL_STRUCTURE,
      24_010,
    ],
    ['needs no swing behind a zone', { ...up, zone_ticks: 24_014 }, HOLD, TRAIL_STRUCTURE, 24_012],
    ['stays where there is no swing', up, TRAIL_STRUCTURE, TRAIL_STRUCTURE, 23_984],
    ['takes half the distance', { close_ticks: 24_001 }, TIGHTEN, HOLD, 23_992],
    ['stays on a hold', up, HOLD, HOLD, 23_984],
    ['does not move while an exit is under way', { ...up, exiting: true }, HOLD, TRAIL_ATR, 23_984],
  ])('%s', (_, changes, action, trail, stop) => {
    expect(stopAfter(view(changes), action, trail, CONFIG)).toBe(stop);
    expect(stopAfter(mirrored(view(changes)), action, trail, CONFIG)).toBe(48_000 - stop);
  });

  it('trails by the regime, between 1.5 and 2.5 ATR', () => {
    const of = (regime: RegimeState): number => trailAtr(CONFIG, regime);
    expect([RegimeState.CALM_TREND, RegimeState.HIGHVOL_CHOP, RegimeState.HIGHVOL_TREND].map(of)).toEqual([
      1.5, 2, 2.5,
    ]);
    expect(of(RegimeState.UNKNOWN)).toBe(2.5);
    expect(trailAtr({ ...CONFIG, trail_atr_calm: 9 }, RegimeState.CALM_CHOP)).toBe(2.5);
    expect(trailAtr({ ...CONFIG, trail_atr_calm: 0.1 }, RegimeState.CALM_CHOP)).toBe(1.5);
  });
});

describe('The rules', () => {
  const wish = (changes: Partial<TradeView>) => {
    const seen = view(changes);
    return rulePolicy(seen, permittedActions(seen, CONFIG), CONFIG);
  };
  const best = (r: number): number => 24_000 + 16 * r;

  it.each([
    ['hold a fresh trade', {}, HOLD, ReasonCode.OK],
    [
      'close what lost its regime and does not pay',
      { close_ticks: 23_996, regime: RegimeState.HIGHVOL_TREND },
      CLOSE,
      ReasonCode.REGIME_LEFT,
    ],
    [
      'keep what lost its regime and pays',
      { close_ticks: 24_004, regime: RegimeState.HIGHVOL_TREND },
      HOLD,
      ReasonCode.OK,
    ],
    [
      'keep a losing trade while the regime is not known',
      { close_ticks: 23_990, regime: RegimeState.UNKNOWN },
      HOLD,
      ReasonCode.OK,
    ],
    [
      'sell a quarter at 1.5 R',
      { close_ticks: best(1.5), best_ticks: best(1.5) },
      TAKE_PARTIAL_25,
      ReasonCode.PROFIT_TAKEN,
    ],
    [
      'sell it once',
      { close_ticks: best(1.5), best_ticks: best(1.5), partial_taken: true, trail: TRAIL_ATR },
      HOLD,
      ReasonCode.OK,
    ],
    [
      'trail from 1 R on',
      { close_ticks: best(1), best_ticks: best(1) },
      TRAIL_ATR,
      ReasonCode.PROFIT_TRAILED,
    ],
    [
      'trail by a swing that is nearer',
      { close_ticks: best(1), best_ticks: best(1), swing_ticks: 24_010 },
      TRAIL_STRUCTURE,
      ReasonCode.SWING_FOLLOWED,
    ],
    [
      'tighten a gain that was given back',
      { close_ticks: 24_003, best_ticks: best(0.625) },
      TIGHTEN,
      ReasonCode.GAIN_GIVEN_BACK,
    ],
    [
      'tighten once for one best price',
      { close_ticks: 24_003, best_ticks: best(0.625), tightened_best_ticks: best(0.625) },
      HOLD,
      ReasonCode.OK,
    ],
    ['say that there is no plan', { initial_stop_ticks: null }, HOLD, ReasonCode.NO_PLAN],
  ])('%s', (_, changes, action, reason) => {
    expect(wish(changes)).toEqual({ action, reason });
  });

  it('measure in R of the initial stop, and not without one', () => {
    expect(rOf(view(), 24_008)).toBe(0.5);
    expect(rOf(mirrored(view()), 23_992)).toBe(0.5);
    expect(rOf(view({ initial_stop_ticks: null }), 24_008)).toBeNull();
    expect(rOf(view({ initial_stop_ticks: 24_000 }), 24_008)).toBeNull();
  });
});

describe('Swings', () => {
  const MINUTE_US = 60_000_000;
  const after = (lows: readonly number[], gap = 1): SymbolSwings | undefined =>
    lows
      .map((low_ticks, i) => aBar({ open_us: i * gap * MINUTE_US, low_ticks, high_ticks: low_ticks + 10 }))
      .reduce<readonly SymbolSwings[]>((swings, item) => withBar(swings, item), [])[0];

  it('are known two bars after their extreme, and not before', () => {
    expect(after([9, 8, 5, 7])?.swing_low_ticks).toBeNull();
    expect(after([9, 8, 5, 7, 8])?.swing_low_ticks).toBe(5);
  });

  it('need two bars on each side that do not reach them', () => {
    expect(after([9, 5, 5, 7, 8])?.swing_low_ticks).toBeNull();
    expect(after([1, 2, 9, 3, 2])?.swing_high_ticks).toBe(19);
  });

  it('stay until a newer one is confirmed', () => {
    expect(after([9, 8, 5, 7, 8, 8, 8])?.swing_low_ticks).toBe(5);
    expect(after([9, 8, 5, 7, 8, 6, 7, 8])?.swing_low_ticks).toBe(6);
  });

  it('end with a long break', () => {
    expect(after([9, 8, 5, 7, 8], 16)?.swing_low_ticks).toBeNull();
  });
});
