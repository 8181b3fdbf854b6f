import { describe, expect, test } from '@jest/globals';
import { normalCdf, normalDensity, normalQuantile } from './normal.js';
import { REFERENCE } from './reference-for-tests.js';

/** Largest relative distance to the reference, in units of 1e-15. */
function worst(points: readonly (readonly [number, number])[], of: (x: number) => number): number {
  return Math.max(...points.map(([x, value]) => (value === of(x) ? 0 : Math.abs(of(x) / value - 1) / 1e-15)));
}

describe('the normal distribution, against 50 digits of mpmath', () => {
  test('the probability is right to 15 digits, in the far tail too', () => {
    expect(worst(REFERENCE.normal.cdf, normalCdf)).toBeLessThan(2);
  });

  test('the density is right to 15 digits', () => {
    expect(worst(REFERENCE.normal.density, normalDensity)).toBeLessThan(2);
  });

  test('the quantile is right to 15 digits', () => {
    expect(worst(REFERENCE.normal.quantile, normalQuantile)).toBeLessThan(2);
  });

  test('the quantile undoes the probability', () => {
    for (let x = -8; x <= 5; x += 0.01) {
      expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(1e-9);
    }
  });

  test('both sides add up to one, and the probability never falls', () => {
    let before = 0;
    for (let x = -40; x <= 40; x += 0.0625) {
      expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(3e-16);
      expect(normalCdf(x)).toBeGreaterThanOrEqual(before);
      before = normalCdf(x);
    }
  });

  test('ends and nonsense', () => {
    expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(NaN)]).toEqual([0, 1, NaN]);
    expect([normalDensity(1e200), normalDensity(-Infinity)]).toEqual([0, 0]);
    expect([0, 1, -0.1, 1.1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  });
});
