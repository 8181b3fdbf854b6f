import { describe, expect, test } from '@jest/globals';
import { encodeModel } from '@bellwether/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { fatTailedSizing } from '../environments/fat-tailed-sizing.js';
import { PolicyRunner } from '../policy/policy-runner.js';
import { Ppo } from '../ppo/ppo.js';
import { randomSource } from '../random.js';
import { MULTIPLIER_MAX, MULTIPLIER_MIN } from '@bellwether/model-slots';
import { sizingObservations } from '../sizing-world.js';
import { FAT_TAILED_OPTIONS } from '../studies/fat-tailed-study.js';
import { policyGraph } from './policy-graph.js';

/**
 * Goal: ONNX Runtime says of an exported policy the multiplier that the policy chooses, from observations in their own units.
 * Method: a policy after a few batches, observations far and near, |a - b| <= 1e-5 + 1e-5 |b|.
 */

const METADATA = {
  model: 'sizing_agent',
  schema_sha256: 'a'.repeat(64),
  data_sha256: ['b'.repeat(64)],
  data_origin: 'synthetic',
  seed: '1',
  command: 'bw train sizing_agent --seed 1',
  metrics: {},
  node_version: 'v20.20.2',
  details: {},
} as const;

describe('an exported policy', () => {
  test('says the multiplier that it chooses, between its bounds', async () => {
    const tail = { confidence: 0.95, limit: 6 };
    const ppo = new Ppo(fatTailedSizing(), { ...FAT_TAILED_OPTIONS, lanes: 200, seed: '1', tail });
    for (let i = 0; i < 3; i++) ppo.iterate();
    const policy = ppo.policy();
    const rows = 300;
    const random = randomSource('observations');
    const observations = Float32Array.from({ length: rows * sizingObservations.length }, (_, i) => {
      const { mean, deviation } = sizingObservations[i % sizingObservations.length]!;
      return mean + (i % 2 === 0 ? 2 : 40) * deviation * random.normal();
    });
    const graph = policyGraph(policy, 'sizing_agent', 'multiplier');
    const session = await InferenceSession.create(encodeModel(graph, METADATA), { intraOpNumThreads: 1 });
    expect([session.inputNames, session.outputNames]).toEqual([['features'], ['multiplier']]);
    const features = new Tensor('float32', observations, [rows, sizingObservations.length]);
    const said = (await session.run({ features }))['multiplier']?.data as Float32Array;
    const expected = new PolicyRunner(policy, rows).actions(observations);
    const apart = Array.from(expected, (x, i) => Math.abs(x - said[i]!) - 1e-5 - 1e-5 * Math.abs(x));
    expect(Math.max(...apart)).toBeLessThanOrEqual(0);
    expect(Math.min(...said)).toBeGreaterThan(MULTIPLIER_MIN - 1e-6);
    expect(Math.max(...said)).toBeLessThan(MULTIPLIER_MAX + 1e-6);
    expect(new Set(said).size).toBeGreaterThan(100);
    await session.release();
  });

  test('is of a number, not of a choice', () => {
    const ppo = new Ppo(fatTailedSizing(), { ...FAT_TAILED_OPTIONS, lanes: 2, seed: '1', tail: null });
    const choice = { ...ppo.policy(), action: { kind: 'choice', count: 2, meaning: 'none' } as const };
    expect(() => policyGraph(choice, 'sizing_agent', 'multiplier')).toThrow('a number of a range');
  });
});
