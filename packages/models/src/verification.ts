import { verify, type KeyObject } from 'node:crypto';
import { BellwetherError, type Problem } from '@bellwether/contracts';
import { keyId } from '@bellwether/signing';
import type { z } from 'zod';
import {
  MODEL_BYTES_MAX,
  goldenSchema,
  manifestSchema,
  sha256Of,
  signedBytes,
  widthOf,
  type Golden,
  type Manifest,
} from './manifest.js';
import type { ModelFiles } from './model-files.js';

/** Why a model is not loaded; stable, for tables and alarms. */
export type ModelProblem =
  | 'too_large'
  | 'manifest'
  | 'golden'
  | 'hash'
  | 'size'
  | 'signature'
  | 'unsigned'
  | 'unknown_key'
  | 'schema'
  | 'graph'
  | 'answers'
  | 'not_finite';

export interface Trust {
  /** Keys whose models are loaded. */
  readonly keys: readonly KeyObject[];
  /** For development: a model without a signature is loaded. One with a wrong signature never is. */
  readonly unsigned: boolean;
}

/** A model whose bytes are what somebody trusted signed. Nothing of it has run yet. */
export interface CheckedModel {
  readonly manifest: Manifest;
  readonly golden: Golden;
  readonly onnx: Uint8Array;
}

export function modelRefused(
  what: string,
  problems: readonly (readonly [ModelProblem, string])[],
): BellwetherError {
  const listed: Problem[] = problems.map(([path, message]) => ({ path, message }));
  return new BellwetherError('model_refused', `${what} is not loaded`, listed);
}

function parsed<T>(
  text: string,
  schema: z.ZodType<T>,
  kind: 'manifest' | 'golden',
  problems: [ModelProblem, string][],
): T | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    problems.push([kind, `${kind}.json is no JSON`]);
    return null;
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) problems.push([kind, `${path.join('.')}: ${message}`]);
  return null;
}

function signatureProblem({ signature, ...body }: Manifest, trust: Trust): [ModelProblem, string] | null {
  if (signature === null) {
    return trust.unsigned
      ? null
      : ['unsigned', 'The manifest has no signature. Only a development flag loads it'];
  }
  const key = trust.keys.find((one) => keyId(one) === signature.key);
  if (key === undefined)
    return ['unknown_key', `Signed with ${signature.key.slice(0, 16)}…, which is not trusted here`];
  const whole = verify(null, signedBytes(body), key, Buffer.from(signature.value, 'base64'));
  return whole ? null : ['signature', 'The signature does not belong to this manifest'];
}

/**
 * What can be said of a model without running it: size, form, hashes, signature, and that the golden rows fit.
 *
 * @throws BellwetherError `model_refused` with every problem, each under a stable {@link ModelProblem}
 */
export function checkFiles(what: string, files: ModelFiles, trust: Trust): CheckedModel {
  const problems: [ModelProblem, string][] = [];
  if (files.onnx.length > MODEL_BYTES_MAX) {
    throw modelRefused(what, [['too_large', `${files.onnx.length} bytes, the bound is ${MODEL_BYTES_MAX}`]]);
  }
  const manifest = parsed(files.manifest, manifestSchema, 'manifest', problems);
  const golden = parsed(files.golden, goldenSchema, 'golden', problems);
  if (manifest !== null) {
    if (sha256Of(files.onnx) !== manifest.sha256)
      problems.push(['hash', 'model.onnx is not the file of the manifest']);
    if (files.onnx.length !== manifest.bytes) {
      problems.push([
        'size',
        `model.onnx has ${files.onnx.length} bytes, the manifest says ${manifest.bytes}`,
      ]);
    }
    if (sha256Of(Buffer.from(files.golden)) !== manifest.golden_sha256) {
      problems.push(['hash', 'golden.json is not the file of the manifest']);
    }
    if (sha256Of(Buffer.from(files.card)) !== manifest.card_sha256) {
      problems.push(['hash', 'card.md is not the file of the manifest']);
    }
    const signed = signatureProblem(manifest, trust);
    if (signed !== null) problems.push(signed);
    if (golden !== null) problems.push(...goldenProblems(manifest, golden));
  }
  if (manifest === null || golden === null || problems.length > 0) throw modelRefused(what, problems);
  return { manifest, golden, onnx: files.onnx };
}

function goldenProblems(manifest: Manifest, golden: Golden): [ModelProblem, string][] {
  const inputs = widthOf(manifest.inputs);
  const outputs = widthOf(manifest.outputs);
  return golden.rows.flatMap((row, i): [ModelProblem, string][] =>
    row.inputs.length === inputs && row.outputs.length === outputs
      ? []
      : [
          [
            'golden',
            `Row ${i} has ${row.inputs.length} and ${row.outputs.length} numbers, expected ${inputs} and ${outputs}`,
          ],
        ],
  );
}
