import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TRUST, WIDTH, aModel } from './model-for-tests.js';
import { OnnxSession } from './onnx-session.js';
import { SyncModels } from './sync-models.js';
import { checkFiles, type CheckedModel } from './verification.js';

let checked: CheckedModel;
let models: SyncModels;

beforeEach(async () => {
  checked = checkFiles('a model', await aModel({ version: '1' }, 'seed'), TRUST);
  models = new SyncModels([checked]);
});
afterEach(() => models.close());

const ask = (sha256: string, value = 1) => ({
  ...{ model: 'a', version: '1', sha256, inputs: new Float32Array(2 * WIDTH).fill(value) },
});

describe('models that answer at once', () => {
  it('say in the same call what the model says otherwise, question by question', async () => {
    const { sha256 } = checked.manifest;
    const said = models.answer([ask(sha256), ask(sha256, 0.5)]);
    const session = await OnnxSession.open('a model', checked);
    const rows = await session.run([ask(sha256).inputs, ask(sha256, 0.5).inputs]);
    expect(said.map(({ outputs }) => outputs)).toEqual(rows);
    await session.release();
  });

  it('refuse a model that they were not given, and answer again after it', () => {
    expect(() => models.answer([ask('f'.repeat(64))])).toThrow('nobody has it here');
    expect(models.answer([ask(checked.manifest.sha256)])).toHaveLength(1);
  });
});
