import { describe, expect, it } from '@jest/globals';
import { ExecutionMode, Selection, Strategy } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { aClosedTrade, aSetup } from '@bellwether/testkit';
import { NO_MODELS } from './linucb.js';
import { learn } from './rewards.js';
import { drawn, probabilities, weighed, type ArmRecord } from './index.js';

const CONFIG = {
  ucb_c: 0.5,
  min_count: 5,
  probability_floor: 0.05,
  selection: Selection.UCB1,
  linucb_alpha: 0.3,
  linucb_ridge: 1,
  linucb_kept: 0,
  record_kept: 0,
  no_trials: false,
  ...{ neural_alpha: 0, neural_ridge: 0, neural_kept: 0, epsilon: 0 },
};
const PAPER = { neural: null, execution: ExecutionMode.PAPER };
const known = (arms: readonly ArmRecord[]) => ({ arms, linear: NO_MODELS, x: null, ...PAPER });
const SETUPS = [aSetup(), aSetup({ strategy: Strategy.S3 })];

describe('UCB1', () => {
  it('adds to the mean what is not known of an arm', () => {
    const arms = [
      { strategy: Strategy.S2, count: 16, sum_r: 8 },
      { strategy: Strategy.S3, count: 4, sum_r: 2 },
      { strategy: Strategy.S6, count: 80, sum_r: -40 },
    ];
    const [s2, s3] = weighed(SETUPS, known(arms), { ...CONFIG, min_count: 1 });
    // ln 100 = 4.60517; sqrt(4.60517 / 16) = 0.536491, over 4: 1.072983.
    expect(s2).toMatchObject({ mean_r: 0.5, count: 16 });
    expect(s2?.ucb).toBeCloseTo(0.5 + 0.5 * 0.536491, 5);
    expect(s3?.ucb).toBeCloseTo(0.5 + 0.5 * 1.072983, 5);
    expect([s2?.probability, s3?.probability]).toEqual([0.05, 0.95]);
  });

  it('lets the mean decide when nothing is added for doubt', () => {
    const arms = [
      { strategy: Strategy.S2, count: 5, sum_r: 1 },
      { strategy: Strategy.S3, count: 500, sum_r: 50 },
    ];
    const [s2] = weighed(SETUPS, known(arms), { ...CONFIG, ucb_c: 0 });
    expect(s2).toMatchObject({ mean_r: 0.2, ucb: 0.2, probability: 0.95 });
  });

  it('puts arms with too few trades first, however bad their start', () => {
    const arms = [
      { strategy: Strategy.S2, count: 50, sum_r: 100 },
      { strategy: Strategy.S3, count: 4, sum_r: -8 },
    ];
    const [s2, s3] = weighed(SETUPS, known(arms), CONFIG);
    expect(s3).toMatchObject({ mean_r: -2, count: 4, ucb: null, probability: 0.95, confidence: null });
    expect(s2?.probability).toBe(0.05);
  });

  it('tries nothing for its own sake where orders are real', () => {
    const arms = [{ strategy: Strategy.S2, count: 4, sum_r: 2 }];
    for (const selection of [Selection.UCB1, Selection.EPSILON_GREEDY]) {
      const config = { ...CONFIG, selection, epsilon: 0.1, no_trials: true };
      const outside = { ...known(arms), execution: ExecutionMode.EXTERNAL };
      const [s2, s3] = weighed(SETUPS, outside, config);
      expect([s2?.probability, s3?.probability]).toEqual([0.95, 0.05]);
      expect(s3?.ucb).toBe(0);
      expect(weighed(SETUPS, known(arms), { ...config, no_trials: false })[1]?.probability).toBeGreaterThan(
        0.4,
      );
    }
  });

  it('lets what came long ago weigh less where the book forgets', () => {
    const before = { arms: [], rewarded: [] };
    const trade = (i: number, strategy: Strategy, net_r: number) =>
      aClosedTrade({ decision_id: `b-${i}`, strategy, net_r });
    const told = [
      ...Array.from({ length: 40 }, (_, i) => trade(i, Strategy.S2, 1)),
      ...Array.from({ length: 40 }, (_, i) =>
        trade(40 + i, i % 2 === 0 ? Strategy.S2 : Strategy.S3, i % 2 === 0 ? -1 : 0),
      ),
    ];
    const config = { ...CONFIG, ucb_c: 0 };
    const [all] = weighed(SETUPS, known(learn(before, told, 1).arms), config);
    expect(all).toMatchObject({ count: 60, probability: 0.95 });
    const { arms } = learn(before, told, 0.95);
    const [s2] = weighed(SETUPS, known(arms), config);
    // Said are whole trades and their mean; chosen is by what is left of them.
    expect(s2).toMatchObject({ count: 60, mean_r: 20 / 60, probability: 0.05 });
    expect(s2?.ucb).toBeLessThan(-0.2);
  });

  it('counts an arm without any trade as untried, also with a minimum of none', () => {
    const [s2, s3] = weighed(SETUPS, known([]), { ...CONFIG, min_count: 0 });
    expect(s2).toMatchObject({ mean_r: 0, count: 0, ucb: null, probability: 0.5, confidence: null });
    expect(s3).toMatchObject({ ucb: null, probability: 0.5, confidence: null });
  });
});

describe('the probabilities', () => {
  it.each([
    ['one arm', [0.3], 0.05, [1]],
    ['one best of three', [0.3, 0.1, 0.2], 0.05, [0.9, 0.05, 0.05]],
    ['two equal best of three', [0.3, 0.3, 0.2], 0.1, [0.45, 0.45, 0.1]],
    ['untried before tried', [null, 9, null], 0.1, [0.45, 0.1, 0.45]],
    ['all untried', [null, null], 0.1, [0.5, 0.5]],
    ['a floor too high for so many', [0.3, 0.1], 0.7, [0.5, 0.5]],
    ['no floor', [0.3, 0.1], 0, [1, 0]],
    ['a floor below zero', [0.3, 0.1], -1, [1, 0]],
    ['scores below zero', [-0.3, -0.1], 0.05, [0.05, 0.95]],
    ['nothing', [], 0.05, []],
  ])('of %s', (_name, scores, floor, expected) => {
    const actual = probabilities(scores, floor);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((p, i) => expect(p).toBeCloseTo(expected[i]!, 12));
  });

  it('sum to one and keep the floor, whatever the scores', () => {
    const uniform = uniformSource('probabilities');
    for (let round = 0; round < 2_000; round++) {
      const scores = Array.from({ length: 1 + Math.floor(uniform() * 12) }, () =>
        uniform() < 0.2 ? null : Math.floor(uniform() * 5),
      );
      const floor = uniform() * 0.3;
      const chances = probabilities(scores, floor);
      expect(chances.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      const least = Math.min(floor, 1 / scores.length) - 1e-12;
      expect(chances.every((p) => p >= least)).toBe(true);
    }
  });
});

describe('the draw', () => {
  const candidates = [0.2, 0.5, 0.3].map((probability) => ({
    setup: aSetup(),
    mean_r: 0,
    count: 0,
    ucb: null,
    probability,
    confidence: null,
  }));

  it.each([
    [0, 0],
    [0.199, 0],
    [0.2, 1],
    [0.699, 1],
    [0.7, 2],
    [0.999999, 2],
  ])('of %d falls on %d', (uniform, index) => expect(drawn(candidates, uniform)).toBe(index));

  it('falls on a candidate as often as its probability says', () => {
    const uniform = uniformSource('draw');
    const hits = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) hits[drawn(candidates, uniform())]! += 1;
    hits.forEach((count, i) => expect(count / 20_000).toBeCloseTo(candidates[i]!.probability, 1));
  });

  it('needs something to draw from', () => expect(() => drawn([], 0.5)).toThrow('something to draw from'));
});
