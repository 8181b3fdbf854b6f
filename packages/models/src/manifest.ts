import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalText } from '@bellwether/signing';
import { mapOfFlat } from '@bellwether/statistics';

/** Largest `model.onnx`: a hundred times the largest of ours. A larger file is refused before it is read. */
export const MODEL_BYTES_MAX = 16 * 1024 * 1024;
/** Numbers of one input row or of all outputs. */
export const WIDTH_MAX = 16_384;
export const GOLDEN_ROWS_MAX = 64;

/** `regime_classifier`, `rl/cvar_ppo_agent`: at most one folder deep. */
export const MODEL_NAME = /^[a-z0-9_]{1,40}(\/[a-z0-9_]{1,40})?$/;
export const MODEL_VERSION = /^[a-z0-9][a-z0-9._-]{0,39}$/;

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'Expected SHA-256 in hex');
const finite = z.number();

const tensor = z.strictObject({
  name: z.string().min(1).max(60),
  /** Of one row: the batch axis is left out. */
  shape: z.array(z.int().min(1).max(WIDTH_MAX)).min(1).max(3),
});

export const CALIBRATION_METHODS = ['identity', 'platt', 'beta', 'isotonic', 'temperature'] as const;

const calibration = z
  .strictObject({
    method: z.enum(CALIBRATION_METHODS),
    /** As `packages/statistics` has them: platt a, b; beta a, b, c; isotonic x and y in turn; temperature T. */
    parameters: z.array(finite).max(4_096),
  })
  .refine((map) => mapOfFlat(map) !== null, { error: 'Expected numbers that make a map of this method' });

const metric = z.strictObject({
  value: finite,
  low: finite.nullable(),
  high: finite.nullable(),
  /** What the number is compared with: `base_rate`, `persistence`; empty for none. */
  baseline: z.string().max(60),
  baseline_value: finite.nullable(),
});

/** Regimes that a model may have a variant for. */
export const MODEL_REGIMES = ['calm_trend', 'calm_chop', 'highvol_trend', 'highvol_chop'] as const;

/** What is signed: everything that a desk needs to know of a model before it asks it. */
export const manifestBodySchema = z.strictObject({
  format: z.literal(1),
  name: z.string().regex(MODEL_NAME),
  version: z.string().regex(MODEL_VERSION),
  /** The regime that the model is for; null for all. */
  regime: z.enum(MODEL_REGIMES).nullable(),
  sha256: hash,
  bytes: z.int().min(1).max(MODEL_BYTES_MAX),
  golden_sha256: hash,
  card_sha256: hash,
  /** Of the numbers that go in, names and order: see `modelSlotHash`. */
  schema_hash: hash,
  inputs: z.array(tensor).min(1).max(8),
  outputs: z.array(tensor).min(1).max(8),
  trained_on: z.enum(['synthetic', 'market']),
  data: z.array(z.strictObject({ reference: z.string().max(200), sha256: hash })).max(1_000),
  /** End of the newest label that the model saw, microseconds UTC. */
  trained_until_us: z.int().min(0),
  seed: z.string().max(100),
  command: z.string().max(500),
  node: z.string().max(40),
  /** Of a model trained elsewhere: which tool made it. */
  producer: z.string().max(100),
  metrics: z.record(z.string().max(60), metric),
  calibration,
});

const signature = z.strictObject({
  /** SHA-256 of the public key: `keyId`. */
  key: hash,
  /** Ed25519 over the canonical text of the body, base64. */
  value: z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'Expected an Ed25519 signature in base64'),
});

/** `manifest.json`. */
export const manifestSchema = manifestBodySchema.extend({ signature: signature.nullable() });

/** `golden.json`: rows with what the model must answer, within 1e-5 + 1e-5 |value|. */
export const goldenSchema = z.strictObject({
  rows: z
    .array(
      z.strictObject({ inputs: z.array(finite).max(WIDTH_MAX), outputs: z.array(finite).max(WIDTH_MAX) }),
    )
    .min(1)
    .max(GOLDEN_ROWS_MAX),
});

export type ManifestBody = z.infer<typeof manifestBodySchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type Golden = z.infer<typeof goldenSchema>;
export type TensorShape = z.infer<typeof tensor>;
export type ModelRegime = (typeof MODEL_REGIMES)[number];

/** Numbers of one row in all tensors together. */
export function widthOf(tensors: readonly TensorShape[]): number {
  return tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

/** The bytes that a manifest's signature is over. */
export function signedBytes(body: ManifestBody): Buffer {
  return Buffer.from(canonicalText(manifestBodySchema.parse(body)), 'utf8');
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Where a model is kept, and how it is called in messages: `rl_model 3` or, for one regime, `rl_model@calm_chop 3`. */
export function slotOf(name: string, regime: ModelRegime | null): string {
  return regime === null ? name : `${name}@${regime}`;
}
