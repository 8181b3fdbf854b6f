import { uniformSource } from '@bellwether/kernel';
import { describe, expect, test } from '@jest/globals';
import { valueOf } from '../value-for-tests.js';
import { brierScore, calibrationError, logLoss, type Forecasts } from './binary.js';
import type { ClassForecasts } from './classes.js';
import { fitBeta, fitIsotonic, fitPlatt, fitTemperature, improves, improvesClasses } from './fit-maps.js';
import { poolAdjacentViolators } from './isotonic.js';
import { IDENTITY, calibrated, calibratedClasses, sigmoidOf, type CalibrationMap } from './maps.js';

/**
 * Goal: each map mends the fault that it can mend, and none is taken into use that does not.
 * Method: over-confident and shifted scores (true logit = (z - 0.7) / 2.5) are fitted on 4,000 cases and measured on 20,000 others;
 * the figures of learning.md 6 are met within the noise of other draws. Pooling against values worked out by hand.
 */

/** Scores z with a spread of 2.5, given out as sigmoid(z), of events that follow (z - 0.7) / 2.5. */
function scores(count: number, seed: string): Forecasts & { readonly truth: readonly number[] } {
  const uniform = uniformSource(seed);
  const rows = Array.from({ length: count }, () => {
    const z = 2.5 * (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
    const truth = sigmoidOf((z - 0.7) / 2.5);
    return { p: sigmoidOf(z), truth, outcome: uniform() < truth ? 1 : 0 };
  });
  return {
    probabilities: rows.map(({ p }) => p),
    outcomes: rows.map(({ outcome }) => outcome),
    truth: rows.map(({ truth }) => truth),
  };
}

const fitted = scores(4_000, 'fitted');
const tested = scores(20_000, 'tested');

function measured(map: CalibrationMap) {
  const { outcomes } = tested;
  const forecasts = { probabilities: tested.probabilities.map((p) => calibrated(map, p)), outcomes };
  return {
    error: valueOf(calibrationError(forecasts)).expected,
    brier: valueOf(brierScore(forecasts)),
    loss: valueOf(logLoss(forecasts)),
  };
}

/** What cannot be beaten: the probabilities that made the outcomes. */
const best = {
  brier: valueOf(brierScore({ probabilities: tested.truth, outcomes: tested.outcomes })),
  loss: valueOf(logLoss({ probabilities: tested.truth, outcomes: tested.outcomes })),
};

describe('scores that are too sure and shifted', () => {
  const raw = measured(IDENTITY);

  test('lose much before they are calibrated', () => {
    expect(raw.error).toBeGreaterThan(0.1);
    expect(raw.loss - best.loss).toBeGreaterThan(0.1);
  });

  test('Platt finds the true map', () => {
    const map = valueOf(fitPlatt(fitted));
    expect(map.kind).toBe('platt');
    if (map.kind !== 'platt') return;
    expect(Math.abs(map.slope - 1 / 2.5)).toBeLessThan(0.04);
    expect(Math.abs(map.intercept + 0.7 / 2.5)).toBeLessThan(0.08);
  });

  test.each([
    ['Platt', fitPlatt, 0.02, 0.001],
    ['beta', fitBeta, 0.02, 0.001],
    ['isotonic', fitIsotonic, 0.035, 0.01],
  ] as const)('%s comes near the truth', (_, make, error, loss) => {
    const result = measured(valueOf(make(fitted)));
    expect(result.error).toBeLessThan(error);
    expect(result.loss - best.loss).toBeLessThan(loss);
    expect(result.brier).toBeLessThan(raw.brier);
  });

  test('a temperature mends the spread and not the shift', () => {
    const classes: ClassForecasts = {
      probabilities: fitted.probabilities.map((p) => [1 - p, p]),
      outcomes: fitted.outcomes,
    };
    const map = valueOf(fitTemperature(classes));
    expect(map).toMatchObject({ kind: 'temperature' });
    const result = measured(map);
    expect(result.loss).toBeLessThan(raw.loss);
    expect(result.loss - best.loss).toBeGreaterThan(0.003);
    expect(calibrated(map, 0.8)).toBeCloseTo(calibratedClasses(map, [0.2, 0.8])[1]!, 12);
  });

  test('a map is taken where it improves the newest data, and not again', () => {
    const map = valueOf(fitPlatt(fitted));
    expect(improves(map, IDENTITY, tested).value).toBe(true);
    expect(improves(IDENTITY, map, tested).value).toBe(false);
    expect(improves(map, map, tested).value).toBe(false);
    const sharper: CalibrationMap = { kind: 'temperature', temperature: 0.2 };
    expect(improves(sharper, IDENTITY, tested).value).toBe(false);
  });

  test('a map that takes away a wrong certainty improves; one that gives it does not', () => {
    const newest = { probabilities: [0, 1, 0.5, 0.5], outcomes: [1, 1, 0, 1] };
    const softer: CalibrationMap = { kind: 'platt', slope: 0.01, intercept: 0 };
    expect(improves(softer, IDENTITY, newest).value).toBe(true);
    expect(improves(IDENTITY, softer, newest).value).toBe(false);
  });
});

describe('a temperature over classes', () => {
  const uniform = uniformSource('classes');
  /** Truth softmax(z), given out as softmax(2 z). */
  const rows = Array.from({ length: 5_000 }, () => {
    const z = [0, 1, 2, 3].map(() => 3 * (uniform() - 0.5));
    const share = (factor: number) => {
      const grown = z.map((x) => Math.exp(factor * x));
      const sum = grown.reduce((a, b) => a + b, 0);
      return grown.map((x) => x / sum);
    };
    let left = uniform();
    const outcome = share(1).findIndex((p) => (left -= p) < 0);
    return { said: share(2), outcome: Math.max(0, outcome) };
  });
  const forecasts = {
    probabilities: rows.map(({ said }) => said),
    outcomes: rows.map(({ outcome }) => outcome),
  };

  test('finds how much too sharp they are, and keeps which class leads', () => {
    const map = valueOf(fitTemperature(forecasts));
    expect(map.kind === 'temperature' ? Math.abs(map.temperature - 2) : 9).toBeLessThan(0.15);
    expect(improvesClasses(map, IDENTITY, forecasts).value).toBe(true);
    for (const { said } of rows.slice(0, 100)) {
      const after = calibratedClasses(map, said);
      expect(after.indexOf(Math.max(...after))).toBe(said.indexOf(Math.max(...said)));
      expect(after.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  test('is the only map over classes', () => {
    expect(() => calibratedClasses({ kind: 'platt', slope: 1, intercept: 0 }, [0.5, 0.5])).toThrow(
      'over one event',
    );
  });
});

describe('pooling of neighbours that fall', () => {
  test.each([
    [
      [1, 3, 2, 4, 3.5, 5],
      [1, 2.5, 2.5, 3.75, 3.75, 5],
    ],
    [
      [4, 3, 2, 1],
      [2.5, 2.5, 2.5, 2.5],
    ],
    [[], []],
  ])('%j becomes %j', (values, expected) => {
    expect(poolAdjacentViolators(values)).toEqual(expected);
  });

  test('rises, keeps the weighted mean, and does nothing twice', () => {
    const uniform = uniformSource('pools');
    const values = Array.from({ length: 500 }, () => uniform());
    const weights = values.map(() => 0.1 + uniform());
    const pooled = poolAdjacentViolators(values, weights);
    const mean = (of: readonly number[]) => of.reduce((sum, x, i) => sum + x * weights[i]!, 0);
    expect(pooled.every((x, i) => i === 0 || x >= pooled[i - 1]!)).toBe(true);
    expect(mean(pooled)).toBeCloseTo(mean(values), 9);
    poolAdjacentViolators(pooled, weights).forEach((x, i) => expect(x).toBeCloseTo(pooled[i]!, 12));
  });
});

describe('what a map cannot be fitted on', () => {
  const few = { probabilities: fitted.probabilities.slice(0, 40), outcomes: fitted.outcomes.slice(0, 40) };
  const same = { probabilities: fitted.probabilities, outcomes: fitted.outcomes.map(() => 1) };
  const flat = { probabilities: fitted.probabilities.map(() => 0.3), outcomes: fitted.outcomes };

  test.each([
    ['Platt', fitPlatt],
    ['beta', fitBeta],
    ['isotonic', fitIsotonic],
  ] as const)('%s says why', (_, make) => {
    expect(make(few).missing).toBe('too_few');
    expect(make(same).missing).toBe('one_class');
    expect(make({ ...fitted, outcomes: [] }).missing).toBe('unequal_lengths');
  });

  test('probabilities that do not differ determine no slope', () => {
    expect(fitPlatt(flat).missing).toBe('undefined');
    expect(fitBeta(flat).missing).toBe('undefined');
    expect(valueOf(fitIsotonic(flat))).toMatchObject({ kind: 'isotonic', inputs: [0.3] });
  });

  test('probabilities of 0 and 1 have a calibrated value', () => {
    for (const map of [valueOf(fitPlatt(fitted)), valueOf(fitBeta(fitted)), valueOf(fitIsotonic(fitted))]) {
      for (const p of [0, 1]) expect(Number.isFinite(calibrated(map, p))).toBe(true);
      expect(calibrated(map, 0)).toBeLessThan(calibrated(map, 1));
    }
  });

  test('beta keeps its slopes above 0 where the scores run the wrong way', () => {
    const wrong = { probabilities: fitted.probabilities.map((p) => 1 - p), outcomes: fitted.outcomes };
    const map = valueOf(fitBeta(wrong));
    expect(map.kind === 'beta' && map.a >= 0 && map.b >= 0).toBe(true);
  });
});
