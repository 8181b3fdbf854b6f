import type { ModelFiles } from './model-files.js';
import type { RegistryState } from './registry-state.js';

/** Where models and the registry are kept: a folder, or the object store of NATS. */
export interface ModelStore {
  /** What it is, for messages. */
  readonly place: string;
  /**
   * The registry; an empty one where there is none yet.
   *
   * @throws BellwetherError `model_registry_corrupt`
   */
  registry(): Promise<RegistryState>;
  /**
   * Changes the registry: reads, applies, writes whole or not at all. Two writers at a time do not lose a change of one.
   *
   * @throws BellwetherError `model_registry_busy` where another writer does not end
   */
  change(next: (state: RegistryState) => RegistryState): Promise<RegistryState>;
  /**
   * The four files of a model, unverified; null where one is missing.
   *
   * @throws BellwetherError `model_refused` (`too_large`) before a file above its bound is read
   */
  files(slot: string, version: string): Promise<ModelFiles | null>;
  /** Keeps the files of a model. Whole or not at all: a crash leaves no half model. */
  keep(slot: string, version: string, files: ModelFiles): Promise<void>;
}
