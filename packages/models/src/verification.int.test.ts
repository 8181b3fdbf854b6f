/**
 * Goal: a model that is not what a trusted key signed is never asked. Method: real files, real ONNX Runtime; files of which
 * something was changed, and 400 with five flipped bits, of which ONNX Runtime alone would load nearly all
 * (learning.md section 3).
 */
import { describe, expect, it } from '@jest/globals';
import { BellwetherError } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { newPrivatePem, signingKeyOf } from '@bellwether/signing';
import { InferenceSession } from 'onnxruntime-node';
import { KEY, TRUST, aModel, factsOf, goldenOf, onnxOf } from './model-for-tests.js';
import { MODEL_BYTES_MAX, type Golden } from './manifest.js';
import { modelFiles, type ModelFacts, type ModelFiles } from './model-files.js';
import { OnnxSession } from './onnx-session.js';
import { checkFiles, type Trust } from './verification.js';

/** Stable names of the problems of a model; none where it is loaded and answers. */
async function problemsOf(files: ModelFiles, trust: Trust = TRUST): Promise<readonly string[]> {
  try {
    const session = await OnnxSession.open('m', checkFiles('m', files, trust));
    await session.release();
    return [];
  } catch (cause) {
    if (!(cause instanceof BellwetherError) || cause.code !== 'model_refused') throw cause;
    return [...new Set(cause.problems.map(({ path }) => path))];
  }
}

/** Signed by the trusted key although something is wrong: what hashes and signatures cannot find. */
async function signed(
  changes: Partial<ModelFacts>,
  onnx: Uint8Array = onnxOf('one'),
  golden?: Golden,
): Promise<ModelFiles> {
  return modelFiles(factsOf(changes), { onnx, golden: golden ?? (await goldenOf(onnx)), card: '' }, KEY);
}

function flipped(bytes: Uint8Array, seed: string, bits: number): Uint8Array {
  const uniform = uniformSource(seed);
  const copy = Uint8Array.from(bytes);
  for (let i = 0; i < bits; i++) {
    const at = Math.floor(uniform() * copy.length * 8);
    copy[at >> 3]! ^= 1 << (at & 7);
  }
  return copy;
}

describe('a model', () => {
  it('that is whole and signed is loaded', async () => {
    expect(await problemsOf(await aModel())).toEqual([]);
  });

  it.each<[string, (files: ModelFiles) => ModelFiles, readonly string[]]>([
    ['cut short', (files) => ({ ...files, onnx: files.onnx.slice(0, -100) }), ['hash', 'size']],
    ['empty', (files) => ({ ...files, onnx: new Uint8Array() }), ['hash', 'size']],
    ['with another card', (files) => ({ ...files, card: '# Better' }), ['hash']],
    [
      'with other golden rows',
      (files) => ({ ...files, golden: files.golden.replace('0.5', '0.6') }),
      ['hash'],
    ],
    [
      'with a changed manifest',
      (files) => ({ ...files, manifest: files.manifest.replace('"test"', '"best"') }),
      ['signature'],
    ],
    ['without a manifest', (files) => ({ ...files, manifest: 'no' }), ['manifest']],
    [
      'with an unknown key',
      (files) => ({ ...files, manifest: files.manifest.replace('"seed"', '"sead"') }),
      ['manifest'],
    ],
    ['too large', (files) => ({ ...files, onnx: new Uint8Array(MODEL_BYTES_MAX + 1) }), ['too_large']],
  ])('%s is refused', async (_name, change, problems) => {
    expect(await problemsOf(change(await aModel()))).toEqual(problems);
  });

  it('of nobody, or of somebody else, is refused; a development flag loads the first', async () => {
    const unsigned = await aModel({}, 'one', null);
    const stranger = await aModel({}, 'one', signingKeyOf(newPrivatePem()));
    const trusting = { ...TRUST, unsigned: true };
    expect(await problemsOf(unsigned)).toEqual(['unsigned']);
    expect(await problemsOf(stranger)).toEqual(['unknown_key']);
    expect(await problemsOf(unsigned, trusting)).toEqual([]);
    expect(await problemsOf(stranger, trusting)).toEqual(['unknown_key']);
  });

  it('that lies under a right signature is found by running it', async () => {
    const wide = [
      { name: 'features', shape: [7] },
      { name: 'mask', shape: [7] },
    ];
    const golden = await goldenOf(onnxOf('one'));
    const wrong = { rows: golden.rows.map((row) => ({ ...row, outputs: row.outputs.map((p) => p + 1e-3) })) };
    const wider = { rows: golden.rows.map((row) => ({ ...row, inputs: [...row.inputs, 0, 0] })) };
    expect(await problemsOf(await signed({ inputs: wide }, onnxOf('one'), wider))).toEqual(['schema']);
    expect(await problemsOf(await signed({}, onnxOf('one'), wider))).toEqual(['golden']);
    expect(await problemsOf(await signed({}, onnxOf('one'), wrong))).toEqual(['answers']);
    expect(await problemsOf(await signed({}, Buffer.from('no graph'), golden))).toEqual(['graph']);
    const other = [{ name: 'scores', shape: [2] }];
    expect(await problemsOf(await signed({ outputs: other }))).toEqual(['schema']);
  });

  it('with weights that are no numbers is found by running it', async () => {
    const onnx = Uint8Array.from(onnxOf('one'));
    const golden = await goldenOf(onnx);
    // Weights lie as raw little-endian floats; a NaN over the first long run of them.
    const at = Math.floor(onnx.length / 3) & ~3;
    for (let i = at; i < at + 64; i += 1) onnx[i] = 0xff;
    const files = await signed({}, onnx, golden);
    const problems = await problemsOf(files);
    expect(['not_finite', 'graph']).toContain(problems[0]);
  });

  it('with five flipped bits is refused 400 times of 400, where ONNX Runtime loads nearly all', async () => {
    const files = await aModel();
    let refused = 0;
    let loadedByRuntime = 0;
    for (let i = 0; i < 400; i++) {
      const onnx = flipped(files.onnx, `flip ${i}`, 5);
      if ((await problemsOf({ ...files, onnx })).includes('hash')) refused += 1;
      if (i % 20 !== 0) continue;
      const session = await InferenceSession.create(onnx).catch(() => null);
      if (session === null) continue;
      loadedByRuntime += 1;
      await session.release();
    }
    expect(refused).toBe(400);
    // 20 of them were put to ONNX Runtime: without a hash they would be asked.
    expect(loadedByRuntime).toBeGreaterThan(10);
  });
});
