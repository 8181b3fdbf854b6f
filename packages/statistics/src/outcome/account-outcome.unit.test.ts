import { describe, expect, test } from '@jest/globals';
import { MaxLossMode } from '@bellwether/contracts';
import { anAccountProfile } from '@bellwether/testkit';
import { normalSource } from '../simulated-for-tests.js';
import { valueOf } from '../value-for-tests.js';
import {
  evaluateAccount,
  outcomesByStart,
  resampledOutcomes,
  type AccountDay,
  type EvaluationRules,
} from './account-outcome.js';

const rules = (
  profile: Parameters<typeof anAccountProfile>[0] = {},
  target_usd = 3_000,
): EvaluationRules => ({
  profile: anAccountProfile({ best_day_max_share: null, ...profile }),
  target_cents: target_usd * 100,
});

/** A day in USD. */
const day = (net: number, worst = Math.min(0, net), best = Math.max(0, net)): AccountDay => ({
  net_cents: net * 100,
  worst_cents: worst * 100,
  best_cents: best * 100,
});

describe('one evaluation', () => {
  test('the worked example of the firm: the floor follows the end of the day and stays', () => {
    // 50,000 + 500: floor 48,500; - 500: stays; then a fall to 48,500 ends it, one to a cent above does not.
    const before = [day(500), day(-500)];
    expect(evaluateAccount([...before, day(0, -1_500)], rules())).toEqual({ outcome: 'breached', days: 3 });
    expect(evaluateAccount([...before, day(0, -1_499.99)], rules())).toEqual({ outcome: 'open', days: 3 });
  });

  test('a floor at the start balance stays there', () => {
    const days = [day(2_500), day(400, -100)];
    expect(evaluateAccount([...days, day(0, -2_899)], rules()).outcome).toBe('open');
    expect(evaluateAccount([...days, day(0, -2_900)], rules()).outcome).toBe('breached');
  });

  test('a loss within the day breaches, also where the day ends in profit', () => {
    expect(evaluateAccount([day(400, -2_000)], rules())).toEqual({ outcome: 'breached', days: 1 });
  });

  test('the target counts at the end of a day, not within it', () => {
    expect(evaluateAccount([day(2_999, 0, 3_500)], rules()).outcome).toBe('open');
    expect(evaluateAccount([day(3_000)], rules())).toEqual({ outcome: 'passed', days: 1 });
    expect(evaluateAccount([day(3_000)], { ...rules(), daysMin: 2 }).outcome).toBe('open');
  });

  test('where the best day may make half of the profit, one great day is not enough', () => {
    const half = rules({ best_day_max_share: 0.5 });
    expect(evaluateAccount([day(3_000)], half).outcome).toBe('open');
    expect(evaluateAccount([day(3_000), day(2_999)], half).outcome).toBe('open');
    expect(evaluateAccount([day(3_000), day(2_999), day(1)], half)).toEqual({ outcome: 'passed', days: 3 });
  });

  test('an intraday floor follows the best moment of the day before the worst one is judged', () => {
    const swing = [day(0, -600, 1_500)];
    expect(evaluateAccount(swing, rules({ max_loss_mode: MaxLossMode.END_OF_DAY })).outcome).toBe('open');
    expect(evaluateAccount(swing, rules({ max_loss_mode: MaxLossMode.INTRADAY })).outcome).toBe('breached');
  });
});

describe('many evaluations', () => {
  test('one from each day on', () => {
    const days = [day(-1_500), day(1_500), day(1_500), day(-100), day(-1_900)];
    expect(valueOf(outcomesByStart(days, rules()))).toEqual({
      ...{ evaluations: 5, passed: 0.2, breached: 0.6, open: 0.2, daysToPass: 2 },
    });
  });

  /** Days whose mean is exactly so many USD, but for rounding. */
  function simulated(mean: number): readonly AccountDay[] {
    const normal = normalSource('account');
    const draws = Array.from({ length: 250 }, () => 300 * normal());
    const shift = mean - draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    return draws.map((draw) => {
      const net = Math.round(draw + shift);
      return day(net, Math.min(0, net) - 100, Math.max(0, net) + 100);
    });
  }

  test('an edge passes more often and breaches less often than none', () => {
    const options = { seed: 'outcomes', resamples: 400 };
    const none = valueOf(resampledOutcomes(simulated(0), rules(), options));
    const edge = valueOf(resampledOutcomes(simulated(60), rules(), options));
    expect(edge.passed).toBeGreaterThan(none.passed + 0.2);
    expect(edge.breached).toBeLessThan(none.breached - 0.2);
    expect(none.passed + none.breached + none.open).toBeCloseTo(1, 12);
    expect(valueOf(resampledOutcomes(simulated(0), rules(), options))).toEqual(none);
  });

  test('without an edge about a quarter of the decided ones pass, as a walk would', () => {
    // Up 2,000 before a fall of 2,000 below the peak: 1/e. From there 1,000 up before 2,000 down: 2/3. Together 0.245; a floor
    // that moves at the end of the day alone is a little kinder.
    const options = { seed: 'x', resamples: 1_000, meanBlock: 1 };
    const { passed, breached } = valueOf(resampledOutcomes(simulated(0), rules(), options));
    expect(passed / (passed + breached)).toBeGreaterThan(0.2);
    expect(passed / (passed + breached)).toBeLessThan(0.36);
  });

  test('days that cannot be are refused', () => {
    expect(outcomesByStart([], rules()).missing).toBe('too_few');
    expect(outcomesByStart([day(100, 50)], rules()).missing).toBe('out_of_range');
    expect(outcomesByStart([day(NaN)], rules()).missing).toBe('not_finite');
    expect(resampledOutcomes([day(1), day(2)], rules(), { seed: 'x' }).missing).toBe('too_few');
    expect(() => outcomesByStart([day(1)], rules({}, 0))).toThrow('target');
  });
});
