import { describe, expect, test } from '@jest/globals';
import { REFERENCE } from '../reference-for-tests.js';
import { normalSource, noiseColumns } from '../simulated-for-tests.js';
import { bootstrapMeans } from './bootstrap-means.js';
import { benjaminiHochberg, holm } from './corrections.js';
import { backtestOverfitting } from './cscv.js';
import { realityCheck, romanoWolf, superiorAbility } from './reality-check.js';
import { combinations } from './splits.js';
import { valueOf } from '../value-for-tests.js';

const { columns, meanBlock, ...expected } = REFERENCE.many;
const options = { seed: 'many', meanBlock, resamples: 5_000 };
/** Four standard errors of the difference to a share of 20,000 draws. */
const DRAWN = 0.03;

describe('tests of the best of many, against arch and numpy', () => {
  test('the long-run deviations are those of the stationary bootstrap', () => {
    const { deviations } = valueOf(bootstrapMeans(columns, { ...options, resamples: 10 }));
    deviations.forEach((deviation, k) => expect(deviation).toBeCloseTo(expected.deviations[k]!, 12));
  });

  test("White's reality check", () => {
    const check = valueOf(realityCheck(columns, options));
    expect(Math.abs(check.p - expected.realityCheckP)).toBeLessThan(DRAWN);
    expect(check).toMatchObject({ best: 0, meanBlock });
  });

  test("Hansen's three p-values", () => {
    const test = valueOf(superiorAbility(columns, options));
    expect(test.statistic).toBeCloseTo(expected.spaStatistic, 10);
    [test.pLower, test.pConsistent, test.pUpper].forEach((p, i) => {
      expect(Math.abs(p - expected.spaP[i]!)).toBeLessThan(DRAWN);
    });
  });

  test('Romano and Wolf step down', () => {
    const adjusted = valueOf(romanoWolf(columns, options));
    adjusted.forEach(({ p, series }) => {
      expect(Math.abs(p - expected.romanoWolfP[series]!)).toBeLessThan(DRAWN);
    });
  });

  test.each(['4', '6', '8', '10'] as const)('overfitting with %s blocks', (blocks) => {
    const found = valueOf(backtestOverfitting(columns, Number(blocks)));
    const { pbo, meanLogit, splits } = expected.cscv[blocks];
    expect(found.pbo).toBeCloseTo(pbo, 12);
    expect(found.splits).toBe(splits);
    expect(found.logits.reduce((a, b) => a + b, 0) / splits).toBeCloseTo(meanLogit, 10);
    expect(found.daysDropped).toBe(0);
  });
});

describe('the order of the variants does not matter', () => {
  const turned = [...columns].reverse();
  const few = { ...options, resamples: 500 };

  test('for any of the tests', () => {
    expect(realityCheck(turned, few).value?.p).toBe(realityCheck(columns, few).value?.p);
    expect(superiorAbility(turned, few).value?.pConsistent).toBe(
      superiorAbility(columns, few).value?.pConsistent,
    );
    const [back, forth] = [valueOf(romanoWolf(turned, few)), valueOf(romanoWolf(columns, few))];
    expect(back.map(({ p }) => p).reverse()).toEqual(forth.map(({ p }) => p));
    expect(backtestOverfitting(turned, 8).value?.pbo).toBe(backtestOverfitting(columns, 8).value?.pbo);
  });

  test('a common factor changes nothing', () => {
    const cents = columns.map((column) => column.map((day) => Math.round(day * 1e6)));
    expect(realityCheck(cents, few).value?.p).toBe(realityCheck(columns, few).value?.p);
    expect(superiorAbility(cents, few).value?.pUpper).toBe(superiorAbility(columns, few).value?.pUpper);
    expect(backtestOverfitting(cents, 8).value?.logits).toEqual(
      backtestOverfitting(columns, 8).value?.logits,
    );
  });
});

describe('overfitting by hand', () => {
  const noise = noiseColumns(normalSource('overfit'), 240, 20);

  test('columns whose mean was taken away: what gains in one half loses in the other', () => {
    const centred = noise.map((column) => {
      const mean = column.reduce((a, b) => a + b, 0) / column.length;
      return column.map((day) => day - mean);
    });
    expect(backtestOverfitting(centred).value).toMatchObject({ pbo: 1, lossProbability: 1, splits: 12_870 });
  });

  test('one real edge among noise is never overfitting', () => {
    const edge = noise.map((column, k) => (k === 7 ? column.map((day) => day + 0.6) : column));
    const found = valueOf(backtestOverfitting(edge));
    expect(found.pbo).toBe(0);
    expect(found.lossProbability).toBe(0);
  });

  test('days that fill no block are left out at the start', () => {
    const longer = noise.map((column) => [1e6, -1e6, 1e6, ...column]);
    expect(backtestOverfitting(longer).value).toMatchObject({ daysDropped: 3 });
    expect(backtestOverfitting(longer).value?.pbo).toBe(backtestOverfitting(noise).value?.pbo);
  });

  test('a variant that never trades ranks above those that lose and below those that gain', () => {
    const idle = new Array<number>(240).fill(0);
    const losers = noise.map((column) => column.map((day) => day - 1));
    const found = valueOf(backtestOverfitting([idle, ...losers], 8));
    expect(found).toMatchObject({ pbo: 0, lossProbability: 0, degradation: null });
  });

  test('missing where a ratio is undefined, and for few or uneven days', () => {
    const always = new Array<number>(240).fill(5);
    expect(backtestOverfitting([always, ...noise]).missing).toBe('zero_variance');
    const idle = new Array<number>(240).fill(0);
    expect(backtestOverfitting([idle, idle]).missing).toBe('zero_variance');
    expect(backtestOverfitting([noise[0]!]).missing).toBe('too_few');
    expect(backtestOverfitting(noise.map((column) => column.slice(0, 31))).missing).toBe('too_few');
    expect(backtestOverfitting([noise[0]!, noise[1]!.slice(1)]).missing).toBe('unequal_lengths');
    expect(backtestOverfitting([noise[0]!, noise[1]!.with(3, NaN)]).missing).toBe('not_finite');
    expect(() => backtestOverfitting(noise, 7)).toThrow('even number');
  });

  test('all halves are looked at', () => {
    expect(combinations(4, 2).map((chosen) => chosen.join(''))).toEqual(['01', '02', '03', '12', '13', '23']);
    expect(combinations(16, 8)).toHaveLength(12_870);
    expect(combinations(2, 3)).toEqual([]);
  });
});

describe('series that cannot be tested', () => {
  test('one that never traded is left out, and is no reason to give up', () => {
    const idle = columns[0]!.map(() => 0);
    const with0 = valueOf(superiorAbility([idle, ...columns], { ...options, resamples: 300 }));
    const without = valueOf(superiorAbility(columns, { ...options, resamples: 300 }));
    expect(with0).toEqual({ ...without, best: without.best + 1 });
    expect(romanoWolf([idle, ...columns], { ...options, resamples: 300 }).value).toHaveLength(6);
  });

  test('nothing but idle or constant ones', () => {
    const days = new Array<number>(50).fill(0);
    expect(realityCheck([days], { seed: 'x' }).missing).toBe('zero_variance');
    expect(superiorAbility([days.map(() => 2)], { seed: 'x', meanBlock: 2 }).missing).toBe('zero_variance');
    expect(realityCheck([], { seed: 'x' }).missing).toBe('too_few');
    expect(realityCheck([[1, 2, NaN]], { seed: 'x' }).missing).toBe('too_few');
  });

  test('where all lose, nothing is superior', () => {
    const losers = columns.map((column) => column.map((day) => day - 0.1));
    const test = valueOf(superiorAbility(losers, { ...options, resamples: 300 }));
    expect(test).toMatchObject({ statistic: 0, pLower: 1, pConsistent: 1, pUpper: 1 });
  });
});

describe('corrections of p-values', () => {
  const { ps, ...adjusted } = REFERENCE.corrections;

  test('Holm, and Benjamini and Hochberg, against statsmodels', () => {
    valueOf(holm(ps)).forEach((p, i) => expect(p).toBeCloseTo(adjusted.holm[i]!, 14));
    valueOf(benjaminiHochberg(ps)).forEach((p, i) =>
      expect(p).toBeCloseTo(adjusted.benjaminiHochberg[i]!, 14),
    );
  });

  test('never below what they were, and empty for none', () => {
    for (const correction of [holm, benjaminiHochberg]) {
      valueOf(correction(ps)).forEach((p, i) => expect(p).toBeGreaterThanOrEqual(ps[i]!));
      expect(correction([]).value).toEqual([]);
      expect(correction([0.1, NaN]).missing).toBe('out_of_range');
      expect(correction([1.2]).missing).toBe('out_of_range');
    }
  });
});
