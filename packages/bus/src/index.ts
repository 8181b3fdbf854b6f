export {
  BusRefused,
  OutcomeUnknown,
  SequenceConflict,
  type AppendOptions,
  type BlobStore,
  type Bus,
  type LeaseStore,
  type LiveMessage,
  type ReadOptions,
  type StoredMessage,
} from './bus.js';
export { LEASE_TTL_MS_DEFAULT, PAYLOAD_BYTES_MAX } from './limits.js';
export { MemoryBus, type MemoryBusOptions } from './memory/memory-bus.js';
