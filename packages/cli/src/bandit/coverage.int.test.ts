/**
 * Goal: the 90 % intervals of off-policy evaluation hold the true value about as often as they say, and thin logs are refused.
 * Method: a slice of `npm run evaluation-coverage`, whose seeds are fixed.
 */
import { describe, expect, test } from '@jest/globals';
import { ESTIMATORS, coverageOf } from './coverage.js';

describe('off-policy evaluation', () => {
  test('holds the true value in 90 of 100 logs, within what 30 logs can show', () => {
    for (const { judged, held } of coverageOf(30, { choices: 600, floor: 0.1 }, () => undefined)) {
      expect(judged).toBe(30);
      // 27 are expected; fewer than 22 would be one set of logs in 200.
      for (const name of ESTIMATORS) expect(held[name]).toBeGreaterThanOrEqual(22);
    }
  });

  test('refuses a log that hardly chose what the policy would', () => {
    const thin = coverageOf(5, { choices: 120, floor: 0.02 }, () => undefined);
    expect(thin.filter(({ policy }) => policy !== 'regime_map').map(({ refused }) => refused)).toEqual([
      5, 5, 5,
    ]);
  });
});
