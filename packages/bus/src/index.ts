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
