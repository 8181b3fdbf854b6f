import { describe, expect, it } from '@jest/globals';
import { ExecutionMode, RegimeState, Selection, Strategy } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { aClosedTrade, aFrame, aSetup } from '@bellwether/testkit';
import { NO_MODELS, learnLinear, linearScore, withContext, type LinearState } from './linucb.js';
import { contextVector, mappedStrategy, weighed } from './index.js';

const GREEDY = { alpha: 0, ridge: 1 };
const REMEMBERING = { ridge: 1, kept: 1 };
const DIMENSION = 6;

/** A trade of an arm that was chosen in `x` and earned `net_r`. */
function traded(
  state: LinearState,
  strategy: Strategy,
  x: readonly number[],
  net_r: number,
  id: string,
): LinearState {
  const chosen = withContext(state, { symbol: 'ES', decision_id: id, strategy, x });
  return learnLinear(chosen, [aClosedTrade({ decision_id: id, strategy, net_r })], REMEMBERING);
}

function contexts(n: number): readonly (readonly number[])[] {
  const uniform = uniformSource('contexts');
  return Array.from({ length: n }, () => [
    1,
    ...Array.from({ length: DIMENSION - 1 }, () => uniform() * 2 - 1),
  ]);
}

/** Ridge regression by Gauss elimination: what the updates of the inverse must come to. */
function ridgeRegression(
  rows: readonly (readonly number[])[],
  rewards: readonly number[],
  ridge: number,
): number[] {
  const a = Array.from({ length: DIMENSION }, (_, i) =>
    Array.from({ length: DIMENSION + 1 }, (__, j) => {
      const at = (x: readonly number[], k: number, r: number): number => (k === DIMENSION ? r : x[k]!);
      const sum = rows.reduce((total, x, row) => total + x[i]! * at(x, j, rewards[row]!), 0);
      return sum + (i === j ? ridge : 0);
    }),
  );
  for (let i = 0; i < DIMENSION; i++) {
    for (let row = 0; row < DIMENSION; row++) {
      if (row === i) continue;
      const factor = a[row]![i]! / a[i]![i]!;
      for (let j = i; j <= DIMENSION; j++) a[row]![j]! -= factor * a[i]![j]!;
    }
  }
  return a.map((row, i) => row[DIMENSION]! / row[i]!);
}

describe('LinUCB', () => {
  it('comes to the ridge regression of its trades', () => {
    const rows = contexts(40);
    const rewards = rows.map((x) => 0.3 * x[0]! - 0.5 * x[2]! + 0.2 * x[5]!);
    let state = NO_MODELS;
    rows.forEach((x, i) => (state = traded(state, Strategy.S2, x, rewards[i]!, `b-${i}`)));
    const theta = ridgeRegression(rows, rewards, 1);
    for (const x of contexts(5)) {
      const expected = x.reduce((sum, value, i) => sum + value * theta[i]!, 0);
      expect(linearScore(state, Strategy.S2, x, GREEDY)).toBeCloseTo(expected, 10);
    }
  });

  it('weighs a trade by the rewards that came after it, of whichever arm, where the book forgets', () => {
    const kept = 0.9;
    const rows = contexts(40);
    const rewards = rows.map((x) => 0.3 * x[0]! - 0.5 * x[2]!);
    let state = NO_MODELS;
    rows.forEach((x, i) => {
      const strategy = i % 2 === 0 ? Strategy.S2 : Strategy.S3;
      const chosen = withContext(state, { symbol: 'ES', decision_id: `b-${i}`, strategy, x });
      const trade = aClosedTrade({ decision_id: `b-${i}`, strategy, net_r: rewards[i]! });
      state = learnLinear(chosen, [trade], { ridge: 1, kept });
    });
    const own = rows.map((_, i) => i).filter((i) => i % 2 === 0);
    const root = (i: number): number => Math.sqrt(kept ** (rows.length - 1 - i));
    const theta = ridgeRegression(
      own.map((i) => rows[i]!.map((value) => root(i) * value)),
      own.map((i) => root(i) * rewards[i]!),
      1,
    );
    for (const x of contexts(5)) {
      const expected = x.reduce((sum, value, i) => sum + value * theta[i]!, 0);
      expect(linearScore(state, Strategy.S2, x, GREEDY)).toBeCloseTo(expected, 9);
    }
  });

  it('goes on from what it knew when a book begins to forget', () => {
    const [x = [], other = []] = contexts(2);
    const before = traded(NO_MODELS, Strategy.S2, x, 2, 'b-1');
    const chosen = withContext(before, { symbol: 'ES', decision_id: 'b-2', strategy: Strategy.S3, x: other });
    const trade = aClosedTrade({ decision_id: 'b-2', strategy: Strategy.S3, net_r: 1 });
    const almost = learnLinear(chosen, [trade], { ridge: 1, kept: 1 - 1e-9 });
    const score = (state: LinearState): number => linearScore(state, Strategy.S2, x, { alpha: 1, ridge: 1 });
    expect(score(almost)).toBeCloseTo(score(before), 6);
    const half = learnLinear(chosen, [trade], { ridge: 1, kept: 0.5 });
    expect(score(half)).not.toBeCloseTo(score(before), 2);
  });

  it('adds less for doubt the more it has seen', () => {
    const x = contexts(1)[0]!;
    const doubt = (state: LinearState): number =>
      linearScore(state, Strategy.S2, x, { alpha: 1, ridge: 1 }) - linearScore(state, Strategy.S2, x, GREEDY);
    const none = doubt(NO_MODELS);
    const one = doubt(traded(NO_MODELS, Strategy.S2, x, 1, 'b-1'));
    expect(none).toBeCloseTo(Math.sqrt(x.reduce((sum, value) => sum + value * value, 0)), 10);
    expect(one).toBeLessThan(none);
  });

  it('learns a trade once, of its own arm, and within the bounds of rewards', () => {
    const x = contexts(1)[0]!;
    const once = traded(NO_MODELS, Strategy.S2, x, 9, 'b-1');
    expect(learnLinear(once, [aClosedTrade({ decision_id: 'b-1', net_r: 9 })], REMEMBERING)).toBe(once);
    expect(once.models).toHaveLength(1);
    expect(once.models[0]?.target[0]).toBe(4);
    expect(once.contexts).toEqual([]);
  });

  it('learns nothing of a trade without a reward, and forgets its context', () => {
    const chosen = withContext(NO_MODELS, {
      symbol: 'ES',
      decision_id: 'b-1',
      strategy: Strategy.S2,
      x: [1],
    });
    const state = learnLinear(chosen, [aClosedTrade({ decision_id: 'b-1', net_r: null })], REMEMBERING);
    expect(state).toEqual(NO_MODELS);
  });

  it('keeps one context a symbol', () => {
    const first = withContext(NO_MODELS, { symbol: 'ES', decision_id: 'b-1', strategy: Strategy.S2, x: [1] });
    const second = withContext(first, { symbol: 'ES', decision_id: 'b-2', strategy: Strategy.S3, x: [2] });
    const other = withContext(second, { symbol: 'NQ', decision_id: 'b-3', strategy: Strategy.S3, x: [3] });
    expect(other.contexts.map(({ decision_id }) => decision_id)).toEqual(['b-2', 'b-3']);
  });

  it('has no context without regime probabilities or time', () => {
    expect(contextVector(aFrame({ regime: null }))).toBeNull();
    expect(contextVector(aFrame({ features: null }))).toBeNull();
  });
});

describe('the selection', () => {
  const setups = [aSetup(), aSetup({ strategy: Strategy.S3 })];
  const config = {
    ...{ ucb_c: 2, min_count: 1, probability_floor: 0.05, linucb_alpha: 0, linucb_ridge: 1 },
    ...{ linucb_kept: 0, record_kept: 0, no_trials: false },
    ...{ neural_alpha: 0, neural_ridge: 0, neural_kept: 0, epsilon: 0 },
    selection: Selection.UNSPECIFIED as Selection,
  };
  const x = contexts(1)[0]!;
  const arms = [
    { strategy: Strategy.S2, count: 50, sum_r: 50 },
    { strategy: Strategy.S3, count: 50, sum_r: -50 },
  ];
  const chances = (selection: Selection, linear = NO_MODELS, at: readonly number[] | null = x) =>
    weighed(
      setups,
      { arms, linear, x: at, neural: null, execution: ExecutionMode.PAPER },
      { ...config, selection },
    ).map(({ probability }) => probability);

  it('is UCB1 where the release names none', () => {
    expect(chances(Selection.UNSPECIFIED)).toEqual([0.95, 0.05]);
    expect(chances(Selection.UCB1)).toEqual([0.95, 0.05]);
  });

  it('by chance looks at no record', () => {
    expect(chances(Selection.UNIFORM)).toEqual([0.5, 0.5]);
  });

  it('by LinUCB looks at the context, and knows nothing without one', () => {
    const linear = traded(NO_MODELS, Strategy.S3, x, 2, 'b-1');
    expect(chances(Selection.LINUCB, linear)).toEqual([0.05, 0.95]);
    expect(chances(Selection.LINUCB, linear, null)).toEqual([0.5, 0.5]);
  });

  it('by regime is the map of the seed', () => {
    const { CALM_TREND, CALM_CHOP, HIGHVOL_TREND, HIGHVOL_CHOP, UNKNOWN } = RegimeState;
    const regimes = [CALM_TREND, CALM_CHOP, HIGHVOL_TREND, HIGHVOL_CHOP, UNKNOWN];
    expect(regimes.map(mappedStrategy)).toEqual([2, 6, 3, 11, 0]);
  });
});
