import { uniformSource } from '@bellwether/kernel';
import { describe, expect, test } from '@jest/globals';
import { REFERENCE } from '../reference-for-tests.js';
import { wilsonInterval } from '../wilson.js';
import {
  brierDecomposition,
  brierScore,
  calibrationError,
  calibrationErrorFloor,
  logLoss,
  reliabilityCurve,
} from './binary.js';
import {
  balancedAccuracy,
  classBrierScore,
  classLogLoss,
  classwiseErrors,
  topLabelError,
} from './classes.js';
import { valueOf } from '../value-for-tests.js';

const reference = REFERENCE.calibration;
const { probabilities, outcomes } = reference;
const forecasts = { probabilities, outcomes };
const classes = { probabilities: reference.classes, outcomes: reference.labels };

describe('against scikit-learn and numpy', () => {
  test('scores of an event', () => {
    expect(brierScore(forecasts).value).toBeCloseTo(reference.brier, 13);
    expect(logLoss(forecasts).value).toBeCloseTo(reference.logLoss, 12);
    const error = valueOf(calibrationError(forecasts, 'equal_width', 10));
    expect(error.expected).toBeCloseTo(reference.ece, 12);
    expect(error.maximum).toBeCloseTo(reference.mce, 12);
    const parts = valueOf(brierDecomposition(forecasts, 'equal_width', 10));
    expect(parts.reliability).toBeCloseTo(reference.reliability, 12);
    expect(parts.resolution).toBeCloseTo(reference.resolution, 12);
  });

  test('scores of four classes', () => {
    expect(classLogLoss(classes).value).toBeCloseTo(reference.classLogLoss, 4);
    expect(topLabelError(classes, 'equal_width', 10).value).toBeCloseTo(reference.topLabelEce, 12);
    expect(balancedAccuracy(reference.predicted, reference.labels).value).toBeCloseTo(
      reference.balancedAccuracy,
      12,
    );
  });

  test.each(REFERENCE.corrections.wilson)('Wilson: %i of %i', (hits, cases, low, high) => {
    const interval = valueOf(wilsonInterval(hits, cases));
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });
});

describe('laws', () => {
  test.each(['equal_width', 'equal_mass'] as const)(
    'the Brier score is the sum of its parts (%s)',
    (binning) => {
      for (const bins of [1, 3, 10, 50]) {
        const { brier, reliability, resolution, uncertainty, within } = valueOf(
          brierDecomposition(forecasts, binning, bins),
        );
        expect(reliability - resolution + uncertainty + within).toBeCloseTo(brier, 13);
      }
    },
  );

  test('two classes score as the event does', () => {
    const two = { probabilities: probabilities.map((p) => [1 - p, p]), outcomes };
    expect(classBrierScore(two).value).toBeCloseTo(2 * reference.brier, 12);
    expect(classLogLoss(two).value).toBeCloseTo(reference.logLoss, 12);
    const [not, event] = valueOf(classwiseErrors(two, 'equal_width', 1));
    expect(not).toBeCloseTo(event ?? NaN, 12);
  });

  test('the order of the forecasts does not matter', () => {
    const turned = { probabilities: [...probabilities].reverse(), outcomes: [...outcomes].reverse() };
    for (const binning of ['equal_width', 'equal_mass'] as const) {
      const [a, b] = [
        valueOf(calibrationError(turned, binning)),
        valueOf(calibrationError(forecasts, binning)),
      ];
      expect(a.expected).toBeCloseTo(b.expected, 12);
    }
  });

  test('bins of equal mass hold equally many, and never part equal probabilities', () => {
    const even = valueOf(
      reliabilityCurve(
        { probabilities: [...Array(100).keys()].map((i) => i / 100), outcomes: Array<number>(100).fill(1) },
        'equal_mass',
        10,
      ),
    );
    expect(even.map(({ count }) => count)).toEqual(Array(10).fill(10));
    const same = valueOf(
      reliabilityCurve({ probabilities: [0.3, 0.3, 0.3, 0.3], outcomes: [0, 1, 0, 1] }, 'equal_mass', 4),
    );
    expect(same).toMatchObject([{ count: 4, share: 0.5 }]);
  });

  test('true probabilities lie within their own floor, distorted ones above it', () => {
    const uniform = uniformSource('floor');
    const truth = Array.from({ length: 3_000 }, () => uniform());
    const came = truth.map((p) => (uniform() < p ? 1 : 0));
    const bold = truth.map((p) => (p < 0.5 ? 0.6 * p : 1 - 0.6 * (1 - p)));
    const errorOf = (of: readonly number[]): number =>
      valueOf(calibrationError({ probabilities: of, outcomes: came })).expected;
    const floor = valueOf(calibrationErrorFloor(truth, 'x', { draws: 60 }));
    expect(floor.mean).toBeGreaterThan(0.005);
    expect(errorOf(truth)).toBeLessThan(floor.high * 1.3);
    expect(errorOf(bold)).toBeGreaterThan(2 * valueOf(calibrationErrorFloor(bold, 'x', { draws: 60 })).high);
  });
});

describe('missing, with the reason', () => {
  test('forecasts that are none', () => {
    const reasonOf = (ps: readonly number[], ys: readonly number[]): string | null =>
      brierScore({ probabilities: ps, outcomes: ys }).missing;
    expect(reasonOf([], [])).toBe('too_few');
    expect(reasonOf([0.5], [])).toBe('unequal_lengths');
    expect(reasonOf([NaN], [1])).toBe('not_finite');
    expect(reasonOf([1.1], [1])).toBe('out_of_range');
    expect(reasonOf([0.5], [0.5])).toBe('out_of_range');
    expect(reasonOf([0.5], [1])).toBeNull();
  });

  test('a certainty that was wrong has no logarithm, one that was right has', () => {
    expect(logLoss({ probabilities: [0, 1], outcomes: [1, 1] }).missing).toBe('undefined');
    expect(logLoss({ probabilities: [0, 1], outcomes: [0, 1] }).value).toBeCloseTo(0, 15);
    expect(classLogLoss({ probabilities: [[1, 0]], outcomes: [1] }).missing).toBe('undefined');
  });

  test('classes that do not add up, or do not exist', () => {
    expect(classBrierScore({ probabilities: [[0.5, 0.4]], outcomes: [0] }).missing).toBe('out_of_range');
    expect(classBrierScore({ probabilities: [[0.5, 0.5]], outcomes: [2] }).missing).toBe('out_of_range');
    expect(classBrierScore({ probabilities: [[0.5, 0.5], [1]], outcomes: [0, 0] }).missing).toBe(
      'unequal_lengths',
    );
    expect(balancedAccuracy([1, 1], [1, 1]).missing).toBe('one_class');
    expect(balancedAccuracy([], []).missing).toBe('too_few');
    expect(balancedAccuracy([0, 0, 0], [0, 0, 1]).value).toBe(0.5);
  });

  test('shares of nothing', () => {
    expect(wilsonInterval(0, 0).missing).toBe('too_few');
    expect(wilsonInterval(3, 2).missing).toBe('out_of_range');
    expect(wilsonInterval(NaN, 2).missing).toBe('out_of_range');
  });
});
