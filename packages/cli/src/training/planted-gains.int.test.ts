// Goal: a model learns what is in a market, and the figures over seeds are those of Student's t. `npm run train-planted` runs ten seeds.
import { describe, expect, it } from '@jest/globals';
import { seedInterval, worldGains } from './planted-gains.js';

const TIMEOUT_MS = 300_000;

describe('a planted drift', () => {
  it(
    'is forecast better than by the base rate',
    async () => {
      const { gains } = await worldGains({ model: 'rl_model', planted: true, seed: '1', sessions: 8 }, 1);
      const over = (name: string): number => gains.find((gain) => gain.over === name)?.loss ?? NaN;
      expect(over('base_rate')).toBeGreaterThan(0.01);
    },
    TIMEOUT_MS,
  );
});

describe('the interval over seeds', () => {
  it('is that of the t distribution', () => {
    // t(0.95; 9) = 1.8331: ten values of mean 0 and standard deviation 1.
    const values = [-1.5, -1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1, 1.5];
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / 9);
    expect(seedInterval(values)?.high).toBeCloseTo((1.8331 * deviation) / Math.sqrt(10), 3);
    expect(seedInterval([1, 2])).toBeNull();
  });
});
