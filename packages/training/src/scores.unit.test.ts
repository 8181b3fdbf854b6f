import { describe, expect, it } from '@jest/globals';
import { RegimeState, ReasonCode } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import {
  Reliability,
  balancedAccuracy,
  evaluateAxis,
  logLoss,
  macroF1,
  regimeTime,
  type AxisBar,
  type RegimeBar,
} from './index.js';

describe('balanced accuracy', () => {
  it('is the mean of the hit rates, however rare a class is', () => {
    expect(
      balancedAccuracy([
        [90, 10],
        [1, 1],
      ]),
    ).toBeCloseTo(0.7, 12);
  });
  it('is chance for one that always says the same', () => {
    expect(
      balancedAccuracy([
        [99, 0],
        [1, 0],
      ]),
    ).toBe(0.5);
  });
  it('is unknown where a class never came', () => {
    expect(
      balancedAccuracy([
        [9, 1],
        [0, 0],
      ]),
    ).toBeNull();
  });
});

describe('macro-F1', () => {
  it('is the mean over the classes', () => {
    // 2 * 8 / (10 + 9) and 2 * 4 / (5 + 6).
    expect(
      macroF1([
        [8, 2],
        [1, 4],
      ]),
    ).toBeCloseTo((16 / 19 + 8 / 11) / 2, 12);
  });
});

describe('log loss', () => {
  it('is the logarithm of what was said, and bounded', () => {
    expect(logLoss(0.5)).toBeCloseTo(Math.LN2, 12);
    expect(logLoss(0)).toBeCloseTo(Math.log(1e6), 6);
    expect(() => logLoss(1.1)).toThrow('Expected a probability');
  });
});

describe('the calibration error', () => {
  it('is none where what was said came as often, and their distance where not', () => {
    const honest = new Reliability();
    const boastful = new Reliability();
    for (let i = 0; i < 100; i++) {
      honest.add(0.25, i % 4 === 0);
      boastful.add(0.95, i % 2 === 0);
    }
    expect(honest.expectedCalibrationError()).toBeCloseTo(0, 12);
    expect(boastful.expectedCalibrationError()).toBeCloseTo(0.45, 12);
  });
});

describe('an axis', () => {
  const uniform = uniformSource('axis');
  const bars = (knows: boolean): readonly AxisBar[] =>
    Array.from({ length: 4_000 }, (_, i) => {
      const came = uniform() < 0.4;
      const said = knows ? came : uniform() < 0.4;
      return {
        trade_date: 1 + Math.floor(i / 100),
        bucket: i % 10,
        came,
        was: false,
        probability: said ? 0.7 : 0.2,
      };
    });

  it('is told from chance where the classifier knows, and not where it does not', () => {
    const knowing = evaluateAxis(bars(true));
    const guessing = evaluateAxis(bars(false));
    expect(knowing?.rule.balanced_accuracy).toBe(1);
    expect(knowing?.rule.log_loss).toBeLessThan(knowing?.base_rate.log_loss ?? 0);
    const [low = 1, high = 0] = guessing?.interval ?? [];
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(guessing?.base_rate.log_loss).toBeLessThan(guessing?.rule.log_loss ?? 0);
  });

  it('has baselines that know the sessions before and not their own', () => {
    const day = (trade_date: number, came: boolean): readonly AxisBar[] =>
      Array.from({ length: 50 }, (_, bucket) => ({ trade_date, bucket, came, was: came, probability: 0.5 }));
    // On the first day nothing is known: a half, whatever comes in it. On the second two of three came so before.
    const scores = evaluateAxis([...day(1, true), ...day(2, false)]);
    expect(scores?.base_rate.log_loss).toBeCloseTo((Math.LN2 + Math.log(3)) / 2, 6);
    expect(scores?.persistence.balanced_accuracy).toBe(1);
    expect(scores?.persistence.log_loss).toBeCloseTo(Math.LN2, 6);
    expect(scores?.interval).toBeNull();
  });

  it('is nothing without bars', () => {
    expect(evaluateAxis([])).toBeNull();
  });
});

describe('time by state', () => {
  const { CALM_TREND, CALM_CHOP, UNKNOWN } = RegimeState;
  const bar = (state: RegimeState, gate_open: boolean, trade_date = 20_250_303): RegimeBar => ({
    open_us: 0,
    interval_us: 60_000_000,
    trade_date,
    close_ticks: 24_000,
    state,
    reason: gate_open ? ReasonCode.OK : ReasonCode.REGIME_UNCERTAIN,
    gate_open,
    probabilities: null,
  });

  it('counts shares, spells, dwell and changes, and none of them over the night', () => {
    const time = regimeTime([
      ...[bar(UNKNOWN, false), bar(CALM_CHOP, true), bar(CALM_CHOP, false)],
      ...[bar(CALM_TREND, true), bar(CALM_CHOP, true)],
      ...[
        bar(CALM_TREND, true, 20_250_304),
        bar(CALM_TREND, true, 20_250_304),
        bar(UNKNOWN, false, 20_250_304),
      ],
    ]);
    expect(time).toMatchObject({ bars: 8, sessions: 2, open_share: 5 / 8, switches_per_session: 1 });
    expect(time.states.map(({ share }) => share)).toEqual([3 / 8, 3 / 8, 0, 0, 2 / 8]);
    expect(time.states.map(({ spells }) => spells)).toEqual([2, 2, 0, 0, 2]);
    expect(time.states.map(({ dwell_minutes }) => dwell_minutes)).toEqual([1.5, 1.5, null, null, 1]);
    expect(time.transitions[0]).toEqual([0, 1, 0, 0]);
    expect(time.transitions[1]).toEqual([1, 0, 0, 0]);
    expect(time.closed).toEqual([{ reason: ReasonCode.REGIME_UNCERTAIN, share: 3 / 8 }]);
    expect(time.days.map(({ shares }) => shares[0])).toEqual([0.2, 2 / 3]);
  });
});
