import { BellwetherError } from '@bellwether/contracts';
import type { z } from 'zod';
import { goldenSchema, manifestBodySchema, type Golden } from './manifest.js';
import type { ModelFacts } from './model-files.js';

const factsSchema = manifestBodySchema.omit({
  format: true,
  sha256: true,
  bytes: true,
  golden_sha256: true,
  card_sha256: true,
});

function read<T>(text: string, source: string, schema: z.ZodType<T>): T {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new BellwetherError('model_refused', `${source} is no JSON`, [], { cause });
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  throw new BellwetherError(
    'model_refused',
    `${source} does not say what is needed`,
    result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  );
}

/**
 * What somebody else's trainer says of its model.
 *
 * @throws BellwetherError `model_refused`, with everything that is wrong
 */
export const readFacts = (text: string, source: string): ModelFacts => read(text, source, factsSchema);

/** Rows with what the model must answer. Throws as {@link readFacts}. */
export const readGolden = (text: string, source: string): Golden => read(text, source, goldenSchema);
