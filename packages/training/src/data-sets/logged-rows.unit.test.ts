// Goal: a trunk that is trained from a log learns what an arm earns, not what it earned where the book wanted it.
import { describe, expect, it } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { FEATURE_COUNT } from '@bellwether/model-slots';
import { fitNetwork, predictRows } from '../trainers/fit-network.js';
import { MODEL_PLANS, networkOf } from '../trainers/model-plans.js';
import {
  LOGGED_EFFECTIVE_MIN,
  WEIGHT_CLIP,
  loggedDataSet,
  loggedWeights,
  thinLog,
  type LoggedTrade,
} from './logged-rows.js';

const MINUTE_US = 60_000_000;
const FORM = { schema_sha256: 'a'.repeat(64), interval_us: MINUTE_US };
const ARM = 2;
const OTHER = 7;

/**
 * Half of the time arm 2 earns 0.5 R and otherwise it loses as much, by something that no feature tells and the book knew: it drew the arm
 * by 0.9 where it earns and by 0.1 where it loses. Arm 7 earns nothing at any time.
 */
function plantedLog(count: number, seed = 'log'): readonly LoggedTrade[] {
  const uniform = uniformSource(seed);
  return Array.from({ length: count }, (_, i) => {
    const inputs = Float32Array.from({ length: 2 * FEATURE_COUNT }, (__, k) =>
      k < FEATURE_COUNT ? 2 * uniform() - 1 : 1,
    );
    const good = uniform() < 0.5;
    const share = good ? 0.9 : 0.1;
    const wanted = uniform() < share;
    const start_us = i * 60 * MINUTE_US;
    return {
      ...{
        symbol: 'ES',
        session: 20_250_101 + Math.floor(i / 20),
        start_us,
        end_us: start_us + MINUTE_US,
        inputs,
      },
      ...{ arm: wanted ? ARM : OTHER, propensity: wanted ? share : 1 - share },
      reward: (wanted ? (good ? 0.5 : -0.5) : 0) + 0.2 * (uniform() - 0.5),
    };
  });
}

/** What a trunk says of arm 2, on average over trades that it has not seen, after training with these weights. */
function valueOfArm(trades: readonly LoggedTrade[], clip: number): number {
  const plan = MODEL_PLANS.strategy_selection;
  const set = loggedDataSet(trades, loggedWeights(trades, clip), FORM);
  const rows = Int32Array.from({ length: set.rows }, (_, i) => i);
  const fitted = fitNetwork({
    ...{ plan, description: networkOf(plan, set.input), set, train: rows, validate: null },
    ...{ epochs: 6, seed: '1', onEpoch: () => undefined },
  });
  const unseen = plantedLog(300, 'unseen');
  const asked = loggedDataSet(unseen, loggedWeights(unseen, 1), FORM);
  const places = Int32Array.from({ length: asked.rows }, (_, i) => i);
  const said = predictRows(fitted, asked, places).get('values') ?? new Float32Array();
  const width = said.length / asked.rows;
  return places.reduce((sum, row) => sum + said[row * width + ARM - 1]!, 0) / asked.rows;
}

describe('a log whose book knew more than its features', () => {
  const trades = plantedLog(4_000);

  it('overstates an arm without weights, and does not with them', () => {
    expect(valueOfArm(trades, 1)).toBeGreaterThan(0.35);
    expect(Math.abs(valueOfArm(trades, WEIGHT_CLIP))).toBeLessThan(0.15);
  });

  it('keeps propensities beside the rows, and weights of 1 on average', () => {
    const set = loggedDataSet(trades, loggedWeights(trades, WEIGHT_CLIP), FORM);
    expect(set.noteColumns.map(({ name }) => name)).toEqual(['arm', 'propensity']);
    expect(set.weights.reduce((sum, weight) => sum + weight, 0) / set.rows).toBeCloseTo(1, 5);
    const weightAt = (p: number): number =>
      set.weights[trades.findIndex(({ propensity }) => Math.abs(propensity - p) < 1e-9)] ?? NaN;
    expect(weightAt(0.1) / weightAt(0.9)).toBeCloseTo(9, 3);
  });
});

describe('weights', () => {
  const of = (propensities: readonly number[], clip: number) =>
    loggedWeights(
      propensities.map((propensity) => ({ ...plantedLog(1)[0]!, propensity })),
      clip,
    );

  it('are held at the clip, and say what they are worth', () => {
    expect(of([1, 0.5, 0.01], 10)).toMatchObject({ weights: [1, 2, 10], clipped: 1 });
    expect(of([0.5, 0.5, 0.5], 10).effective).toBeCloseTo(3, 9);
    // (1 + 9)^2 / (1 + 81)
    expect(of([1, 1 / 9], 10).effective).toBeCloseTo(100 / 82, 9);
  });

  it('of few trades, or worth few, are too thin', () => {
    const few = plantedLog(150);
    expect(thinLog(few, loggedWeights(few, 10))).toContain('150 trades');
    const many = plantedLog(300).map((trade, i) => ({ ...trade, propensity: i < 20 ? 0.01 : 1 }));
    expect(loggedWeights(many, 100).effective).toBeLessThan(LOGGED_EFFECTIVE_MIN);
    expect(thinLog(many, loggedWeights(many, 100))).toContain('are worth');
    expect(thinLog(many, loggedWeights(many, 1))).toBeNull();
  });
});
