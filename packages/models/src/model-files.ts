import {
  manifestBodySchema,
  sha256Of,
  signedBytes,
  type Golden,
  type Manifest,
  type ManifestBody,
} from './manifest.js';
import type { SigningKey } from '@bellwether/signing';

/** A model as it is kept and carried: four files. */
export interface ModelFiles {
  readonly onnx: Uint8Array;
  /** JSON texts, as they stand on the disk. */
  readonly manifest: string;
  readonly golden: string;
  readonly card: string;
}

/** What is known of a model before its hashes are taken. */
export type ModelFacts = Omit<ManifestBody, 'format' | 'sha256' | 'bytes' | 'golden_sha256' | 'card_sha256'>;

/** The files of a new model, signed where there is a key. The same facts, bytes and key give the same files. */
export function modelFiles(
  facts: ModelFacts,
  { onnx, golden, card }: { readonly onnx: Uint8Array; readonly golden: Golden; readonly card: string },
  key: SigningKey | null,
): ModelFiles {
  const goldenText = `${JSON.stringify(golden)}\n`;
  const body = manifestBodySchema.parse({
    ...facts,
    format: 1,
    sha256: sha256Of(onnx),
    bytes: onnx.length,
    golden_sha256: sha256Of(Buffer.from(goldenText)),
    card_sha256: sha256Of(Buffer.from(card)),
  });
  const signature =
    key === null ? null : { key: key.id, value: key.sign(signedBytes(body)).toString('base64') };
  const manifest: Manifest = { ...body, signature };
  return { onnx, manifest: `${JSON.stringify(manifest, null, 1)}\n`, golden: goldenText, card };
}
