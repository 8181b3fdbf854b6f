// Goal: a model that values arms learns what each arm earns where, and is not claimed to where there is nothing.
import { describe, expect, it } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { FEATURE_COUNT } from '@bellwether/model-slots';
import { dataSetOf, type DataRow, type DataSet } from '../data-sets/data-set.js';
import { fitNetwork, predictRows } from './fit-network.js';
import { verdictOf } from './model-card.js';
import { MODEL_PLANS, networkOf } from './model-plans.js';
import { valueWalkForward } from './value-scores.js';

const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;
const plan = MODEL_PLANS.strategy_selection;

/** Trades of two arms: one earns where the first feature is high, the other where it is low; or both earn whatever comes. */
function trades(planted: boolean, sessions = 36, each = 25): DataSet {
  const uniform = uniformSource(`trades ${planted}`);
  const rows: DataRow[] = [];
  for (let session = 0; session < sessions; session++) {
    for (let i = 0; i < each; i++) {
      const inputs = new Float32Array(2 * FEATURE_COUNT);
      for (let k = 0; k < FEATURE_COUNT; k++) {
        inputs[k] = 2 * uniform() - 1;
        inputs[FEATURE_COUNT + k] = 1;
      }
      const arm = uniform() < 0.5 ? 2 : 7;
      const edge = planted ? (arm === 2 ? 1 : -1) * Math.sign(inputs[0]!) : 0.3;
      const start_us = session * DAY_US + i * 30 * MINUTE_US;
      rows.push({
        ...{ symbol: 'ES', session: 20_250_101 + session, start_us, end_us: start_us + 10 * MINUTE_US },
        ...{ inputs, labels: [edge + uniform() - 0.5], notes: [arm] },
      });
    }
  }
  return dataSetOf(
    {
      ...{ model: 'strategy_selection', input: { steps: null, columns: FEATURE_COUNT } },
      ...{ labels: ['net_r'], notes: ['arm'], interval_us: MINUTE_US, schema_sha256: 'a'.repeat(64) },
    },
    rows,
  );
}

const scored = (set: DataSet): ReturnType<typeof valueWalkForward> =>
  valueWalkForward({
    ...{ plan, set, folds: 1, seed: '1', level: 0.9, variant: null },
    onEpoch: () => undefined,
  });

describe('a model that values arms', () => {
  it('is better than the mean of each arm where what an arm earns hangs on the features', () => {
    const scores = scored(trades(true));
    expect(verdictOf(scores)).toBe('better than the mean of each arm');
    expect(scores.value?.gains.get('arm_mean')?.value).toBeGreaterThan(0.3);
    expect(scores.axes).toEqual([]);
  });

  it('is not where it does not', () => {
    const scores = scored(trades(false));
    expect(verdictOf(scores)).toBe('no better than the mean of each arm');
  });

  it('learns of the arm that traded alone: the number of an arm that never did stays where it began', () => {
    const set = trades(true);
    const all = Int32Array.from({ length: set.rows }, (_, i) => i);
    const fitted = fitNetwork({
      ...{
        plan,
        description: networkOf(plan, set.input),
        set,
        train: all,
        validate: null,
        epochs: 3,
        seed: '1',
      },
      onEpoch: () => undefined,
    });
    const said = predictRows(fitted, set, Int32Array.of(0, 1, 2));
    const values = said.get('values') ?? new Float32Array();
    expect(said.get('hidden')).toHaveLength(3 * 64);
    const idle = [0, 1, 2].flatMap((row) => [values[12 * row]!, values[12 * row + 11]!]);
    expect(idle.every((value) => value === 0)).toBe(true);
    expect(values[1]).not.toBe(0);
  });
});
