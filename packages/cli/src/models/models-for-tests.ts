import type { Frame } from '@bellwether/contracts';
import {
  CONFIDENCE_COUNT,
  FEATURE_COUNT,
  SEQUENCE_BARS,
  SEQUENCE_WIDTH,
  SIZING_COUNT,
  SIZING_SCHEMA_SHA256,
} from '@bellwether/model-slots';
import {
  ModelRegistry,
  OnnxSession,
  folderStore,
  modelFiles,
  type Golden,
  type ModelFacts,
  type TensorShape,
} from '@bellwether/models';
import { HIDDEN, initialParameters, networkWeights, type NetworkDescription } from '@bellwether/nn';
import { encodeModel, type NetworkGraph } from '@bellwether/onnx';
import { loadOrCreateKey, readPublicKey } from '@bellwether/signing';

/** Networks whose weights were drawn, not learned: they say that a model is asked, not that it is right. */
export interface DrawnModel {
  readonly name: string;
  readonly inputs: readonly TensorShape[];
  readonly outputs: readonly TensorShape[];
  readonly description: NetworkDescription;
  /** Of what it is shown, where that is not the features. */
  readonly schema_hash?: string;
}

const masked = (shape: readonly number[]): TensorShape[] => [
  { name: 'features', shape: [...shape] },
  { name: 'mask', shape: [...shape] },
];

const row = (width: number, heads: NetworkDescription['heads']): NetworkDescription => ({
  input: { kind: 'row', width: 2 * width },
  layers: [{ kind: 'dense', in: 2 * width, out: 16, activation: 'tanh' }],
  heads,
});

/** The three that the line asks. */
export const DRAWN_MODELS: readonly DrawnModel[] = [
  {
    name: 'regime_classifier',
    inputs: masked([FEATURE_COUNT]),
    outputs: [{ name: 'probabilities', shape: [4] }],
    description: row(FEATURE_COUNT, [{ name: 'probabilities', out: 4, output: 'softmax' }]),
  },
  {
    name: 'rl_model',
    inputs: masked([SEQUENCE_BARS, SEQUENCE_WIDTH]),
    outputs: [
      { name: 'p_up', shape: [1] },
      { name: 'move', shape: [1] },
    ],
    description: {
      input: { kind: 'sequence', steps: SEQUENCE_BARS, width: 2 * SEQUENCE_WIDTH },
      layers: [{ kind: 'lstm', in: 2 * SEQUENCE_WIDTH, hidden: 8 }],
      heads: [
        { name: 'p_up', out: 1, output: 'sigmoid' },
        { name: 'move', out: 1, output: 'linear' },
      ],
    },
  },
  {
    name: 'confidence_prediction',
    inputs: masked([CONFIDENCE_COUNT]),
    outputs: [{ name: 'p_win', shape: [1] }],
    description: row(CONFIDENCE_COUNT, [{ name: 'p_win', out: 1, output: 'sigmoid' }]),
  },
];

const HIDDEN_WIDTH = 64;
const ARMS = 12;

const agent = (name: string): DrawnModel => ({
  name,
  inputs: masked([SIZING_COUNT]),
  outputs: [{ name: 'multiplier', shape: [1] }],
  description: row(SIZING_COUNT, [{ name: 'multiplier', out: 1, output: 'sigmoid' }]),
  schema_hash: SIZING_SCHEMA_SHA256,
});

/** The three that the sizing stage asks. */
export const DRAWN_AGENTS: readonly DrawnModel[] = [
  agent('rl/cvar_ppo_agent'),
  agent('rl/sac_agent'),
  agent('rl/test_cvar_ppo'),
];

/** All that the registry keeps for a desk: also the trunk of the arms, whose last layer is an output, and the sizing agents. */
export const DRAWN_REGISTRY: readonly DrawnModel[] = [
  ...DRAWN_MODELS,
  {
    name: 'strategy_selection',
    inputs: masked([FEATURE_COUNT]),
    outputs: [
      { name: 'hidden', shape: [HIDDEN_WIDTH] },
      { name: 'values', shape: [ARMS] },
    ],
    description: {
      input: { kind: 'row', width: 2 * FEATURE_COUNT },
      layers: [{ kind: 'dense', in: 2 * FEATURE_COUNT, out: HIDDEN_WIDTH, activation: 'tanh' }],
      heads: [{ name: 'values', out: ARMS, output: 'linear' }],
    },
  },
  ...DRAWN_AGENTS,
];

function graphOf({ name, description, inputs, outputs }: DrawnModel, seed: string, scale: number): NetworkGraph {
  const parameters = initialParameters(description, seed).map((weight) => weight * scale);
  const width = inputs[0]!.shape.at(-1)!;
  return {
    name: name.replace('/', '_'),
    input: {
      steps: description.input.kind === 'sequence' ? description.input.steps : null,
      means: new Float32Array(width),
      deviations: new Float32Array(width).fill(1),
      masked: true,
    },
    ...networkWeights(description, parameters),
    ...(outputs.some((output) => output.name === HIDDEN) ? { hidden: HIDDEN } : {}),
  };
}

function goldenOf({ inputs, outputs }: DrawnModel, onnx: Uint8Array): Promise<Golden> {
  const size = inputs[0]!.shape.reduce((product, width) => product * width, 1);
  const values = Array.from({ length: size }, (_, i) => Math.sin(i));
  const given = Float32Array.from([...values, ...values.map((_, i) => (i % 5 === 0 ? 0 : 1))]);
  return OnnxSession.unverified(onnx, inputs, outputs, [given]);
}

export interface DrawnOptions {
  readonly folder: string;
  readonly keyFolder: string;
  readonly schema_hash: string;
  readonly version?: string;
  readonly seed?: string;
  readonly facts?: Partial<ModelFacts>;
  readonly models?: readonly DrawnModel[];
  /** Larger weights make clearer answers. */
  readonly scale?: number;
}

const NOTE = { at_us: 1, by: 'test', reason: 'drawn' };

/** Fills a registry with drawn models, signed with the key of a folder, and makes them champions. */
export async function drawModels(options: DrawnOptions): Promise<ModelRegistry> {
  const { folder, keyFolder, schema_hash, version = '1', seed = 'drawn', scale = 3 } = options;
  const key = await loadOrCreateKey(keyFolder, 'model-key');
  const trust = { keys: [readPublicKey(key.publicPem)], unsigned: false };
  const registry = new ModelRegistry(folderStore(folder), trust);
  for (const model of options.models ?? DRAWN_MODELS) {
    const onnx = encodeModel(graphOf(model, seed, scale), {
      model: model.name,
      schema_sha256: model.schema_hash ?? schema_hash,
      data_sha256: ['b'.repeat(64)],
      data_origin: 'synthetic',
      seed,
      command: 'none',
      metrics: {},
      node_version: process.version,
      details: {},
    });
    const facts: ModelFacts = {
      ...{ name: model.name, version, regime: null, schema_hash: model.schema_hash ?? schema_hash },
      ...{ inputs: [...model.inputs], outputs: [...model.outputs], trained_on: 'synthetic', data: [] },
      ...{ trained_until_us: 1_740_000_000_000_000, seed, command: 'none', node: process.version },
      ...{ producer: 'test', metrics: {}, calibration: { method: 'identity', parameters: [] } },
      ...options.facts,
    };
    const manifest = await registry.add(
      modelFiles(facts, { onnx, golden: await goldenOf(model, onnx), card: '# Drawn, not learned\n' }, key),
      NOTE,
    );
    await registry.promote(model.name, manifest.version, NOTE);
  }
  return registry;
}

/** The schema of the features in the first frame that has any. */
export function schemaOf(frames: readonly Frame[]): string {
  return (
    frames.find(({ features }) => (features?.vector ?? null) !== null)?.features?.vector?.schema_sha256 ?? ''
  );
}
