import { describe, expect, test } from '@jest/globals';
import { closedFormSizing } from '../environments/sizing-optimum.js';
import { CONFIDENCE, ONE_REGIME, SIZING_OPTIONS, TWO_REGIMES, sizingStudy } from './sizing-study.js';
import { closedForm, twoRegimes } from './acceptance.js';
import { fatTailedStudy } from './fat-tailed-study.js';

/**
 * Goal: the bounds of the acceptance refuse what is beyond them, and a slice of each study comes near what the whole one
 * reaches (`npm run agents-acceptance`).
 * Method: figures at the bounds; small batches and few of them.
 */

describe('the bounds', () => {
  const { size, lambda } = closedFormSizing(ONE_REGIME, CONFIDENCE, 1);
  const at = (sizeShare: number, lambdaShare: number, cvar: number): boolean =>
    closedForm(1, { sizes: [size * sizeShare], lambda: lambda * lambdaShare, batchCvar: cvar }).holds;

  test.each([
    [1, 1, 1, true],
    [0.91, 1.19, 1.029, true],
    [0.89, 1, 1, false],
    [1.03, 1, 1, false],
    [1, 0.79, 1, false],
    [1, 1.21, 1, false],
    [1, 1, 0.96, false],
    [1, 1, 1.04, false],
  ])('closed form: size × %d, lambda × %d, CVaR %d', (sizeShare, lambdaShare, cvar, holds) => {
    expect(at(sizeShare, lambdaShare, cvar)).toBe(holds);
  });

  test('a slack limit has no price, and plain PPO breaks the others', () => {
    const slack = (best: number, price: number): boolean =>
      closedForm(9, { sizes: [best], lambda: price, batchCvar: 3.9 }).holds;
    expect([slack(2, 0), slack(1.7, 0), slack(1.6, 0), slack(2, 0.01)]).toEqual([true, true, false, false]);
    const plain = (cvar: number): boolean =>
      closedForm(null, { sizes: [2], lambda: 0, batchCvar: cvar }).holds;
    expect([plain(3.9), plain(1.9)]).toEqual([true, false]);
  });

  test('two regimes: value, exact CVaR, and less in the volatile one', () => {
    const of = (sizes: readonly number[]): boolean =>
      twoRegimes(1, { sizes, lambda: 0, batchCvar: 1 }, 20).holds;
    expect([of([1.19, 0.31]), of([0.9, 0.3]), of([1.3, 0.4]), of([0.45, 0.46])]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('a slice of each study', () => {
  const options = {
    ...SIZING_OPTIONS,
    ...{ lanes: 1_024, minibatch: 512 },
    policyRate: { kind: 'constant', rate: 5e-3 },
  } as const;

  test('a limit on the tail brings the size near the closed form, and without it the size is near the best', () => {
    const limited = sizingStudy(ONE_REGIME, 1, '1', 80, options);
    expect(limited.sizes[0]).toBeGreaterThan(0.35);
    expect(limited.sizes[0]).toBeLessThan(0.7);
    expect(limited.lambda).toBeGreaterThan(0);
    expect(limited.batchCvar).toBeLessThan(1.25);
    const plain = sizingStudy(ONE_REGIME, null, '1', 40, options);
    expect(plain.lambda).toBe(0);
    expect(plain.sizes[0]).toBeGreaterThan(1.4);
    expect(plain.batchCvar).toBeGreaterThan(2);
  });

  test('with two regimes the volatile one gets the smaller size', () => {
    const { sizes } = sizingStudy(TWO_REGIMES, 1, '1', 80, options);
    expect(sizes[0]).toBeGreaterThan(1.5 * sizes[1]!);
  });

  test('with fat tails the limit makes the tail lighter on sessions that were not seen', () => {
    const { plain, limited } = fatTailedStudy('1', { batches: 20, lanes: 200, heldOut: 400 });
    expect(limited.cvar).toBeLessThan(plain.cvar);
    expect(limited.meanDrawdown).toBeLessThan(plain.meanDrawdown);
  });
});
