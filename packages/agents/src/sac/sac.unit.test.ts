import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { twinEngine } from '@bellwether/nn';
import type { Environment } from '../environment.js';
import { evaluatePolicy } from '../evaluation/evaluate.js';
import { filledNetwork, WIDTH, worstError } from '../policy/policy-for-tests.js';
import { SquashedGaussianHeads, squashedGaussianPolicy } from '../policy/squashed-gaussian.js';
import { randomSource } from '../random.js';
import { PENDULUM_OPTIONS } from '../studies/pendulum-study.js';
import { Critics } from './critics.js';
import { ReplayBuffer } from './replay-buffer.js';
import { reparameterised, softPolicyLoss } from './reparameterised.js';
import { Sac } from './sac.js';
import { Temperature } from './temperature.js';

/**
 * Goal: the losses of SAC have the gradients that they write, also through the critics' input, and SAC learns.
 * Method: central differences in double precision; a short training on a world whose best action is known; the same bits again.
 */

const ROWS = 9;
const RANGE = { low: -2, high: 2 };

function noiseOf(seed: string, rows = ROWS): Float64Array {
  const random = randomSource(seed);
  return Float64Array.from({ length: rows }, () => random.normal());
}

describe('gradients of SAC', () => {
  const engine = twinEngine('float64');
  const adam = { schedule: { kind: 'constant', rate: 1e-2 } } as const;
  const critics = new Critics(engine, { seed: '1', width: WIDTH, hidden: [6], rows: ROWS, adam });
  const network = filledNetwork(engine, squashedGaussianPolicy(RANGE), ROWS, 'sac');
  const heads = new SquashedGaussianHeads(network, RANGE);
  const seen = Float32Array.from(network.input.view.subarray(0, ROWS * WIDTH));
  network.input.view.set(seen);

  test('the value changes with the action as the slope says', () => {
    const actions = Float64Array.from(noiseOf('actions'), (x) => Math.tanh(x));
    const { slopes } = critics.valuesAndSlopes(seen, actions);
    const total = (): number =>
      critics.valuesAndSlopes(seen, actions).values.reduce((sum, value) => sum + value, 0);
    expect(slopes.some((slope) => Math.abs(slope) > 1e-3)).toBe(true);
    expect(worstError(actions, slopes, total)).toBeLessThan(1e-6);
  });

  test('the policy loss: through the action into the value, and through both parts of the log-probability', () => {
    const noise = noiseOf('noise');
    const total = (): number => {
      network.forward(ROWS);
      heads.prepare(ROWS);
      const drawn = reparameterised(heads, noise);
      return softPolicyLoss(heads, noise, drawn, critics.valuesAndSlopes(seen, drawn.actions), 0.3);
    };
    total();
    network.zeroGradients();
    network.backward(ROWS, heads.outputs);
    const gradients = network.gradients.view.slice();
    expect(worstError(network.parameters.view, gradients, total)).toBeLessThan(1e-6);
  });

  test('the log-probability is that of the squashed action', () => {
    network.forward(1);
    heads.prepare(1);
    const noise = noiseOf('one', 1);
    const { actions, logProbabilities } = reparameterised(heads, noise);
    const choice = Math.atanh(actions[0]!);
    expect(logProbabilities[0]).toBeCloseTo(
      heads.logProbability(0, choice) - Math.log(1 - actions[0]! ** 2),
      9,
    );
  });

  test('critics come nearer to their targets, and the slow copies follow by their share', () => {
    const slow = new Critics(engine, { seed: '2', width: WIDTH, hidden: [6], rows: ROWS, adam });
    const actions = Float32Array.from(noiseOf('actions'), (x) => Math.tanh(x));
    const targets = noiseOf('targets');
    const before = slow.targetValues(seen, actions);
    const first = slow.learn(seen, actions, targets);
    let last = first;
    for (let i = 0; i < 200; i++) last = slow.learn(seen, actions, targets);
    expect(last).toBeLessThan(first / 2);
    expect(slow.targetValues(seen, actions)).toEqual(before);
    slow.follow(1);
    const after = slow.targetValues(seen, actions);
    slow.valuesAndSlopes(seen, actions).values.forEach((value, i) => expect(after[i]).toBeCloseTo(value, 9));
  });
});

describe('the temperature', () => {
  test('rises while the policy is surer than wanted, and falls while it is less sure', () => {
    const temperature = new Temperature(1, -1, 0.01);
    for (let i = 0; i < 10; i++) temperature.learn(Float64Array.of(3, 4));
    const high = temperature.value;
    expect(high).toBeGreaterThan(1.05);
    for (let i = 0; i < 60; i++) temperature.learn(Float64Array.of(-3, -4));
    expect(temperature.value).toBeLessThan(high);
  });
});

describe('the buffer', () => {
  test('keeps the newest steps, and draws them as they were put in', () => {
    const buffer = new ReplayBuffer(2, 5);
    for (let i = 0; i < 12; i++) {
      buffer.add({ seen: [i, -i], action: i / 12, reward: i, seenNext: [i + 1, 0], over: i % 2 === 0 });
    }
    expect(buffer.size).toBe(5);
    const drawn = buffer.draw(200, randomSource('drawn'));
    expect([...new Set(drawn.rewards)].sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11]);
    drawn.rewards.forEach((reward, row) => {
      expect([drawn.seen[2 * row], drawn.seen[2 * row + 1], drawn.seenNext[2 * row]]).toEqual([
        reward,
        -reward,
        reward + 1,
      ]);
      expect([drawn.actions[row], drawn.goesOn[row]]).toEqual([Math.fround(reward / 12), reward % 2]);
    });
  });

  test('refuses what cannot have been done', () => {
    const buffer = new ReplayBuffer(1, 2);
    const step = { seen: [0], action: 0, reward: 0, seenNext: [0], over: true };
    expect(() => buffer.add({ ...step, action: 1.1 })).toThrow('-1 to 1');
    expect(() => buffer.add({ ...step, reward: NaN })).toThrow('a number');
    expect(() => buffer.draw(1, randomSource('none'))).toThrow('holds some');
  });
});

/** Worth most where the action is half of what is seen; one step an episode. */
const aim: Environment<number> = {
  name: 'aim',
  observations: [{ name: 'at', unit: '1', meaning: 'twice the best action', mean: 0, deviation: 1 }],
  action: { kind: 'range', low: -2, high: 2, unit: '1', meaning: 'where to' },
  rewardUnit: '1',
  stepsMax: 1,
  begin: (random) => 4 * random.uniform() - 2,
  observe: (state, to, at) => (to[at] = state),
  step: (state, action) => ({ state, reward: -((action - state / 2) ** 2), end: 'terminal' }),
};

describe('SAC', () => {
  const trained = (steps: number): Sac<number> => {
    const options = { ...PENDULUM_OPTIONS, hidden: [16, 16], batch: 64, rate: 3e-3, evenSteps: 200 };
    const sac = new Sac(aim, { ...options, firstTemperature: 0.1, targetEntropy: -2, seed: '1' });
    while (sac.steps < steps) sac.step();
    return sac;
  };
  const hash = (sac: Sac<number>): string =>
    createHash('sha256').update(new Uint8Array(sac.policy().parameters.buffer)).digest('hex');

  test('gives the same bits again', () => {
    expect(hash(trained(300))).toBe(hash(trained(300)));
    expect(hash(trained(300))).not.toBe(hash(trained(301)));
  });

  test('finds the best action for what it sees', () => {
    const mean = (sac: Sac<number>): number => {
      const { returns } = evaluatePolicy(aim, sac.policy(), { seed: 'looked', episodes: 100 });
      return returns.reduce((sum, one) => sum + one, 0) / returns.length;
    };
    expect(mean(trained(1))).toBeLessThan(-0.2);
    expect(mean(trained(1_200))).toBeGreaterThan(-0.02);
  });
});
