import { describe, expect, test } from '@jest/globals';
import { normalDensity, normalQuantile } from '@bellwether/statistics';
import { oneStepSizing } from '../environments/one-step-sizing.js';
import { fatTailedSizing } from '../environments/fat-tailed-sizing.js';
import { Ppo } from '../ppo/ppo.js';
import { randomSource } from '../random.js';
import { FAT_TAILED_OPTIONS } from '../studies/fat-tailed-study.js';
import { evaluatePolicy } from './evaluate.js';
import { tailInterval } from './tail-interval.js';

const untrained = () =>
  new Ppo(fatTailedSizing(), { ...FAT_TAILED_OPTIONS, lanes: 2, seed: '1', tail: null }).policy();

describe('an evaluation', () => {
  test('says the same again, and one episode what it says among others', () => {
    const policy = untrained();
    const looked = (episodes: number) => evaluatePolicy(fatTailedSizing(), policy, { seed: '1', episodes });
    const all = looked(30);
    expect(looked(30)).toEqual(all);
    expect(looked(7).returns).toEqual(all.returns.slice(0, 7));
    expect(new Set(all.returns).size).toBe(30);
  });

  test('a drawdown is the deepest fall from the highest, the beginning included', () => {
    const { returns, drawdowns, steps } = evaluatePolicy(fatTailedSizing(), untrained(), {
      seed: '1',
      episodes: 50,
    });
    returns.forEach((sum, i) => expect(drawdowns[i]).toBeGreaterThanOrEqual(Math.max(0, -sum) - 1e-9));
    expect(Math.max(...steps)).toBe(30);
    const one = oneStepSizing({ regimes: [{ probability: 1, sigma: 1 }], mu: 0, cost: 0, sizeMax: 1 });
    const policy = new Ppo(one, { ...FAT_TAILED_OPTIONS, lanes: 2, seed: '1', tail: null }).policy();
    const single = evaluatePolicy(one, policy, { seed: '1', episodes: 50 });
    expect(single.drawdowns).toEqual(single.returns.map((sum) => Math.max(0, -sum)));
  });
});

describe('the interval of a tail', () => {
  test('holds the known CVaR of a normal, and is missing where there is too little', () => {
    const random = randomSource('tail interval');
    const returns = Array.from({ length: 2_000 }, () => random.normal());
    const interval = tailInterval(returns, 0.95, { seed: '1' });
    const known = normalDensity(normalQuantile(0.95)) / 0.05;
    expect(interval.missing).toBeNull();
    if (interval.missing !== null) return;
    expect(interval.value.low).toBeLessThan(known);
    expect(interval.value.high).toBeGreaterThan(known);
    expect(interval.value.high - interval.value.low).toBeLessThan(0.4);
    expect(tailInterval([1, 2], 0.95, { seed: '1' }).missing).not.toBeNull();
  });
});
