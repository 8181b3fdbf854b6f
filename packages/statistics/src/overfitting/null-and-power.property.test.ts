import { describe, expect, test } from '@jest/globals';
import { noiseColumns, normalSource } from '../simulated-for-tests.js';
import { deflatedSharpeOf } from '../sharpe/deflated.js';
import { sharpeRatio } from '../performance.js';
import { backtestOverfitting } from './cscv.js';
import { realityCheck, romanoWolf, superiorAbility } from './reality-check.js';
import { valueOf } from '../value-for-tests.js';

/**
 * Goal: on noise the tests of many find as much as their level says, and no more; a planted edge they find.
 * Method: simulated worlds of normal days; BW_STATISTICS_SERIES=1000 looks at more of them.
 */

const WORLDS = Math.max(100, Number(process.env['BW_STATISTICS_SERIES'] ?? 0));
const DAYS = 100;
const VARIANTS = 10;
const EDGE = 0.5;

interface World {
  readonly reality: number;
  readonly superior: number;
  /** Smallest adjusted p-value of a series without an edge. */
  readonly falseP: number;
  readonly pbo: number;
  readonly deflated: number;
}

/** What the tests say of so many worlds; `edge` is the ratio a day of the first variant. */
function worlds(name: string, edge: number): readonly World[] {
  const normal = normalSource(name);
  return Array.from({ length: WORLDS }, (_, i) => {
    const columns = noiseColumns(normal, DAYS, VARIANTS, (k) => (k === 0 ? edge : 0));
    const options = { seed: `${name} ${i}`, resamples: 199, meanBlock: 1 };
    const adjusted = valueOf(romanoWolf(columns, options));
    const sharpes = columns.map((column) => valueOf(sharpeRatio(column)));
    const best = columns[sharpes.indexOf(Math.max(...sharpes))]!;
    return {
      reality: valueOf(realityCheck(columns, options)).p,
      superior: valueOf(superiorAbility(columns, options)).pConsistent,
      falseP: Math.min(...adjusted.filter(({ series }) => edge === 0 || series > 0).map(({ p }) => p)),
      pbo: valueOf(backtestOverfitting(columns, 8)).pbo,
      deflated: valueOf(deflatedSharpeOf(best, sharpes, VARIANTS)).probability,
    };
  });
}

const share = (of: readonly World[], holds: (world: World) => boolean): number =>
  of.filter(holds).length / of.length;

describe('worlds of noise', () => {
  const noise = worlds('noise', 0);

  test.each(['reality', 'superior', 'falseP'] as const)(
    'p-values (%s) are as small as they say, no smaller',
    (which) => {
      // Four standard errors of a share of 100.
      for (const level of [0.05, 0.1, 0.5]) {
        const found = share(noise, (world) => world[which] <= level);
        const error = 4 * Math.sqrt((level * (1 - level)) / WORLDS);
        expect(found).toBeGreaterThan(level - error - 0.03);
        expect(found).toBeLessThan(level + error + 0.03);
      }
    },
  );

  test('the best of ten by chance is hardly ever taken for an edge by the deflated ratio', () => {
    expect(share(noise, ({ deflated }) => deflated >= 0.95)).toBeLessThan(0.05);
  });

  test('overfitting is as probable as not, on average', () => {
    const mean = noise.reduce((sum, { pbo }) => sum + pbo, 0) / WORLDS;
    expect(mean).toBeGreaterThan(0.4);
    expect(mean).toBeLessThan(0.6);
  });
});

describe('worlds with one edge', () => {
  const planted = worlds('edge', EDGE);

  test('every test finds it in nine of ten worlds', () => {
    expect(share(planted, ({ reality }) => reality < 0.05)).toBeGreaterThan(0.9);
    expect(share(planted, ({ superior }) => superior < 0.05)).toBeGreaterThan(0.9);
    expect(share(planted, ({ pbo }) => pbo <= 0.2)).toBeGreaterThan(0.9);
    expect(share(planted, ({ deflated }) => deflated > 0.5)).toBeGreaterThan(0.9);
  });

  test('and those beside it are still not taken for one', () => {
    expect(share(planted, ({ falseP }) => falseP <= 0.05)).toBeLessThan(0.12);
  });
});
