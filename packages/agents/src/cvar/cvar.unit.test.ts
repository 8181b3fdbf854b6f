import { describe, expect, test } from '@jest/globals';
import { normalDensity, normalQuantile } from '@bellwether/statistics';
import { randomSource } from '../random.js';
import { NO_PRICE, nextMultiplier } from './multiplier.js';
import { chargeTail, tailOf } from './tail.js';

describe('the tail of returns', () => {
  test('is the mean of the worst share', () => {
    const returns = Array.from({ length: 200 }, (_, i) => ((i * 77) % 200) - 100);
    // The worst ten are -100 to -91.
    expect(tailOf(returns, 0.95)).toEqual({ quantile: -91, cvar: expect.closeTo(95.5, 9) });
  });

  test('counts the quantile with the share that is left where the share is no whole number of episodes', () => {
    const { quantile, cvar } = tailOf([-4, -2, 0, 0, 0, 0], 0.75);
    expect(quantile).toBe(-2);
    // The worst 1.5 of six: all of -4, half of -2.
    expect(cvar).toBeCloseTo((4 + 1) / 1.5, 12);
  });

  test('minimises Rockafellar and Uryasev at the quantile', () => {
    const random = randomSource('tail');
    const returns = Float64Array.from({ length: 1_000 }, () => random.normal());
    const { quantile, cvar } = tailOf(returns, 0.95);
    const at = (nu: number): number =>
      -nu + returns.reduce((sum, x) => sum + Math.max(0, nu - x), 0) / returns.length / 0.05;
    expect(at(quantile)).toBeCloseTo(cvar, 9);
    for (const other of [quantile - 0.2, quantile + 0.2]) expect(at(other)).toBeGreaterThan(cvar);
  });

  test('of many normal draws is the known one', () => {
    const random = randomSource('normal');
    const { cvar } = tailOf(
      Float64Array.from({ length: 200_000 }, () => random.normal()),
      0.95,
    );
    expect(cvar).toBeCloseTo(normalDensity(normalQuantile(0.95)) / 0.05, 1.5);
  });
});

describe('the charge', () => {
  test('falls on the last step of the episodes in the tail alone, as much as the Lagrangian says', () => {
    const random = randomSource('charge');
    const sums = Array.from({ length: 400 }, () => random.normal());
    // Each episode has two steps; its rewards come at its first.
    const rewards = Float64Array.from({ length: 800 }, (_, row) => (row % 2 === 0 ? sums[row / 2]! : 0));
    const episodes = sums.map((sum, i) => ({ sum, lastRow: 2 * i + 1 }));
    const tail = tailOf(sums, 0.95);
    chargeTail({ episodes, rewards }, tail, 0.3, 0.95);
    const charges = sums.map((_, i) => -rewards[2 * i + 1]!);
    expect(charges.filter((charge) => charge > 0)).toHaveLength(19);
    charges.forEach((charge, i) => expect(charge > 0).toBe(sums[i]! < tail.quantile));
    const mean = charges.reduce((sum, charge) => sum + charge, 0) / 400;
    expect(mean).toBeCloseTo(0.3 * (tail.cvar + tail.quantile), 9);
    expect(rewards.filter((_, row) => row % 2 === 0)).toEqual(Float64Array.from(sums));
  });
});

describe('the price of the tail', () => {
  test('is 0 while the limit is slack, and again when it is', () => {
    let price = NO_PRICE;
    for (let i = 0; i < 10; i++) price = nextMultiplier(price, 0.5, 1);
    expect(price).toEqual(NO_PRICE);
    price = nextMultiplier(price, 1.5, 1);
    expect(price.lambda).toBeCloseTo(0.102, 12);
    expect(nextMultiplier(price, 0.4, 1).lambda).toBe(0);
  });

  test('keeps what the integral learned while the excess is 0, and one batch adds no more than its part', () => {
    const held = nextMultiplier({ integral: 0.07, lambda: 0 }, 1, 1);
    expect(held).toEqual({ integral: 0.07, lambda: 0.07 });
    expect(nextMultiplier(NO_PRICE, 50, 1).lambda).toBeCloseTo(0.2 + 0.004 * 49, 12);
  });
});
