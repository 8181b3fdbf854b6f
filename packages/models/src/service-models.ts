import { setTimeout as wait } from 'node:timers/promises';
import type { OpenInfer } from '@bellwether/host';
import { blobModelStore } from './blob-store.js';
import { folderStore } from './folder-store.js';
import { ModelHost } from './model-host.js';
import { trustedKeys } from './trusted-keys.js';

/** Answers for the models of a service, by its settings. */
export const serviceModels: OpenInfer = async (settings, bus) => {
  const store =
    settings.BW_MODELS === 'bus' ? blobModelStore(bus, (ms) => wait(ms)) : folderStore(settings.BW_MODELS);
  const trust = { keys: await trustedKeys(settings.BW_MODEL_KEYS), unsigned: settings.BW_MODEL_UNSIGNED };
  return new ModelHost({ store, trust }).infer;
};
