import type { Database } from 'lmdb';
import { BusRefused, SequenceConflict, type StoredMessage } from '../bus.js';
import type { Cursor } from '../follow-reader.js';
import type { ReadPlan, StreamRoute } from '../routes.js';
import type { LmdbStore } from './lmdb-store.js';
import { StoreCorrupt, decodeRecord } from './message-record.js';

/** Value of an index entry whose key says everything. */
const PRESENT = Buffer.from([1]);
/** Sequences of one group fetched at a time. */
const SEQUENCES_PER_FETCH = 512;
const HEAD_KEY = 'head';
const HEAD_BYTES = 16;

interface Head {
  /** Sequence of the last message, 0 for none. */
  readonly sequence: number;
  /** Bytes of all records. */
  readonly bytes: number;
}

/**
 * One stream: records by sequence; an index of (group, sequence), so that one book is read without the others; an index
 * from subject to its last sequence; and the head, whose sequence the last record must have.
 */
export class LmdbStream {
  readonly #records: Database<Buffer, number>;
  readonly #groups: Database<Buffer, [string, number]>;
  readonly #subjects: Database<Buffer, string>;
  readonly #heads: Database<Buffer, string>;

  constructor(
    store: LmdbStore,
    readonly route: StreamRoute,
    private readonly bytesMax: number,
  ) {
    this.#records = store.database<number>(`records:${route.name}`);
    this.#groups = store.database<[string, number]>(`groups:${route.name}`);
    this.#subjects = store.database<string>(`subjects:${route.name}`);
    this.#heads = store.database<string>(`head:${route.name}`);
    this.#checkHead();
  }

  #checkHead(): void {
    const [last = 0] = this.#records.getKeys({
      start: Number.MAX_SAFE_INTEGER,
      end: 0,
      reverse: true,
      limit: 1,
    });
    const { sequence } = this.head();
    if (last !== sequence) {
      throw new StoreCorrupt(`${this.route.name}: Expected ${sequence} as the last sequence, was ${last}`);
    }
  }

  head(): Head {
    const bytes = this.#heads.get(HEAD_KEY);
    if (bytes === undefined) return { sequence: 0, bytes: 0 };
    if (bytes.length !== HEAD_BYTES) throw new StoreCorrupt(`${this.route.name}: The head is torn`);
    return { sequence: bytes.readDoubleLE(0), bytes: bytes.readDoubleLE(8) };
  }

  /**
   * Inside a write transaction: stores the record and returns its sequence. Throws SequenceConflict or BusRefused
   * before anything is changed, so that the rest of the transaction may be committed.
   */
  append(subject: string, record: Buffer, expected: number): number {
    const before = this.#lastSequence(subject);
    if (before !== expected) throw new SequenceConflict(subject, expected);
    const head = this.head();
    const next: Head = { sequence: head.sequence + 1, bytes: head.bytes + record.length };
    if (next.bytes > this.bytesMax) {
      throw new BusRefused(`${this.route.name}: The stream is full, ${this.bytesMax} bytes`);
    }
    this.#records.putSync(next.sequence, record);
    this.#groups.putSync([this.route.groupOf(subject), next.sequence], PRESENT);
    this.#subjects.putSync(subject, numbers(next.sequence));
    this.#heads.putSync(HEAD_KEY, numbers(next.sequence, next.bytes));
    return next.sequence;
  }

  #lastSequence(subject: string): number {
    const bytes = this.#subjects.get(subject);
    if (bytes === undefined) return 0;
    if (bytes.length !== 8) throw new StoreCorrupt(`${this.route.name}: The index of ${subject} is torn`);
    return bytes.readDoubleLE(0);
  }

  get(sequence: number): StoredMessage | null {
    const record = this.#records.get(sequence);
    return record === undefined ? null : decodeRecord(this.route.name, sequence, record);
  }

  #existing(sequence: number): StoredMessage {
    const message = this.get(sequence);
    if (message === null)
      throw new StoreCorrupt(`${this.route.name}: The record of sequence ${sequence} is gone`);
    return message;
  }

  last(plan: ReadPlan): StoredMessage | null {
    if (plan.exact) {
      const sequence = this.#lastSequence(plan.filter);
      return sequence === 0 ? null : this.#existing(sequence);
    }
    if (plan.group === null) {
      for (let sequence = this.head().sequence; sequence >= 1; sequence--) {
        const message = this.#existing(sequence);
        if (plan.test === null || plan.test(message.subject)) return message;
      }
      return null;
    }
    const newestFirst = this.#groups.getKeys({
      start: [plan.group, Number.MAX_SAFE_INTEGER],
      end: [plan.group, 0],
      reverse: true,
    });
    for (const [, sequence] of newestFirst) {
      const message = this.#existing(sequence);
      if (plan.test === null || plan.test(message.subject)) return message;
    }
    return null;
  }

  /** A cursor from a sequence on, up to and with `through`. It sees what is stored after it was made. */
  cursor(plan: ReadPlan, from: number, through: number): Cursor {
    const sequences = plan.group === null ? this.#allFrom(from) : this.#groupFrom(plan.group, from);
    const { test } = plan;
    return {
      take: () => {
        for (;;) {
          const message = sequences();
          if (message === null || message.sequence > through) return null;
          if (test === null || test(message.subject)) return message;
        }
      },
    };
  }

  #allFrom(from: number): () => StoredMessage | null {
    let next = from;
    return () => {
      const message = this.get(next);
      if (message !== null) next += 1;
      return message;
    };
  }

  #groupFrom(group: string, from: number): () => StoredMessage | null {
    let fetched: number[] = [];
    let index = 0;
    let next = from;
    return () => {
      if (index === fetched.length) {
        const keys = this.#groups.getKeys({
          start: [group, next],
          end: [group, Number.MAX_SAFE_INTEGER],
          limit: SEQUENCES_PER_FETCH,
        });
        fetched = [];
        for (const [, sequence] of keys) fetched.push(sequence);
        index = 0;
      }
      const sequence = fetched[index];
      if (sequence === undefined) return null;
      index += 1;
      next = sequence + 1;
      return this.#existing(sequence);
    };
  }
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 8);
  values.forEach((value, index) => bytes.writeDoubleLE(value, index * 8));
  return bytes;
}
