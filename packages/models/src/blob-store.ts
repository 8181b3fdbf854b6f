import { randomUUID } from 'node:crypto';
import type { Bus } from '@bellwether/bus';
import { BellwetherError } from '@bellwether/contracts';
import { packBundle, unpackBundle } from './bundle.js';
import type { ModelFiles } from './model-files.js';
import type { ModelStore } from './model-store.js';
import { readRegistry, registryText } from './registry-text.js';
import type { RegistryState } from './registry-state.js';

const REGISTRY = 'models/registry';
const LEASE = 'models/registry';
const LEASE_TRIES = 200;

/**
 * Models in the bus's store of blobs: the object store where the bus is NATS. A model is one blob, so that it is there
 * whole or not at all. One writer at a time holds a lease, so no change of another is lost.
 */
export function blobModelStore(bus: Bus, pause: (ms: number) => Promise<void>): ModelStore {
  return new BlobModelStore(bus, pause);
}

/** A name of the bus knows no `@`; a slot has one at most, before its regime. */
const nameOf = (slot: string, version: string): string => `models/${slot.replace('@', '=')}/${version}`;

class BlobModelStore implements ModelStore {
  readonly place = 'the object store';

  constructor(
    private readonly bus: Bus,
    private readonly pause: (ms: number) => Promise<void>,
  ) {}

  async registry(): Promise<RegistryState> {
    const bytes = await this.bus.blobs.get(REGISTRY);
    return readRegistry(bytes === null ? null : Buffer.from(bytes).toString(), REGISTRY);
  }

  async change(next: (state: RegistryState) => RegistryState): Promise<RegistryState> {
    const owner = randomUUID();
    await this.own(owner);
    try {
      const before = await this.registry();
      const after = next(before);
      if (after !== before) await this.bus.blobs.put(REGISTRY, Buffer.from(registryText(after)));
      return after;
    } finally {
      await this.bus.leases.release(LEASE, owner);
    }
  }

  async files(slot: string, version: string): Promise<ModelFiles | null> {
    const bytes = await this.bus.blobs.get(nameOf(slot, version));
    return bytes === null ? null : unpackBundle(bytes, `${slot} ${version}`);
  }

  async keep(slot: string, version: string, files: ModelFiles): Promise<void> {
    const name = nameOf(slot, version);
    if ((await this.bus.blobs.get(name)) !== null) {
      throw new BellwetherError('model_version_taken', `${slot} ${version} is kept already in ${this.place}`);
    }
    await this.bus.blobs.put(name, packBundle(files));
  }

  private async own(owner: string): Promise<void> {
    for (let i = 0; i < LEASE_TRIES; i++) {
      if (await this.bus.leases.acquire(LEASE, owner)) return;
      await this.pause(25);
    }
    throw new BellwetherError('model_registry_busy', 'Another process changes the registry and does not end');
  }
}
