import { setTimeout as wait } from 'node:timers/promises';
import type { Bus } from '@bellwether/bus';
import type { ModelSettings, OpenInfer } from '@bellwether/host';
import { blobModelStore } from './blob-store.js';
import { folderStore } from './folder-store.js';
import { ModelHost } from './model-host.js';
import type { ModelStore } from './model-store.js';
import { ModelRegistry } from './registry.js';
import { trustedKeys } from './trusted-keys.js';
import type { Trust } from './verification.js';

async function opened(settings: ModelSettings, bus: Bus): Promise<{ store: ModelStore; trust: Trust }> {
  const store =
    settings.BW_MODELS === 'bus' ? blobModelStore(bus, (ms) => wait(ms)) : folderStore(settings.BW_MODELS);
  const keys = await trustedKeys(settings.BW_MODEL_KEYS);
  return { store, trust: { keys, unsigned: settings.BW_MODEL_UNSIGNED } };
}

/** Answers for the models of a service, by its settings. */
export const serviceModels: OpenInfer = async (settings, bus) =>
  new ModelHost(await opened(settings, bus)).infer;

/** The registry of a service that tells its book which models to ask. */
export async function serviceRegistry(settings: ModelSettings, bus: Bus): Promise<ModelRegistry> {
  const { store, trust } = await opened(settings, bus);
  return new ModelRegistry(store, trust);
}
