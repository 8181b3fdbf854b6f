import { describe, expect, test } from '@jest/globals';
import { noiseColumns, normalSource } from '../simulated-for-tests.js';
import { effectiveTrials } from './effective.js';
import { configurationText, countTrials, variantText, type Variant } from './variant.js';
import { valueOf } from '../value-for-tests.js';

const variant = (changes: Partial<Variant> = {}): Variant => ({
  kind: 'backtest',
  configuration: 'c0ffee',
  data: ['catalog:ES@1', 'catalog:NQ@2'],
  logic: [
    { stage: 'features', logic_version: 2 },
    { stage: 'risk', logic_version: 3 },
  ],
  parameters: [
    { name: 'arm', value: 'S2' },
    { name: 'k', value: 1.8 },
  ],
  ...changes,
});

describe('identity of a variant', () => {
  test('the order of its parts does not matter', () => {
    const { data, logic, parameters } = variant();
    const turned = variant({
      data: [...data].reverse(),
      logic: [...logic].reverse(),
      parameters: [...parameters].reverse(),
    });
    expect(variantText(turned)).toBe(variantText(variant()));
  });

  test('whatever can change the result makes another one', () => {
    const others = [
      variant(),
      variant({ kind: 'sweep' }),
      variant({ configuration: 'c0ffef' }),
      variant({ data: ['catalog:ES@1'] }),
      variant({ logic: [{ stage: 'features', logic_version: 2 }] }),
      variant({
        logic: [
          { stage: 'features', logic_version: 3 },
          { stage: 'risk', logic_version: 3 },
        ],
      }),
      variant({
        parameters: [
          { name: 'arm', value: 'S2' },
          { name: 'k', value: 1.81 },
        ],
      }),
      variant({
        parameters: [
          { name: 'arm', value: 'S2' },
          { name: 'k', value: '1.8' },
        ],
      }),
      variant({ parameters: [{ name: 'arm,k', value: 'S2' }] }),
    ];
    expect(new Set(others.map(variantText)).size).toBe(others.length);
  });

  test('a name that stands twice, or a value that is no number, is refused', () => {
    const twice = [
      { name: 'k', value: 1 },
      { name: 'k', value: 2 },
    ];
    expect(() => variantText(variant({ parameters: twice }))).toThrow('k stands twice');
    expect(() => variantText(variant({ parameters: [{ name: 'k', value: NaN }] }))).toThrow('finite');
  });

  test('counts: the same again is a run and no trial, other data is a trial and no configuration', () => {
    const runs = [
      variant(),
      variant(),
      variant({ data: ['catalog:ES@9'] }),
      variant({ configuration: 'other' }),
    ];
    expect(countTrials(runs)).toEqual({ runs: 4, variants: 3, configurations: 2 });
    expect(configurationText(runs[2]!)).toBe(configurationText(runs[0]!));
    expect(countTrials([])).toEqual({ runs: 0, variants: 0, configurations: 0 });
  });
});

describe('effective number of trials', () => {
  const DAYS = 250;

  /** `groups` factors with `size` series each, which correlate by `correlation`. */
  function planted(seed: string, groups: number, size: number, correlation: number): number[][] {
    const normal = normalSource(seed);
    return noiseColumns(normal, DAYS, groups).flatMap((factor) =>
      noiseColumns(normal, DAYS, size).map((own) =>
        own.map((value, day) => Math.sqrt(correlation) * factor[day]! + Math.sqrt(1 - correlation) * value),
      ),
    );
  }

  test.each([
    [5, 8, 0.6],
    [3, 20, 0.4],
    [10, 4, 0.9],
  ])('%i groups of %i variants with a correlation of %p are found as such', (groups, size, correlation) => {
    const { clusters, variants, sharpes } = valueOf(
      effectiveTrials(planted('planted', groups, size, correlation)),
    );
    expect(variants).toBe(groups * size);
    expect(clusters).toEqual(
      Array.from({ length: groups }, (_, g) => Array.from({ length: size }, (__, i) => g * size + i)),
    );
    expect(sharpes).toHaveLength(groups);
  });

  test('independent variants count nearly one by one', () => {
    const { clusters, implied } = valueOf(effectiveTrials(noiseColumns(normalSource('alone'), DAYS, 40)));
    expect(clusters.length).toBeGreaterThanOrEqual(39);
    expect(implied).toBeGreaterThan(38);
  });

  test('one variant forty times is one trial', () => {
    const [one] = noiseColumns(normalSource('one'), DAYS, 1) as [number[]];
    const copies = Array.from({ length: 40 }, (_, i) => one.map((value) => value * (1 + i / 10)));
    const found = valueOf(effectiveTrials(copies));
    expect(found.clusters).toHaveLength(1);
    expect(found.implied).toBeCloseTo(1, 9);
  });

  test('the order of the variants does not change the clusters', () => {
    const columns = planted('order', 4, 5, 0.5);
    const sizes = (of: readonly (readonly number[])[]): readonly number[] =>
      valueOf(effectiveTrials(of))
        .clusters.map(({ length }) => length)
        .sort((a, b) => a - b);
    expect(sizes([...columns].reverse())).toEqual(sizes(columns));
  });

  test('variants that never traded are one cluster without a ratio', () => {
    const idle = new Array<number>(DAYS).fill(0);
    const found = valueOf(effectiveTrials([idle, ...planted('idle', 2, 3, 0.8), idle]));
    expect(found.clusters).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [0, 7],
    ]);
    expect(found.sharpes).toHaveLength(2);
  });

  test('missing, with the reason', () => {
    const columns = noiseColumns(normalSource('missing'), DAYS, 3);
    expect(effectiveTrials([]).missing).toBe('too_few');
    expect(effectiveTrials(columns.map((column) => column.slice(0, 5))).missing).toBe('too_few');
    expect(effectiveTrials([...columns, new Array<number>(DAYS).fill(2)]).missing).toBe('zero_variance');
    expect(effectiveTrials(Array<number[]>(501).fill(columns[0]!)).missing).toBe('too_many');
  });
});
