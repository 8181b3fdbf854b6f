/**
 * What the line needs of a bus. Three implementations keep the same promises (`bus.contract.test.ts` runs against
 * each): memory, LMDB (embedded journal), NATS JetStream.
 */

/** A message as a stream stores it. `sequence` counts within its stream and never repeats. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly data: Uint8Array;
  /** What differs from run to run (receive time, host). Never hashed, never decided on. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface AppendOptions {
  /**
   * Sequence of the last message on this very subject, 0 for none. Another one there: {@link SequenceConflict}.
   * Every append names it: there is no unchecked write.
   */
  readonly expectedLastSequence: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Resolve only when the message survives power loss. Default: when it survives the death of this process. */
  readonly durable?: boolean;
}

export interface ReadOptions {
  /** First stream sequence to deliver; 1 is the beginning. */
  readonly from: number;
  /** Go on with new messages after the stored ones. False: end at what is stored now. */
  readonly follow: boolean;
  /** Ends the reading; the iterator then returns. */
  readonly signal?: AbortSignal;
}

/** Somebody else wrote to the subject: another owner, or a repeat of an id. */
export class SequenceConflict extends Error {
  override readonly name = 'SequenceConflict';
  readonly code = 'sequence_conflict';
  constructor(
    readonly subject: string,
    readonly expected: number,
  ) {
    super(`${subject}: Expected last sequence ${expected}, the stream holds another`);
  }
}

/**
 * The write may or may not have happened: the acknowledgement was lost. Retry with the same id; a
 * {@link SequenceConflict} then says to look what is stored. It may also be stored after this was thrown.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  readonly code = 'outcome_unknown';
}

/**
 * The bus refuses: stream full or not there, payload or name out of bounds, bus closed, or no answer to a read in time.
 * Nothing was written.
 */
export class BusRefused extends Error {
  override readonly name = 'BusRefused';
  readonly code = 'bus_refused';
}

/** A named value with compare-and-set: who owns a book at a stage. Saves work; the sequence check gives safety. */
export interface LeaseStore {
  /** True when `owner` holds the lease now. Renews it where it holds it already. */
  acquire(name: string, owner: string): Promise<boolean>;
  /** Gives it up, if it is held by this owner. */
  release(name: string, owner: string): Promise<void>;
  /** A lease that is not renewed for this long is free. */
  readonly ttlMs: number;
}

/** Named blobs. `put` is atomic: a reader sees the old or the new bytes, or nothing. */
export interface BlobStore {
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array | null>;
}

/** Answers one question. What it throws reaches the asker as {@link BusRefused}. */
export type Answer = (data: Uint8Array) => Promise<Uint8Array>;

export interface Bus {
  /**
   * Stores one message; resolves with its stream sequence. Throws SequenceConflict, OutcomeUnknown, BusRefused.
   * The bytes are handed over: they are not copied, and must not be changed afterwards.
   */
  append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number>;
  /** Last stored message on a subject or wildcard filter, or null. */
  last(filter: string): Promise<StoredMessage | null>;
  /** The message at a stream sequence on a stream that stores `filter`, or null. */
  get(filter: string, sequence: number): Promise<StoredMessage | null>;
  /**
   * Stored messages that match the filter, in stream order, without gaps and repeats, also over lost connections.
   * Throws BusRefused at once on a bad filter or start, from the iteration where the stream is gone. Closing the bus
   * ends it.
   */
  read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage>;
  /**
   * Live copies of what is published on a subject from now on, stored or not. No promise of delivery. Returns an
   * unsubscriber. On a subject that a stream stores, NATS also shows attempts that the stream refuses: follow the
   * subject of the republication, or `read`. The callback must not throw: that ends the process.
   */
  subscribe(filter: string, onMessage: (message: LiveMessage) => void): Promise<() => void>;
  /** Sends to whoever listens now. No promise of delivery. Throws BusRefused on a subject that a stream stores. */
  publish(subject: string, data: Uint8Array): Promise<void>;
  /**
   * Asks who answers on a subject now, and resolves with the answer. Throws BusRefused where nobody answers there, where
   * the answerer refuses or is busy, and when the bus closes; OutcomeUnknown where the question went out and no answer
   * came in time. Ask only what may be asked again.
   */
  request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /**
   * Answers questions on a subject until the returned function is called or the bus closes. Where several answer, each
   * question reaches one of them. Questions beyond a bound of those under way are refused.
   */
  respond(subject: string, answer: Answer): Promise<() => void>;
  readonly leases: LeaseStore;
  readonly blobs: BlobStore;
  /** False while the connection is down. */
  readonly connected: boolean;
  /** Waits for what is under way, then frees everything. A second call does nothing. */
  close(): Promise<void>;
}

export interface LiveMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Stream sequence, where it was republished from a stream. */
  readonly sequence: number | null;
}
