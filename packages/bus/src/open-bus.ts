import type { Bus } from './bus.js';
import { LmdbBus, type LmdbBusOptions } from './lmdb/lmdb-bus.js';
import { MemoryBus, type MemoryBusOptions } from './memory/memory-bus.js';
import { connectNatsBus } from './nats/nats-bus.js';
import type { NatsBusOptions } from './nats/nats-options.js';

export type BusOptions =
  | ({ readonly kind: 'memory' } & MemoryBusOptions)
  | ({ readonly kind: 'lmdb' } & LmdbBusOptions)
  | ({ readonly kind: 'nats' } & NatsBusOptions);

/** The bus of a configuration. Whoever opens it closes it. */
export async function openBus(options: BusOptions): Promise<Bus> {
  switch (options.kind) {
    case 'memory':
      return new MemoryBus(options);
    case 'lmdb':
      return LmdbBus.open(options);
    case 'nats':
      return connectNatsBus(options);
  }
}
