import { initialParameters, networkWeights, type NetworkDescription } from '@bellwether/nn';
import { encodeModel } from '@bellwether/onnx';
import { newPrivatePem, readPublicKey, signingKeyOf, type SigningKey } from '@bellwether/signing';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Golden } from './manifest.js';
import { modelFiles, type ModelFacts, type ModelFiles } from './model-files.js';
import type { Trust } from './verification.js';

/** A key, and a desk that trusts it. */
export const KEY: SigningKey = signingKeyOf(newPrivatePem());
export const TRUST: Trust = { keys: [readPublicKey(KEY.publicPem)], unsigned: false };

export const WIDTH = 6;
const OUT = 2;

const DESCRIPTION: NetworkDescription = {
  input: { kind: 'row', width: 2 * WIDTH },
  layers: [{ kind: 'dense', in: 2 * WIDTH, out: 512, activation: 'relu' }],
  heads: [{ name: 'probabilities', out: OUT, output: 'softmax' }],
};

export function factsOf(changes: Partial<ModelFacts> = {}): ModelFacts {
  return {
    name: 'regime_classifier',
    version: '1',
    regime: null,
    schema_hash: 'a'.repeat(64),
    inputs: [
      { name: 'features', shape: [WIDTH] },
      { name: 'mask', shape: [WIDTH] },
    ],
    outputs: [{ name: 'probabilities', shape: [OUT] }],
    trained_on: 'synthetic',
    data: [{ reference: 'made up', sha256: 'b'.repeat(64) }],
    trained_until_us: 1_700_000_000_000_000,
    seed: 'test',
    command: 'none',
    node: process.version,
    producer: 'test',
    metrics: {},
    calibration: { method: 'identity', parameters: [] },
    ...changes,
  };
}

/** An ONNX file whose weights come from a seed. */
export function onnxOf(seed: string): Uint8Array {
  const { layers, heads } = networkWeights(DESCRIPTION, initialParameters(DESCRIPTION, seed));
  return encodeModel(
    {
      name: 'test',
      input: {
        steps: null,
        means: new Float32Array(WIDTH),
        deviations: new Float32Array(WIDTH).fill(1),
        masked: true,
      },
      layers,
      heads,
    },
    {
      model: 'regime_classifier',
      schema_sha256: 'a'.repeat(64),
      data_sha256: ['b'.repeat(64)],
      data_origin: 'synthetic',
      seed,
      command: 'none',
      metrics: {},
      node_version: process.version,
      details: {},
    },
  );
}

const ROWS = [
  [0.5, -1, 2, 0, 0.25, 1, 1, 1, 1, 1, 1, 1],
  [1, 1, 0, 0, 0, -2, 1, 1, 0, 1, 0, 1],
];

/** What ONNX Runtime itself says of the rows. */
export async function goldenOf(onnx: Uint8Array): Promise<Golden> {
  const session = await InferenceSession.create(onnx);
  const rows = [];
  for (const inputs of ROWS) {
    const feed = (from: number): Tensor =>
      new Tensor('float32', Float32Array.from(inputs.slice(from, from + WIDTH)), [1, WIDTH]);
    const answer = await session.run({ features: feed(0), mask: feed(WIDTH) });
    rows.push({ inputs, outputs: Array.from(answer['probabilities']?.data as Float32Array) });
  }
  await session.release();
  return { rows };
}

export async function aModel(
  changes: Partial<ModelFacts> = {},
  seed = 'one',
  key: SigningKey | null = KEY,
): Promise<ModelFiles> {
  const onnx = onnxOf(seed);
  return modelFiles(factsOf(changes), { onnx, golden: await goldenOf(onnx), card: '# Made up\n' }, key);
}
