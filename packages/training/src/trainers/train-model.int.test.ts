/**
 * Goal: what is in the rows is learned, what is not is not claimed, and the same rows and seed give the same bytes.
 */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { OnnxSession, checkFiles, modelFiles, sha256Of } from '@bellwether/models';
import { FEATURE_COUNT } from '@bellwether/model-slots';
import { newPrivatePem, readPublicKey, signingKeyOf } from '@bellwether/signing';
import { MODEL_PLANS, networkOf } from './model-plans.js';
import { fitNetwork, predictRows } from './fit-network.js';
import { regimeRowsForTests } from './data-set-for-tests.js';
import { verdictOf } from './model-card.js';
import { trainModel, versionOf, type TrainedModel } from './train-model.js';

const rows = { sessions: 34, rowsEach: 40, planted: true, seed: 'rows' };
const data = { title: 'made-up rows', synthetic: true, references: [{ reference: 'rows', sha256: null }] };

function trained(set = regimeRowsForTests(rows), seed = '1'): TrainedModel {
  const request = { set, data, folds: 1, seed, command: 'bw train regime_classifier', node: process.version };
  return trainModel({ ...request, variant: null, onProgress: () => undefined });
}

describe('training', () => {
  let model: TrainedModel;
  beforeAll(() => {
    model = trained();
  });

  it('gives the same bytes for the same rows and seed, and others for another seed', () => {
    const again = trained();
    expect(sha256Of(again.onnx)).toBe(sha256Of(model.onnx));
    expect(again.card).toBe(model.card);
    expect(again.facts).toEqual(model.facts);
    const other = trained(undefined, '2');
    expect(sha256Of(other.onnx)).not.toBe(sha256Of(model.onnx));
    expect(other.facts.version).not.toBe(model.facts.version);
  });

  it('finds what was planted', () => {
    expect(verdictOf(model.scores)).toMatch(/^better than the base rate/);
    const gain = model.facts.metrics['log_loss_gain_over_base_rate'];
    expect(gain?.low).toBeGreaterThan(0.1);
  });

  it('claims nothing where nothing is', () => {
    const { scores, card } = trained(regimeRowsForTests({ ...rows, planted: false }));
    expect(verdictOf(scores)).toBe('no better than the base rate');
    expect(card).toContain('**no better than the base rate**');
  });

  it('is served as it was trained: the golden rows hold in ONNX Runtime', async () => {
    const key = signingKeyOf(newPrivatePem());
    const files = modelFiles(model.facts, model, key);
    const checked = checkFiles('it', files, { keys: [readPublicKey(key.publicPem)], unsigned: false });
    expect(checked.golden.rows).toHaveLength(8);
    const session = await OnnxSession.open('it', checked);
    await session.release();
    const other = generateKeyPairSync('ed25519').publicKey;
    expect(() => checkFiles('it', files, { keys: [other], unsigned: false })).toThrow(/not loaded/);
  });

  it('says in the first line of its card that the data were made up', () => {
    expect(model.card.split('\n')[0]).toMatch(/^Trained on synthetic data/);
    expect(model.facts.trained_on).toBe('synthetic');
  });

  it('knows the end of the newest label', () => {
    const set = regimeRowsForTests(rows);
    expect(model.facts.trained_until_us).toBe(Math.max(...set.end_us));
    expect(versionOf(set, 1, '1', process.version, null)).toBe(model.facts.version);
  });

  it('gives no weight to a column that it never saw', () => {
    const set = regimeRowsForTests(rows);
    const plan = MODEL_PLANS.regime_classifier;
    const all = Int32Array.from({ length: set.rows }, (_, i) => i);
    const fitted = fitNetwork({
      ...{
        plan,
        description: networkOf(plan, set.input),
        set,
        train: all,
        validate: null,
        epochs: 1,
        seed: '1',
      },
      onEpoch: () => undefined,
    });
    const one = Int32Array.of(0);
    const before = predictRows(fitted, set, one).get('probabilities');
    const features = Float32Array.from(set.features);
    const mask = Float32Array.from(set.mask);
    features[FEATURE_COUNT - 1] = 5;
    mask[FEATURE_COUNT - 1] = 1;
    expect(predictRows(fitted, { ...set, features, mask }, one).get('probabilities')).toEqual(before);
  });
});
