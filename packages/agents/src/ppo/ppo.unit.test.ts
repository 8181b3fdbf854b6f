import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { cartPole } from '../environments/cart-pole.js';
import type { Environment } from '../environment.js';
import { evaluatePolicy } from '../evaluation/evaluate.js';
import { CART_POLE_OPTIONS } from '../studies/cart-pole-study.js';
import { Ppo, type PpoOptions } from './ppo.js';

/**
 * Goal: PPO learns, gives the same bits again, and does not break where there is nothing to learn.
 * Method: a short training on CartPole; hashes of parameters, also from another process; a world without differences.
 */

const OPTIONS: PpoOptions = { ...CART_POLE_OPTIONS, hidden: [16], seed: '1' };

const hashOf = (parameters: Float32Array): string =>
  createHash('sha256').update(new Uint8Array(parameters.buffer)).digest('hex');

function trained(seed: string, iterations: number): Float32Array {
  const ppo = new Ppo(cartPole(), { ...OPTIONS, seed });
  for (let i = 0; i < iterations; i++) ppo.iterate();
  return ppo.policy().parameters;
}

describe('PPO on CartPole', () => {
  test('lets the pole stand several times as long after 20,000 steps', () => {
    const ppo = new Ppo(cartPole(), { ...CART_POLE_OPTIONS, seed: '1' });
    const mean = (): number => {
      const { steps } = evaluatePolicy(cartPole(), ppo.policy(), { seed: 'looked', episodes: 50 });
      return steps.reduce((sum, one) => sum + one, 0) / steps.length;
    };
    const before = mean();
    let steps = 0;
    while (steps < 20_000) ({ steps } = ppo.iterate());
    expect(before).toBeLessThan(100);
    expect(mean()).toBeGreaterThan(195);
  });

  test('gives the same bits again, also in another process without compiled code, and others from another seed', () => {
    const first = hashOf(trained('1', 4));
    expect(hashOf(trained('1', 4))).toBe(first);
    expect(hashOf(trained('2', 4))).not.toBe(first);
    const program = `
      import { createHash } from 'node:crypto';
      import { Ppo } from '${new URL('./ppo.js', import.meta.url).href}';
      import { cartPole } from '${new URL('../environments/cart-pole.js', import.meta.url).href}';
      const ppo = new Ppo(cartPole(), ${JSON.stringify(OPTIONS)});
      for (let i = 0; i < 4; i++) ppo.iterate();
      const { parameters } = ppo.policy();
      console.log(createHash('sha256').update(new Uint8Array(parameters.buffer)).digest('hex'));`;
    const { stdout } = spawnSync(process.execPath, ['--no-opt', '--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe(first);
  });
});

/** Every action is worth the same: the case that gave 0 / 0 where advantages were divided by their deviation. */
const allTheSame: Environment<number> = {
  name: 'all the same',
  observations: [{ name: 'one', unit: '1', meaning: 'always 1', mean: 0, deviation: 1 }],
  action: { kind: 'range', low: 0, high: 2, unit: '1', meaning: 'nothing' },
  rewardUnit: 'R',
  stepsMax: 3,
  begin: () => 0,
  observe: (_, to, at) => (to[at] = 1),
  step: (state) => ({ state: state + 1, reward: 0, end: state === 2 ? 'terminal' : 'none' }),
};

describe('PPO where nothing can be learned', () => {
  const options: PpoOptions = { ...OPTIONS, discount: 1, lanes: 200, collect: { kind: 'episodes' } };

  test('stays finite, with and without a limit on the tail', () => {
    for (const tail of [null, { confidence: 0.95, limit: 1 }]) {
      const ppo = new Ppo(allTheSame, { ...options, tail });
      for (let i = 0; i < 20; i++) expect(ppo.iterate().lambda).toBe(0);
      expect(ppo.policy().parameters.every(Number.isFinite)).toBe(true);
    }
  });

  test('refuses a tail of too few episodes, or of episodes that are cut', () => {
    const tail = { confidence: 0.95, limit: 1 };
    const make = (other: Partial<PpoOptions>) => () => new Ppo(allTheSame, { ...options, tail, ...other });
    expect(make({ lanes: 199 })).toThrow('10 episodes');
    expect(make({ collect: { kind: 'steps', steps: 3 } })).toThrow('whole episodes');
    expect(make({ tail: { confidence: 0.95, limit: 0 } })).toThrow('above 0');
  });

  test('a world that runs longer than it says is a mistake', () => {
    const endless = { ...allTheSame, step: (state: number) => ({ state, reward: 0, end: 'none' as const }) };
    expect(() => new Ppo(endless, { ...options, lanes: 2 }).iterate()).toThrow('No episode is longer');
  });
});
