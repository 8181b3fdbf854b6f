import type { Database } from 'lmdb';
import type { LeaseStore } from '../bus.js';
import { checkName } from '../limits.js';
import type { LmdbStore } from './lmdb-store.js';
import { StoreCorrupt } from './message-record.js';

interface Held {
  readonly owner: string;
  readonly until_ms: number;
}

/** Leases in the store: they hold across the processes of one machine, whose clocks are one clock. */
export class LmdbLeases implements LeaseStore {
  readonly #leases: Database<Buffer, string>;

  constructor(
    private readonly store: LmdbStore,
    readonly ttlMs: number,
    private readonly nowMs: () => number,
  ) {
    this.#leases = store.database<string>('leases');
  }

  async acquire(name: string, owner: string): Promise<boolean> {
    checkName('lease', name);
    return this.store.write(() => {
      const now = this.nowMs();
      const held = this.#held(name);
      if (held !== null && held.owner !== owner && held.until_ms > now) return false;
      const renewed: Held = { owner, until_ms: now + this.ttlMs };
      this.#leases.putSync(name, Buffer.from(JSON.stringify(renewed), 'utf8'));
      return true;
    });
  }

  async release(name: string, owner: string): Promise<void> {
    this.store.write(() => {
      if (this.#held(name)?.owner === owner) this.#leases.removeSync(name);
    });
  }

  #held(name: string): Held | null {
    const bytes = this.#leases.get(name);
    if (bytes === undefined) return null;
    const held: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isHeld(held)) throw new StoreCorrupt(`The lease ${name} is torn`);
    return held;
  }
}

function isHeld(value: unknown): value is Held {
  return (
    typeof value === 'object' &&
    value !== null &&
    'owner' in value &&
    typeof value.owner === 'string' &&
    'until_ms' in value &&
    typeof value.until_ms === 'number'
  );
}
