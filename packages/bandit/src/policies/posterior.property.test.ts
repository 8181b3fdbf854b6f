/**
 * Goal: what the posteriors say is the ridge regression that they stand for, whatever was seen. Method: rewards drawn at
 * random, against the normal equations and against the regression that keeps an inverse.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { uniformSource } from '@bellwether/kernel';
import { backSolve, choleskyOf, forwardSolve, packedLength } from './cholesky.js';
import { InverseRegression } from './inverse-regression.js';
import { observedAll, priorPosterior, upperConfidence, type Observation } from './posterior.js';

const seeds = fc.nat();
const sizes = fc.integer({ min: 1, max: 9 });

function observationsOf(seed: number, dimension: number, count: number): Observation[] {
  const uniform = uniformSource(`posterior ${seed}`);
  return Array.from({ length: count }, () => ({
    x: Float64Array.from({ length: dimension }, () => 2 * uniform() - 1),
    reward: 4 * uniform() - 2,
  }));
}

/** A x, of a packed symmetric matrix. */
function times(gram: Float64Array, x: Float64Array): number[] {
  return Array.from(x, (_, i) =>
    x.reduce((sum, value, j) => sum + value * gram[packedLength(Math.max(i, j)) + Math.min(i, j)]!, 0),
  );
}

describe('Cholesky', () => {
  test('solves what it factored, in every dimension', () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, dimension) => {
        const rows = observationsOf(seed, dimension, 12);
        const { gram } = observedAll(priorPosterior(dimension, 0.5), rows, { ridge: 0.5, kept: 1 });
        const right = rows[0]!.x;
        const l = choleskyOf(gram, dimension);
        const solution = backSolve(l, forwardSolve(l, right));
        times(gram, solution).forEach((value, i) => {
          expect(value).toBeCloseTo(right[i]!, 10);
        });
      }),
    );
  });

  test('refuses a matrix that is not positive definite', () => {
    expect(() => choleskyOf(Float64Array.of(1, 2, 1), 2)).toThrow('positive definite');
    expect(() => choleskyOf(Float64Array.of(0), 1)).toThrow('positive definite');
  });
});

describe('a posterior', () => {
  test('is the ridge regression of all it has seen, in one go or one by one', () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, dimension) => {
        const rows = observationsOf(seed, dimension, 20);
        const forgetting = { ridge: 2, kept: 1 };
        const prior = priorPosterior(dimension, 2);
        const whole = observedAll(prior, rows, forgetting);
        const inverse = new InverseRegression(dimension, 2);
        let single = prior;
        for (const row of rows) {
          single = observedAll(single, [row], forgetting);
          inverse.observe(row.x, row.reward);
        }
        expect(single).toEqual(whole);
        const { x } = rows[0]!;
        expect(upperConfidence(whole, x, 0)).toBeCloseTo(inverse.expected(x), 9);
        const bound = inverse.expected(x) + 0.7 * Math.sqrt(inverse.variance(x));
        expect(upperConfidence(whole, x, 0.7)).toBeCloseTo(bound, 9);
      }),
    );
  });

  test('fades to its prior where others are rewarded, and stays definite for ever', () => {
    const forgetting = { ridge: 1, kept: 0.99 };
    const row = observationsOf(1, 3, 1)[0]!;
    const seen = observedAll(priorPosterior(3, 1), [row], forgetting);
    expect(Math.abs(upperConfidence(seen, row.x, 0))).toBeGreaterThan(0.05);
    const faded = observedAll(seen, [], forgetting, 100_000);
    expect(faded.count).toBe(1);
    expect(upperConfidence(faded, row.x, 0)).toBeCloseTo(0, 12);
    expect(upperConfidence(faded, row.x, 1)).toBeCloseTo(
      Math.sqrt(
        times(priorPosterior(3, 1).gram, row.x).reduce((sum, value, i) => sum + value * row.x[i]!, 0),
      ),
      9,
    );
  });

  test('that forgets for 20,000 rewards in one direction is finite, and knows nothing of the others', () => {
    const forgetting = { ridge: 1, kept: 0.995 };
    const [along, across] = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
    let posterior = priorPosterior(2, 1);
    for (let i = 0; i < 20_000; i++)
      posterior = observedAll(posterior, [{ x: along, reward: 1 }], forgetting);
    // 1 + kept + kept^2 + … = 200 rewards, beside a ridge of 1.
    expect(upperConfidence(posterior, along, 0)).toBeCloseTo(200 / 201, 6);
    expect(upperConfidence(posterior, across, 1)).toBeCloseTo(1, 9);
  });

  test('does not change what it was made of', () => {
    const prior = priorPosterior(2, 1);
    const before = structuredClone(prior);
    observedAll(prior, observationsOf(3, 2, 5), { ridge: 1, kept: 0.9 }, 2);
    expect(prior).toEqual(before);
  });
});
