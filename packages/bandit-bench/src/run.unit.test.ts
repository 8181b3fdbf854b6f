/**
 * Goal: the policies learn, the same seed gives the same regret, and a table that is too large is refused. Method: a small
 * table whose classes are two circles, which no line parts; the wheel.
 */
import { describe, expect, test } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { CONTENDERS, type Contender } from './contenders.js';
import { svgChart, textChart } from './curves.js';
import { publishedSetOf } from './published.js';
import { runContender, type Problem } from './run.js';
import { readTable, type Table } from './table/table.js';

function circles(rows: number): Table {
  const uniform = uniformSource('circles');
  const lines = Array.from({ length: rows }, () => {
    const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
    return `${a},${b},${a * a + b * b < 0.6 ? 'in' : 'out'}`;
  });
  return readTable(['a,b,class', ...lines].join('\n'), { name: 'circles', header: true, classAt: 'last' });
}

const regretOf = (problem: Problem, contender: Contender, rounds: number, alpha = 0.15): number =>
  runContender(problem, { contender, seed: '1', rounds, alpha, ridge: 1 }).regret;

describe('the contenders', () => {
  const problem = { table: circles(700) };
  const played = ['uniform', 'linucb', 'neural_linear'] as const;
  const regrets = new Map<Contender, number>(played.map((one) => [one, regretOf(problem, one, 700)]));
  const of = (contender: Contender): number => regrets.get(contender) ?? NaN;

  test('chance is right half the time; what no line parts needs the network', () => {
    expect(of('uniform')).toBeGreaterThan(300);
    expect(of('uniform')).toBeLessThan(400);
    expect(of('neural_linear')).toBeLessThan(0.6 * of('linucb'));
  });

  test.each(CONTENDERS)('%s plays every round', (contender) => {
    const { rounds, regret } = runContender(problem, {
      contender,
      seed: '1',
      rounds: 30,
      alpha: 1,
      ridge: 1,
    });
    expect(rounds).toBe(30);
    expect(regret).toBeGreaterThan(0);
    expect(regret).toBeLessThanOrEqual(30);
  });

  test('the same seed gives the same curve, another another', () => {
    const run = (seed: string) =>
      runContender(problem, { contender: 'neural_linear', seed, rounds: 110, alpha: 0.15, ridge: 1 });
    expect(run('1')).toEqual(run('1'));
    expect(run('1').curve).not.toEqual(run('2').curve);
    expect(run('1').curve).toHaveLength(100);
    expect(run('1').curve.at(-1)).toBe(run('1').regret);
  });

  test('a table too large for memory is refused', () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `c${i}`);
    const rows = Array.from({ length: 16 }, (_, i) => `${names.map(() => '1').join(',')},${i % 8}`);
    const table = readTable([[...names, 'class'].join(','), ...rows].join('\n'), {
      ...{ name: 'wide', header: true, classAt: 'last' },
    });
    expect(() => regretOf({ table }, 'linucb', 10)).toThrow('data_unreadable');
  });
});

describe('the wheel', () => {
  test('is explored by doubt: Neural-Linear UCB loses less than a third of what chance does', () => {
    const wheel = { delta: 0.5 };
    const chance = regretOf(wheel, 'uniform', 600, 3);
    // Outside of half the radius lie 3 of 4 contexts; four of five arms miss 48.8 or 49 there.
    expect(chance / 600).toBeGreaterThan(2.7);
    expect(chance / 600).toBeLessThan(3.2);
    expect(regretOf(wheel, 'neural_linear', 600, 3)).toBeLessThan(chance / 3);
  });
});

describe('beside', () => {
  test('a set is known by its shape', () => {
    const facts = { columns: Array.from({ length: 9 }), classNames: Array.from({ length: 7 }) };
    expect(publishedSetOf({ ...circles(10), ...facts, rows: 43_500 } as Table)?.name).toBe('shuttle');
    expect(publishedSetOf(circles(10))).toBeNull();
  });

  test('curves are drawn in letters and as a picture', () => {
    const curves = [
      { title: 'a < b', mark: 'a', points: [1, 2, 3] },
      { title: 'c', mark: 'c', points: [3, 6, 9] },
    ];
    const chart = textChart(curves, 300);
    expect(chart).toContain('a a < b   c c');
    expect(chart.split('\n')[1]).toMatch(/^ +9 \| +c+$/);
    const svg = svgChart('x', curves, 300);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).toContain('a &lt; b');
  });
});
