export {
  BusRefused,
  OutcomeUnknown,
  SequenceConflict,
  type Answer,
  type AppendOptions,
  type BlobStore,
  type Bus,
  type LeaseStore,
  type LiveMessage,
  type ReadOptions,
  type StoredMessage,
} from './bus.js';
export { BLOB_BYTES_MAX, LEASE_TTL_MS_DEFAULT, PAYLOAD_BYTES_MAX } from './limits.js';
export { LmdbBus, type LmdbBusOptions } from './lmdb/lmdb-bus.js';
export { StoreCorrupt } from './lmdb/message-record.js';
export { MemoryBus, type MemoryBusOptions } from './memory/memory-bus.js';
export type { After } from './request-hub.js';
export { connectNatsBus } from './nats/nats-bus.js';
export { BusMisconfigured } from './nats/nats-errors.js';
export type { NatsBusOptions } from './nats/nats-options.js';
export { openBus, type BusOptions } from './open-bus.js';
