// Goal: where nothing is to be found, nothing is found. The slice of `npm run backtest-null` that CI affords.
import { describe, expect, it } from '@jest/globals';
import { bookConfigOf } from '@bellwether/contracts';
import { known, missing } from '@bellwether/statistics';
import { nullFaults, nullVerdict } from './null-verdict.js';
import {
  EVERYTHING,
  SYSTEM,
  learnedTrades,
  runNullWorld,
  worldFigures,
  type WorldFigures,
  type WorldResult,
} from './null-worlds.js';

const WORLDS = ['ci-1', 'ci-2', 'ci-3', 'ci-4', 'ci-5'];
const SESSIONS = 3;
const TIMEOUT_MS = 600_000;

describe('five random walks', () => {
  it.each([
    ['under rules', false],
    ['learning and with all models', true],
  ])(
    'show no edge of the system %s, with costs and without, and costs are felt',
    async (_name, everything) => {
      const all: WorldResult[] = [];
      for (const seed of WORLDS) all.push(...(await runNullWorld({ seed, sessions: SESSIONS, everything })));
      const verdictOf = (costs: boolean) =>
        nullVerdict(all.filter((one) => one.costs === costs).map((one) => worldFigures(one)));
      const [paid, free] = [verdictOf(true), verdictOf(false)];
      expect(paid.worlds).toBe(WORLDS.length);
      for (const { deflatedBestBelow, deflatedBelow } of [paid, free]) {
        expect(Math.min(deflatedBestBelow, deflatedBelow)).toBeGreaterThanOrEqual(WORLDS.length - 1);
      }
      const arms = (costs: boolean): number =>
        all
          .filter((one) => one.costs === costs)
          .flatMap(({ columns }) => columns.slice(1).flat())
          .reduce((sum, net) => sum + net, 0);
      expect(arms(true)).toBeLessThan(arms(false));
    },
    TIMEOUT_MS,
  );
});

describe('the whole system on a random walk, learning and with the shipped models', () => {
  const { config } = bookConfigOf(EVERYTHING);
  const world = { seed: 'ci-1', sessions: 3 };

  it(
    'trades, and not as it does under rules',
    async () => {
      const learned = await learnedTrades({ ...world, everything: true }, config);
      const rules = await learnedTrades({ ...world, everything: true }, bookConfigOf(SYSTEM).config);
      expect(learned.length).toBeGreaterThan(0);
      expect(learned.map(({ opened_us }) => opened_us)).not.toEqual(rules.map(({ opened_us }) => opened_us));
    },
    TIMEOUT_MS,
  );

  it('is not tested on days that its models know', async () => {
    await expect(learnedTrades(world, config)).rejects.toMatchObject({ code: 'models_in_sample' });
  });
});

describe('the verdict on many worlds', () => {
  const world = (more: Partial<WorldFigures>): WorldFigures => ({
    ...{ net_cents: 0, trades: 3, probabilistic: known(0.5), deflated: known(0.2) },
    ...{ deflatedBest: known(0.4), pbo: known(0.5) },
    ...more,
  });
  const worlds = (n: number, of: (i: number) => Partial<WorldFigures>): readonly WorldFigures[] =>
    Array.from({ length: n }, (_, i) => world({ net_cents: i % 2 === 0 ? 100 : -100, ...of(i) }));
  const fair = nullVerdict(worlds(20, () => ({})));

  it('finds nothing where nothing is, and counts a missing ratio as no edge', () => {
    expect(nullFaults(fair, fair)).toEqual([]);
    const idle = nullVerdict(worlds(20, () => ({ deflated: missing('zero_variance') })));
    expect(idle.deflatedBelow).toBe(20);
  });

  it('finds each thing that must not be', () => {
    const edge = nullVerdict(worlds(20, (i) => ({ deflated: known(i < 2 ? 0.99 : 0.1) })));
    expect(nullFaults(edge, fair)).toEqual(['with costs: the deflated Sharpe ratio finds an edge too often']);
    const best = nullVerdict(worlds(20, (i) => ({ deflatedBest: known(i < 2 ? 0.99 : 0.1) })));
    expect(nullFaults(fair, best)[0]).toContain('of the best');
    const rich = nullVerdict(worlds(20, (i) => ({ net_cents: 100 + i })));
    expect(nullFaults(rich, fair)[0]).toContain('significantly above zero');
    const fitted = nullVerdict(worlds(20, () => ({ pbo: known(0.1) })));
    expect(nullFaults(fair, fitted)[0]).toContain('0.100');
  });
});
