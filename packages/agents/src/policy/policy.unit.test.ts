import { describe, expect, test } from '@jest/globals';
import { twinEngine } from '@bellwether/nn';
import { clippedPolicyLoss } from '../ppo/policy-loss.js';
import { randomSource } from '../random.js';
import { categoricalPolicy } from './categorical.js';
import { filledNetwork, worstError } from './policy-for-tests.js';
import type { PolicyKind } from './policy.js';
import { logSquashSlope, squashedGaussianPolicy } from './squashed-gaussian.js';

/**
 * Goal: what policies say of their choices is a probability, and the loss of PPO has the gradient that it says.
 * Method: sums and integrals of probabilities, frequencies of draws, central differences in double precision.
 */

const ROWS = 12;
const KINDS: Readonly<Record<string, PolicyKind>> = {
  categorical: categoricalPolicy(3),
  'squashed normal': squashedGaussianPolicy({ low: 0.1, high: 2 }),
};

describe.each(Object.keys(KINDS))('%s', (name) => {
  const kind = KINDS[name]!;
  const network = filledNetwork(twinEngine('float64'), kind, ROWS, name);
  const policy = kind.of(network);
  network.forward(ROWS);
  policy.prepare(ROWS);
  const random = randomSource('choices');
  const choices = Array.from({ length: ROWS }, (_, row) => policy.draw(row, random));
  // Ratios on both sides of the clip, with advantages of both signs.
  const logProbabilities = choices.map(
    (choice, row) => policy.logProbability(row, choice) + [0, 0.4, -0.4, 0.1, -0.1, 0][row % 6]!,
  );
  const advantages = choices.map((_, row) => (row < 6 ? 1.3 : -0.7) * (1 + row / 10));
  const rows = { choices, logProbabilities, advantages };

  test('the clipped loss with a worth of entropy has this gradient', () => {
    const total = (): number => {
      network.forward(ROWS);
      policy.prepare(ROWS);
      const { sum, weight } = clippedPolicyLoss(policy, ROWS, rows, { clip: 0.2, entropy: 0.05 });
      return sum / weight;
    };
    total();
    network.zeroGradients();
    network.backward(ROWS, policy.outputs);
    const gradients = network.gradients.view.slice();
    expect(gradients.some((gradient) => Math.abs(gradient) > 1e-3)).toBe(true);
    expect(worstError(network.parameters.view, gradients, total)).toBeLessThan(1e-6);
  });

  test('what is beyond the clip in the direction of its advantage teaches nothing', () => {
    network.forward(ROWS);
    policy.prepare(ROWS);
    const far = {
      choices,
      advantages,
      logProbabilities: choices.map(
        (c, row) => policy.logProbability(row, c) - (advantages[row]! > 0 ? 1 : -1),
      ),
    };
    const loss = clippedPolicyLoss(policy, ROWS, far, { clip: 0.2, entropy: 0 });
    expect(loss.clipped).toBe(1);
    expect(loss.divergence).toBeGreaterThan(0.3);
    for (const output of policy.outputs) {
      const used = network.outputGradient(output).view.subarray(0, ROWS);
      expect(used.every((gradient) => Math.abs(gradient) === 0)).toBe(true);
    }
  });
});

describe('categorical', () => {
  test('draws as often as it says, and its entropy is that of its probabilities', () => {
    const kind = categoricalPolicy(3);
    const network = filledNetwork(twinEngine('float64'), kind, 1, 'often');
    const policy = kind.of(network);
    network.forward(1);
    policy.prepare(1);
    const logs = [0, 1, 2].map((choice) => policy.logProbability(0, choice));
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 12);
    expect(policy.entropy(0)).toBeCloseTo(-logs.reduce((sum, log) => sum + Math.exp(log) * log, 0), 12);
    const random = randomSource('often');
    const counts = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[policy.draw(0, random)]! += 1;
    counts.forEach((count, choice) => expect(count / 20_000).toBeCloseTo(Math.exp(logs[choice]!), 1.5));
    expect(policy.likeliest(0)).toBe(logs.indexOf(Math.max(...logs)));
  });
});

describe('squashed normal', () => {
  test('actions stay within their range, and the density of the squashed action integrates to 1', () => {
    const kind = squashedGaussianPolicy({ low: 0.1, high: 2 });
    const network = filledNetwork(twinEngine('float64'), kind, 1, 'density');
    const policy = kind.of(network);
    network.forward(1);
    policy.prepare(1);
    expect([policy.action(-50), policy.action(0), policy.action(50)]).toEqual(
      [0.1, 1.05, 2].map((x) => expect.closeTo(x, 12)),
    );
    const half = 0.95;
    const steps = 200_000;
    let integral = 0;
    for (let i = 0; i < steps; i++) {
      const share = (i + 0.5) / steps;
      const choice = Math.atanh(2 * share - 1);
      const log = policy.logProbability(0, choice) - Math.log(half) - logSquashSlope(choice);
      integral += (Math.exp(log) * 2 * half) / steps;
    }
    expect(integral).toBeCloseTo(1, 4);
  });

  test('the slope of the squash keeps its digits far out', () => {
    for (const u of [-3, -0.2, 0, 0.7, 2.5])
      expect(logSquashSlope(u)).toBeCloseTo(Math.log(1 - Math.tanh(u) ** 2), 10);
    expect(logSquashSlope(40)).toBeCloseTo(2 * Math.LN2 - 80, 9);
    expect(logSquashSlope(-400)).toBeCloseTo(2 * Math.LN2 - 800, 9);
  });

  test('a deviation that left its bounds is led back, not further away', () => {
    const kind = squashedGaussianPolicy({ low: 0, high: 1 }, 0.1);
    const network = filledNetwork(twinEngine('float64'), kind, 1, 'bounds');
    const policy = kind.of(network);
    network.output('log_deviation').view[0] = -9;
    policy.prepare(1);
    expect(policy.entropy(0)).toBeCloseTo(0.5 + 0.5 * Math.log(2 * Math.PI) + Math.log(0.1), 12);
    const gradient = network.outputGradient('log_deviation').view;
    policy.writeGradient(0, 0, 0, 1);
    expect(gradient[0]).toBe(0);
    policy.writeGradient(0, 0, 0, -1);
    expect(gradient[0]).toBe(-1);
  });
});
