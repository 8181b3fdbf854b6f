import { describe, expect, test } from '@jest/globals';
import { twinEngine, wasmEngine, type Engine } from '../engine/engine.js';
import { squaredError } from '../loss/regression.js';
import type { NetworkDescription } from '../network/description.js';
import { initialParameters } from '../network/initialisation.js';
import { Network } from '../network/network.js';
import { Adam, type AdamOptions } from './adam.js';
import { learningRate, type Schedule } from './schedule.js';

describe('schedules', () => {
  test('half a cosine from rate to final, then final', () => {
    const cosine: Schedule = { kind: 'cosine', rate: 0.1, final: 0.02, steps: 37 };
    for (let step = 0; step <= 37; step++) {
      const exact = 0.02 + 0.08 * (0.5 + 0.5 * Math.cos((Math.PI * step) / 37));
      expect(Math.abs(learningRate(cosine, step) - exact)).toBeLessThan(1e-15);
    }
    expect(learningRate(cosine, 1_000)).toBe(0.02);
  });

  test('a straight line up to the first rate of what follows', () => {
    const schedule: Schedule = { kind: 'warm_up', steps: 4, then: { kind: 'constant', rate: 0.1 } };
    const rates = [0, 1, 2, 3, 4, 100].map((step) => learningRate(schedule, step));
    [0.025, 0.05, 0.075, 0.1, 0.1, 0.1].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 15));
    const then: Schedule = {
      kind: 'warm_up',
      steps: 4,
      then: { kind: 'cosine', rate: 1, final: 0, steps: 10 },
    };
    expect(learningRate(then, 9)).toBeCloseTo(0.5, 12);
  });

  test('steps are counted from 0', () => {
    expect(() => learningRate({ kind: 'constant', rate: 1 }, -1)).toThrow('counted from 0');
  });
});

const LINE: NetworkDescription = {
  input: { kind: 'row', width: 2 },
  layers: [],
  heads: [{ name: 'out', out: 1, output: 'linear' }],
};

/** A line through two inputs, and Adam on it, in double precision unless told otherwise. */
function line(options: AdamOptions, engine: Engine = twinEngine('float64')) {
  const network = new Network(engine, LINE, 4);
  network.parameters.view.set([0.5, -0.25, 0.125]);
  return { network, adam: new Adam(engine, network, options) };
}

const constant = { kind: 'constant', rate: 0.01 } as const;

describe('Adam', () => {
  test('takes the steps of its formula', () => {
    const { network, adam } = line({ schedule: constant });
    const expected = [0.5, -0.25, 0.125];
    const [mean, square] = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    for (let t = 1; t <= 5; t++) {
      const gradient = [0.3 * t, -1, 0.001];
      network.gradients.view.set(gradient);
      adam.step();
      gradient.forEach((g, i) => {
        mean[i] = 0.9 * mean[i]! + 0.1 * g;
        square[i] = 0.999 * square[i]! + 0.001 * g * g;
        const [m, v] = [mean[i] / (1 - 0.9 ** t), square[i] / (1 - 0.999 ** t)];
        expected[i]! -= (0.01 * m) / (Math.sqrt(v) + 1e-8);
        expect(network.parameters.view[i]).toBeCloseTo(expected[i]!, 12);
      });
    }
  });

  test('decays weights and not biases', () => {
    const { network, adam } = line({ schedule: constant, decay: 0.1 });
    adam.step();
    expect([...network.parameters.view]).toEqual([0.5 * (1 - 0.001), -0.25 * (1 - 0.001), 0.125]);
  });

  test('shortens a gradient that is too long as a whole, and no other', () => {
    const { network, adam } = line({ schedule: constant, gradientMax: 1 });
    network.gradients.view.set([3, 4, 0]);
    expect(adam.step()).toEqual({ rate: 0.01, gradientNorm: 5 });
    [0.6, 0.8, 0].forEach((g, i) => expect(network.gradients.view[i]).toBeCloseTo(g, 12));
    network.gradients.view.set([0.3, 0.4, 0]);
    expect(adam.step().gradientNorm).toBeCloseTo(0.5, 12);
    expect([...network.gradients.view]).toEqual([0.3, 0.4, 0]);
  });

  test('goes on from its state with the same bits', () => {
    const engine = wasmEngine();
    const options: AdamOptions = {
      schedule: { kind: 'cosine', rate: 0.1, final: 0, steps: 20 },
      decay: 0.01,
    };
    const step = (network: Network, adam: Adam): void => {
      network.input.view.set([1, 2, 3, -1]);
      network.forward(2);
      squaredError(
        { output: network.output('out'), gradient: network.outputGradient('out'), rows: 2, width: 1 },
        [1, -1],
      );
      network.zeroGradients();
      network.backward(2, ['out']);
      adam.step();
    };
    const whole = line(options, engine);
    for (let i = 0; i < 10; i++) step(whole.network, whole.adam);
    const first = line(options, engine);
    for (let i = 0; i < 6; i++) step(first.network, first.adam);
    const second = line(options, wasmEngine());
    second.network.parameters.view.set(first.network.parameters.view);
    second.adam.restore(structuredClone(first.adam.state()));
    for (let i = 0; i < 4; i++) step(second.network, second.adam);
    expect([...second.network.parameters.view]).toEqual([...whole.network.parameters.view]);
    expect(second.adam.state().steps).toBe(10);
  });

  test('refuses a state of another network', () => {
    const state = line({ schedule: constant }).adam.state();
    const other = { ...state, mean: new Float32Array(2) };
    expect(() => line({ schedule: constant }).adam.restore(other)).toThrow('of another network');
  });

  test.each([{ beta1: 1 }, { beta2: -0.1 }, { epsilon: 0 }, { decay: -1 }, { gradientMax: 0 }])(
    'refuses %j',
    (wrong) => {
      expect(() => line({ schedule: constant, ...wrong })).toThrow();
    },
  );
});

describe('initialisation', () => {
  const description: NetworkDescription = {
    input: { kind: 'sequence', steps: 3, width: 24 },
    layers: [
      { kind: 'lstm', in: 24, hidden: 25 },
      { kind: 'dense', in: 25, out: 96, activation: 'relu' },
    ],
    heads: [{ name: 'out', out: 54, output: 'softmax' }],
  };

  test('hangs on the seed alone, keeps its limits, and opens the forget gate', () => {
    const parameters = initialParameters(description, 'a');
    expect(initialParameters(description, 'a')).toEqual(parameters);
    expect(initialParameters(description, 'b')).not.toEqual(parameters);
    const spread = (from: number, count: number): number =>
      Math.max(...parameters.subarray(from, from + count).map(Math.abs));
    const limits = [
      [0, 24 * 100, Math.sqrt(6 / 49)],
      [2_400, 25 * 100, 1 / 5],
      [5_000, 25 * 96, Math.sqrt(6 / 25)],
    ] as const;
    const near = ([from, count, limit]: (typeof limits)[number], at: number): void => {
      expect(spread(from + at, count)).toBeLessThanOrEqual(Math.fround(limit));
      expect(spread(from + at, count)).toBeGreaterThan(0.98 * limit);
    };
    near(limits[0], 0);
    near(limits[1], 0);
    near(limits[2], 0);
    const bias = [...parameters.subarray(4_900, 5_000)];
    expect(bias.map((x, i) => x === (i >= 50 && i < 75 ? 1 : 0))).not.toContain(false);
  });
});
