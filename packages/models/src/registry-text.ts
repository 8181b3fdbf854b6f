import { BellwetherError } from '@bellwether/contracts';
import { EMPTY_REGISTRY, registrySchema, type RegistryState } from './registry-state.js';

/**
 * The registry from its text; an empty one from none.
 *
 * @throws BellwetherError `model_registry_corrupt`, with everything that is wrong in it
 */
export function readRegistry(text: string | null, source: string): RegistryState {
  if (text === null) return EMPTY_REGISTRY;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new BellwetherError('model_registry_corrupt', `${source} is no JSON`, [], { cause });
  }
  const result = registrySchema.safeParse(content);
  if (result.success) return result.data;
  throw new BellwetherError(
    'model_registry_corrupt',
    `${source} does not have the form of this version`,
    result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  );
}

export function registryText(state: RegistryState): string {
  return `${JSON.stringify(state, null, 1)}\n`;
}
