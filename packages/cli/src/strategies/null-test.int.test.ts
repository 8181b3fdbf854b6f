// Goal: on markets without anything to find, no strategy finds it. The slice of `npm run null-test` that CI affords.
import { describe, expect, it } from '@jest/globals';
import { Strategy } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { normalQuantile } from '@bellwether/statistics';
import { ALL_STRATEGIES } from './arm-run.js';
import { adjustedPs, bootstrapInterval, figuresOf, verdictOf } from './arm-statistics.js';
import { renderClaim } from './arm-tables.js';
import { mostAbove, nullVerdict, runSeed, type SeedResult } from './null-test.js';

const SEEDS = ['ci-1', 'ci-2'];
const SESSIONS = 6;
const TIMEOUT_MS = 300_000;

describe('on random walks', () => {
  it(
    'no strategy is above the 5 % level in all seeds, and the costs are felt',
    async () => {
      const seeds: (readonly SeedResult[])[] = [];
      for (const seed of SEEDS) seeds.push(await runSeed(seed, SESSIONS));
      const of = (strategy: Strategy, costs: boolean): readonly (readonly number[])[] =>
        seeds.map((all) => all.find((one) => one.strategy === strategy && one.costs === costs)?.nets ?? []);
      const above = ALL_STRATEGIES.flatMap((strategy) =>
        [true, false].map((costs) => nullVerdict(strategy, costs, of(strategy, costs)).above),
      );
      expect(Math.max(...above)).toBeLessThan(SEEDS.length);
      const trades = ALL_STRATEGIES.map((strategy) => of(strategy, true).flat().length);
      expect(trades.filter((count) => count > 0).length).toBeGreaterThanOrEqual(5);
      const meanOf = (costs: boolean): number => {
        const all = ALL_STRATEGIES.flatMap((strategy) => of(strategy, costs).flat());
        return all.reduce((a, b) => a + b, 0) / all.length;
      };
      expect(meanOf(true)).toBeLessThan(meanOf(false));
    },
    TIMEOUT_MS,
  );

  it(
    'a seed always gives the same trades',
    async () => {
      expect(await runSeed('same', 2)).toEqual(await runSeed('same', 2));
    },
    TIMEOUT_MS,
  );
});

describe('the 5 % level', () => {
  it('is 1.645 deviations of all seeds over the root of the trades of one', () => {
    // The deviation around zero of these 8 trades is 1, so two trades have to come to more than 2.326.
    const seeds = (sum: number): number[][] => [[sum / 2, sum / 2], [-1, 1, -1], [1, -1], [1]];
    const verdict = nullVerdict(Strategy.S2, true, seeds(2));
    expect(verdict).toMatchObject({ trades: 8, judged: 4, above: 0, deviationR: 1 });
    expect(nullVerdict(Strategy.S2, true, [...seeds(2), Array.from({ length: 9 }, () => 1)]).above).toBe(1);
    expect(nullVerdict(Strategy.S2, true, [[], []])).toMatchObject({ trades: 0, judged: 0, meanR: null });
  });

  it.each([
    [100, 11],
    [1, 1],
    [20, 4],
  ])('leaves %d seeds at most %d above', (n, most) => {
    expect(mostAbove(n)).toBe(most);
  });
});

describe('figures of an arm', () => {
  const days = Array.from({ length: 40 }, (_, i) => [Math.sin(i) + 0.01 * i]);

  it('have the interval of their seed', () => {
    const interval = bootstrapInterval(days, 'a');
    expect(interval).toEqual(bootstrapInterval(days, 'a'));
    expect(interval).not.toEqual(bootstrapInterval(days, 'b'));
    const [low, high] = interval ?? [0, 0];
    const mean = days.flat().reduce((a, b) => a + b, 0) / days.length;
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  it('have none over fewer than ten days', () => {
    expect(bootstrapInterval(days.slice(0, 9), 'a')).toBeNull();
  });

  it('speak of an edge only where the interval leaves zero out', () => {
    const none = { ...figuresOf(Strategy.S2, null, [], { symbols: [] } as never, 'a') };
    expect(none).toMatchObject({ trades: 0, meanR: null, interval: null });
    expect(verdictOf({ ...none, interval: [-0.1, 0.3] }, 0.01)).toBe('no evidence of edge');
    expect(verdictOf({ ...none, interval: [-0.3, -0.1] }, 1)).toBe('loses');
    expect(verdictOf({ ...none, interval: [0.1, 0.3] }, 0.2)).toBe('no evidence of edge: one of many');
    expect(verdictOf({ ...none, interval: [0.1, 0.3] }, 0.01)).toContain('gains in these data');
    expect(verdictOf(none, null)).toBe('too few days');
  });

  it('are adjusted for all that were looked at: the best of many rows without an edge is none', () => {
    const dates = Array.from({ length: 100 }, (_, i) => 20_250_000 + i);
    const rowOf = (seed: string, mean: number) => {
      const uniform = uniformSource(seed);
      const dailyR = new Map(dates.map((date) => [date, mean + normalQuantile(uniform())]));
      const days = [...dailyR.values()].map((value) => [value]);
      const none = figuresOf(Strategy.S2, null, [], { symbols: [] } as never, 'a');
      return { ...none, trades: dates.length, dailyR, interval: bootstrapInterval(days, seed) };
    };
    const idle = Array.from({ length: 60 }, (_, i) => rowOf(`row-${i}`, 0));
    const ps = adjustedPs(idle, dates, 'a');
    expect(idle.some(({ interval }) => (interval?.[0] ?? 0) > 0)).toBe(true);
    expect(Math.min(...ps.map((p) => p ?? 1))).toBeGreaterThan(0.05);
    expect(renderClaim(idle, ps)).toMatch(/^No evidence of edge in any arm or regime: 60 of 60 rows/);
    const planted = [...idle, rowOf('planted', 0.6)];
    const found = adjustedPs(planted, dates, 'a');
    expect(found.at(-1)).toBeLessThan(0.05);
    expect(renderClaim(planted, found)).toMatch(/^1 rows gain in these data/);
    const few = { ...rowOf('few', 1), interval: null };
    expect(adjustedPs([few], dates, 'a')).toEqual([null]);
  });
});
