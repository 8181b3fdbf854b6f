import { describe, expect, test } from '@jest/globals';
import type { Environment } from '../environment.js';
import { randomSource } from '../random.js';
import { cartPole } from './cart-pole.js';
import { FAT_TAILED, fatTailedSizing, type SessionState } from './fat-tailed-sizing.js';
import { oneStepSizing } from './one-step-sizing.js';
import { pendulum } from './pendulum.js';
import { closedFormSizing, gridOptimum, sizingCvar, sizingValue } from './sizing-optimum.js';

const random = randomSource('environments');

/** Steps until the episode ends, by a rule. */
function episodeLength<State>(
  environment: Environment<State>,
  seed: string,
  rule: (state: State) => number,
): { readonly steps: number; readonly end: string } {
  const source = randomSource(seed);
  let state = environment.begin(source);
  for (let steps = 1; ; steps++) {
    const after = environment.step(state, rule(state), source);
    if (after.end !== 'none') return { steps, end: after.end };
    state = after.state;
  }
}

describe('CartPole-v1', () => {
  const still = { x: 0, dx: 0, angle: 0, turn: 0, steps: 0 };

  test('one push from rest is that of the original', () => {
    const { state, reward, end } = cartPole().step(still, 1, random);
    // Force 10 over 1.1 kg; by hand from the equations.
    expect(state).toMatchObject({ x: 0, dx: expect.closeTo(0.195122, 6), angle: 0 });
    expect(state.turn).toBeCloseTo(-0.292683, 6);
    expect([reward, end]).toEqual([1, 'none']);
  });

  test('ends where the pole leans too far, and at its time limit where it does not', () => {
    const short = episodeLength(cartPole(), 'falls', () => 1);
    expect(short.end).toBe('terminal');
    expect(short.steps).toBeLessThan(12);
    const balance = ({ angle, turn }: { angle: number; turn: number }): number => (angle + turn > 0 ? 1 : 0);
    expect(episodeLength(cartPole(60), 'stands', balance)).toEqual({ steps: 60, end: 'time_limit' });
  });
});

describe('Pendulum-v1', () => {
  test('hanging still costs π² a step, and torque turns it', () => {
    const { state, reward } = pendulum().step({ angle: Math.PI, turn: 0, steps: 0 }, 2, random);
    expect(reward).toBeCloseTo(-(Math.PI ** 2) - 0.001 * 4, 6);
    expect(state.turn).toBeCloseTo(0.3, 9);
    expect(state.angle).toBeCloseTo(Math.PI + 0.015, 9);
  });

  test('torque and speed are limited, and 200 steps are an episode', () => {
    const fast = pendulum().step({ angle: Math.PI / 2, turn: 7.9, steps: 0 }, 50, random);
    expect(fast.state.turn).toBe(8);
    expect(fast.reward).toBeCloseTo(-((Math.PI / 2) ** 2) - 0.1 * 7.9 ** 2 - 0.004, 9);
    expect(episodeLength(pendulum(), 'long', () => 0)).toEqual({ steps: 200, end: 'time_limit' });
  });
});

describe('one-step sizing', () => {
  const one = { regimes: [{ probability: 1, sigma: 1 }], mu: 0.2, cost: 0.1, sizeMax: 3 };
  const two = {
    ...one,
    regimes: [
      { probability: 0.5, sigma: 0.5 },
      { probability: 0.5, sigma: 1.5 },
    ],
  };

  test.each([
    [0.25, 0.134, 0.0995],
    [0.5, 0.267, 0.092],
    [1, 0.529, 0.077],
    [2, 1.044, 0.049],
    [9, 2, 0],
  ])('closed form at a limit of %d: the figures of the derivation', (limit, size, lambda) => {
    const optimum = closedFormSizing(one, 0.95, limit);
    expect(optimum.size).toBeCloseTo(size, 3);
    expect(optimum.lambda).toBeCloseTo(lambda, 3);
    if (lambda > 0) expect(sizingCvar(one, [optimum.size], 0.95)).toBeCloseTo(limit, 5);
  });

  test('at the price of the closed form no other size is better', () => {
    const { size, lambda } = closedFormSizing(one, 0.95, 1);
    const worth = (a: number): number => sizingValue(one, [a]) - lambda * sizingCvar(one, [a], 0.95);
    expect(worth(size)).toBeGreaterThan(Math.max(worth(size - 0.05), worth(size + 0.05)));
  });

  test('the grid of two regimes is near the figures of learning.md', () => {
    const { sizes, value, cvar } = gridOptimum(two, 0.95, 1, 20);
    expect(sizes[0]).toBeCloseTo(1.19, 1);
    expect(sizes[1]).toBeCloseTo(0.32, 1);
    expect(value).toBeCloseTo(0.113, 3);
    expect(cvar).toBeLessThanOrEqual(1);
  });

  test('draws its regimes and results with the chances that it says', () => {
    const environment = oneStepSizing({
      ...two,
      regimes: [
        { probability: 0.25, sigma: 0 },
        { probability: 0.75, sigma: 2 },
      ],
    });
    const source = randomSource('chances');
    let [second, sum, squares, wrong] = [0, 0, 0, 0];
    const n = 40_000;
    for (let i = 0; i < n; i++) {
      const state = environment.begin(source);
      const { reward, end } = environment.step(state, 2, source);
      if (end !== 'terminal') wrong += 1;
      if (state.regime === 0) wrong += Math.abs(reward - (2 * 0.2 - 0.2)) < 1e-12 ? 0 : 1;
      else {
        second += 1;
        sum += reward;
        squares += reward * reward;
      }
    }
    expect(wrong).toBe(0);
    expect(second / n).toBeCloseTo(0.75, 1.5);
    expect(sum / second).toBeCloseTo(0.2, 0.8);
    expect(Math.sqrt(squares / second)).toBeCloseTo(4, 0.8);
  });
});

describe('fat-tailed sessions', () => {
  const world = fatTailedSizing();

  /** A session with one multiplier throughout. */
  function session(seed: string, size: number): readonly SessionState[] {
    const source = randomSource(seed);
    const states = [world.begin(source)];
    for (;;) {
      const { state, end } = world.step(states.at(-1)!, size, source);
      states.push(state);
      if (end !== 'none') return states;
    }
  }

  test('meet the same regimes and setups whatever is done', () => {
    const [small, large] = [session('same', 0.1), session('same', 0.2)];
    expect(small).toHaveLength(FAT_TAILED.trades + 1);
    const world = ({ volatile, winProbability, headroom }: SessionState) => [
      volatile,
      winProbability,
      headroom,
    ];
    expect(large.map(world)).toEqual(small.map(world));
  });

  test('end at the floor, at the step that reaches it', () => {
    const sessions = Array.from({ length: 40 }, (_, i) => session(`floor ${i}`, 2));
    const broken = sessions.filter((states) => states.length <= FAT_TAILED.trades);
    expect(broken.length).toBeGreaterThan(2);
    for (const states of broken) {
      const floors = states.map(({ equity, headroom }) => equity <= -headroom);
      expect(floors).toEqual(states.map((_, i) => i === states.length - 1));
    }
  });

  test('show what they say they show, in its order and unit', () => {
    const seen = new Float32Array(8);
    const state = { trade: 15, volatile: true, winProbability: 0.5, equity: -3, highest: 2, headroom: 10 };
    world.observe(state, seen, 1);
    expect([...seen]).toEqual([0, 0.5, 1, -3, 5, 7, 0.5, 0]);
    expect(world.observations.map(({ name }) => name)).toEqual([
      ...['win_probability', 'volatile', 'day_r', 'drawdown_r', 'headroom_r', 'session_left'],
    ]);
  });

  test('have fatter tails than a normal', () => {
    const source = randomSource('tails');
    const state = { trade: 0, volatile: false, winProbability: 0.5, equity: 0, highest: 0, headroom: 1e9 };
    const n = 20_000;
    const cost = FAT_TAILED.cost + FAT_TAILED.impact;
    const results = Array.from({ length: n }, () => world.step(state, 1, source).reward + cost);
    const beyond = results.filter((result) => Math.abs(result) > 4 * FAT_TAILED.scatter[0]).length;
    // A normal has 0.00006 beyond four deviations; Student's t with three degrees of freedom 0.006.
    expect(beyond / n).toBeGreaterThan(0.003);
    expect(beyond / n).toBeLessThan(0.012);
  });
});
