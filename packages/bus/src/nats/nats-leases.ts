import {
  JetStreamApiError,
  StorageType,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import { nanos } from '@nats-io/nats-core';
import type { LeaseStore } from '../bus.js';
import { checkName } from '../limits.js';
import { assertConfig } from './stream-config.js';
import type { NatsLink } from './nats-link.js';

const BUCKET = 'BW_LEASES';
const WRONG_LAST_SEQUENCE = 10071;

/**
 * Leases in a key-value bucket whose age limit is the time to live: the server forgets what is not renewed. Every write
 * is a compare-and-set on the key's revision, so of two owners one wins.
 */
export class NatsLeases implements LeaseStore {
  private constructor(
    private readonly link: NatsLink,
    private readonly bucket: KV,
    readonly ttlMs: number,
    private readonly deadlineMs: number,
  ) {}

  static async open(
    link: NatsLink,
    client: JetStreamClient,
    manager: JetStreamManager,
    options: { readonly ttlMs: number; readonly deadlineMs: number; readonly replicas: number },
  ): Promise<NatsLeases> {
    const { ttlMs, deadlineMs, replicas } = options;
    // Direct reads may come from a replica that lags: the owner would not find its own lease.
    const bucket = await new Kvm(client).create(BUCKET, {
      ttl: ttlMs,
      history: 1,
      replicas,
      storage: StorageType.File,
      allow_direct: false,
    });
    const { config } = await manager.streams.info(`KV_${BUCKET}`);
    assertConfig({ name: `KV_${BUCKET}`, max_age: nanos(ttlMs), num_replicas: replicas }, config);
    return new NatsLeases(link, bucket, ttlMs, deadlineMs);
  }

  async acquire(name: string, owner: string): Promise<boolean> {
    checkName('lease', name);
    return this.link.askToWrite(`lease ${name}`, this.deadlineMs, async () => {
      const held = await this.bucket.get(name);
      if (held === null || held.operation !== 'PUT') return this.#won(() => this.bucket.create(name, owner));
      if (held.string() !== owner) return false;
      if (await this.#won(() => this.bucket.update(name, owner, held.revision))) return true;
      // A retry after a lost answer finds its own renewal.
      return (await this.bucket.get(name))?.string() === owner;
    });
  }

  async #won(write: () => Promise<number>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) return false;
      throw error;
    }
  }

  async release(name: string, owner: string): Promise<void> {
    checkName('lease', name);
    await this.link.askToWrite(`lease ${name}`, this.deadlineMs, async () => {
      const held = await this.bucket.get(name);
      if (held === null || held.operation !== 'PUT' || held.string() !== owner) return;
      await this.#won(async () => {
        await this.bucket.delete(name, { previousSeq: held.revision });
        return held.revision;
      });
    });
  }
}
