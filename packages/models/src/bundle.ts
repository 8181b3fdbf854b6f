import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { MODEL_BYTES_MAX } from './manifest.js';
import type { ModelFiles } from './model-files.js';
import { modelRefused } from './verification.js';

/** A model, its texts and base64 around it. */
export const BUNDLE_BYTES_MAX = 4 * MODEL_BYTES_MAX;

const bundleSchema = z.strictObject({
  format: z.literal('bellwether-model-1'),
  manifest: z.string(),
  golden: z.string(),
  card: z.string(),
  onnx: z.base64(),
});

/** One file to carry a model with: gzip of JSON. The same files give the same bytes on the same Node version. */
export function packBundle({ onnx, manifest, golden, card }: ModelFiles): Uint8Array {
  const bundle = {
    format: 'bellwether-model-1',
    manifest,
    golden,
    card,
    onnx: Buffer.from(onnx).toString('base64'),
  };
  return gzipSync(JSON.stringify(bundle), { level: 9 });
}

/**
 * The files of a bundle, unverified.
 *
 * @throws BellwetherError `model_refused`: `too_large`, or `manifest` for what is no bundle
 */
export function unpackBundle(bytes: Uint8Array, what: string): ModelFiles {
  if (bytes.length > BUNDLE_BYTES_MAX) {
    throw modelRefused(what, [
      ['too_large', `A bundle of ${bytes.length} bytes, the bound is ${BUNDLE_BYTES_MAX}`],
    ]);
  }
  let content: unknown;
  try {
    content = JSON.parse(gunzipSync(bytes, { maxOutputLength: BUNDLE_BYTES_MAX }).toString());
  } catch (cause) {
    throw modelRefused(what, [['manifest', `It is no bundle of a model: ${String(cause)}`.slice(0, 300)]]);
  }
  const result = bundleSchema.safeParse(content);
  if (!result.success) {
    throw modelRefused(
      what,
      result.error.issues.map(({ path, message }) => ['manifest', `${path.join('.')}: ${message}`] as const),
    );
  }
  const { manifest, golden, card, onnx } = result.data;
  return { manifest, golden, card, onnx: Buffer.from(onnx, 'base64') };
}
